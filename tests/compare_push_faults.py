#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares how docker, skopeo, crane and docker-snowflake push an image while the registry or the connection fails.

Usage: world/enter.py python3 compare_push_faults.py [WORD ...]

Prints the table in packaging/doc/push-compared.md, for the faults whose names contain one of the words. DCS_BIN_DIR,
DCS_CLIENTS and DCS_REGISTRY are those of the end-to-end tests. Each push has a new image. It succeeds if the client exits with
0 and skopeo can then pull the image, within TIMEOUT seconds, or SLOW_TIMEOUT over the slow connection."""

import os
import pathlib
import random
import shutil
import sys

TESTS = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(TESTS)]

from fake_snowflake.registry.faults import RegistryFaults  # noqa: E402
from world.engine import EngineUnavailable  # noqa: E402
from world.fixtures import HOST, make_jane  # noqa: E402
from world.image import Layout, write_image  # noqa: E402
from world.world import World  # noqa: E402

SIZE = 24_000_000  # two chunks of docker-snowflake
TIMEOUT = 120
SLOW_TIMEOUT = 600
SLOW_LINE = "200 kB a second, cut every 10 MB"
FROM_ENGINE = ("docker push", "ours, engine")


def refuse_large_body(exchange):
    if int(exchange.headers.get("Content-Length", SIZE)) <= 4 << 20:
        return False
    exchange.read_body()
    exchange.send(413, {}, b"")
    return True


def push_faults():
    """Yields (name, function that adds the fault to a RegistryFaults)."""
    for step in ("head", "post", "patch", "put", "manifest"):
        yield f"{step}: connection cut", lambda faults, step=step: faults.cut(step, 1_000_000)
        yield f"{step}: answer lost", lambda faults, step=step: faults.lose_answer(step)
        yield f"{step}: 401 for a good token", lambda faults, step=step: faults.status(step, 401)
        yield f"{step}: 429, Retry-After 2", lambda faults, step=step: faults.status(step, 429, {"Retry-After": "2"})
        yield f"{step}: 503", lambda faults, step=step: faults.status(step, 503)
    yield "patch: 401 twice", lambda faults: faults.status("patch", 401, times=2)
    yield "patch: refused with 405", lambda faults: faults.status("patch", 405, times=99)
    yield "patch: bodies over 4 MiB refused", lambda faults: faults.on("patch", refuse_large_body, times=99)
    yield "patch: cut six times", lambda faults: faults.cut("patch", 1_000_000, times=6)
    yield "bearer tokens valid for 3 s, a body takes 4 s", lambda faults: (
        setattr(faults.fake.bearer, "lifetime", 3), faults.slow("patch", 4, times=99))
    yield "bearer tokens valid for 3 s, logins for 12 s, a body takes 14 s", lambda faults: (
        setattr(faults.fake.bearer, "lifetime", 3), setattr(faults.account, "registry_token_lifetime", 12),
        faults.slow("patch", 14, times=99))
    yield SLOW_LINE, lambda faults: faults.slow_connection(200_000, 10_000_000)


class Client:
    """One of the programs, with its own user and a new image."""

    def __init__(self, world, name, number, timeout):
        self.jane = make_jane(world)
        self.name = name
        self.timeout = timeout
        self.image = f"{HOST}/db/schema/repo/world{number}:1"
        content = random.randbytes(SIZE)
        self.layout = Layout(self.jane.directory / "layout")
        if name in FROM_ENGINE:
            archive = write_image(self.jane.directory / "image.tar", self.image, content)
            self.jane.docker("load", "-i", str(archive))
        else:
            self.layout.write(self.layout.image([content]))

    def run(self, *words):
        return self.jane.run(["timeout", str(self.timeout), *map(str, words)], timeout=self.timeout + 20).code == 0

    def push(self):
        match self.name:
            case "docker push":
                return self.run("/usr/bin/docker", "push", "-q", self.image)
            case "skopeo copy":
                return self.run("skopeo", "copy", f"oci:{self.layout.directory}", f"docker://{self.image}")
            case "crane push":
                return self.run(CRANE, "push", self.layout.directory, self.image)
            case "ours, layout":
                return self.run("docker-snowflake", "push", "-q", f"oci:{self.layout.directory}", self.image)
            case "ours, engine":
                return self.run("docker-snowflake", "push", "-q", self.image)
        raise ValueError(self.name)

    def can_be_pulled(self):
        pulled = self.jane.directory / "pulled"
        return self.jane.run(["skopeo", "copy", f"docker://{self.image}", f"dir:{pulled}"]).code == 0

    def clean(self):
        if self.name in FROM_ENGINE:
            self.jane.docker("rmi", self.image)
        shutil.rmtree(self.jane.directory, ignore_errors=True)


CRANE = pathlib.Path(os.environ.get("DCS_CLIENTS", "")) / "crane"


def available_clients(world):
    names = ["docker push", "skopeo copy", "crane push", "ours, layout", "ours, engine"]
    try:
        world.engine()
    except EngineUnavailable:
        names = [name for name in names if name not in FROM_ENGINE]
    return names if CRANE.is_file() else [name for name in names if name != "crane push"]


def push_succeeds(world, client_name, number, add_fault, timeout):
    world.reset()
    client = Client(world, client_name, number, timeout)
    faults = RegistryFaults(world.snowflake)
    faults.account = world.account
    add_fault(faults)
    pushed = client.push()
    world.snowflake.faults.clear()
    world.snowflake.bearer.lifetime = 60
    result = pushed and client.can_be_pulled()
    client.clean()
    return result


def main():
    world = World(os.environ["DCS_BIN_DIR"])
    wanted = sys.argv[1:]
    names = available_clients(world)
    survived = dict.fromkeys(names, 0)
    rows = [(name, add_fault) for name, add_fault in push_faults() if not wanted or any(word in name for word in wanted)]
    print("| | " + " | ".join(names) + " |\n|---" + "|:-:" * len(names) + "|", flush=True)
    for row, (name, add_fault) in enumerate(rows):
        cells = []
        for column, client_name in enumerate(names):
            succeeded = push_succeeds(world, client_name, row * 10 + column, add_fault, SLOW_TIMEOUT if name == SLOW_LINE else TIMEOUT)
            survived[client_name] += succeeded
            cells.append("yes" if succeeded else "**no**")
        print(f"| {name} | " + " | ".join(cells) + " |", flush=True)
    print(f"| **survived, of {len(rows)}** | " + " | ".join(f"**{survived[name]}**" for name in names) + " |", flush=True)
    world.stop()


if __name__ == "__main__":
    main()
