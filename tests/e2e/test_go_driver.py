# SPDX-License-Identifier: Apache-2.0
"""Snowflake's Go driver logs in to the fake Snowflake with every authenticator, which verifies the fake."""

import base64
import json
import os
import pathlib
import urllib.parse

import pytest
from conftest import HOST
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from fake_clouds import ci
from fake_snowflake.identity_provider import IdentityProvider
from fake_snowflake.login.duo import Device
from fake_snowflake.registry import bearer
from world.browser import fetch
from world.user import BROWSER

DRIVER = pathlib.Path(os.environ.get("DCS_CONFORMANCE") or "conformance").with_name("go-driver")
PASSWORD = "Correct Horse 1!"
NAME = "{who}myorg-myacct.snowflakecomputing.com:443/DB/SCHEMA?{parameters}"


@pytest.fixture
def attempt(jane):
    if not DRIVER.is_file():
        reason = DRIVER.with_name("go-driver.missing")
        pytest.skip(reason.read_text().strip() if reason.exists() else "go-driver is not in the directory of DCS_CONFORMANCE")
    opener = jane.write("bin/xdg-open", "", 0o700)

    def run(user="jane", password="", steps="follow", **options):
        # In the background, because the driver waits until the browser has ended.
        opener.write_text(f'#!/bin/sh\n/usr/bin/python3 {BROWSER} {steps} "$1" &\n')
        options = {"account": "myorg-myacct", "role": "PUSHER", "disableOCSPChecks": "true", "loginTimeout": "20",
                   "GO_QUERY_RESULT_FORMAT": "JSON", **options}
        who = f"{user}:{urllib.parse.quote(password, safe='')}@" if user else ""
        name = NAME.format(who=who, parameters=urllib.parse.urlencode(options))
        return jane.run([DRIVER], name, timeout=90, env={
            "PATH": f"{opener.parent}:/usr/bin:/bin", "SNOWFLAKE_DISABLE_PLATFORM_DETECTION": "true"})

    return run



@pytest.fixture
def log_in(attempt, snowflake):
    def run(**options):
        result = attempt(**options)
        assert result.code == 0 and result.out.endswith("2 repositories\n"), result.out + result.err
        assert snowflake.sessions.all[-1].app_id == "Go" and snowflake.sessions.all[-1].user.name == "JANE"
        return [r.body["data"] for r in snowflake.requests if r.kind == "login"][-1]
    return run


@pytest.fixture
def driver_sends_no_accept(snowflake):
    """Expects token requests without the header Accept, which RFC 6749 does not require."""
    yield
    assert set(snowflake.violations) == {"a token request must accept application/json"}
    snowflake.violations.clear()


def test_password(log_in, attempt):
    assert "AUTHENTICATOR" not in log_in(password=PASSWORD)
    assert "390100" in attempt(password="Wrong").err


def test_approval_on_the_phone(log_in, world):
    world.jane.second_factor = phone = Device(lists_methods=False)
    log_in(password=PASSWORD, authenticator="username_password_mfa")
    assert phone.rings == 1


def test_it_is_told_that_the_login_was_denied(attempt, world):
    world.jane.second_factor = Device(lists_methods=False, answer="deny")
    assert "390120" in attempt(password=PASSWORD, authenticator="username_password_mfa").err


def test_mfa_token_replaces_the_phone(log_in, world):
    world.jane.second_factor = phone = Device(lists_methods=False)
    for _ in range(2):
        data = log_in(password=PASSWORD, authenticator="username_password_mfa", clientRequestMfaToken="true")
    assert phone.rings == 1 and data["TOKEN"] in phone.tokens


def test_passcode_in_a_field_of_its_own_and_in_the_password(log_in, attempt, world):
    world.jane.second_factor = phone = Device(passcodes={"123456", "234567"})
    log_in(password=PASSWORD, authenticator="username_password_mfa", passcode="123456")
    assert "390127" in attempt(password=PASSWORD, authenticator="username_password_mfa", passcode="123456").err
    log_in(password=PASSWORD + "234567", authenticator="username_password_mfa", passcodeInPassword="true")
    assert phone.rings == 0


