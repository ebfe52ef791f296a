# SPDX-License-Identifier: Apache-2.0
"""Standard streams that are closed, full or not read."""

import os
import subprocess

import pytest
from world.fixtures import HOST


def shell(jane, words, stdin="", env=None):
    return jane.run(["/bin/sh", "-c", words], stdin, env=env, timeout=60)


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-", ">&- 2>&-"])
def test_output_never_goes_into_a_connection_when_streams_are_closed(jane, snowflake, closed):
    """A new socket gets the number of the closed stream. The fake Snowflake reports output that is sent to it."""
    for command in ("docker-snowflake login", "docker-snowflake token", "docker-snowflake images", "docker-snowflake status"):
        shell(jane, f"{command} {closed}")
    shell(jane, f"echo {HOST} | docker-credential-snowflake get {closed.replace('<&-', '')}")
    assert snowflake.violations == []


def test_what_cannot_be_written_is_not_a_success(jane):
    assert jane.snowflake("login").code == 0
    for target in (">&-", ">/dev/full"):
        assert shell(jane, f"docker-snowflake token {target}").code == 1, target
        assert shell(jane, f"echo {HOST} | docker-credential-snowflake get {target}").code == 1, target


def test_a_reader_that_closes_early_is_not_an_error(jane):
    assert jane.snowflake("login").code == 0
    process = jane.start(["docker-snowflake", "--help"], stdin=subprocess.DEVNULL)
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait(30) == 141


def test_a_pipe_that_does_not_block_gets_the_whole_text(jane):
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    process = jane.start(["docker-credential-snowflake", "--help"], stdout=writing)
    os.close(writing)
    text = b""
    while part := os.read(reading, 100):
        text += part
    os.close(reading)
    assert process.wait(30) == 0 and text.endswith(b"  docker snowflake status\n")


def test_a_file_size_limit_is_an_error_and_not_a_signal(jane):
    result = shell(jane, "ulimit -f 0; docker-snowflake config set store none")
    assert result.code == 1 and "ulimit -f" in result.err
    # A login works although nothing can be stored.
    assert shell(jane, f"ulimit -f 0; echo {HOST} | docker-credential-snowflake get").code == 0


def test_a_umask_without_any_permission_does_no_lasting_harm(jane):
    assert shell(jane, f"umask 0777; echo {HOST} | docker-credential-snowflake get").code == 0
    assert jane.helper("erase", HOST).code == 0
    assert jane.helper("get", HOST).code == 0
    assert shell(jane, "umask 0777; docker-snowflake config set store none").code == 0
    assert jane.snowflake("config").code == 0
