# SPDX-License-Identifier: Apache-2.0
"""Snowflake's Python connector logs in to the fake Snowflake with OAuth and single sign-on, which verifies the fake."""

import json

import pytest
from fake_snowflake.identity_provider import IdentityProvider
from world import inside
from world.user import BROWSER

# For OAuth requests, the connector always uses certifi's certificate authorities.
LOG_IN = '''
import certifi
import json
import os
import sys

certifi.where = lambda: os.environ["REQUESTS_CA_BUNDLE"]
import snowflake.connector
connection = snowflake.connector.connect(
    account="myorg-myacct", role="PUSHER", disable_ocsp_checks=True, platform_detection_timeout_seconds=0.0,
    **json.loads(sys.argv[1]))
assert connection.role == "PUSHER"
os._exit(0)  # without closing the session
'''


@pytest.fixture
def connector(jane, snowflake, snow_python):
    script = jane.write("log_in.py", LOG_IN)

    def connect(steps="follow", **options):
        environment = {
            "REQUESTS_CA_BUNDLE": inside.BUNDLE, "NO_PROXY": "*",
            # In the background, because the connector waits until the browser has ended.
            "BROWSER": f"/usr/bin/python3 {BROWSER} {steps} %s &"}
        result = jane.run([snow_python, str(script), json.dumps(options)], env=environment)
        assert result.code == 0, result.out + result.err
        return [r.body["data"] for r in snowflake.requests if r.kind == "login"][-1]

    yield connect
    # The connector sends client credentials twice, and telemetry.
    snowflake.record.violations.clear()


@pytest.mark.parametrize("ending", ["redirect", "fetch"])
def test_external_browser(connector, world, snowflake, ending):
    world.account.single_sign_on.ending = ending
    data = connector(user="jane", authenticator="externalbrowser", client_store_temporary_credential=True)
    assert data["AUTHENTICATOR"] == "EXTERNALBROWSER"
    data = connector("stop", user="jane", authenticator="externalbrowser", client_store_temporary_credential=True)
    assert data["AUTHENTICATOR"] == "ID_TOKEN"
    assert snowflake.count("authenticator") == 1


def test_external_browser_at_snowflakes_own_page(connector, snowflake):
    connector(user="jane", authenticator="externalbrowser", disable_console_login=False)
    assert snowflake.count("console") == 1 and snowflake.count("authenticator") == 0


def test_oauth_authorization_code_at_snowflake(connector, world, snowflake):
    world.account.identity_provider = provider = IdentityProvider(world.account, snowflake.clock)
    provider.browser_user = world.jane
    data = connector(user="jane", authenticator="oauth_authorization_code")
    assert data["CLIENT_ENVIRONMENT"]["OAUTH_TYPE"] == "oauth_authorization_code"
    assert provider.grants == ["authorization_code"]


def test_oauth_authorization_code_elsewhere_with_refresh_tokens(connector, world, snowflake):
    provider = IdentityProvider(world.account, snowflake.clock, "id", "secret", "offline_access")
    provider.browser_user = world.jane
    snowflake.identity_providers["idp.example"] = provider
    options = {"user": "jane", "authenticator": "oauth_authorization_code", "oauth_client_id": "id", "oauth_client_secret": "secret",
               "oauth_authorization_url": "https://idp.example/authorize", "oauth_token_request_url": "https://idp.example/token",
               "oauth_enable_refresh_tokens": True, "oauth_enable_single_use_refresh_tokens": True,
               "client_store_temporary_credential": True}
    connector(**options)
    snowflake.clock.advance(700)
    connector("stop", **options)
    assert provider.grants == ["authorization_code", "refresh_token"]


@pytest.mark.parametrize("in_body", [False, True])
def test_oauth_client_credentials(connector, world, snowflake, in_body):
    provider = IdentityProvider(world.account, snowflake.clock, "id", "secret")
    provider.service = world.jane
    snowflake.identity_providers["idp.example"] = provider
    data = connector(authenticator="oauth_client_credentials", oauth_client_id="id", oauth_client_secret="secret",
                     oauth_token_request_url="https://idp.example/token", oauth_credentials_in_body=in_body)
    assert data["AUTHENTICATOR"] == "OAUTH" and provider.grants == ["client_credentials"]
