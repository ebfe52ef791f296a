# SPDX-License-Identifier: Apache-2.0
"""A cached refusal blocks only the logins that would be refused again, and only as long as they could lock the user."""

import json
import secrets

import pytest
from conftest import CONNECTION, HOST
from credentials import token_of
from fake_snowflake.login.duo import Device

READER = f'[registries."{HOST}"]\nrole = "READER"\n'


def test_a_role_that_is_not_granted_does_not_block_another_role(jane, snowflake):
    assert "390189" in jane.snowflake("whoami", "--role", "NOPE").err
    assert jane.snowflake("whoami", "--role", "READER").code == 0
    token_of(jane.helper("get", HOST))
    assert snowflake.count("login") == 3


def test_a_cached_session_is_used_despite_a_remembered_refusal(jane, world, snowflake):
    token_of(jane.helper("get", HOST))
    jane.helper("erase", HOST)
    world.account.deny_login = ("390100", "Incorrect username or password was specified.")
    assert jane.snowflake("login").code == 1
    token_of(jane.helper("get", HOST))
    assert snowflake.count("login") == 2


def test_a_typed_secret_is_tried(jane, world, snowflake):
    world.jane.second_factor = Device(passcodes={"222222"})
    jane.write_config(CONNECTION + 'authenticator = "username_password_mfa"\n')
    assert "390127" in jane.snowflake("whoami", "--mfa-passcode", "111111").err
    assert jane.snowflake("whoami", "--mfa-passcode", "222222").code == 0


@pytest.mark.parametrize("trouble", ["policy", "forbidden"])
def test_a_refused_network_drops_nothing_from_the_cache(jane, world, snowflake, trouble):
    first = token_of(jane.helper("get", HOST))
    jane.helper("erase", HOST)
    if trouble == "policy":
        snowflake.faults.refuse("issue", "390422", "IP address is not allowed to access Snowflake.")
        world.account.deny_login = ("390422", "IP address is not allowed to access Snowflake.")
    else:
        snowflake.faults.status("issue", 403)
        snowflake.faults.status("login", 403)
    assert jane.helper("get", HOST).code == 1
    # The network is allowed again.
    world.account.deny_login = None
    assert token_of(jane.helper("get", HOST)) != first
    assert snowflake.count("login") == 1


def test_a_network_that_is_allowed_again_works_at_once(jane, world, snowflake):
    world.account.deny_login = ("390422", "IP address is not allowed to access Snowflake.")
    assert "VPN" in jane.helper("get", HOST).out
    world.account.deny_login = None
    token_of(jane.helper("get", HOST))


def test_a_refusal_that_counts_names_the_command_that_retries(jane, world):
    world.account.deny_login = ("390100", "Incorrect username or password was specified.")
    jane.helper("get", HOST)
    again = jane.helper("get", HOST)
    assert "15 minutes, to avoid locking the user out)" in again.out
    assert "then docker snowflake login -c dev" in again.out
    world.account.deny_login = None
    jane.log_in()
    token_of(jane.helper("get", HOST))


def test_docker_does_not_get_the_token_of_another_role(jane, snowflake):
    first = token_of(jane.helper("get", HOST))
    other = jane.snowflake("token", "--role", "READER", "--format", "json").json()["token"]
    assert other != first and token_of(jane.helper("get", HOST)) == first


def test_a_login_is_in_the_role_that_the_settings_name(jane, snowflake):
    jane.write_settings(READER)
    jane.log_in()
    token_of(jane.helper("get", HOST))
    assert [session.role for session in snowflake.sessions.all] == ["READER"]
    elsewhere = jane.log_in("--role", "PUSHER")
    assert "another connection or role" in elsewhere.out
    token_of(jane.helper("get", HOST))
    assert [session.role for session in snowflake.sessions.all] == ["READER", "PUSHER"]


@pytest.mark.parametrize("runtime", ["unset", "not a directory", "read-only", "another user's"])
def test_five_requests_after_a_refusal_cost_one_attempt_wherever_it_can_be_recorded(world, snowflake, runtime):
    jane = world.user(keyctl="EPERM")
    # A different password in each run, because refusals may be cached in /dev/shm and /tmp.
    jane.write_config(CONNECTION.replace("Correct", f"Wrong {secrets.token_hex(8)}"))
    if runtime == "not a directory":
        jane.environment["XDG_RUNTIME_DIR"] = str(jane.write("file", ""))
    elif runtime == "read-only":
        jane.runtime.chmod(0o500)
    elif runtime == "another user's":
        jane.runtime.chmod(0o777)
    else:
        del jane.environment["XDG_RUNTIME_DIR"]
    for _ in range(5):
        assert "390100" in jane.helper("get", HOST).out
    jane.runtime.chmod(0o700)
    assert snowflake.count("login") == 1


def test_a_refusal_in_a_file_tells_passwords_apart_and_contains_too_little_to_guess_one(world, snowflake):
    jane = world.user(keyctl="EPERM")
    jane.write_config(CONNECTION.replace('password = "Correct Horse 1!"', ""))
    marks = set()
    for password in ("Wrong 1", "Wrong 2"):
        assert jane.helper("get", HOST, env={"SNOWFLAKE_PASSWORD": password}).code == 1
        marks |= {json.loads(text)["config"] for path, text in jane.files() if path.suffix == ".refused"}
    assert len(marks) == 2 and all(len(mark) == 4 for mark in marks), marks


def test_when_the_session_has_ended_its_registry_token_is_dropped(jane, snowflake):
    first = token_of(jane.helper("get", HOST))
    for session in snowflake.sessions.all:
        session.dead = True
    assert jane.snowflake("repositories").code == 0
    assert token_of(jane.helper("get", HOST)) != first
    assert snowflake.count("login") == 2


@pytest.mark.parametrize("command", [["login"], ["connection", "test"], ["login", "--all"], ["repositories"]])
def test_when_the_session_has_ended_and_the_user_is_refused_the_token_is_dropped(jane, world, snowflake, command):
    token_of(jane.helper("get", HOST))
    for session in snowflake.sessions.all:
        session.dead = True
    world.account.deny_login = ("390103", "User is disabled.")
    assert jane.snowflake(*command).code == 1
    refused = jane.helper("get", HOST)
    assert refused.code == 1 and "390103" in refused.out


@pytest.mark.parametrize("command", [["setup", "--yes"], ["token"], ["image-registry", "token"], ["kubernetes", "pull-secret"]])
def test_no_token_of_a_session_that_has_ended_is_handed_out(jane, snowflake, command):
    first = token_of(jane.helper("get", HOST))
    for session in snowflake.sessions.all:
        session.dead = True
    result = jane.snowflake(*command)
    assert result.code == 0 and first not in result.out, result.err
    assert token_of(jane.helper("get", HOST)) != first
    assert snowflake.count("login") == 2


def test_a_refused_login_keeps_a_valid_session_and_its_token(jane, world, snowflake):
    first = token_of(jane.helper("get", HOST))
    world.account.deny_login = ("390103", "User is disabled.")
    assert jane.snowflake("login").code == 1
    assert token_of(jane.helper("get", HOST)) == first


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "CURL_CA_BUNDLE", "SSL_CERT_DIR"])
def test_a_variable_that_names_no_certificate_authorities_is_named(jane, snowflake, variable):
    result = jane.helper("get", HOST, env={variable: "/nowhere/ca.pem"})
    kind = "directory" if variable == "SSL_CERT_DIR" else "file"
    assert result.code == 1 and f"{variable} names a {kind} that does not exist: /nowhere/ca.pem" in result.out
    assert snowflake.requests == []
