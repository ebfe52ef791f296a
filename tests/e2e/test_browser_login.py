# SPDX-License-Identifier: Apache-2.0
"""Single sign-on in a browser: the listener, unrelated requests to it, the ID token, and logins without a browser."""

import json
import re
import signal

import pytest
from conftest import HOST
from credentials import token_of
from credentials import start_get_at_terminal
from world.terminal import AtTerminal

CONNECTION = '''
default_connection_name = "dev"
[connections.dev]
account = "myorg-myacct"
user = "jane"
authenticator = "externalbrowser"
role = "PUSHER"
external_browser_timeout = 20
'''


@pytest.fixture
def jane(jane):
    jane.write_config(CONNECTION)
    jane.use_browser()
    return jane


def logins(snowflake):
    return [r.body["data"]["AUTHENTICATOR"] for r in snowflake.requests if r.kind == "login"]


@pytest.mark.parametrize("ending", ["redirect", "form", "fetch"])
def test_the_page_may_send_the_token_in_several_ways(jane, world, snowflake, ending):
    world.account.single_sign_on.ending = ending
    result = jane.log_in()
    assert "https://myorg-myacct.snowflakecomputing.com/sso/" in result.err
    assert "Logged in to" in result.out
    assert logins(snowflake) == ["EXTERNALBROWSER"]
    read = jane.browser_text()
    assert json.loads(read) == {"consent": True} if ending == "fetch" else "You can close this window" in read
    token_of(jane.helper("get", HOST))
    assert snowflake.count("login") == 1


def test_the_request_for_the_page_is_the_same_as_that_of_the_drivers(jane, snowflake):
    jane.log_in()
    asked = next(r for r in snowflake.requests if r.kind == "authenticator")
    data = asked.body["data"]
    assert data["AUTHENTICATOR"] == "EXTERNALBROWSER" and data["LOGIN_NAME"] == "jane"
    assert re.fullmatch(r"\d{4,5}", data["BROWSER_MODE_REDIRECT_PORT"])
    login_data = next(r for r in snowflake.requests if r.kind == "login").body["data"]
    assert login_data["PROOF_KEY"] and login_data["SESSION_PARAMETERS"]["CLIENT_STORE_TEMPORARY_CREDENTIAL"] is True


@pytest.mark.parametrize("step", ["favicon", "stray", "garbage", "slow", "crowd", "endless", "rebinding", "image", "frame", "evil_post",
                                  "ipv6", "favicon+slow+stray+garbage+evil_post+image+rebinding"])
def test_other_requests_to_the_listener_do_no_harm(jane, snowflake, step):
    jane.use_browser(step)
    jane.log_in()
    assert "You can close this window" in jane.browser_text()
    assert logins(snowflake) == ["EXTERNALBROWSER"]


def test_an_id_token_replaces_the_browser_until_it_expires(jane, world, snowflake):
    jane.log_in()
    jane.use_browser("stop")
    jane.log_in()
    token_of(jane.helper("get", HOST))
    assert logins(snowflake) == ["EXTERNALBROWSER", "ID_TOKEN"]
    assert snowflake.count("authenticator") == 1

    world.account.single_sign_on.revoke_id_tokens()
    jane.use_browser()
    jane.log_in()
    assert logins(snowflake)[2:] == ["ID_TOKEN", "EXTERNALBROWSER"]
    jane.log_in()
    assert logins(snowflake)[4:] == ["ID_TOKEN"]


def test_the_helper_uses_stored_credentials_and_never_opens_a_browser(jane, world, snowflake):
    cold = jane.helper("get", HOST)
    assert cold.code == 1 and "docker snowflake login -c dev" in cold.out
    assert snowflake.requests == []
    jane.log_in()
    for session in snowflake.sessions.all:
        session.dead = True
    jane.helper("erase", HOST)
    token_of(jane.helper("get", HOST))
    assert logins(snowflake) == ["EXTERNALBROWSER", "ID_TOKEN"]
    world.account.single_sign_on.revoke_id_tokens()
    for session in snowflake.sessions.all:
        session.dead = True
    jane.helper("erase", HOST)
    gone = jane.helper("get", HOST)
    assert gone.code == 1 and "docker snowflake login -c dev" in gone.out
    assert snowflake.count("authenticator") == 1


@pytest.mark.parametrize("why", ["the account", "the connection", "the user"])
def test_no_id_token_is_stored_without_consent(jane, world, snowflake, why):
    sso = world.account.single_sign_on
    if why == "the account":
        sso.id_tokens_allowed = False
    elif why == "the connection":
        jane.write_config(CONNECTION + "client_store_temporary_credential = false\n")
    else:
        sso.ending, sso.consent = "fetch", False
    jane.log_in()
    jane.log_in()
    assert logins(snowflake) == ["EXTERNALBROWSER"] * 2
    parameters = next(r for r in snowflake.requests if r.kind == "login").body["data"]["SESSION_PARAMETERS"]
    assert ("CLIENT_STORE_TEMPORARY_CREDENTIAL" in parameters) == (why == "the account")
    if why == "the user":
        assert json.loads(jane.browser_text()) == {"consent": False}


