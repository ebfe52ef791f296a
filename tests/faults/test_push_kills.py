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
from journeys import FIGURES
from world.image import Layout

KILLS = 100 if os.environ.get("DCS_FAULTS") == "all" else 6
CHUNK = 16 << 20
SIZES = (CHUNK + 1000, 2 * CHUNK + 1000)


@pytest.fixture
def registry(world, snowflake):
    if not world.use_registry_3():
        RegistryFaults(snowflake).as_distribution_3()
    return snowflake.upstream


@pytest.fixture(scope="module")
def layout(one_world):
    layout = Layout(one_world.folder / "killed")
    layout.write(layout.image([random.Random(13).randbytes(size) for size in SIZES]))
    yield layout
    shutil.rmtree(layout.folder)


def start(jane, layout, number):
    # Nothing but the upload itself is remembered: each image is a first one.
    shutil.rmtree(jane.home / ".cache", ignore_errors=True)
    return jane.start(["docker-snowflake", "push", f"oci:{layout.folder}", f"DB.SCHEMA.REPO/killed{number}:1"])


def sent(snowflake):
    return sum(int(r.headers["content-length"]) for r in snowflake.requests
               if r.kind == "registry" and r.method == "PATCH" and "/blobs/uploads/" in r.path)


def what_is_wrong_at(registry, layout, name):
    """Compares the registry's manifest and blobs, byte for byte, with those of the layout."""
    expected = json.loads((layout.folder / "index.json").read_text())["manifests"][0]
    manifest = (layout.folder / "blobs/sha256" / expected["digest"][7:]).read_bytes()
    path = f"db/schema/repo/{name}"
    status, _, body = registry.read(path, "manifests/1")
    if (status, body) != (200, manifest):
        return f"the manifest is {status} {body[:300]}"
    parts = json.loads(manifest)
    for descriptor in (parts["config"], *parts["layers"]):
        status, _, body = registry.read(path, f"blobs/{descriptor['digest']}")
        if status != 200 or "sha256:" + hashlib.sha256(body).hexdigest() != descriptor["digest"]:
            return f"the blob {descriptor['digest']} is {status}, {len(body)} bytes of {descriptor['size']}"
    return None


def test_a_push_that_is_killed_is_continued_by_the_same_command(jane, snowflake, registry, layout):
    total = sum(path.stat().st_size for path in (layout.folder / "blobs/sha256").iterdir())
    started = time.monotonic()
    assert jane.finish(start(jane, layout, 0)).code == 0
    whole = time.monotonic() - started
    chance = random.Random(os.environ.get("DCS_SEED", "13"))
    failures = []
    for number in range(1, KILLS + 1):
        snowflake.record.requests.clear()
        moment = chance.uniform(0, whole)
        process = start(jane, layout, number)
        time.sleep(moment)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        FIGURES["pushes killed"] += 1
        result = jane.finish(start(jane, layout, number), timeout=300)
        name = f"kill {number} after {moment:.3f} s"
        if result.code != 0:
            failures.append(f"{name}: {result.out}{result.err}")
        elif wrong := what_is_wrong_at(registry, layout, f"killed{number}"):
            failures.append(f"{name}: {wrong}")
        elif sent(snowflake) > total + len(SIZES) * CHUNK:
            failures.append(f"{name}: {sent(snowflake)} bytes were sent of {total}")
    assert not failures, "\n".join(failures)
