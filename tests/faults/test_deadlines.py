# SPDX-License-Identifier: Apache-2.0
"""Name servers that do not answer, threads that cannot be created, and Ctrl-C during name resolution."""

import signal
import socket

import pytest
from world.fixtures import CONNECTION, HOST

ELSEWHERE = CONNECTION + 'host = "elsewhere.snowflakecomputing.com"\n'


@pytest.fixture
def silent_name_server():
    """A name server that never answers."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 53))
        server.settimeout(30)
        yield server


LONG_TIMEOUT = {"RES_OPTIONS": "timeout:30 attempts:5"}  # resolv.conf(5)


def test_the_helper_ends_in_time_with_a_sentence_when_no_name_server_answers(jane, silent_name_server):
    jane.write_config(ELSEWHERE)
    result = jane.helper("get", HOST, env=LONG_TIMEOUT, timeout=28)
    assert result.code == 1 and result.out.count("\n") == 1 and "Next: " in result.out


def test_ctrl_c_ends_the_plugin_during_name_resolution(jane, silent_name_server):
    jane.write_config(ELSEWHERE)
    process = jane.start(["docker-snowflake", "images"], env=LONG_TIMEOUT)
    silent_name_server.recv(512)
    process.send_signal(signal.SIGINT)
    result = jane.finish(process, timeout=5)
    assert result.code == 130


def test_without_threads_the_helper_still_gets_a_token(jane):
    """Like `prlimit --nproc`, which has no effect for root."""
    trace = ["/usr/bin/strace", "-f", "-o", "/dev/null", "-e", "inject=clone3:error=EAGAIN"]
    result = jane.run([*trace, "docker-credential-snowflake", "get"], HOST)
    assert result.code == 0, result.out
    status = jane.run([*trace, "docker-snowflake", "images"], env={"DOCKER_CLI_PLUGIN_SOCKET": ""})
    assert "terminate called" not in status.err and "what():" not in status.err
