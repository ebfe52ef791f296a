# SPDX-License-Identifier: Apache-2.0
"""Docker's options --host and --context select the engine for all `docker` processes that a command starts."""

import time

import pytest

from pushes import REPOSITORY, noise
from registry_clients import program
from world.image import write_image

NOWHERE = "unix:///nowhere/docker.sock"


@pytest.fixture(params=["Debian's", "current"])
def docker(request):
    return "/usr/bin/docker" if request.param == "Debian's" else program("docker")


@pytest.fixture
def loaded(jane, engine):
    """An image in an engine that only the options select."""
    image = f"{REPOSITORY}/chosen:{time.time_ns()}"
    archive = write_image(jane.directory / "image.tar", image, noise(100_000, time.time_ns()))
    assert jane.docker("load", "-i", str(archive)).code == 0
    assert jane.docker("context", "create", "vm", "--docker", f"host=unix://{engine.socket}").code == 0
    jane.environment["DOCKER_HOST"] = NOWHERE
    return image


def test_without_an_option_it_is_the_engine_of_the_environment(jane, docker, loaded):
    result = jane.run([docker, "snowflake", "push", loaded])
    assert result.code == 1
    assert "/nowhere/docker.sock" in result.err


@pytest.mark.parametrize("options", [["--context", "vm"], ["--context=vm"], ["-c", "vm"], ["--host", "SOCKET"], ["-DH", "SOCKET"]])
def test_an_option_in_front_of_the_command_chooses_the_engine(jane, docker, engine, loaded, options):
    socket = f"unix://{engine.socket}"
    words = [docker, *(socket if option == "SOCKET" else option for option in options), "snowflake"]
    pushed = jane.run([*words, "push", loaded])
    assert pushed.code == 0, pushed.err
    assert ": Pushed\n" in pushed.out
    # The temporary tag was created and removed in the same engine.
    assert "127.0.0.1" not in jane.docker("-H", socket, "image", "ls").out
    assert jane.docker("-H", socket, "rmi", loaded).code == 0
    pulled = jane.run([*words, "pull", loaded])
    assert pulled.code == 0, pulled.err
    assert jane.docker("-H", socket, "image", "inspect", loaded).code == 0


def test_an_engine_of_an_option_that_does_not_answer_is_named(jane, docker, loaded):
    result = jane.run([docker, "-H", "unix:///other/docker.sock", "snowflake", "push", loaded])
    assert result.code == 1
    assert "/other/docker.sock" in result.err
    unknown = jane.run([docker, "--context", "unknown", "snowflake", "push", loaded])
    assert unknown.code != 0
    assert "unknown" in unknown.err


def test_docker_is_called_with_the_options_of_the_user(jane, docker, engine, loaded):
    """The client is not on the PATH."""
    jane.environment["PATH"] = str(jane.directory)
    result = jane.run([docker, "--context", "vm", "snowflake", "push", loaded])
    assert result.code == 0, result.err
