# SPDX-License-Identifier: Apache-2.0
"""Docker Compose, versions 1 and 2."""

import json

import pytest
from registry_clients import (OTHER, REPOSITORY, both_ways, in_every_state, installed, publish, put, register, succeed, shows_reason,
                              use_plugin)


# Version 2 is a plugin of Docker's CLI, version 1 a program that uses docker-py.
@pytest.fixture(params=["version 2", "version 1"])
def compose(request, jane, engine):
    if request.param == "version 1":
        return [installed("/usr/bin/docker-compose")]
    use_plugin(jane, "docker-compose")
    use_plugin(jane, "docker-buildx")
    return ["/usr/bin/docker", "compose"]


def write_services(user, **images):
    services = {name: {"image": image} for name, image in images.items()}
    user.write("compose.yaml", json.dumps({"services": services}))


def write_build(user, image, base):
    user.write("context/Dockerfile", f"FROM {base}\nCOPY Dockerfile /\n")
    user.write("compose.yaml", json.dumps({"services": {
        "built": {"image": image, "build": {"context": "context"}}}}))


@both_ways
def test_compose_pulls_from_two_registries_builds_and_pushes_with_one_login(jane, snowflake, compose, registered):
    own, other = publish(jane, f"{REPOSITORY}/base:1"), publish(jane, f"{OTHER}/base:1")
    register(jane, registered)
    write_services(jane, own=own, again=own, other=other)
    succeed(jane, [*compose, "pull"])
    write_build(jane, f"{REPOSITORY}/composed:1", own)
    succeed(jane, [*compose, "build", "--pull"])
    succeed(jane, [*compose, "push"])
    assert snowflake.count("login") == 1


@in_every_state
def test_compose_pulls_and_builds_from_another_registry(jane, compose, state, registered):
    other = publish(jane, f"{OTHER}/base:1")
    put(jane, state, registered)
    write_services(jane, other=other)
    succeed(jane, [*compose, "pull"])
    write_build(jane, f"{OTHER}/composed:1", other)
    succeed(jane, [*compose, "build", "--pull"])
    succeed(jane, [*compose, "push"])


def test_compose_shows_why_a_login_failed(jane, compose):
    put(jane, "with a wrong password", "for our host")
    write_services(jane, own=f"{REPOSITORY}/base:1")
    assert shows_reason(jane.run([*compose, "pull"]))
