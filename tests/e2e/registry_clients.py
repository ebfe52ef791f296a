# SPDX-License-Identifier: Apache-2.0
"""Other programs that talk to registries: where they are, what they find there, and the states in which they may find us."""

import json
import os
import pathlib

import pytest
from world.fixtures import CONNECTION, HOST
from world.image import write_image

REPOSITORY = f"{HOST}/db/schema/repo"
OTHER = "registry.example"  # anonymous, and none of ours
DOCKER_FILE = ".docker/config.json"
PROGRAMS = pathlib.Path(os.environ.get("DCS_CLIENTS", ""))

STATES = {
    "in order": lambda user: None,
    "with a wrong password": lambda user: user.write_config(CONNECTION.replace("Correct", "Wrong")),
    "with connections that are no TOML": lambda user: user.write_config("no = = TOML"),
    "with settings that are no TOML": lambda user: user.write_settings("no = = TOML"),
    "without a connection": lambda user: (user.home / ".snowflake/config.toml").unlink(),
}
REGISTRATIONS = {
    "for our host": {"credHelpers": {HOST: "snowflake", f"{HOST}:443": "snowflake"}},
    "for every host": {"credsStore": "snowflake"},
}


both_ways = pytest.mark.parametrize("registered", REGISTRATIONS)


def in_every_state(test):
    """Runs a test in every `state`, asked for every host. For the programs that ask about a host when they go there."""
    return pytest.mark.parametrize("state", STATES)(pytest.mark.parametrize("registered", ["for every host"])(test))


def in_every_state_both_ways(test):
    """For programs that ask about every host in Docker's file."""
    return pytest.mark.parametrize("state", STATES)(both_ways(test))


def put(user, state, registered, file=DOCKER_FILE):
    STATES[state](user)
    register(user, registered, file)


def register(user, registered, file=DOCKER_FILE):
    user.write(file, json.dumps(REGISTRATIONS[registered]))


def program(name):
    """The path of what clients/build.sh made. Skips the test where it could not."""
    path = PROGRAMS / name
    if not path.exists():
        reason = PROGRAMS / f"{name}.missing"
        pytest.skip(reason.read_text().strip() if reason.exists() else f"DCS_CLIENTS names no directory with {name}")
    return str(path)


def installed(path):
    if not os.path.exists(path):
        pytest.skip(f"{path} is not installed")
    return path


def succeed(user, arguments, **options):
    result = user.run(arguments, **options)
    assert result.code == 0, result.out + result.err
    return result


def publish(user, reference, **options):
    """Pushes the tiny image as another user."""
    archive = write_image(user.directory / "published.tar", "published:1", **options)
    succeed(user, ["skopeo", "copy", "--quiet", f"docker-archive:{archive}", f"docker://{reference}"])
    return reference


def told_why(result):
    """Whether the user sees Snowflake's message for a wrong password."""
    return result.code != 0 and "390100: Incorrect username or password" in result.out + result.err


def use_plugin(user, name):
    directory = user.home / ".docker/cli-plugins"
    directory.mkdir(parents=True, exist_ok=True)
    (directory / name).symlink_to(program(name))
