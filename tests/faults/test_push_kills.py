# SPDX-License-Identifier: Apache-2.0
"""A push that is killed at any moment is continued by the same command, and sends little twice.

Registry 3 finds an upload at every Location that it has had. Where it was not built, the registry's front does that for
version 2.8. 100 kills: DCS_FAULTS=all ctest --preset release -R faults/push_kills"""

import hashlib
import json
import os
import random
import shutil
import signal
import time

import pytest

from fake_snowflake.registry.faults import RegistryFaults
from scenarios import FIGURES
from world.engine import EngineUnavailable
from world.fixtures import HOST
from world.image import Layout, write_image

KILLS = 100 if os.environ.get("DCS_FAULTS") == "all" else 6
CHUNK = 16 << 20
CONFIGURATION = 1000  # bytes at most; it is sent again as a whole
SIZES = (CHUNK + 1000, 2 * CHUNK + 1000)


@pytest.fixture
def registry(world, snowflake):
    if not world.use_registry_3():
        RegistryFaults(snowflake).as_distribution_3()
    return snowflake.upstream


def contents():
    return [random.Random(13).randbytes(size) for size in SIZES]


@pytest.fixture(params=["layout", "archive", "engine"])
def source(request, jane, world):
    """What `push` is called with; `{name}` in it is different each time."""
    image = f"{HOST}/db/schema/repo/killed:source"
    if request.param == "layout":
        layout = Layout(jane.directory / "killed")
        layout.write(layout.image(contents()))
        return f"oci:{layout.directory}"
    archive = write_image(jane.directory / "killed.tar", image, contents()[0], more_layers=contents()[1:])
    if request.param == "archive":
        return f"docker-archive:{archive}"
    try:
        world.engine()
    except EngineUnavailable as reason:
        pytest.skip(f"no Docker engine can run here: {reason}")
    assert jane.docker("load", "-i", str(archive)).code == 0
    return image


def start(jane, source, name):
    return jane.start(["docker-snowflake", "push", source, f"DB.SCHEMA.REPO/{name}:1"])


def start_first(jane, source, name):
    # Nothing but the upload itself is remembered: each image is a first one.
    shutil.rmtree(jane.home / ".cache", ignore_errors=True)
    return start(jane, source, name)


def sent(snowflake):
    return sum(int(r.headers["content-length"]) for r in snowflake.requests
               if r.kind == "registry" and r.method == "PATCH" and "/blobs/uploads/" in r.path)


def what_is_wrong_at(registry, name):
    """What the manifest names must be there, byte for byte, and be all of the image."""
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


def repositories():
    """A new name each time, in the same repository: an engine finds layers that it has pushed to a name of its own."""
    token = os.urandom(4).hex()
    number = 0
    while True:
        number += 1
        yield f"killed{token}-{number}"


def test_a_push_that_is_killed_is_resumed_by_the_same_command(jane, snowflake, registry, source):
    names = repositories()
    started = time.monotonic()
    first = next(names)
    assert jane.finish(start_first(jane, source, first), timeout=300).code == 0
    whole = time.monotonic() - started
    total = sent(snowflake)
    assert total >= sum(SIZES)
    chance = random.Random(os.environ.get("DCS_SEED", "13"))
    failures = []
    for number in range(1, KILLS + 1):
        snowflake.record.requests.clear()
        name = next(names)
        moment = chance.uniform(0, whole)
        process = start_first(jane, source, name)
        time.sleep(moment)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        FIGURES["pushes killed"] += 1
        result = jane.finish(start(jane, source, name), timeout=300)
        what = f"kill {number} after {moment:.3f} s"
        if result.code != 0:
            failures.append(f"{what}: {result.out}{result.err}")
        elif wrong := what_is_wrong_at(registry, name):
            failures.append(f"{what}: {wrong}")
        elif sent(snowflake) > total + len(SIZES) * CHUNK + CONFIGURATION:
            failures.append(f"{what}: {sent(snowflake)} bytes were sent of {total}")
    assert not failures, "\n".join(failures)
