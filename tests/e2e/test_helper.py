# SPDX-License-Identifier: Apache-2.0
"""The helper as Docker runs it."""

import json

from conftest import CONNECTION, HOST

NOT_FOUND = "credentials not found in native keychain\n"


def token_of(result):
    assert result.code == 0, result.out + result.err
    answer = json.loads(result.out)
    assert answer["Username"] == "0sessiontoken"
    return json.loads(answer["Secret"])["token"]


def test_the_first_get_signs_in_with_three_requests_over_one_connection_and_the_next_ones_ask_nobody(jane, snowflake):
    first = token_of(jane.helper("get", HOST))
    assert [r.kind for r in snowflake.requests] == ["login", "query", "issue"]
    assert len({r.connection for r in snowflake.requests}) == 1
    for spelling in ("https://" + HOST, HOST.upper(), HOST + ":443/", HOST + "/db/schema/repo/app\r\n"):
        assert token_of(jane.helper("get", spelling)) == first
    assert len(snowflake.requests) == 3
    assert snowflake.statements == ["alter session set PYTHON_CONNECTOR_QUERY_RESULT_FORMAT = 'json'"]
