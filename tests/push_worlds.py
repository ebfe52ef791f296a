#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What becomes of a push when a registry and its lines fail: docker, skopeo, crane and ours in the same worlds.

Usage: world/enter.py python3 push_worlds.py [WORLD ...]      prints the table of packaging/doc/push.md; DCS_BIN_DIR and
DCS_CLIENTS as for the end-to-end tests. Each push has an image that the registry has never seen; it counts when the client
says so and skopeo can read all of it back."""

import os
import pathlib
import random
import sys
import time

TESTS = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(TESTS)]

from fake_snowflake.registry.faults import RegistryFaults  # noqa: E402
from world.engine import EngineUnavailable  # noqa: E402
from world.fixtures import HOST, make_jane  # noqa: E402
from world.image import Layout, write_image  # noqa: E402
from world.world import World  # noqa: E402

SIZE = 44_000_000
TIMEOUT = 180


def small_bodies_only(exchange):
    if int(exchange.headers.get("Content-Length", SIZE)) <= 4 << 20:
        return False
    exchange.read_body()
    exchange.send(413, {}, b"")
    return True


def worlds():
    """name -> what it does to a registry"""
    for step in ("head", "post", "patch", "put", "manifest"):
        yield f"{step}: connection cut", lambda faults, step=step: faults.cut(step, 1_000_000)
        yield f"{step}: answer lost", lambda faults, step=step: faults.lose_answer(step)
        yield f"{step}: 401 for a good token", lambda faults, step=step: faults.status(step, 401)
        yield f"{step}: 429, Retry-After 2", lambda faults, step=step: faults.status(step, 429, {"Retry-After": "2"})
        yield f"{step}: 503", lambda faults, step=step: faults.status(step, 503)
    yield "patch: 401 twice", lambda faults: faults.status("patch", 401, times=2)
    yield "patch: refused with 405", lambda faults: faults.status("patch", 405, times=99)
    yield "patch: bodies over 4 MiB refused", lambda faults: faults.on("patch", small_bodies_only, times=99)
    yield "patch: cut six times", lambda faults: faults.cut("patch", 1_000_000, times=6)
    yield "tokens live 3 s, every body takes 4 s", lambda faults: (
        setattr(faults.fake.bearer, "lifetime", 3), faults.on("patch", lambda exchange: time.sleep(4), times=99))
    yield "tokens live 3 s, the login 12 s", lambda faults: (
        setattr(faults.fake.bearer, "lifetime", 3), setattr(faults.account, "registry_token_lifetime", 12),
        faults.on("patch", lambda exchange: time.sleep(6), times=99))


class Clients:
    def __init__(self, jane):
        self.jane = jane
        self.number = 0
        self.programs = {"docker push": self.docker, "skopeo copy": self.skopeo, "crane push": self.crane, "ours": self.ours}
        try:
            jane.world.engine()
            self.programs["ours, from the engine"] = self.ours_from_engine
        except EngineUnavailable:
            del self.programs["docker push"]
        self.crane_path = pathlib.Path(os.environ.get("DCS_CLIENTS", "")) / "crane"
        if not self.crane_path.is_file():
            del self.programs["crane push"]

    def prepare(self):
        """A new image, as an archive and as a layout; the name that it gets."""
        self.number += 1
        self.image = f"{HOST}/db/schema/repo/world{self.number}:1"
        content = random.randbytes(SIZE)
        self.archive = write_image(self.jane.folder / "image.tar", self.image, content)
        self.layout = Layout(self.jane.folder / f"layout{self.number}")
        self.layout.write(self.layout.image([content]))

    def load(self):
        self.jane.docker("load", "-i", str(self.archive))

    def run(self, *words):
        return self.jane.run(["timeout", str(TIMEOUT), *map(str, words)], timeout=TIMEOUT + 20).code == 0

    def docker(self):
        return self.run("/usr/bin/docker", "push", "-q", self.image)

    def skopeo(self):
        return self.run("skopeo", "copy", f"oci:{self.layout.folder}", f"docker://{self.image}")

    def crane(self):
        return self.run(self.crane_path, "push", self.layout.folder, self.image)

    def ours(self):
        return self.run("docker-snowflake", "push", "-q", f"oci:{self.layout.folder}", self.image)

    def ours_from_engine(self):
        return self.run("docker-snowflake", "push", "-q", self.image)

    def is_there(self):
        return self.jane.run(["skopeo", "copy", f"docker://{self.image}", f"dir:{self.jane.folder}/back{self.number}"]).code == 0


def main():
    world = World(os.environ["DCS_BIN_DIR"])
    wanted = sys.argv[1:]
    survived = {}
    rows = 0
    for name, spoil in worlds():
        if wanted and not any(word in name for word in wanted):
            continue
        rows += 1
        cells = []
        world.reset()
        for client in list(Clients(make_jane(world)).programs):
            world.reset()
            clients = Clients(make_jane(world))
            clients.number = rows * 100 + len(cells)
            clients.prepare()
            if client in ("docker push", "ours, from the engine"):
                clients.load()
            faults = RegistryFaults(world.snowflake)
            faults.account = world.account
            spoil(faults)
            pushed = clients.programs[client]()
            world.snowflake.faults.clear()
            world.snowflake.bearer.lifetime = 60
            is_good = pushed and clients.is_there()
            survived[client] = survived.get(client, 0) + is_good
            cells.append("yes" if is_good else "**no**")
        if rows == 1:
            print("| | " + " | ".join(survived) + " |")
            print("|---" * (len(survived) + 1) + "|")
        print(f"| {name} | " + " | ".join(cells) + " |", flush=True)
    print(f"| of {rows} | " + " | ".join(str(number) for number in survived.values()) + " |")
    world.stop()


if __name__ == "__main__":
    main()
