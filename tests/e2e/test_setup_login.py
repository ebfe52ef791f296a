# SPDX-License-Identifier: Apache-2.0
"""docker snowflake setup logs in once with every authenticator, with and without a cache: one browser window, one approval on the
phone, and each passcode is used once."""

import base64
import re
import tomllib

import pytest
from conftest import HOST
from credentials import token_of
from cryptography.hazmat.primitives import serialization
from fake_snowflake.login.duo import Device
from test_connection_setup import FILE, PASSWORD
from world.terminal import AtTerminal

METHODS = ["browser", "key-pair", "token", "password", "asked password"]
SECRETS = {"token": ("Programmatic access token: ", "pat-1"), "password": ("Password (", PASSWORD), "asked password": ("Password (", "")}


@pytest.fixture(params=["cached", "nothing cached"])
def newcomer(world, request):
    """A user without a connection, with a kernel keyring or in a container that forbids it."""
    user = world.user(keyctl="EPERM" if request.param == "nothing cached" else None)
    # This docker has no hooks for hints, so setup does not ask about them.
    docker = user.write("bin/docker", "#!/bin/sh\necho Docker version 20.10.0, build 1\n", mode=0o755)
    user.environment["PATH"] = f"{docker.parent}:{user.environment['PATH']}"
    user.use_browser()
    return user


def answer_connection_questions(terminal, method):
    terminal.answer(("Account: ", "myorg-myacct"), ("User: ", "jane"), ("1, 2, 3 or 4 [1]: ", method.removeprefix("asked ")))
    if method in SECRETS:
        terminal.answer(SECRETS[method])
    terminal.answer(("Role [", "PUSHER"), ("Write this? [Y/n] ", "y"))


def register_key(terminal, world):
    terminal.wait_for("Press Enter")
    (key,) = re.findall(r"SET RSA_PUBLIC_KEY = '([A-Za-z0-9+/=]+)'", terminal.screen)
    world.jane.public_key = serialization.load_der_public_key(base64.b64decode(key))
    terminal.type("\n")


def finish(terminal, needs_user=True):
    """Answers the remaining questions. `needs_user`: logins need the user, so setup asks whether docker push may prompt."""
    terminal.answer_again("Write this? [Y/n] ", "y")
    if needs_user:
        terminal.answer(("may docker push", "n"))
    return terminal.end()


@pytest.mark.parametrize("allowed", [True, False], ids=["id and MFA tokens", "neither"])
@pytest.mark.parametrize("method", METHODS)
def test_a_setup_logs_in_once(newcomer, world, snowflake, method, allowed):
    world.account.allow_client_mfa_caching = world.account.single_sign_on.id_tokens_allowed = allowed
    world.account.pats["pat-1"] = snowflake.token(world.jane)
    phone = world.jane.second_factor = Device() if "password" in method else None
    with AtTerminal(newcomer, ["docker-snowflake", "setup"]) as terminal:
        answer_connection_questions(terminal, method)
        if method == "key-pair":
            register_key(terminal, world)
        if method == "asked password":
            terminal.answer(("Password of jane", PASSWORD))
        result = finish(terminal, needs_user=method not in ("key-pair", "token"))
    assert result.code == 0 and "as JANE, role PUSHER" in result.out, result.out
    assert len(snowflake.sessions.all) == 1 and result.out.count("Password of jane") <= 1, result.out
    assert snowflake.count("authenticator") == (method == "browser")
    assert phone is None or phone.rings == 1
    written = tomllib.loads((newcomer.home / FILE).read_text())["default"]
    assert (written["database"], written["schema"]) == ("DB", "SCHEMA")
    if newcomer.keyctl is None:
        # The helper and other commands use this session, in this schema.
        token_of(newcomer.helper("get", HOST))
        world.account.add_repository("OTHER", "SCHEMA", "REPO3", owner="PUSHER")
        assert newcomer.snowflake("repositories", "-q").out.split() == ["DB.SCHEMA.REPO", "DB.SCHEMA.REPO2"]
        assert len(snowflake.sessions.all) == 1


@pytest.mark.parametrize("app_only", [True, False])
def test_a_passcode_is_asked_for_when_snowflake_wants_one_and_used_once(newcomer, world, snowflake, app_only):
    world.account.allow_client_mfa_caching = False
    phone = world.jane.second_factor = Device(push=False, app_only=app_only, passcodes={"123456", "234567"})
    with AtTerminal(newcomer, ["docker-snowflake", "setup"]) as terminal:
        answer_connection_questions(terminal, "password")
        terminal.wait_for("MFA passcode: ")
        assert not terminal.echo_enabled()
        terminal.type("000000\n")
        terminal.answer_again("MFA passcode: ", "123456")
        result = finish(terminal)
    assert result.code == 0 and "as JANE, role PUSHER" in result.out, result.out
    assert len(snowflake.sessions.all) == 1 and phone.passcodes == {"234567"} and phone.rings == 0
    assert "123456" not in result.out and result.out.count("MFA passcode: ") == 2


def test_a_role_without_the_right_to_use_the_schema_still_gets_its_connection(newcomer, snowflake):
    snowflake.queries.refuse = lambda sql: sql.startswith("use ")
    with AtTerminal(newcomer, ["docker-snowflake", "setup"]) as terminal:
        answer_connection_questions(terminal, "password")
        result = finish(terminal, needs_user=False)
    assert result.code == 0 and len(snowflake.sessions.all) == 1, result.out
    assert "database" not in tomllib.loads((newcomer.home / FILE).read_text())["default"]


def test_connections_that_exist_log_in_once_each(newcomer, world, snowflake):
    world.account.add_user("joe", password="pw", default_role="PUSHER", roles=["PUSHER"])
    table = 'account = "myorg-myacct"\nauthenticator = "externalbrowser"\nuser = '
    newcomer.write(FILE, f'[default]\n{table}"jane"\n[joe]\n{table}"joe"\n')
    done = newcomer.snowflake("setup", "--yes", "--ask")
    assert done.code == 0, done.err
    assert len(snowflake.sessions.all) == snowflake.count("authenticator") == 2
