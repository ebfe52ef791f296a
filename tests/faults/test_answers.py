# SPDX-License-Identifier: Apache-2.0
"""Malicious answers: they refer to local services, use up time or memory, or contain secrets and control characters."""

import json
import socket

import pytest
from world.fixtures import CONNECTION, HOST


def result_of(**data):
    return json.dumps({"success": True, "code": None, "message": None, "data": {
        "parameters": [], "rowtype": [{"name": "name", "type": "text", "scale": None}], "rowset": [["a"]],
        "queryResultFormat": "json", **data}}).encode()


@pytest.fixture
def local_service():
    with socket.create_server(("127.0.0.1", 0)) as service:
        service.setblocking(False)
        yield service


def was_called(service):
    try:
        service.accept()
    except BlockingIOError:
        return False
    return True


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_no_answer_leads_to_a_local_service(jane, snowflake, local_service, scheme):
    url = f"{scheme}://127.0.0.1:{local_service.getsockname()[1]}/x"
    hostile = result_of(chunks=[{"url": url}], chunkHeaders={"a": "b\r\n\r\nGET /y HTTP/1.1\r\nHost: x"})
    snowflake.faults.answer("query", hostile, times=20)
    assert jane.helper("get", HOST).code == 0
    refused = jane.snowflake("images")
    assert refused.code == 1 and "which is not on the internet or not https" in refused.err
    assert not was_called(local_service)


def test_a_header_of_an_answer_cannot_hold_another_request(jane, snowflake):
    url = f"https://{HOST}/x"
    for headers in ({"a": "b\r\nc: d"}, {"a\r\nb": "c"}, {"a:b": "c"}, {"a": "b\x00c"}):
        snowflake.faults.answer("query", result_of(chunks=[{"url": url}], chunkHeaders=headers), times=20)
        refused = jane.snowflake("images")
        assert refused.code == 1 and "invalid header" in refused.err, headers
        snowflake.faults.clear()


@pytest.mark.parametrize("kind", ["login", "query", "issue"])
@pytest.mark.parametrize("body", [
    b'{"success":true,"data":' + b"[" * 30_000, b'{"success":true,"data":' + b'{"a":' * 10_000 + b"1" + b"}" * 10_001,
    b'{"success":true,"data":[' + b"{}," * 400_000 + b"{}]}", b'{"success":true,"data":"' + b"x" * 2_000_000 + b'"}',
    b"[" * 60_000 + b"]" * 60_000], ids=["open", "objects", "many", "long", "arrays"])
def test_the_helper_reads_no_more_than_a_token_needs(jane, snowflake, kind, body):
    snowflake.faults.answer(kind, body, times=2)  # a truncated answer is requested again
    result = jane.helper("get", HOST, timeout=20)
    assert result.code == 1 and result.out.count("\n") == 1 and "Next: " in result.out


@pytest.mark.parametrize("rowset", [
    b"[" * 134_000 + b"]" * 134_000, b"[[" + b"null," * 5_000_000 + b"null]]", b"[" + b"{}," * 400_000 + b"{}]"],
    ids=["deep", "wide", "many"])
def test_a_result_that_is_not_a_table_costs_neither_time_nor_memory(jane, snowflake, rowset):
    body = result_of().replace(b'[["a"]]', rowset)
    snowflake.faults.answer("query", body, times=20)
    limited = ["/usr/bin/prlimit", f"--data={512 << 20}"]
    result = jane.run([*limited, "docker-snowflake", "images"], timeout=30)
    assert result.code in (0, 1) and "bad_alloc" not in result.err


def test_what_a_server_quotes_is_neither_obeyed_nor_shown(jane, snowflake):
    message = "no user jane with Correct Horse 1!\x1b[2J\u009b31m\u202e at https://joe:pw77@proxy.example/"
    snowflake.faults.refuse("login", "390100", message, times=5)
    for result in (jane.helper("get", HOST), jane.helper("get", HOST), jane.snowflake("login")):
        text = result.out + result.err
        assert "Correct Horse" not in text and "pw77" not in text
        assert not set("\x1b\u009b\u202e") & set(text)
    assert all(b"Correct Horse" not in content for path, content in jane.files() if jane.runtime in path.parents)


PEM = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj\n-----END PRIVATE KEY-----\n"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJwcm9nIiwiaXNzIjoiU0YifQ.c2lnbmF0dXJlLW9mLWl0"


@pytest.mark.parametrize("key, variable, authenticator", [
    ("private_key_file", "SNOWFLAKE_PRIVATE_KEY_FILE", "SNOWFLAKE_JWT"),
    ("token_file_path", "SNOWFLAKE_TOKEN_FILE_PATH", "PROGRAMMATIC_ACCESS_TOKEN")])
@pytest.mark.parametrize("secret", [PEM, PEM.replace("\n", "\\n"), JWT, "pat-2f61c8e7d0", "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSj"],
                         ids=["pem", "one-line", "jwt", "pat", "base64"])
def test_a_secret_in_the_place_of_a_path_is_never_shown(jane, key, variable, authenticator, secret):
    """As reported in terraform-provider-snowflake#3332 and #2646."""
    without = CONNECTION.replace('password = "Correct Horse 1!"', f'authenticator = "{authenticator}"')
    jane.write_config(without)
    by_variable = [jane.helper("get", HOST, env={variable: secret}), jane.snowflake("login", env={variable: secret}),
                   jane.snowflake("status", env={variable: secret})]
    jane.write_config(without + f"{key} = {json.dumps(secret)}\n")
    for result in [*by_variable, jane.helper("get", HOST), jane.snowflake("login"), jane.snowflake("status")]:
        text = result.out + result.err
        assert secret not in text and secret.strip().splitlines()[-1] not in text and "MIIEvQ" not in text
    assert "SNOWFLAKE_PRIVATE_KEY_RAW" in by_variable[0].out or "SNOWFLAKE_TOKEN" in by_variable[0].out
    for path, content in jane.files():
        assert jane.runtime not in path.parents or secret.encode() not in content
