# SPDX-License-Identifier: Apache-2.0
"""The values of a connection as people really have them: what can mean one thing works, from a file and from a variable, and
what cannot be right is refused before anything is sent, with the key and where it was set."""

import json

import pytest
from conftest import HOST
from test_helper import token_of

GOOD = {"account": "myorg-myacct", "user": "jane", "password": "Correct Horse 1!", "role": "PUSHER", "database": "DB",
        "schema": "SCHEMA", "warehouse": "WH"}

AROUND = {"space in front": " {}", "space behind": "{} ", "newline": "{}\n", "CRLF": "{}\r\n", "tab": "{}\t", "single quotes": "'{}'",
          "typographic quotes": "\u201c{}\u201d", "byte order mark": "\ufeff{}", "no-break space": "{}\u00a0",
          "zero-width space": "{}\u200b"}

ACCOUNTS = ["https://myorg-myacct.snowflakecomputing.com", "https://myorg-myacct.snowflakecomputing.com/console/login",
            "myorg-myacct.snowflakecomputing.com", "myorg-myacct.snowflakecomputing.com.", "myorg-myacct:443", "myorg-myacct/",
            "https://app.snowflake.com/myorg/myacct/", HOST, "MYORG-MYACCT"]

REFUSED = [
    ("user", "${SNOWFLAKE_USER_NAME}", "reference"), ("user", "$USER", "reference"), ("user", "%USERNAME%", "reference"),
    ("user", "{{ env.USER }}", "reference"), ("user", "<user>", "placeholder"), ("user", "ja\x1b[2Jne", "cannot be seen"),
    ("user", "https://myorg-myacct.snowflakecomputing.com", "URL"),
    ("user", "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0B\n-----END PRIVATE KEY-----", "private key"),
    ("role", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJlc2ln", "token"), ("role", "PU\u200bSHER", "cannot be seen"),
    ("authenticator", "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7", "token"),
    ("password", "${DB_PASSWORD}", "reference"), ("password", "$SNOWFLAKE_SECRET", "reference"), ("password", "<password>", "placeholder"),
    ("password", "   ", "spaces"), ("password", "hunter22\n", "newline"), ("password", "\ufeffhunter22", "byte order mark"),
    ("password", "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0B\n", "private key"),
    ("host", "${HOST}", "reference"), ("host", "my host", "host"), ("region", "eu west", "region"), ("port", "https", "port"),
    ("login_timeout", "soon", "login_timeout"), ("oauth_client_id", "<client id>", "placeholder"),
]


def toml(fields):
    # JSON's strings are TOML's, but for DEL, which none of these has.
    return "[connections.dev]\n" + "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in fields.items())


def get_from(where, jane, key, value, **more):
    """`get` with one other value, from the file or from a variable of the connection."""
    fields = {**GOOD, **more}
    if where == "file":
        jane.write_config(toml({**fields, key: value}))
        return jane.helper("get", HOST)
    fields.pop(key, None)
    jane.write_config(toml(fields))
    return jane.helper("get", HOST, env={f"SNOWFLAKE_CONNECTIONS_DEV_{key.upper()}": value})


@pytest.mark.parametrize("where", ["file", "variable"])
@pytest.mark.parametrize("around", AROUND)
def test_what_stands_around_a_value_is_removed(jane, snowflake, where, around):
    for key in ("user", "role", "account", "database", "warehouse"):
        token_of(get_from(where, jane, key, AROUND[around].format(GOOD[key])))
    logins = [request for request in snowflake.requests if request.kind == "login"]
    for login in logins:
        assert (login.host, login.body["data"]["LOGIN_NAME"]) == ("myorg-myacct.snowflakecomputing.com", "jane")
        assert (login.query["roleName"], login.query["databaseName"], login.query["warehouse"]) == ("PUSHER", "DB", "WH")
    assert logins and snowflake.violations == []


@pytest.mark.parametrize("account", ACCOUNTS)
def test_an_account_is_found_in_what_people_copy(jane, snowflake, account):
    token_of(get_from("file", jane, "account", account))
    assert {request.host for request in snowflake.requests} == {"myorg-myacct.snowflakecomputing.com"}
    assert jane.snowflake("url").out == HOST + "\n"


@pytest.mark.parametrize("where", ["file", "variable"])
@pytest.mark.parametrize(("key", "value", "word"), REFUSED)
def test_what_cannot_be_right_is_refused_before_it_is_sent(jane, snowflake, key, value, word, where):
    result = get_from(where, jane, key, value)
    assert result.code == 1 and snowflake.requests == []
    assert key in result.out and word in result.out
    assert "MIIE" not in result.out + result.err and "eyJ" not in result.out + result.err
    where_it_is = "config.toml:" if where == "file" else f"SNOWFLAKE_CONNECTIONS_DEV_{key.upper()}"
    if key not in ("port", "login_timeout") and word not in ("host", "region"):
        assert where_it_is in result.out


def test_a_refused_password_in_quotes_is_said_to_be_in_quotes(jane):
    assert "the password is in quotes" in get_from("file", jane, "password", '"Correct Horse 1!"').out
    assert "begins or ends with a space" in get_from("file", jane, "password", "Correct Horse 1! ").out


def test_a_key_in_place_of_a_name_is_shown_nowhere(jane):
    body = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7"
    for key in ("user", "role", "authenticator", "workload_identity_provider", "database", "host"):
        jane.write_config(toml({**GOOD, key: f"-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n"}))
        for command in (["status"], ["status", "-o", "json"], ["doctor", "--verbose"], ["login"], ["url"], ["connection", "list"], ["whoami"]):
            result = jane.snowflake(*command)
            assert body not in result.out + result.err, (key, command)


def test_another_domain_is_kept(jane, snowflake):
    jane.write_config(toml({**GOOD, "account": "myorg-china.snowflakecomputing.cn"}))
    assert jane.snowflake("url").out == "myorg-china.registry.snowflakecomputing.cn\n"


def test_a_connection_in_the_wrong_form_is_pointed_out(jane, snowflake):
    for header in ("[connection.dev]", "[dev]", "[[connections.dev]]", "[Connections.dev]"):
        jane.write_config(toml(GOOD).replace("[connections.dev]", header))
        result = jane.helper("get", HOST)
        assert result.code == 1 and "has no effect" in result.err and "config.toml:1" in result.err, header
    jane.write_config(toml({**{key: value for key, value in GOOD.items() if key != "account"}, "acount": "myorg-myacct"}))
    assert "rename acount to account" in jane.helper("get", HOST).err
    jane.write_config(toml(GOOD).replace('"Correct Horse 1!"', "12345678"))
    assert "password of the connection 'dev' is not a string" in jane.helper("get", HOST).out
    assert snowflake.requests == []
