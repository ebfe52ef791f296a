# SPDX-License-Identifier: Apache-2.0
"""The exit statuses that docker-snowflake(1) documents."""

import os
import pathlib
import re
import signal

import pytest
from world.waiting import wait_for

MANUAL = pathlib.Path(__file__).resolve().parent.parent.parent / "packaging/man/docker-snowflake.1.in"

# Expected status, words, and variables.
TABLE = [
    (0, "--version", {}), (0, "--help", {}), (0, "url", {}), (0, "whoami", {}), (0, "images", {}), (0, "config", {}), (0, "logout", {}),
    (0, "token", {}), (0, "login", {}), (0, "ref repo/app:1", {}), (0, "image-repository list", {}), (0, "connection list", {}),
    (2, "nonsense", {}), (2, "--nope", {}), (2, "url --nope", {}), (2, "url repo repo2", {}), (2, "images --format xml", {}),
    (2, "images -o xml", {}), (2, "images --format {{.Nope}}", {}), (2, "image-repository drop", {}), (2, "tag repo/app:1", {}),
    (2, "image-repository list --limit x", {}), (2, "push app:1", {}), (2, "serve --listen x", {}), (2, "url registry.example.com:443/a/b/c", {}),
    (1, "url -c none", {}), (1, "images -c none", {}), (1, "image-repository url nothing", {}), (1, "status -c none", {}),
    (1, "image-repository drop nothing", {}), (1, "image-repository drop nothing", {"SNOWFLAKE_ENHANCED_EXIT_CODES": "0"}),
    (2, "config set interactive maybe", {}), (1, "login --account nobody-there", {}), (1, "url", {"SNOWFLAKE_HOME": "/nowhere"}),
    (1, "url -c none --enhanced-exit-codes", {}), (1, "token -x --account myorg-myacct --user jane --password wrong", {}),
    (5, "image-repository drop nothing --enhanced-exit-codes", {}), (5, "image-repository drop nothing", {"SNOWFLAKE_ENHANCED_EXIT_CODES": "1"}),
]


@pytest.mark.parametrize("status, words, variables", TABLE, ids=lambda value: str(value))
def test_a_command_has_the_documented_status(jane, status, words, variables):
    result = jane.snowflake(*words.split(), env=variables)
    assert result.code == status, result.out + result.err
    if status:
        assert "\nError: " in "\n" + result.err and "\nNext: " in result.err and result.out == ""


def test_an_unknown_option_is_a_usage_error_of_every_command(jane, snowflake, commands):
    assert len(commands) >= 40
    for words in [(), *commands]:
        refused = jane.snowflake(*words, "--no-such-option")
        assert refused.code == 2 and "No such option: --no-such-option" in refused.err, words
    assert snowflake.requests == []


def test_the_status_is_1_when_the_user_must_act(jane, engine):
    assert jane.snowflake("status").code == 0 and jane.snowflake("doctor").code == 0 and jane.snowflake().code == 0
    assert jane.snowflake("doctor", "-c", "none").code == 1
    jane.write(".docker/config.json", "{}")
    assert jane.snowflake("status").code == 1 and jane.snowflake("doctor").code == 1 and jane.snowflake().code == 1


def test_an_interrupted_command_exits_with_130(jane, snowflake):
    snowflake.faults.delay("login", 20)
    process = jane.start(["docker-snowflake", "whoami"], start_new_session=True)
    wait_for(lambda: snowflake.count("login"), 20)
    os.killpg(process.pid, signal.SIGINT)
    assert jane.finish(process).code == 130


def test_a_closed_standard_output_exits_with_141(jane):
    reader, writer = os.pipe()
    os.close(reader)
    process = jane.start(["docker-snowflake", "--help"], stdout=writer)
    os.close(writer)
    process.stdin.close()
    assert (process.wait(30), process.stderr.read()) == (141, b"")


def test_pull_has_the_status_of_docker(jane):
    docker = jane.directory / "bin/docker"
    docker.parent.mkdir()
    docker.write_text("#!/bin/sh\nexit 47\n")
    docker.chmod(0o755)
    assert jane.snowflake("pull", "repo/app:1", env={"PATH": f"{docker.parent}:{jane.environment['PATH']}"}).code == 47


def test_the_manual_documents_these_and_no_others():
    text = MANUAL.read_text().partition(".Sh EXIT STATUS")[2].partition(".Sh ")[0]
    documented = {int(number) for number in re.findall(r"\b\d+\b", text)}
    assert documented == {status for status, _, _ in TABLE} | {130, 141}