def test_the_page_of_snowflake_gets_our_proof_key(jane, snowflake):
    jane.write_config(CONNECTION + "disable_console_login = false\n")
    jane.log_in()
    assert logins(snowflake) == ["EXTERNALBROWSER"]
    assert snowflake.count("authenticator") == 0 and snowflake.count("console") == 1


def test_a_different_user_in_the_browser_is_explained(jane, world, snowflake):
    world.account.single_sign_on.browser_user = world.account.add_user("JOE")
    result = jane.snowflake("login")
    assert result.code == 1 and "390191" in result.err and "as the user of the connection" in result.err
    assert snowflake.count("login") == 1


def test_the_wait_for_a_browser_ends_at_the_timeout(jane, snowflake):
    jane.use_browser("stop")
    jane.write_config(CONNECTION.replace("= 20", "= 1"))
    result = jane.snowflake("login")
    assert result.code == 1 and "within 1 seconds" in result.err and "external_browser_timeout" in result.err
    assert snowflake.count("login") == 0


@pytest.mark.parametrize("timeout", ['"soon"', "0", "-1"])
def test_an_invalid_timeout_is_an_error(jane, timeout):
    jane.write_config(CONNECTION.replace("= 20", f"= {timeout}"))
    assert "external_browser_timeout" in jane.snowflake("login").err


@pytest.mark.parametrize("address", ["file:///etc/passwd", "javascript:alert(1)", "https://x/ --flag", "https://", "http://x/`id`",
                                     "--help", "", 7, None])
def test_a_url_that_is_not_http_is_not_opened(jane, snowflake, address):
    def change(data):
        data["ssoUrl"] = address
    snowflake.faults.change("authenticator", change)
    result = jane.snowflake("login")
    assert result.code == 1 and "login URL" in result.err
    assert not (jane.home / "browser.out").exists()


FAILURES = {
    "refused": (lambda f: f.refuse("authenticator", "390190", "The SAML Identity Provider is not set up."), "390190", 0),
    "no code": (lambda f: f.refuse("authenticator", None, "No such user."), "No such user", 0),
    "garbage": (lambda f: f.html("authenticator"), "did not answer with JSON from Snowflake", 0),
    "cut off": (lambda f: f.truncate("authenticator", times=9), "did not answer with JSON from Snowflake", 0),
    "no proof key": (lambda f: f.change("authenticator", lambda data: data.pop("proofKey")), "sent no login URL", 0),
    "refused at the end": (lambda f: f.refuse("login", "390139", "SAML response is invalid."), "390139", 1),
    "cut off at the end": (lambda f: f.reset_after("login"), "myorg-myacct.snowflakecomputing.com", 1),
}


@pytest.mark.parametrize("name", FAILURES)
def test_a_failure_is_one_sentence_without_a_secret_and_without_a_second_login(jane, snowflake, name):
    break_it, words, login_count = FAILURES[name]
    break_it(snowflake.faults)
    result = jane.snowflake("login")
    assert result.code == 1 and words in result.err
    assert snowflake.count("login") == login_count
    assert "ETMs" not in result.out + result.err
    assert result.err.count("Next:") == 1


def test_over_ssh_the_final_url_is_pasted(jane, world, snowflake):
    del jane.environment["BROWSER"]
    with AtTerminal(jane, ["docker-snowflake", "login"],
                    env={"SSH_CONNECTION": "192.0.2.1 1 192.0.2.2 22", "DISPLAY": ":0"}) as terminal:
        page = re.search(r"https://\S+/sso/([0-9a-f]+)", terminal.wait_for("paste the URL"))
        _, headers, _ = world.account.single_sign_on.page(world.account, page[1])
        terminal.type("http://localhost:1/?nothing=here\r")
        seen = terminal.wait_for("not the URL of the last page of this login")
        assert re.search(r"[\n\r](\x1b\[K)?That is not the URL", seen), seen
        terminal.type(headers["Location"] + "\r")
        terminal.wait_for("Logged in to")
        assert terminal.end().code == 0 and terminal.echo_enabled()
        assert "ETMs" not in terminal.screen
    assert logins(snowflake) == ["EXTERNALBROWSER"]


def test_the_helper_opens_a_browser_if_the_settings_allow_it(jane, snowflake):
    jane.write_settings('interactive = "terminal"\n')
    with start_get_at_terminal(jane) as terminal:
        token_of(terminal.end())
    assert logins(snowflake) == ["EXTERNALBROWSER"]


def test_ctrl_c_ends_the_wait_and_leaves_the_terminal_as_it_was(jane, snowflake):
    jane.use_browser("stop")
    with AtTerminal(jane, ["docker-snowflake", "login"]) as terminal:
        terminal.wait_for("log in with the browser")
        terminal.type("\x03")
        assert terminal.end().code == 130 and terminal.echo_enabled()
    assert snowflake.count("login") == 0


def test_the_wait_ends_when_docker_ends(jane, snowflake):
    jane.use_browser("stop")
    process = jane.start(["docker-snowflake", "login"])
    assert b"browser" in process.stderr.readline()
    process.send_signal(signal.SIGTERM)
    assert jane.finish(process).code == 130


def test_a_login_leaves_nothing_in_files(jane):
    jane.log_in()
    for path, content in jane.files():
        assert b"ETMs" not in content, path
