# SPDX-License-Identifier: Apache-2.0
"""Values of a connection as users copy them: unambiguous ones are accepted, and invalid ones are refused before anything is sent,
with the key and its origin."""

import json
import os

import pytest
from conftest import HOST
from credentials import token_of

GOOD = {"account": "myorg-myacct", "user": "jane", "password": "Correct Horse 1!", "role": "PUSHER", "database": "DB",
        "schema": "SCHEMA", "warehouse": "WH"}

AROUND = {"space in front": " {}", "space behind": "{} ", "newline": "{}\n", "CRLF": "{}\r\n", "tab": "{}\t", "single quotes": "'{}'",
          "typographic quotes": "\u201c{}\u201d", "byte order mark": "\ufeff{}", "no-break space": "{}\u00a0",
          "zero-width space": "{}\u200b"}

ACCOUNTS = ["https://myorg-myacct.snowflakecomputing.com", "https://myorg-myacct.snowflakecomputing.com/console/login",
            "myorg-myacct.snowflakecomputing.com", "myorg-myacct.snowflakecomputing.com.", "myorg-myacct:443", "myorg-myacct/",
            "https://app.snowflake.com/myorg/myacct/", HOST, "MYORG-MYACCT", "myorg\u2011myacct", "myorg\u2013myacct",
            "jdbc:snowflake://myorg-myacct.snowflakecomputing.com/?warehouse=WH", "snowflake://myorg-myacct/DB/SCHEMA"]

