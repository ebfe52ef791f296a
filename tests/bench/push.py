#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures how long docker, skopeo, crane and docker-snowflake take to push an image to the same registry.

Usage: world/enter.py python3 bench/push.py [MEGABYTES]

Prints a table in Markdown. The machine should do nothing else. The image has one layer with MEGABYTES of the machine's shared
libraries and one of 5 MB. Each program pushes a different image, so it does not find layers that another has pushed.
DCS_BIN_DIR and DCS_CLIENTS are those of the end-to-end tests."""

import hashlib
import io
import json
import os
import pathlib
import platform
import random
import statistics
import sys
import tarfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from world.fixtures import HOST, make_jane  # noqa: E402
from world.world import World  # noqa: E402

SMALL = 5_000_000
AGAIN = 3
CRANE = pathlib.Path(os.environ.get("DCS_CLIENTS", "")) / "crane"


def libraries(size):
    """Returns `size` bytes of shared libraries."""
    content = bytearray()
    for path in sorted(pathlib.Path("/usr/lib").rglob("*.so*")):
        if len(content) >= size:
            break
        if path.is_file() and not path.is_symlink():
            content += path.read_bytes()
    while len(content) < size:
        content += content[: size - len(content)]
    return bytes(content[:size])


def layer(name, content):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        info = tarfile.TarInfo(name)
        info.size = len(content)
        archive.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def write_archive(path, reference, layers):
    """Writes an archive in the format of `docker image save`."""
    config = json.dumps({"architecture": "amd64", "os": "linux", "config": {}, "rootfs": {
        "type": "layers", "diff_ids": ["sha256:" + hashlib.sha256(content).hexdigest() for content in layers]}}).encode()
    name = hashlib.sha256(config).hexdigest() + ".json"
    names = [f"{number}/layer.tar" for number in range(len(layers))]
    manifest = json.dumps([{"Config": name, "RepoTags": [reference], "Layers": names}]).encode()
    with tarfile.open(path, "w") as archive:
        for part, content in [(name, config), *zip(names, layers), ("manifest.json", manifest)]:
            info = tarfile.TarInfo(part)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))


class Bench:
    def __init__(self, world, megabytes):
        self.jane = make_jane(world)
        self.libraries = libraries(megabytes * 1_000_000)
        self.archive = self.jane.directory / "image.tar"
        # So that the measured pushes need no login.
        assert self.jane.run(["docker-snowflake", "login"]).code == 0

    def prepare(self, name, large, from_engine):
        image = f"{HOST}/db/schema/repo/{name}:1"
        write_archive(self.archive, image, [large, layer("small", random.randbytes(SMALL))])
        if from_engine:
            assert self.jane.docker("load", "-i", str(self.archive), timeout=900).code == 0
        return image

    def time(self, command, image):
        words = [str(word).format(image=image, archive=self.archive) for word in command]
        begin = time.perf_counter()
        result = self.jane.run(words, timeout=1800)
        assert result.code == 0, result.out + result.err
        return time.perf_counter() - begin

    def measure(self, name, from_engine, command):
        """Returns the seconds of a first push, of the same push again, and of a push with a changed small layer."""
        large = layer("large", random.randbytes(64) + self.libraries)
        image = self.prepare(name, large, from_engine)
        cold = self.time(command, image)
        unchanged = statistics.median(self.time(command, image) for _ in range(AGAIN))
        changed = self.time(command, self.prepare(name, large, from_engine))
        if from_engine:
            self.jane.docker("rmi", image)
        return cold, unchanged, changed


def main():
    megabytes = int(sys.argv[1]) if len(sys.argv) > 1 else 1500
    world = World(os.environ["DCS_BIN_DIR"])
    bench = Bench(world, megabytes)
    programs = [("`docker push`", True, ["/usr/bin/docker", "push", "-q", "{image}"]),
                ("`docker snowflake push`, from the engine", True, ["docker-snowflake", "push", "-q", "{image}"]),
                ("`skopeo copy`, from an archive", False, ["skopeo", "copy", "-q", "docker-archive:{archive}", "docker://{image}"]),
                ("`crane push`, from an archive", False, [CRANE, "push", "{archive}", "{image}"]),
                ("`docker snowflake push`, from an archive", False, ["docker-snowflake", "push", "-q", "docker-archive:{archive}", "{image}"])]
    print(f"{megabytes} MB of libraries and {SMALL // 1_000_000} MB of noise; {os.cpu_count()} cores, {platform.machine()}, "
          f"load {os.getloadavg()[0]:.1f} at the beginning. Seconds, and how many times as long as ours from the same source.\n")
    print("| | cold | unchanged | one layer of 5 MB changed |\n|---|--:|--:|--:|", flush=True)
    results = {title: bench.measure(f"bench{number}", from_engine, command)
               for number, (title, from_engine, command) in enumerate(programs)}
    for title, from_engine, _ in programs:
        ours = results["`docker snowflake push`, from the engine" if from_engine else "`docker snowflake push`, from an archive"]
        cells = [f"{theirs:.2f} s" + (f" ({theirs / own:.2f}×)" if theirs != own else "") for theirs, own in zip(results[title], ours)]
        print(f"| {title} | " + " | ".join(cells) + " |", flush=True)
    world.stop()


if __name__ == "__main__":
    main()
