# SPDX-License-Identifier: Apache-2.0
"""The credential helper protocol with the clients of Docker (Go) and docker-py."""

import json
import os
import pathlib

import pytest
from conftest import CONNECTION, HOST

CLIENT = os.environ.get("DCS_CONFORMANCE", "")
SECRET = '{"token":"a<b>&\u2028\u00e9\U0001f600","expires_in":3600}'


@pytest.fixture
def client(jane):
    if not pathlib.Path(CLIENT).is_file():
        pytest.skip("DCS_CONFORMANCE is not a program")

    def ask(*arguments):
        result = jane.run([CLIENT, *arguments])
        assert result.code == 0, result.err
        return json.loads(result.out)

    return ask


SPELLINGS = [HOST, "https://" + HOST, "http://" + HOST, HOST + "/", HOST + ":443", "https://" + HOST + ":443/v2/",
             HOST.upper(), HOST + "\r\n", "  " + HOST + " \r\n", HOST + ".", HOST + "/db/schema/repo/app", "user@" + HOST]
FOREIGN = ["https://index.docker.io/v1/", "docker.io", "H", "a" * 70000, "\xff\xfe", "x y", HOST + ".evil.example"]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_get_and_erase_accept_every_spelling(client, spelling):
    answer = client("get", spelling)
    assert answer["Credential"]["Username"] == "0sessiontoken"
    assert answer["Credential"]["ServerURL"] == spelling.strip()
    assert set(json.loads(answer["Credential"]["Secret"])) == {"token", "expires_in"}
    assert client("erase", spelling) == {"NotFound": False}
    assert client("get", spelling)["Credential"]["Secret"] != answer["Credential"]["Secret"]


def nerdctl_spellings(host):
    """Returns the server addresses that nerdctl tries in this order (common/docker/PROTOCOL.md 1.3)."""
    return [scheme + name for name in (host + ":443", host) for scheme in ("", "https://", "http://")]


def test_nerdctl_finds_us_with_each_of_its_six_spellings_and_another_registry_with_none(client, snowflake):
    assert all(client("get", spelling)["Credential"]["Username"] == "0sessiontoken" for spelling in nerdctl_spellings(HOST))
    assert all(client("get", spelling)["NotFound"] for spelling in nerdctl_spellings("registry.example"))
    assert snowflake.count("login") == 1


@pytest.mark.parametrize("spelling", FOREIGN)
def test_a_foreign_host_is_not_found_and_erasing_it_is_no_error(client, snowflake, spelling):
    answer = client("get", spelling)
    assert answer["NotFound"] and "Credential" not in answer
    assert client("erase", spelling) == {"NotFound": False}
    assert snowflake.requests == []


def test_an_empty_server_is_refused(client):
    assert "no credentials server URL" in client("get", "")["Error"]
    assert "no credentials server URL" in client("erase", " \n")["Error"]


def test_a_failed_login_is_reported_and_not_taken_for_not_found(client, jane):
    jane.write_config(CONNECTION.replace("Correct", "Wrong"))
    answer = client("get", HOST)
    assert not answer["NotFound"] and "390100" in answer["Error"]


def test_list_and_store(client):
    assert client("list")["List"] == {HOST: "0sessiontoken"}
    assert client("store", HOST, "0sessiontoken", SECRET) == {"NotFound": False}
    assert "not stored" in client("store", HOST, "jane", "hunter2")["Error"]
    assert "not a Snowflake registry" in client("store", "registry.example", "0sessiontoken", SECRET)["Error"]


def test_docker_py_understands_our_answers(jane):
    script = ("import docker.credentials as c, json, sys\n"
              "store = c.Store('snowflake')\n"
              f"got = store.get('{HOST}')\n"
              "try: store.get('docker.io'); missing = False\n"
              "except c.errors.CredentialsNotFound: missing = True\n"
              "store.store('%s', '0sessiontoken', got['Secret']); store.erase('%s')\n"
              "print(json.dumps([got['Username'], missing, store.list()]))" % (HOST, HOST))
    result = jane.run(["/usr/bin/python3", "-c", script])
    if "No module named 'docker'" in result.err:
        pytest.skip("docker-py is not installed")
    assert result.code == 0, result.err
    assert json.loads(result.out) == ["0sessiontoken", True, {HOST: "0sessiontoken"}]
