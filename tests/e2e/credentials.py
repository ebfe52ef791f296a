# SPDX-License-Identifier: Apache-2.0
"""Runs `get` of the credential helper, and checks its answer."""

import json

from world.fixtures import HOST
from world.terminal import AtTerminal

NOT_FOUND = "credentials not found in native keychain\n"


def token_of(result):
    """Returns the token in the answer of a successful `get`."""
    assert result.code == 0, result.out + result.err
    answer = json.loads(result.out)
    assert answer["Username"] == "0sessiontoken"
    return json.loads(answer["Secret"])["token"]


def refused(jane, words, env=None, secrets=()):
    """Runs a `get` that fails with one line that contains `words` and no secret, and returns its output."""
    result = jane.helper("get", HOST, env=env)
    assert result.code == 1 and words in result.out, result.out
    assert result.out.count("\n") == 1 and "Next: " in result.out
    for secret in secrets:
        assert secret not in result.out + result.err
    return result.out


def start_get_at_terminal(jane):
    """Starts a `get` as Docker does at a terminal: with pipes for the streams."""
    terminal = AtTerminal(jane, ["docker-credential-snowflake", "get"], streams="pipes")
    jane.send_stdin(terminal.process, HOST)
    return terminal
