# SPDX-License-Identifier: Apache-2.0
"""docker snowflake push to version 3 of Docker's registry, which keeps the received part of an interrupted chunk. With
DCS_REGISTRY_VERSION=3, all other tests use it as well."""

import time

import pytest

from fake_snowflake.registry.faults import RegistryFaults, chunk_offset
from pushes import CHUNK, REPOSITORY, digest_in, manifest_of, noise, push, requests, uploads
from world.image import write_image



@pytest.fixture
def registry_3(world):
    if not world.use_registry_3():
        pytest.skip("tests/registry/build.sh has not built the registry")


@pytest.fixture
def faults(snowflake, registry_3):
    return RegistryFaults(snowflake)


def check(jane, image, name):
    result = push(jane, f"oci:{image[0]}", f"DB.SCHEMA.REPO/{name}:1")
    assert digest_in(result.out) == image[1]
    copied = jane.run(["skopeo", "copy", f"docker://{REPOSITORY}/{name}:1", f"dir:{jane.directory}/copy"])
    assert copied.code == 0, copied.err


def test_a_chunk_that_was_cut_is_continued_where_it_broke(jane, faults, snowflake, large):
    faults.cut_after_forwarding("patch", 5 << 20, begin=CHUNK)
    check(jane, large, "cut")
    begins = [chunk_offset(r.headers) for r in requests(snowflake, "PATCH", "uploads")]
    assert any(CHUNK < begin < 2 * CHUNK for begin in begins)
    assert len(requests(snowflake, "POST", "uploads")) == 2  # the layer, and the configuration


@pytest.mark.parametrize("step", ["post", "patch", "put", "manifest"])
def test_an_answer_that_is_lost_does_no_harm(jane, faults, large, step):
    faults.lose_answer(step)
    check(jane, large, "lost")


def test_existing_layers_are_not_sent_again(jane, registry_3, snowflake):
    archive = write_image(jane.directory / "image.tar", "app:1", noise(300_000, 31))
    first = push(jane, f"docker-archive:{archive}", "DB.SCHEMA.REPO/three:1")
    sent = uploads(snowflake)
    again = push(jane, f"docker-archive:{archive}", "DB.SCHEMA.REPO/three:2")
    assert digest_in(again.out) == digest_in(first.out)
    mounted = push(jane, f"docker-archive:{archive}", "DB.SCHEMA.REPO2/three:1")
    assert ": Mounted from db/schema/repo/three\n" in mounted.out
    assert uploads(snowflake) == sent + 1  # the configuration of the other repository
    assert jane.snowflake("tag", "DB.SCHEMA.REPO/three:1", "stable").code == 0
    assert manifest_of(jane, f"{REPOSITORY}/three:stable") == manifest_of(jane, f"{REPOSITORY}/three:1")


def test_the_engine_pushes_to_it(jane, registry_3, engine):
    image = f"{REPOSITORY}/three:engine{time.time_ns()}"
    archive = write_image(jane.directory / "image.tar", image, noise(300_000, time.time_ns()))
    assert jane.docker("load", "-i", str(archive)).code == 0
    assert digest_in(push(jane, image).out) == digest_in(jane.docker("push", image).out)