def test_key_pair(log_in, world):
    key = rsa.generate_private_key(65537, 2048)
    world.jane.public_key = key.public_key()
    der = key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    data = log_in(authenticator="snowflake_jwt", privateKey=base64.urlsafe_b64encode(der).decode())
    assert "LOGIN_NAME" not in data


def test_programmatic_access_token(log_in, world, snowflake):
    world.account.pats["a-token"] = snowflake.token(world.jane)
    log_in(authenticator="programmatic_access_token", token="a-token")


def test_oauth_token(log_in, attempt, world, snowflake):
    world.account.oauth_tokens["a-token"] = snowflake.token(world.jane)
    log_in(authenticator="oauth", token="a-token")
    assert "390303" in attempt(authenticator="oauth", token="another").err


def test_external_browser(log_in, snowflake):
    options = {"authenticator": "externalbrowser", "clientStoreTemporaryCredential": "true"}
    assert log_in(**options)["AUTHENTICATOR"] == "EXTERNALBROWSER"
    assert log_in(steps="stop", **options)["AUTHENTICATOR"] == "ID_TOKEN"
    assert snowflake.count("authenticator") == 1


def test_external_browser_at_snowflakes_own_page(log_in, snowflake):
    log_in(authenticator="externalbrowser", disableConsoleLogin="false")
    assert snowflake.count("console") == 1 and snowflake.count("authenticator") == 0


def test_oauth_authorization_code_at_snowflake(log_in, driver_sends_no_accept, world, snowflake):
    world.account.identity_provider = provider = IdentityProvider(world.account, snowflake.clock)
    provider.browser_user = world.jane
    # The driver has a default client, but requires one in the options.
    data = log_in(authenticator="oauth_authorization_code", oauthClientId="LOCAL_APPLICATION", oauthClientSecret="LOCAL_APPLICATION")
    assert provider.grants == ["authorization_code"]
    assert "AUTHENTICATOR" not in data and data["CLIENT_ENVIRONMENT"]["OAUTH_TYPE"] == "OAUTH_AUTHORIZATION_CODE"


def test_oauth_client_credentials(log_in, driver_sends_no_accept, world, snowflake):
    snowflake.identity_providers["idp.example"] = provider = IdentityProvider(world.account, snowflake.clock, "id", "secret")
    provider.service = world.jane
    data = log_in(authenticator="oauth_client_credentials", oauthClientId="id", oauthClientSecret="secret",
                   oauthTokenRequestUrl="https://idp.example/token")
    assert provider.grants == ["client_credentials"] and "AUTHENTICATOR" not in data


def test_workload_identity_with_a_token(log_in, world):
    world.account.workloads[("OIDC", ci.GITLAB, "the-job")] = world.jane
    log_in(user="", authenticator="workload_identity", workloadIdentityProvider="OIDC", token=world.clouds.ci.token(ci.GITLAB))


def test_okta(log_in, world):
    world.account.okta_host, world.clouds.okta.users["jane"] = "myorg.okta.com", PASSWORD
    log_in(password=PASSWORD, authenticator="https://myorg.okta.com")


def test_the_registry_accepts_none_of_its_sessions(log_in, snowflake):
    log_in(password=PASSWORD)
    session = snowflake.sessions.all[-1]
    session.dead = False  # the driver has closed it
    token = snowflake.sessions.issue(session).value
    credential = base64.b64encode(f"0sessiontoken:{json.dumps({'token': token})}".encode()).decode()

    def ask():
        return fetch(f"https://{HOST}/v2/token?service={bearer.SERVICE}", headers={"Authorization": f"Basic {credential}"})[0]

    assert ask() == 401
    snowflake.front.requires_python_connector = snowflake.front.requires_json_results = False
    assert ask() == 200
