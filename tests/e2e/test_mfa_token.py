# SPDX-License-Identifier: Apache-2.0
"""MFA tokens: where they are stored, when they expire, and logins without one."""

import re
import time

import pytest
from conftest import HOST
from credentials import token_of
from test_second_factor import LOGIN, MFA, jane, phone  # noqa: F401


def test_a_stored_token_is_sent_without_a_duo_method(jane, snowflake):
    for _ in range(2):
        assert jane.snowflake("login").code == 0
    first, *_, last = [r.body["data"] for r in snowflake.requests if r.kind == "login"]
    assert first["SESSION_PARAMETERS"]["CLIENT_REQUEST_MFA_TOKEN"] is True and "TOKEN" not in first
    assert last["TOKEN"] in snowflake.sessions.all[0].user.second_factor.tokens
    for data in (first, last):
        assert "EXT_AUTHN_DUO_METHOD" not in data and "AUTHENTICATOR" not in data and "PASSCODE" not in data


def test_a_token_that_the_server_no_longer_knows_rings_no_phone_and_the_error_names_the_command(jane, phone, snowflake):
    assert jane.snowflake("login").code == 0
    phone.tokens.clear()
    snowflake.sessions.all[-1].dead = True
    jane.helper("erase", HOST)
    result = jane.helper("get", HOST)
    assert "390124" in result.out and LOGIN in result.out
    asked = snowflake.count("login")
    assert LOGIN in jane.helper("get", HOST).out
    assert snowflake.count("login") == asked and phone.rings == 1
    assert jane.snowflake("login").code == 0
    assert phone.rings == 2


def test_when_no_second_factor_is_needed_the_unattended_authenticator_is_named(jane, world):
    world.jane.second_factor = None
    result = jane.snowflake("login")
    assert result.code == 0 and 'set authenticator = "snowflake" in ' in result.out and "config.toml:" in result.out, result.out


def test_an_account_without_mfa_tokens_rings_once_for_each_session(jane, world, phone):
    world.account.allow_client_mfa_caching = False
    result = jane.snowflake("login")
    assert result.code == 0 and "MFA token" not in result.out
    token_of(jane.helper("get", HOST))
    assert phone.rings == 1


KINDS_OF_KEYRING = {"kernel keyring": {}, "Secret Service": {"secret_service": "unlocked", "keyctl": "EPERM"}}


@pytest.mark.parametrize("place", KINDS_OF_KEYRING)
def test_the_token_is_in_a_keyring_with_its_own_expiry_and_in_no_file(world, phone, snowflake, place):
    user = world.user(**KINDS_OF_KEYRING[place])
    user.write_config(MFA)
    shown = user.snowflake("login")
    assert shown.code == 0 and re.search(f"MFA token: .*, in the {place}\n", shown.out)
    token = next(iter(phone.tokens))
    for path, content in user.files():
        assert token.encode() not in content, path
    assert user.snowflake("login").code == 0
    assert phone.rings == 1
    user.snowflake("logout")
    world.account.mfa_token_lifetime = 3
    assert user.snowflake("login").code == 0
    while "MFA token" in user.snowflake("status").out:
        time.sleep(0.1)
    snowflake.clock.advance(3)
    assert user.snowflake("login").code == 0
    assert phone.rings == 3


def test_the_cache_file_of_the_official_drivers_is_neither_read_nor_written(jane, phone, snowflake):
    assert jane.snowflake("login").code == 0
    assert not (jane.home / ".cache").exists()
    content = '{"tokens":{"' + "0" * 64 + '":"somebody-elses"}}'
    file = jane.write(".cache/snowflake/credential_cache_v1.json", content)
    file.parent.chmod(0o700)
    jane.snowflake("logout")
    before = file.stat()
    opened = jane.run(["strace", "-f", "-e", "trace=open,openat,stat,newfstatat,access", "docker-snowflake", "login"])
    assert opened.code == 0, opened.err
    assert "credential_cache" not in opened.err and ".cache/" not in opened.err
    assert (file.stat(), file.read_text()) == (before, content)
