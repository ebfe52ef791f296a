# SPDX-License-Identifier: Apache-2.0
"""Credential stores: a real GNOME Keyring and the kernel keyring, in all states."""

import time

import pytest
from conftest import CONNECTION, HOST
from credentials import token_of


@pytest.fixture
def make_user(world):
    def make(**options):
        user = world.user(**options)
        user.write_config(CONNECTION)
        return user

    return make


def search(user):
    """Returns the items in the GNOME Keyring."""
    result = user.run(["secret-tool", "search", "--all", "application", "docker-credential-snowflake"])
    return result.out + result.err


def in_kernel_keyring(user):
    return user.run(["keyctl", "show", "@u"]).out


def forget_kernel_keyring(user):
    assert user.run(["keyctl", "clear", "@u"]).code == 0


def test_the_desktop_keyring_has_one_labeled_item_for_each_login(make_user, snowflake):
    user = make_user(secret_service="unlocked")
    token_of(user.helper("get", HOST))
    shown = search(user)
    assert shown.count("label = ") == 1
    assert "label = Snowflake login of JANE at myorg-myacct.snowflakecomputing.com" in shown
    for attribute in ("docker_cli", "attribute.server", "attribute.label", "attribute.username"):
        assert attribute not in shown
    assert user.run(["docker-credential-secretservice", "get"], HOST).code == 1
    keys = in_kernel_keyring(user)
    assert "docker-credential-snowflake:registry-token:" + HOST in keys
    # The session is cached in the kernel keyring.
    assert "docker-credential-snowflake:session:" in keys


def test_a_token_survives_the_kernel_keyring_in_the_desktop_keyring(make_user, snowflake):
    user = make_user(secret_service="unlocked")
    first = token_of(user.helper("get", HOST))
    forget_kernel_keyring(user)
    assert token_of(user.helper("get", HOST)) == first
    assert snowflake.count("issue") == 1
    # The token is in the kernel keyring again.
    assert "registry-token:" + HOST in in_kernel_keyring(user)
    forget_kernel_keyring(user)
    assert user.helper("erase", HOST).code == 0
    assert token_of(user.helper("get", HOST)) != first
    assert snowflake.count("login") == 1, "the session survived as well"


@pytest.mark.parametrize("state", ["locked", "absent", "dead", "silent", None])
def test_without_a_desktop_keyring_that_answers_the_kernel_keyring_holds_everything(make_user, snowflake, state):
    user = make_user(secret_service=state)
    first = token_of(user.helper("get", HOST, timeout=10))
    assert token_of(user.helper("get", HOST)) == first
    assert user.helper("erase", HOST, timeout=10).code == 0
    assert token_of(user.helper("get", HOST, timeout=10)) != first
    assert (snowflake.count("login"), snowflake.count("issue")) == (1, 2)


@pytest.mark.parametrize("error", ["ENOSYS", "EPERM", "EDQUOT"])
def test_when_the_kernel_refuses_keyrings_the_desktop_keyring_is_used(make_user, snowflake, error):
    user = make_user(secret_service="unlocked", keyctl=error)
    first = token_of(user.helper("get", HOST))
    assert token_of(user.helper("get", HOST)) == first
    assert snowflake.count("login") == 1


@pytest.mark.parametrize("stores", [{"secret_service": "locked"}, {"secret_service": "silent"}, {"keyctl": "EDQUOT"}, {"keyctl": "EIO"}])
@pytest.mark.parametrize("command", ["login", "connection test"])
def test_a_store_that_fails_does_not_make_a_login_fail(make_user, snowflake, command, stores):
    user = make_user(**stores)
    result = user.snowflake(*command.split())
    assert result.code == 0, result.err
    assert snowflake.count("login") == 1
    token_of(user.helper("get", HOST))
    # What could be stored is used.
    assert snowflake.count("login") == (2 if "keyctl" in stores else 1)


def test_a_token_is_returned_even_when_nothing_can_be_stored(make_user, snowflake):
    user = make_user(keyctl="EPERM")
    assert token_of(user.helper("get", HOST)) != token_of(user.helper("get", HOST))
    assert snowflake.count("login") == 2


def test_store_none_stores_nothing(make_user, snowflake):
    user = make_user(secret_service="unlocked")
    user.write_settings('store = "none"\n')
    token_of(user.helper("get", HOST))
    assert "label = " not in search(user)
    assert "docker-credential-snowflake" not in in_kernel_keyring(user)


def test_store_keyring_and_store_secret_service_use_nothing_else(make_user, snowflake):
    user = make_user(secret_service="unlocked")
    user.write_settings('store = "keyring"\n')
    token_of(user.helper("get", HOST))
    assert "label = " not in search(user)
    forget_kernel_keyring(user)
    user.write_settings('store = "secret-service"\n')
    first = token_of(user.helper("get", HOST))
    assert "docker-credential-snowflake" not in in_kernel_keyring(user)
    assert token_of(user.helper("get", HOST)) == first


def test_another_user_cannot_read_a_key_and_a_process_without_a_link_to_the_keyring_can(make_user, snowflake):
    user = make_user()
    token = token_of(user.helper("get", HOST))
    serials = {f"{int(line.split()[0]):08x}" for line in in_kernel_keyring(user).splitlines() if "docker-credential" in line}
    lines = [line for line in user.run(["cat", "/proc/keys"]).out.splitlines() if line.split()[0] in serials]
    # All permissions for the possessor and the user, none for others.
    assert lines and all(line.split()[4] == "3f3f0000" for line in lines)
    # A new session keyring, as sudo and cron create one, has no link to the user's keyring.
    fresh = user.run(["keyctl", "session", "-", "sh", "-c", f"echo {HOST} | docker-credential-snowflake get"])
    assert token in fresh.out
    assert snowflake.count("issue") == 1


def test_a_key_disappears_with_its_token(make_user, world, snowflake):
    world.account.registry_token_lifetime = 2
    user = make_user()
    token_of(user.helper("get", HOST))
    user.run(["sleep", "2.2"])
    assert user.run(["keyctl", "search", "@u", "user", f"docker-credential-snowflake:registry-token:{HOST}::"]).code != 0


def test_core_dumps_are_off_and_a_debugger_of_the_same_user_finds_nothing(make_user):
    user = make_user()
    held = user.start(["docker-credential-snowflake", "get"])
    try:
        look = ("for p in /proc/[0-9]*; do if [ \"$(cat $p/comm 2>/dev/null)\" = docker-credenti ]; then "
                "grep -h 'core file' $p/limits; stat -c %U:%a $p/mem; fi; done")
        end = time.monotonic() + 30
        while "Max core file size        0                    0" not in user.run(["sh", "-c", look]).out:
            assert time.monotonic() < end
    finally:
        held.kill()
        held.communicate()
