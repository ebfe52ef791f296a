# SPDX-License-Identifier: Apache-2.0
"""podman, buildah and skopeo, which have their own configuration files."""

import json

import pytest
from conftest import HOST
from registry_clients import OTHER, REPOSITORY, STATES, installed, publish, register, succeed, shows_reason

AUTH_FILE = ".config/containers/auth.json"

# The helpers in this list are run for every registry.
ALL_HOSTS = 'credential-helpers = ["snowflake", "containers-auth.json"]\n'


def use_helper_for_every_host(user):
    user.write(".docker/config.json", "{}")
    user.write(".config/containers/registries.conf", ALL_HOSTS)


REGISTERED = {
    "in Docker's file": lambda user: register(user, "for our host"),
    "in a file of their own": lambda user: register(user, "for our host", AUTH_FILE),
    "for every host": use_helper_for_every_host,
}


@pytest.fixture(params=["podman", "buildah"])
def tool(request, jane):
    """A function that returns the command line of podman or buildah with a separate image storage."""
    path = installed(f"/usr/bin/{request.param}")
    storage = [f"--root={jane.directory}/images", f"--runroot={jane.runtime}/images", "--storage-driver=vfs"]
    if request.param == "podman":
        storage += ["--cgroup-manager=cgroupfs", "--events-backend=none"]
    return lambda *arguments: [path, *storage, *arguments]


@pytest.mark.parametrize("registered", REGISTERED)
def test_they_build_from_two_registries_push_and_pull_with_one_login(jane, snowflake, tool, registered):
    bases = publish(jane, f"{REPOSITORY}/base:1"), publish(jane, f"{OTHER}/base:1")
    (jane.home / ".docker/config.json").unlink()
    REGISTERED[registered](jane)
    jane.write("context/Containerfile", f"FROM {bases[0]} AS base\nFROM {bases[1]}\nCOPY --from=base /hello.txt /again.txt\n")
    succeed(jane, tool("build", "--isolation=chroot", "--pull", "--tag=built", "context"))
    for image in (f"{REPOSITORY}/built:1", f"{OTHER}/built:1"):
        succeed(jane, tool("push", "built", image))
        succeed(jane, tool("pull", image))
    assert snowflake.count("login") == 1


@pytest.mark.parametrize("registered", REGISTERED)
@pytest.mark.parametrize("state", STATES)
def test_they_use_another_registry_without_a_credential(jane, tool, state, registered):
    image = publish(jane, f"{OTHER}/base:1")
    STATES[state](jane)
    REGISTERED[registered](jane)
    succeed(jane, tool("pull", image))


@pytest.mark.parametrize("registered", REGISTERED)
@pytest.mark.parametrize("state", STATES)
def test_skopeo_uses_another_registry_without_a_credential(jane, state, registered):
    image = publish(jane, f"{OTHER}/base:1")
    STATES[state](jane)
    REGISTERED[registered](jane)
    succeed(jane, ["skopeo", "inspect", f"docker://{image}"])


@pytest.mark.parametrize("registered", REGISTERED)
def test_they_show_why_a_login_failed(jane, tool, registered):
    STATES["with a wrong password"](jane)
    REGISTERED[registered](jane)
    for words in (tool("pull", f"{REPOSITORY}/base:1"), ["skopeo", "inspect", f"docker://{REPOSITORY}/base:1"]):
        assert shows_reason(jane.run(words))


def test_logging_out_of_everything_keeps_our_session_and_files(jane, snowflake):
    image = publish(jane, f"{REPOSITORY}/base:1")
    register(jane, "for our host", AUTH_FILE)
    for command in (["podman", "logout", "--all"], ["skopeo", "logout", "--all"], ["podman", "logout", HOST]):
        jane.run(command)
        assert HOST in json.loads((jane.home / AUTH_FILE).read_text())["credHelpers"]
        succeed(jane, ["skopeo", "inspect", f"docker://{image}"])
    assert snowflake.count("login") == 1
