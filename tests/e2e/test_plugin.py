# SPDX-License-Identifier: Apache-2.0
"""The plugin, run by docker and directly."""

import json
import re

import pytest
from conftest import CONNECTION, HOST
from credentials import token_of


@pytest.fixture
def docker(jane, engine):
    return jane.docker


def test_docker_finds_the_plugin_and_passes_its_own_options(docker, jane, snowflake):
    assert "snowflake" in docker("--help").out
    info = docker("info", "--format", "{{json .ClientInfo.Plugins}}").out
    assert "docker-snowflake" in info and "Err" not in info
    config = str(jane.home / ".docker")
    for words in (["snowflake", "url"], ["--config", config, "--log-level", "debug", "snowflake", "url"],
                  ["-D", f"--config={config}", "snowflake", "url"], ["-l", "error", "snowflake", "url", "-c", "dev"]):
        result = docker(*words)
        assert (result.code, result.out) == (0, HOST + "\n"), words
    for words in (["snowflake", "--help"], ["help", "snowflake"], ["snowflake", "url", "--help"], ["help", "snowflake", "url"]):
        result = docker(*words)
        assert result.code == 0 and "docker snowflake" in result.out, words
    assert docker("snowflake", "nonsense").code == 2


def test_token_prints_the_token_that_the_helper_returns(jane, snowflake):
    answer = jane.snowflake("token").json()
    assert list(answer) == ["token", "expires_in"]
    assert answer["token"] == token_of(jane.helper("get", HOST))
    assert snowflake.count("login") == 1


def test_login_logs_in_again_and_clears_a_refusal(jane, world, snowflake):
    world.account.deny_login = ("390100", "Incorrect username or password was specified.")
    assert jane.helper("get", HOST).code == 1
    world.account.deny_login = None
    assert "next attempt in" in jane.helper("get", HOST).out
    first = jane.snowflake("login")
    assert first.code == 0 and HOST in first.out and re.search("(59|60) minutes", first.out) and "kernel keyring" in first.out
    token = token_of(jane.helper("get", HOST))
    assert jane.snowflake("login").code == 0
    assert token_of(jane.helper("get", HOST)) != token
    assert snowflake.count("login") == 3


def test_logout_erases_the_cache_and_does_not_end_the_session(jane, snowflake):
    token_of(jane.helper("get", HOST))
    assert jane.snowflake("logout").code == 0
    assert "docker-credential-snowflake" not in jane.run(["keyctl", "show", "@u"]).out
    assert snowflake.count("delete") == 0
    token_of(jane.helper("get", HOST))
    assert snowflake.count("login") == 2


def test_status_shows_what_is_cached_where_and_why_not_elsewhere(world, snowflake):
    jane = world.user(secret_service="locked")
    jane.write_config(CONNECTION + '[connections.broken]\naccount = "a/b"\n')
    assert "stored" not in jane.snowflake("status").out.split("Docker\n")[0]
    token_of(jane.helper("get", HOST))
    shown = jane.snowflake("status").out
    assert "registry token: 5" in shown or "registry token: 60 minutes" in shown
    assert "session: 3 hours" in shown or "session: 4 hours" in shown
    assert "for logins         kernel keyring" in shown
    assert "not in the Secret Service: the desktop's keyring is locked" in shown
    assert "251001" in shown
    contained = world.user(keyctl="EPERM")
    contained.write_config(CONNECTION)
    assert "the kernel does not let this process use keyrings" in contained.snowflake("status").out


def test_connections_are_chosen_as_the_snowflake_cli_does(jane, snowflake):
    jane.write_config(CONNECTION + '[connections.other]\naccount = "Other_Acct"\n')
    assert jane.snowflake("url", "-c", "other").out == "other-acct.registry.snowflakecomputing.com\n"
    assert jane.snowflake("url", "-x", "--account", "a-b").out == "a-b.registry.snowflakecomputing.com\n"
    both = jane.snowflake("url", "-x", "-c", "dev")
    assert both.code == 1 and "Can't use connection name and temporary connection." in both.err
    missing = jane.snowflake("url", "-c", "nope")
    assert missing.code == 1 and "Connection nope is not configured" in missing.err and "dev, other" in missing.err
    assert jane.snowflake("url", "--nope").code == 2
    assert snowflake.requests == []


def test_metadata_is_what_docker_expects(jane):
    answer = json.loads(jane.snowflake("docker-cli-plugin-metadata").out)
    assert answer["SchemaVersion"] == "0.1.0" and answer["Vendor"] and len(answer["ShortDescription"]) < 60
