# SPDX-License-Identifier: Apache-2.0
"""docker-py from Debian and in its current version, and testcontainers, which uses it."""

import pathlib
import subprocess

import pytest
from registry_clients import (OTHER, REPOSITORY, both_ways, in_every_state, in_every_state_both_ways, program, publish, put, register,
                              succeed, shows_reason)
from world.image import write_image

PYTHONS = ["Debian's", "current"]


@pytest.fixture(params=PYTHONS)
def python(request, jane, engine):
    """A function that returns the command line of a Python script with docker-py."""
    interpreter = "/usr/bin/python3" if request.param == "Debian's" else program("python") + "/bin/python"
    if jane.run([interpreter, "-c", "import docker"]).code != 0:
        pytest.skip(f"{request.param} docker-py is not installed")

    return lambda script: [interpreter, "-c", "import docker\nclient = docker.from_env()\n" + script]


@both_ways
def test_docker_py_pushes_pulls_and_builds_at_two_registries_with_one_login(jane, snowflake, python, registered):
    register(jane, registered)
    archive = write_image(jane.directory / "image.tar", f"{OTHER}/py:1")
    image = f"{REPOSITORY}/py:1"
    jane.write("context/Dockerfile", f"FROM {image} AS base\nFROM {OTHER}/py:1\nCOPY --from=base /hello.txt /again.txt\n")
    succeed(jane, python(f"""
client.images.load(open({str(archive)!r}, "rb"))
client.images.get("{OTHER}/py:1").tag("{image}")
for image in ("{image}", "{OTHER}/py:1"):
    for line in client.images.push(image, stream=True, decode=True):
        assert "error" not in line, line
    client.images.pull(image)
client.images.build(path="context", tag="built", pull=True)
"""))
    assert snowflake.count("login") == 1


@in_every_state_both_ways
def test_docker_py_pulls_and_builds_from_another_registry(jane, python, state, registered):
    image = publish(jane, f"{OTHER}/base:1")
    put(jane, state, registered)
    jane.write("context/Dockerfile", f"FROM {image}\nCOPY Dockerfile /\n")
    succeed(jane, python(f'client.images.pull("{image}")\nclient.images.build(path="context", tag="built", pull=True)'))


def test_docker_py_shows_why_a_login_failed(jane, python):
    put(jane, "with a wrong password", "for our host")
    assert shows_reason(jane.run(python(f'client.images.pull("{REPOSITORY}/base:1")')))


@pytest.fixture(scope="session")
def static_program(tmp_path_factory):
    """A program that runs in an image without other files."""
    path = tmp_path_factory.mktemp("program") / "program"
    source = pathlib.Path(__file__).parent.parent / "bench/empty.c"
    subprocess.run(["cc", "-static", "-o", path, source], check=True)
    return path.read_bytes()


def run_container(user, image):
    user.write("test.py", f"""
from testcontainers.core.container import DockerContainer
with DockerContainer("{image}").with_kwargs(network_mode="none") as container:
    assert container.get_wrapped_container().wait()["StatusCode"] == 0
""")
    # Ryuk would be pulled from Docker Hub.
    succeed(user, [program("python") + "/bin/python", "test.py"], env={"TESTCONTAINERS_RYUK_DISABLED": "true"})


@both_ways
def test_testcontainers_runs_images_from_two_registries_with_one_login(jane, snowflake, engine, static_program, registered):
    images = [publish(jane, f"{place}/run:1", program=static_program) for place in (REPOSITORY, OTHER)]
    register(jane, registered)
    for image in images:
        run_container(jane, image)
    assert snowflake.count("login") == 1


@in_every_state
def test_testcontainers_runs_images_of_another_registry(jane, engine, static_program, state, registered):
    image = publish(jane, f"{OTHER}/run:1", program=static_program)
    put(jane, state, registered)
    run_container(jane, image)
