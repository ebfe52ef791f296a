# SPDX-License-Identifier: Apache-2.0
"""A push that is killed at a random moment is resumed by the same command, and sends little data twice.

Uses version 3 of the registry, which finds an upload at every Location that it had, or the fake's emulation of it.
DCS_FAULTS=all ctest --preset release -R faults/push_kills runs 100 kills."""

import hashlib
import json
import os
import random
import shutil
import signal
import time

import pytest

from fake_snowflake.registry.faults import RegistryFaults
from scenarios import COUNTS
from world.fixtures import HOST
from world.image import Layout, write_image

KILLS = 100 if os.environ.get("DCS_FAULTS") == "all" else 6
CHUNK = 16 << 20
CONFIGURATION = 1000  # maximum size in bytes; it is sent again as a whole
SIZES = (CHUNK + 1000, 2 * CHUNK + 1000)


@pytest.fixture
def registry(world, snowflake):
    if not world.use_registry_3():
        RegistryFaults(snowflake).behave_like_version_3()
    return snowflake.upstream


def contents():
    return [random.Random(13).randbytes(size) for size in SIZES]


@pytest.fixture(params=["layout", "archive", "engine"])
def source(request, jane):
    """The source argument of `push`."""
    image = f"{HOST}/db/schema/repo/killed:source"
    if request.param == "layout":
        layout = Layout(jane.directory / "killed")
        layout.write(layout.image(contents()))
        return f"oci:{layout.directory}"
    archive = write_image(jane.directory / "killed.tar", image, contents()[0], more_layers=contents()[1:])
    if request.param == "archive":
        return f"docker-archive:{archive}"
    request.getfixturevalue("engine")
    assert jane.docker("load", "-i", str(archive)).code == 0
    return image


def start(jane, source, name):
    return jane.start(["docker-snowflake", "push", source, f"DB.SCHEMA.REPO/{name}:1"])


def start_first(jane, source, name):
    # Without the cache, the layers are new for each image.
    shutil.rmtree(jane.home / ".cache", ignore_errors=True)
    return start(jane, source, name)


def bytes_sent(snowflake):
    return sum(int(r.headers["content-length"]) for r in snowflake.requests
               if r.kind == "registry" and r.method == "PATCH" and "/blobs/uploads/" in r.path)


def find_image_problem(registry, name):
    """Checks the manifest and all blobs of an image in the registry. Returns the problem, or None."""
    path = f"db/schema/repo/{name}"
    status, _, body = registry.read(path, "manifests/1")
    if status != 200:
        return f"the manifest is {status} {body[:300]}"
    parts = json.loads(body)
    if len(parts["layers"]) != len(SIZES):
        return f"the manifest is {body[:300]}"
    for descriptor in (parts["config"], *parts["layers"]):
        status, _, body = registry.read(path, f"blobs/{descriptor['digest']}")
        if status != 200 or "sha256:" + hashlib.sha256(body).hexdigest() != descriptor["digest"]:
            return f"the blob {descriptor['digest']} is {status}, {len(body)} bytes of {descriptor['size']}"
    return None


def image_names():
    """Yields new names: the engine does not send layers that it has pushed to a name before."""
    token = os.urandom(4).hex()
    number = 0
    while True:
        number += 1
        yield f"killed{token}-{number}"


def test_a_push_that_is_killed_is_resumed_by_the_same_command(jane, snowflake, registry, source):
    names = image_names()
    started = time.monotonic()
    first = next(names)
    assert jane.finish(start_first(jane, source, first), timeout=300).code == 0
    duration = time.monotonic() - started
    total = bytes_sent(snowflake)
    assert total >= sum(SIZES)
    rng = random.Random(os.environ.get("DCS_SEED", "13"))
    failures = []
    for number in range(1, KILLS + 1):
        snowflake.record.requests.clear()
        name = next(names)
        moment = rng.uniform(0, duration)
        process = start_first(jane, source, name)
        time.sleep(moment)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        COUNTS["pushes killed"] += 1
        result = jane.finish(start(jane, source, name), timeout=300)
        what = f"kill {number} after {moment:.3f} s"
        if result.code != 0:
            failures.append(f"{what}: {result.out}{result.err}")
        elif problem := find_image_problem(registry, name):
            failures.append(f"{what}: {problem}")
        elif bytes_sent(snowflake) > total + len(SIZES) * CHUNK + CONFIGURATION:
            failures.append(f"{what}: {bytes_sent(snowflake)} bytes were sent of {total}")
    assert not failures, "\n".join(failures)