REFUSED = [
    ("user", "${SNOWFLAKE_USER_NAME}", "reference"), ("user", "$USER", "reference"), ("user", "%USERNAME%", "reference"),
    ("user", "{{ env.USER }}", "reference"), ("user", "<user>", "placeholder"), ("user", "ja\x1b[2Jne", "invisible character"),
    ("user", "https://myorg-myacct.snowflakecomputing.com", "URL"),
    ("user", "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0B\n-----END PRIVATE KEY-----", "private key"),
    ("role", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJlc2ln", "token"), ("role", "PU\u200bSHER", "invisible character"),
    ("authenticator", "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7", "token"),
    ("password", "${DB_PASSWORD}", "reference"), ("password", "$SNOWFLAKE_SECRET", "reference"), ("password", "<password>", "placeholder"),
    ("password", "   ", "spaces"), ("password", "hunter22\n", "newline"), ("password", "\ufeffhunter22", "byte order mark"),
    ("password", "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0B\n", "private key"),
    *(("password", value, "reference to a variable") for value in (
        "$(SNOWFLAKE_PASSWORD)", "${{ secrets.SNOWFLAKE_PASSWORD }}", "${SNOWFLAKE_PASSWORD:-}", "$env:SNOWFLAKE_PASSWORD",
        "%env.SNOWFLAKE_PASSWORD%", "((snowflake-password))", "#{SnowflakePassword}", "__SNOWFLAKE_PASSWORD__", "$(cat /run/secrets/pw)")),
    *(("password", value, "secret in a vault") for value in (
        "op://vault/item/password", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:pw", "ENC[AES256_GCM,data:x]",
        "@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/pw)", "projects/p/secrets/pw/versions/latest")),
    *(("password", value, "masked copy") for value in ("********", "\u2022\u2022\u2022\u2022\u2022\u2022", "[MASKED]", "***")),
    ("password", "None", "missing value"), ("password", "file:///run/secrets/pw", "path of a file"),
    ("user", "None", "missing value"), ("user", "your_user", "placeholder"), ("role", "$(ROLE)", "reference"),
    ("user", "%env.SF_USER%", "reference"), ("role", "null", "missing value"),
    ("host", "${HOST}", "reference"), ("host", "my host", "host"), ("region", "eu west", "region"), ("port", "https", "port"),
    ("login_timeout", "soon", "login_timeout"), ("oauth_client_id", "<client id>", "placeholder"),
]


def toml(fields):
    # JSON strings are valid in TOML, except for DEL.
    return "[connections.dev]\n" + "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in fields.items())


def get_from(where, jane, key, value, **more):
    """Runs `get` with a value from the file or from a variable of the connection."""
    fields = {**GOOD, **more}
    if where == "file":
        jane.write_config(toml({**fields, key: value}))
        return jane.helper("get", HOST)
    fields.pop(key, None)
    jane.write_config(toml(fields))
    return jane.helper("get", HOST, env={f"SNOWFLAKE_CONNECTIONS_DEV_{key.upper()}": value})


@pytest.mark.parametrize("where", ["file", "variable"])
@pytest.mark.parametrize("around", AROUND)
def test_characters_around_a_value_are_removed(jane, snowflake, where, around):
    for key in ("user", "role", "account", "database", "warehouse"):
        token_of(get_from(where, jane, key, AROUND[around].format(GOOD[key])))
    logins = [request for request in snowflake.requests if request.kind == "login"]
    for login in logins:
        assert (login.host, login.body["data"]["LOGIN_NAME"]) == ("myorg-myacct.snowflakecomputing.com", "jane")
        assert (login.query["roleName"], login.query["databaseName"], login.query["warehouse"]) == ("PUSHER", "DB", "WH")
    assert logins and snowflake.violations == []


@pytest.mark.parametrize("account", ACCOUNTS)
def test_an_account_is_found_in_copied_text(jane, snowflake, account):
    token_of(get_from("file", jane, "account", account))
    assert {request.host for request in snowflake.requests} == {"myorg-myacct.snowflakecomputing.com"}
    assert jane.snowflake("url").out == HOST + "\n"


@pytest.mark.parametrize("where", ["file", "variable"])
@pytest.mark.parametrize(("key", "value", "word"), REFUSED)
def test_implausible_values_are_refused_before_they_are_sent(jane, snowflake, key, value, word, where):
    result = get_from(where, jane, key, value)
    assert result.code == 1 and snowflake.requests == []
    assert key in result.out and word in result.out
    assert "MIIE" not in result.out + result.err and "eyJ" not in result.out + result.err
    where_it_is = "config.toml:" if where == "file" else f"SNOWFLAKE_CONNECTIONS_DEV_{key.upper()}"
    if key not in ("port", "login_timeout") and word not in ("host", "region"):
        assert where_it_is in result.out


def test_a_refused_password_in_quotes_is_explained(jane):
    assert "the password is in quotes" in get_from("file", jane, "password", '"Correct Horse 1!"').out
    assert "begins or ends with a space" in get_from("file", jane, "password", "Correct Horse 1! ").out


AUTHENTICATORS = {"jwt": "SNOWFLAKE_JWT", "key-pair": "SNOWFLAKE_JWT", "Snowflake JWT": "SNOWFLAKE_JWT", "external_browser": "EXTERNALBROWSER",
                  "sso": "EXTERNALBROWSER", "mfa": "USERNAME_PASSWORD_MFA", "password": "SNOWFLAKE", "pat": "PROGRAMMATIC_ACCESS_TOKEN",
                  "oauth2": "OAUTH", "client_credentials": "OAUTH_CLIENT_CREDENTIALS", "oidc": "WORKLOAD_IDENTITY",
                  "OAUTH_AUTHORISATION_CODE": "OAUTH_AUTHORIZATION_CODE", "myorg.okta.com": "https://<organization>.okta.com"}


@pytest.mark.parametrize("name", AUTHENTICATORS)
def test_another_name_of_an_authenticator_is_answered_with_the_right_one(jane, snowflake, name):
    result = get_from("file", jane, "authenticator", name)
    assert result.code == 1 and "251007: Unknown authenticator" in result.out and snowflake.requests == []
    assert f'set authenticator = "{AUTHENTICATORS[name]}"' in result.out


@pytest.mark.parametrize("text", [b"${TOKEN_OF_JOB}", b"$(TOKEN)", b"***", b"None\n", b"op://v/i/f", b"/run/secrets/token", b"pat-\xe9",
                                  b"pat-1\0", "p\u200bat".encode(), b"https://x.example/y", b"Bearer pat-1", b"one\ntwo\n"])
def test_the_content_of_a_token_file_is_checked_before_it_is_sent(jane, snowflake, text):
    (jane.home / "token").write_bytes(text)
    result = get_from("file", jane, "token_file_path", str(jane.home / "token"), authenticator="PROGRAMMATIC_ACCESS_TOKEN")
    assert result.code == 1 and snowflake.requests == [] and "token" in result.out and "Next: " in result.out


def test_a_variable_in_another_encoding_is_never_sent_as_something_else(jane, snowflake):
    jane.write_config(toml(GOOD))
    result = jane.helper("get", HOST, env={"SNOWFLAKE_CONNECTIONS_DEV_PASSWORD": os.fsdecode(b"p\xe4ssword")})
    assert result.code == 1 and "is not text in UTF-8" in result.out and snowflake.requests == []


def test_a_setting_with_control_characters_is_printed_without_them(jane):
    jane.write_settings('[registries."x\\u001b[31m"]\nconnection = "dev"\n')
    for result in (jane.helper("get", HOST), jane.snowflake("status"), jane.snowflake("config")):
        assert result.code == 1 and "\x1b" not in result.out + result.err


def test_a_key_in_place_of_a_name_is_never_shown(jane):
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
    jane.write_config(toml(GOOD).replace("[connections.dev]", "[connections.dev.eu]"))
    for words in (["url"], ["login"], ["setup", "--yes"], ["status"], ["login", "-c", "dev.eu"], ["login", "-c", "dev"], []):
        result = jane.snowflake(*words)
        assert result.code == 1 and 'config.toml:1: [connections.dev.eu] has no effect' in result.out + result.err, (words, result.err)
        assert '[connections."dev.eu"]' in result.out + result.err, (words, result.err)
    jane.write_config(toml({**{key: value for key, value in GOOD.items() if key != "account"}, "acount": "myorg-myacct"}))
    assert "rename acount to account" in jane.helper("get", HOST).err
    jane.write_config(toml(GOOD).replace('"Correct Horse 1!"', "12345678"))
    assert "password of the connection 'dev' is not a string" in jane.helper("get", HOST).out
    assert snowflake.requests == []
