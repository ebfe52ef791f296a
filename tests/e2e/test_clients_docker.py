# SPDX-License-Identifier: Apache-2.0
"""Two versions of Docker's CLI, and its three builders."""

import json

import pytest
from registry_clients import (OTHER, REPOSITORY, both_ways, in_every_state, in_every_state_both_ways, installed, program, publish, put,
                              register, succeed, shows_reason, use_plugin)
from conftest import HOST
from world.image import write_image

# Version 20.10 from Debian, and version 28.
DOCKER_20, DOCKER_28 = (lambda: installed("/usr/bin/docker")), (lambda: program("docker"))

# Program, words and variables of each build command. After 20.10, BuildKit is part of buildx.
BUILDERS = {
    "the legacy builder of 20.10": (DOCKER_20, ["build"], {"DOCKER_BUILDKIT": "0"}),
    "the legacy builder of 28": (DOCKER_28, ["build"], {"DOCKER_BUILDKIT": "0"}),
    "BuildKit of 20.10": (DOCKER_20, ["build"], {"DOCKER_BUILDKIT": "1"}),
    "buildx under 20.10": (DOCKER_20, ["buildx", "build"], {}),
    "buildx under 28": (DOCKER_28, ["buildx", "build"], {}),
}


@pytest.fixture(params=[DOCKER_20, DOCKER_28], ids=["20.10", "28"])
def docker(request, engine):
    return request.param()


@pytest.fixture(params=BUILDERS)
def build(request, jane, engine):
    """A function that builds the directory `context`."""
    docker, words, environment = BUILDERS[request.param]
    if "buildx" in words:
        use_plugin(jane, "docker-buildx")
    command = [docker(), *words, "--pull", "--tag", "built", "context"]
    return lambda: jane.run(command, env=environment)


@both_ways
def test_docker_pushes_and_pulls_at_two_registries_with_one_login(jane, snowflake, docker, registered):
    register(jane, registered)
    archive = write_image(jane.directory / "image.tar", f"{REPOSITORY}/docker:1")
    succeed(jane, [docker, "load", "--input", archive])
    for image in (f"{REPOSITORY}/docker:1", f"{OTHER}/docker:1"):
        succeed(jane, [docker, "tag", f"{REPOSITORY}/docker:1", image])
        succeed(jane, [docker, "push", image])
        succeed(jane, [docker, "pull", image])
    assert snowflake.count("login") == 1


def test_docker_shows_why_a_login_failed(jane, docker):
    put(jane, "with a wrong password", "for our host")
    assert shows_reason(jane.run([docker, "pull", f"{REPOSITORY}/base:1"]))


def test_docker_login_and_logout_change_nothing(jane, snowflake, docker):
    image = publish(jane, f"{REPOSITORY}/base:1")
    before = json.loads((jane.home / ".docker/config.json").read_text())
    succeed(jane, [docker, "login", HOST])
    succeed(jane, [docker, "logout", HOST])
    after = json.loads((jane.home / ".docker/config.json").read_text())
    assert {**after, "auths": {}} == {**before, "auths": {}} and not after.get("auths")
    succeed(jane, [docker, "pull", image])
    assert snowflake.count("login") == 1


@in_every_state
def test_docker_uses_another_registry_without_a_credential(jane, docker, state, registered):
    image = publish(jane, f"{OTHER}/base:1")
    put(jane, state, registered)
    succeed(jane, [docker, "pull", image])


@both_ways
def test_docker_builds_from_two_registries_with_one_login(jane, snowflake, build, registered):
    own, other = publish(jane, f"{REPOSITORY}/base:1"), publish(jane, f"{OTHER}/base:1")
    register(jane, registered)
    jane.write("context/Dockerfile", f"FROM {own} AS base\nFROM {other}\nCOPY --from=base /hello.txt /again.txt\n")
    built = build()
    assert built.code == 0, built.out + built.err
    assert snowflake.count("login") == 1


@in_every_state_both_ways
def test_docker_builds_from_another_registry(jane, build, state, registered):
    image = publish(jane, f"{OTHER}/base:1")
    put(jane, state, registered)
    jane.write("context/Dockerfile", f"FROM {image}\nCOPY Dockerfile /\n")
    built = build()
    assert built.code == 0, built.out + built.err


def test_a_build_shows_why_a_login_failed(jane, build):
    put(jane, "with a wrong password", "for our host")
    jane.write("context/Dockerfile", f"FROM {REPOSITORY}/base:1\nCOPY Dockerfile /\n")
    assert shows_reason(build())


def test_buildx_pushes_what_it_builds(jane, snowflake, docker):
    use_plugin(jane, "docker-buildx")
    base = publish(jane, f"{OTHER}/base:1")
    jane.write("context/Dockerfile", f"FROM {base}\nCOPY Dockerfile /\n")
    succeed(jane, [docker, "buildx", "build", "--push", "--tag", f"{REPOSITORY}/buildx:1", "context"])
    assert snowflake.count("login") == 1
