# SPDX-License-Identifier: Apache-2.0
"""Helpers for tests with registry clients: paths of the programs, and configurations of the helper that they meet."""

import json
import os
import pathlib

import pytest
from world.fixtures import CONNECTION, HOST
from world.image import write_image

REPOSITORY = f"{HOST}/db/schema/repo"
OTHER = "registry.example"  # another registry, with anonymous access
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
    """Runs a test in every state, with the helper for every host. For programs that run the helper only for the host they use."""
    return pytest.mark.parametrize("state", STATES)(pytest.mark.parametrize("registered", ["for every host"])(test))


def in_every_state_both_ways(test):
    """Runs a test in every state and with every registration. For programs that run the helper for every host in config.json."""
    return pytest.mark.parametrize("state", STATES)(both_ways(test))


def put(user, state, registered, file=DOCKER_FILE):
    STATES[state](user)
    register(user, registered, file)


def register(user, registered, file=DOCKER_FILE):
    user.write(file, json.dumps(REGISTRATIONS[registered]))


def program(name):
    """Returns the path of a program built by clients/build.sh. Skips the test if it was not built."""
    path = PROGRAMS / name
    if not path.exists():
        reason = PROGRAMS / f"{name}.missing"
        pytest.skip(reason.read_text().strip() if reason.exists() else f"{name} is not in DCS_CLIENTS")
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
    """Pushes a small image with skopeo."""
    archive = write_image(user.directory / "published.tar", "published:1", **options)
    succeed(user, ["skopeo", "copy", "--quiet", f"docker-archive:{archive}", f"docker://{reference}"])
    return reference


def push_with_skopeo(user, *names):
    """Pushes a small image to each of these names in our registry."""
    for name in names:
        publish(user, f"{HOST}/{name}")


def shows_reason(result):
    """Returns whether the output contains Snowflake's message for a wrong password."""
    return result.code != 0 and "390100: Incorrect username or password" in result.out + result.err


def use_plugin(user, name):
    directory = user.home / ".docker/cli-plugins"
    directory.mkdir(parents=True, exist_ok=True)
    (directory / name).symlink_to(program(name))
