# SPDX-License-Identifier: Apache-2.0
"""Snowflake's Python connector uses second factors and sessions of the fake Snowflake, which verifies the fake."""

import json

import pytest
from fake_snowflake.login.duo import Device
from world import inside

PROGRAM = """
import json, sys
import snowflake.connector
options = {"account": "myorg-myacct", "disable_ocsp_checks": True, "login_timeout": 20, "server_session_keep_alive": True,
           "session_parameters": {"PYTHON_CONNECTOR_QUERY_RESULT_FORMAT": "JSON"}, **json.loads(sys.argv[1])}
try:
    connection = snowflake.connector.connect(**options)
    row = connection.cursor().execute("select current_user(), current_role()").fetchone()
    print(json.dumps({"row": row, "session": connection.rest.token, "master": connection.rest.master_token}))
except snowflake.connector.errors.Error as error:
    print(json.dumps({"errno": error.errno, "message": str(error)}))
"""

MFA = {"user": "jane", "password": "Correct Horse 1!", "authenticator": "username_password_mfa"}


@pytest.fixture
def connect(world, snowflake, snow_python):
    world.jane.second_factor = Device()
    jane = world.user()

    def run(**options):
        result = jane.run([snow_python, "-c", PROGRAM, json.dumps(options)], env={"REQUESTS_CA_BUNDLE": inside.BUNDLE})
        assert result.code == 0, result.err
        return json.loads(result.out)

    yield run
    snowflake.record.violations.clear()  # the connector sends telemetry


def is_logged_in(answer):
    return answer.get("row") == ["JANE", "PUSHER"]


@pytest.mark.parametrize("lists_methods, separate_confirmation", [(True, True), (True, False), (False, False)])
def test_it_waits_for_approval_on_the_phone(connect, world, snowflake, lists_methods, separate_confirmation):
    phone = world.jane.second_factor
    phone.lists_methods, phone.separate_confirmation = lists_methods, separate_confirmation
    assert is_logged_in(connect(**MFA))
    assert phone.rings == 1 and snowflake.violations == []


def test_it_stores_the_token_and_the_phone_rings_once(connect, world, snowflake):
    for _ in range(2):
        assert is_logged_in(connect(**MFA, client_request_mfa_token=True))
    assert world.jane.second_factor.rings == 1
    last = [r.body["data"] for r in snowflake.requests if r.kind == "login"][-1]
    assert last["TOKEN"] in world.jane.second_factor.tokens and "EXT_AUTHN_DUO_METHOD" not in last


def test_it_sends_passcodes_in_a_field_of_their_own_and_in_the_password(connect, world):
    world.jane.second_factor.passcodes |= {"123456", "234567"}
    assert is_logged_in(connect(**MFA, passcode="123456"))
    assert connect(**MFA, passcode="123456")["errno"] == 390127
    assert is_logged_in(connect(**{**MFA, "password": MFA["password"] + "234567"}, passcode_in_password=True))
    assert world.jane.second_factor.rings == 0


def test_it_is_told_of_a_denial(connect, world):
    world.jane.second_factor.answer = "deny"
    assert "MFA authentication failed" in connect(**MFA)["message"]
    world.jane.second_factor.lists_methods = False
    assert connect(**MFA)["errno"] == 390120


def test_it_continues_a_session_and_says_when_that_has_expired(connect, world, snowflake):
    world.jane.second_factor = None
    first = connect(**{**MFA, "authenticator": "snowflake"})
    tokens = {"session_token": first["session"], "master_token": first["master"]}
    snowflake.requests.clear()
    assert is_logged_in(connect(**tokens))
    kinds = [r.kind for r in snowflake.requests]
    assert kinds[0] == "heartbeat" and "login" not in kinds
    snowflake.sessions.all[0].dead = True
    assert "Session and master tokens invalid" in connect(**tokens)["message"]
