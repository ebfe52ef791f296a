# SPDX-License-Identifier: Apache-2.0
"""Concurrent processes share one login, even if the process that logs in is killed, and do not repeat refused logins."""

import os
import signal
import time

import pytest
from conftest import CONNECTION, HOST
from credentials import token_of
from world.user import later


# With sanitizers, a process takes a tenth of a second to start.
MANY = 20 if os.environ.get("DCS_SANITIZED") else 100
GET = ["docker-credential-snowflake", "get"]


def test_a_hundred_callers_cost_one_login(jane, snowflake):
    snowflake.faults.delay("login", 0.5)
    tokens = {token_of(result) for result in jane.run_concurrently(GET, MANY, HOST)}
    assert len(tokens) == 1
    assert snowflake.record.counts() == {"login": 1, "query": 1, "issue": 1}


def test_a_hundred_callers_with_a_wrong_password_cost_one_attempt(jane, snowflake):
    jane.write_config(CONNECTION.replace("Correct", "Wrong"))
    results = jane.run_concurrently(GET, MANY, HOST)
    assert {result.code for result in results} == {1}
    assert all("390100" in result.out for result in results)
    assert snowflake.count("login") == 1


@pytest.mark.parametrize("kind", ["login", "query", "issue"])
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_process_that_is_killed_leaves_the_next_one_able_to_work(jane, snowflake, kind, moment):
    if moment == "before":
        snowflake.faults.delay(kind, 1.0)
    else:
        snowflake.faults.add(kind, after=lambda *answer: slowly(answer))
    victim = jane.start(["docker-credential-snowflake", "get"])
    victim.stdin.write(HOST.encode())
    victim.stdin.close()
    while not snowflake.count(kind):
        jane.run(["sleep", "0.01"])
    victim.send_signal(signal.SIGKILL)
    victim.wait()
    token_of(jane.helper("get", HOST))
    assert snowflake.count("login") <= 2
    # The session is cached before a token is requested, so it survives the process.
    if kind == "issue":
        assert snowflake.count("login") == 1


def slowly(answer):
    time.sleep(0.5)
    return answer[1:]


def test_a_refusal_is_remembered_and_says_how_long(jane, snowflake):
    jane.write_config(CONNECTION.replace("Correct", "Wrong"))
    jane.helper("get", HOST)
    again = jane.helper("get", HOST)
    assert "390100" in again.out and "next attempt in 15 minutes" in again.out
    assert snowflake.count("login") == 1
    jane.write_config(CONNECTION)
    token_of(jane.helper("get", HOST))
    assert snowflake.count("login") == 2


@pytest.mark.parametrize("change", ["comment", "role", "variable"])
def test_a_wrong_password_is_not_sent_again_because_something_else_changed(jane, snowflake, change):
    """Five wrong passwords lock a user, and a matrix of CI jobs must not send five."""
    wrong = CONNECTION.replace("Correct", "Wrong")
    jane.write_config(wrong)
    jane.helper("get", HOST)
    jane.write_config({"comment": wrong + "# tried again\n", "role": wrong.replace("PUSHER", "READER"), "variable": wrong}[change])
    variables = {"SNOWFLAKE_WAREHOUSE": "W", "GITHUB_RUN_ID": "7"} if change == "variable" else {}
    again = jane.helper("get", HOST, env=variables)
    assert "390100" in again.out and "next attempt in" in again.out
    assert snowflake.count("login") == 1


@pytest.mark.parametrize("skew, count", [(-20, 1), (-3600, 2)])
def test_a_small_correction_of_the_clock_does_not_cost_another_attempt(jane, snowflake, skew, count):
    jane.write_config(CONNECTION.replace("Correct", "Wrong"))
    jane.helper("get", HOST)
    again = jane.helper("get", HOST, env=later(skew))
    assert again.code == 1 and "390100" in again.out
    assert snowflake.count("login") == count


def test_network_errors_are_not_remembered(jane, snowflake):
    snowflake.faults.status("login", 500)
    first = jane.helper("get", HOST)
    assert first.code == 1 and "HTTP status 500" in first.out
    token_of(jane.helper("get", HOST))


def test_two_users_do_not_wait_for_each_other(world, jane, snowflake):
    world.account.add_user("joe", password="pw")
    jane.write_config(CONNECTION + '[connections.joe]\naccount = "myorg-myacct"\nuser = "joe"\npassword = "pw"\n')
    jane.write_settings('[registries."127.0.0.1:5055"]\nconnection = "joe"\n')
    snowflake.faults.delay("login", 10.0)
    slow = jane.start(GET)
    jane.send_stdin(slow, HOST)
    while not snowflake.count("login"):
        jane.run(["sleep", "0.01"])
    token_of(jane.helper("get", "127.0.0.1:5055"))
    assert slow.poll() is None
    slow.wait()
