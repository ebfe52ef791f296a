# SPDX-License-Identifier: Apache-2.0
"""Proxies that refuse, hang or are excluded. Messages name the cause, but not the password of the proxy."""

import json

import pytest
from conftest import CONNECTION, HOST
from credentials import token_of
from registry_clients import push_with_skopeo
from world.proxy import FORWARDS, Proxy


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
    ("407 Proxy Authentication Required", "requires a user name and a password", "set https_proxy to"),
    ("403 Forbidden", "does not connect to myorg-myacct.snowflakecomputing.com (403)", "no_proxy")])
def test_a_proxy_that_refuses_is_reported_and_asked_once(jane, snowflake, proxy, answer, sentence, step):
    strict = proxy(answer)
    result = jane.helper("get", HOST, env={"https_proxy": strict.url("joe:hunter2@")})
    assert result.code == 1 and sentence in result.out and step in result.out
    assert "hunter2" not in result.out + result.err
    assert strict.request_count == 1 and snowflake.requests == []


def test_a_proxy_that_hangs_does_not_block_the_next_login(jane, snowflake, proxy):
    result = jane.helper("get", HOST, env={"https_proxy": proxy().url()}, timeout=60)
    assert result.code == 1 and "did not answer in time" in result.out
    assert "phone" not in result.out
    token_of(jane.helper("get", HOST))


@pytest.mark.parametrize("scheme", ["ftp", "https"])
def test_the_password_of_an_unusable_proxy_is_not_shown(jane, proxy, scheme):
    url = proxy("403 Forbidden").url("joe:hunter2@").replace("http:", scheme + ":")
    result = jane.helper("get", HOST, env={"https_proxy": url})
    assert result.code == 1 and result.out.count("\n") == 1
    assert "hunter2" not in result.out + result.err


def test_a_proxy_that_no_proxy_excludes_is_not_mentioned(jane, proxy):
    jane.write_config(CONNECTION + 'host = "myorg-myacct.snowflakecomputing.com"\nport = 444\n')
    spared = proxy("403 Forbidden")
    environment = {"https_proxy": spared.url(), "no_proxy": ".snowflakecomputing.com"}
    result = jane.helper("get", HOST, env=environment)
    assert "could not connect to" in result.out and "through the proxy" not in result.out
    assert spared.request_count == 0


def through(proxy, **more):
    keys = {"proxy_host": "127.0.0.1", "proxy_port": proxy.port, **more}
    return CONNECTION + "".join(f"{key} = {json.dumps(value)}\n" for key, value in keys.items())


def test_the_proxy_of_a_connection_is_used_instead_of_that_in_the_environment(jane, snowflake, proxy):
    own, other = proxy("403 Forbidden"), proxy("403 Forbidden")
    jane.write_config(through(own, proxy_user="joe", proxy_password="hunter2"))
    for run in (lambda: jane.helper("get", HOST, env={"https_proxy": other.url()}), lambda: jane.snowflake("repositories", env={"https_proxy": other.url()})):
        result = run()
        assert result.code == 1 and "(403)" in result.out + result.err
        assert "hunter2" not in result.out + result.err
    assert (own.request_count, other.request_count) == (2, 0) and snowflake.requests == []


@pytest.mark.parametrize("words", [["login"], ["connection", "test"], ["setup", "--yes"], ["image-repository", "list-tags", "repo", "-i", "/db/schema/repo/app"]],
                         ids=lambda words: "-".join(words[:2]))
def test_commands_reach_the_registry_through_the_proxy_of_the_connection(jane, proxy, words):
    push_with_skopeo(jane, "db/schema/repo/app:1")
    own, other = proxy(FORWARDS), proxy("403 Forbidden")
    jane.write_config(through(own))
    result = jane.snowflake(*words, env={"https_proxy": other.url()})
    assert result.code == 0, result.err
    assert HOST in own.hosts and other.request_count == 0


def test_no_proxy_of_a_connection_is_obeyed(jane, proxy):
    spared = proxy("403 Forbidden")
    jane.write_config(through(spared, no_proxy=[".snowflakecomputing.com"]))
    token_of(jane.helper("get", HOST))
    assert spared.request_count == 0


def test_a_proxy_with_a_host_or_a_port_alone_is_refused(jane, snowflake):
    jane.write_config(CONNECTION + 'proxy_host = "proxy.example"\n')
    result = jane.helper("get", HOST)
    assert result.code == 1 and "proxy_host without proxy_port" in result.out and snowflake.requests == []


def test_a_login_is_not_retried_after_its_timeout(jane, snowflake):
    jane.write_config(CONNECTION + "login_timeout = 1\n")
    snowflake.faults.status("login", 503, headers={"Retry-After": "2"}, times=4)
    assert jane.helper("get", HOST).code == 1
    assert snowflake.count("login") == 1
