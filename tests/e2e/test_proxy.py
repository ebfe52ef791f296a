# SPDX-License-Identifier: Apache-2.0
"""Proxies that refuse, hang or are not needed: whose fault it is, and no password of theirs in any sentence."""

import pytest
from conftest import CONNECTION, HOST
from test_helper import token_of
from world.proxy import Proxy


@pytest.fixture
def proxy():
    started = []

    def start(answer=None):
        started.append(Proxy(answer))
        return started[-1]

    yield start
    for each in started:
        each.stop()


@pytest.mark.parametrize("answer, sentence, step", [
    ("407 Proxy Authentication Required", "wants a user name and a password", "write them into https_proxy"),
    ("403 Forbidden", "does not connect to myorg-myacct.snowflakecomputing.com (403)", "no_proxy")])
def test_a_proxy_that_refuses_is_said_so_and_asked_once(jane, snowflake, proxy, answer, sentence, step):
    strict = proxy(answer)
    result = jane.helper("get", HOST, env={"https_proxy": strict.url("joe:hunter2@")})
    assert result.code == 1 and sentence in result.out and step in result.out
    assert "hunter2" not in result.out + result.err
    assert strict.asked == 1 and snowflake.requests == []


def test_behind_a_proxy_that_hangs_nobody_was_asked_and_nothing_is_held_against_the_next_sign_in(jane, snowflake, proxy):
    result = jane.helper("get", HOST, env={"https_proxy": proxy().url()}, timeout=60)
    assert result.code == 1 and "did not answer in time" in result.out
    assert "phone" not in result.out
    token_of(jane.helper("get", HOST))


@pytest.mark.parametrize("scheme", ["ftp", "https"])
def test_the_password_of_a_proxy_that_cannot_be_used_is_not_told(jane, proxy, scheme):
    url = proxy("403 Forbidden").url("joe:hunter2@").replace("http:", scheme + ":")
    result = jane.helper("get", HOST, env={"https_proxy": url})
    assert result.code == 1 and result.out.count("\n") == 1
    assert "hunter2" not in result.out + result.err


def test_a_proxy_that_no_proxy_leaves_out_is_not_blamed(jane, proxy):
    jane.write_config(CONNECTION + 'host = "myorg-myacct.snowflakecomputing.com"\nport = 444\n')
    spared = proxy("403 Forbidden")
    environment = {"https_proxy": spared.url(), "no_proxy": ".snowflakecomputing.com"}
    result = jane.helper("get", HOST, env=environment)
    assert "no connection to" in result.out and "through the proxy" not in result.out
    assert spared.asked == 0
