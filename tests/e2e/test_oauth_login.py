# SPDX-License-Identifier: Apache-2.0
"""OAuth: authorization codes, refresh tokens and client credentials."""

import types
import urllib.parse

import pytest
from conftest import HOST
from credentials import token_of
from fake_snowflake.identity_provider import IdentityProvider
from world.registry import free_port
from world.terminal import AtTerminal

CODE = '''
default_connection_name = "dev"
[connections.dev]
account = "myorg-myacct"
user = "jane"
authenticator = "oauth_authorization_code"
role = "PUSHER"
external_browser_timeout = 20
'''
REFRESH = CODE + "oauth_enable_refresh_tokens = true\n"
ELSEWHERE = '''
oauth_client_id = "the client"
oauth_client_secret = "hush: %&"
oauth_token_request_url = "https://idp.example/token"
'''
CODE_ELSEWHERE = CODE + ELSEWHERE + 'oauth_authorization_url = "https://idp.example/authorize?tenant=1"\n'
PROGRAM = '''
default_connection_name = "dev"
[connections.dev]
account = "myorg-myacct"
authenticator = "OAUTH_CLIENT_CREDENTIALS"
role = "PUSHER"
''' + ELSEWHERE


@pytest.fixture
def own(world, snowflake):
    """Snowflake's own identity provider."""
    world.account.identity_provider = provider = IdentityProvider(world.account, snowflake.clock)
    provider.browser_user = world.jane
    return provider


@pytest.fixture
def other(world, snowflake):
    """An external identity provider."""
    provider = IdentityProvider(world.account, snowflake.clock, "the client", "hush: %&", "offline_access")
    provider.browser_user = provider.service = world.jane
    snowflake.identity_providers["idp.example"] = provider
    return provider


@pytest.fixture
def jane(jane):
    jane.write_config(CODE)
    jane.use_browser()
    return jane


def forget_sessions(snowflake):
    for session in snowflake.sessions.all:
        session.dead = True


def authorize(snowflake):
    return next(r for r in snowflake.requests if r.kind == "authorize").query


def form(request):
    return dict(urllib.parse.parse_qsl(request.body.decode()))


def forms(snowflake):
    return [form(r) for r in snowflake.requests if r.kind == "oauth-token"]


def test_snowflake_grants_a_code_and_the_token_is_stored(jane, own, snowflake):
    jane.log_in()
    assert "You can close this window" in jane.browser_text()
    asked = authorize(snowflake)
    assert asked["client_id"] == "LOCAL_APPLICATION" and asked["scope"] == "session:role:PUSHER"
    assert asked["redirect_uri"].startswith("http://127.0.0.1:")
    data = next(r for r in snowflake.requests if r.kind == "login").body["data"]
    assert data["AUTHENTICATOR"] == "OAUTH" and data["CLIENT_ENVIRONMENT"]["OAUTH_TYPE"] == "oauth_authorization_code"
    jane.log_in()
    forget_sessions(snowflake)
    jane.helper("erase", HOST)
    token_of(jane.helper("get", HOST))
    assert own.grants == ["authorization_code"] and snowflake.count("login") == 3


def test_another_provider_grants_a_code(jane, other, snowflake):
    jane.write_config(CODE_ELSEWHERE + 'oauth_scope = "session:role:PUSHER extra"\noauth_enable_refresh_tokens = true\n')
    jane.log_in()
    assert authorize(snowflake)["tenant"] == "1"
    assert authorize(snowflake)["scope"] == "session:role:PUSHER extra offline_access"
    assert other.grants == ["authorization_code"]


def test_a_fixed_redirect_uri_is_sent_and_its_port_is_used(jane, other, snowflake):
    port = free_port()
    uri = f"http://localhost:{port}/call/back"
    other.redirect_uris = {uri}
    jane.write_config(CODE_ELSEWHERE + f'oauth_redirect_uri = "{uri}"\n')
    jane.use_browser("favicon+ipv6")
    jane.log_in()
    assert other.grants == ["authorization_code"]


def test_without_pkce_if_the_connection_says_so(jane, own, snowflake):
    own.needs_challenge = False
    jane.write_config(CODE + "oauth_disable_pkce = true\n")
    jane.log_in()
    assert "code_challenge" not in authorize(snowflake)
    assert "code_verifier" not in forms(snowflake)[0]


@pytest.mark.parametrize("step", ["favicon", "garbage", "slow", "crowd", "rebinding", "image", "wrong_state",
                                  "wrong_state+slow+favicon+image"])
def test_other_requests_to_the_listener_do_no_harm(jane, own, snowflake, step):
    jane.use_browser(step)
    jane.log_in()
    assert own.grants == ["authorization_code"] and own.reused == []


def test_an_expired_token_is_refreshed_without_a_user(jane, own, snowflake):
    jane.write_config(REFRESH)
    jane.log_in()
    assert authorize(snowflake)["scope"] == "session:role:PUSHER refresh_token"
    jane.use_browser("stop")
    forget_sessions(snowflake)
    snowflake.clock.advance(700)
    jane.helper("erase", HOST)
    token_of(jane.helper("get", HOST))
    assert own.grants == ["authorization_code", "refresh_token"]
    # One login with the expired token, and one with the new token.
    assert snowflake.count("login") == 3
    assert snowflake.count("authorize") == 1


def test_refresh_tokens_that_work_once_are_replaced_each_time(jane, own, snowflake):
    jane.write_config(REFRESH + "oauth_enable_single_use_refresh_tokens = true\n")
    jane.log_in()
    assert forms(snowflake)[0]["enable_single_use_refresh_tokens"] == "true"
    for _ in range(3):
        forget_sessions(snowflake)
        snowflake.clock.advance(700)
        jane.helper("erase", HOST)
        token_of(jane.helper("get", HOST))
    assert own.grants == ["authorization_code"] + ["refresh_token"] * 3 and own.reused == []


def test_without_a_valid_refresh_token_a_user_is_needed(jane, own, snowflake):
    jane.write_config(REFRESH)
    jane.log_in()
    own.revoke_refresh_tokens()
    forget_sessions(snowflake)
    snowflake.clock.advance(700)
    jane.helper("erase", HOST)
    for _ in range(2):
        gone = jane.helper("get", HOST)
        assert gone.code == 1 and "docker snowflake login -c dev" in gone.out
    assert snowflake.count("oauth-token") == 2
    jane.log_in()
    assert own.grants == ["authorization_code"] * 2


def test_an_outage_of_the_provider_keeps_the_refresh_token(jane, own, snowflake):
    jane.write_config(REFRESH)
    jane.log_in()
    jane.use_browser("stop")
    forget_sessions(snowflake)
    snowflake.clock.advance(700)
    jane.helper("erase", HOST)
    snowflake.faults.status("oauth-token", 400, b'{"error":"temporarily_unavailable"}', {"Content-Type": "application/json"})
    assert "temporarily_unavailable" in jane.helper("get", HOST).out
    token_of(jane.helper("get", HOST))
    assert own.grants == ["authorization_code", "refresh_token"]


def test_a_refused_token_is_replaced_by_refreshing_and_then_by_the_browser(jane, world, own, snowflake):
    jane.write_config(REFRESH)
    jane.log_in()
    world.account.oauth_tokens.clear()
    jane.log_in()
    assert own.grants == ["authorization_code", "refresh_token"]
    world.account.oauth_tokens.clear()
    own.revoke_refresh_tokens()
    jane.log_in()
    assert own.grants == ["authorization_code", "refresh_token", "authorization_code"]


def test_a_refused_token_from_the_browser_does_not_open_the_browser_again(jane, own, snowflake):
    snowflake.faults.refuse("login", "390303", "Invalid OAuth access token.", times=9)
    result = jane.snowflake("login")
    assert result.code == 1 and "390303" in result.err
    assert snowflake.count("authorize") == 1 and snowflake.count("login") == 1


def test_nothing_is_stored_if_the_connection_does_not_allow_it(jane, own, snowflake):
    jane.write_config(REFRESH + "client_store_temporary_credential = false\n")
    jane.log_in()
    jane.log_in()
    assert own.grants == ["authorization_code"] * 2


def test_a_refusal_of_the_provider_is_shown_with_its_message(jane, own, snowflake):
    own.denial = ("access_denied", "Jane may\n\x1b[31mnot <b>come in</b>.")
    result = jane.snowflake("login")
    assert result.code == 1 and "access_denied: Jane may" in result.err and "\x1b[31m" not in result.err
    assert "not &lt;b&gt;come in" in jane.browser_text()
    assert snowflake.count("oauth-token") == 0 and snowflake.count("login") == 0


def test_a_role_that_the_token_is_not_for_is_explained(jane, own, snowflake):
    jane.write_config(CODE.replace("PUSHER", "NOBODY"))
    result = jane.snowflake("login")
    assert "390189" in result.err and snowflake.count("login") == 1


@pytest.mark.parametrize("key", ["oauth_authorization_url", "oauth_token_request_url"])
@pytest.mark.parametrize("address", ["http://idp.example/x", "ftp://idp.example/", "http://127.0.0.1.evil.example/", "idp.example"])
def test_an_address_that_is_not_https_is_refused(jane, snowflake, key, address):
    jane.write_config(CODE_ELSEWHERE.replace(key, "before_" + key) + f'{key} = "{address}"\n')
    result = jane.snowflake("login")
    assert result.code == 1 and ("not https" in result.err or "not a valid URL" in result.err)
    assert snowflake.requests == []


def test_another_provider_requires_a_client_id(jane, snowflake):
    # A public client needs no secret, because it uses PKCE.
    jane.write_config(CODE_ELSEWHERE.replace("oauth_client_id", "before_oauth_client_id"))
    assert "no oauth_client_id" in jane.snowflake("login").err


def test_a_port_that_is_in_use_is_an_error(jane, other, world):
    port = world.snowflake.upstream.address[1]
    jane.write_config(CODE_ELSEWHERE + f'oauth_redirect_uri = "http://127.0.0.1:{port}"\n')
    result = jane.snowflake("login")
    assert result.code == 1 and f"port {port}" in result.err and "oauth_redirect_uri" in result.err


FAILURES = {
    "refused": (lambda f: f.status("oauth-token", 400, b'{"error":"invalid_grant","error_description":"Too late."}'), "invalid_grant: Too late."),
    "in Snowflake's form": (lambda f: f.status("oauth-token", 400, b'{"error":"invalid_client","message":"Wrong client."}'), "invalid_client: Wrong client."),
    "garbage": (lambda f: f.html("oauth-token"), "and no OAuth token"),
    "not there": (lambda f: f.status("oauth-token", 404, b"<html>"), "HTTP status 404"),
    "elsewhere": (lambda f: f.status("oauth-token", 302, b"", {"Location": "https://evil.example/"}), "HTTP status 302"),
    "no token in it": (lambda f: f.answer("oauth-token", b'{"token_type":"Bearer"}'), "and no OAuth token"),
    "no text in it": (lambda f: f.answer("oauth-token", b'{"access_token":7,"error":7}'), "and no OAuth token"),
    "cut off": (lambda f: f.reset_after("oauth-token"), "idp.example"),
}


@pytest.mark.parametrize("name", FAILURES)
def test_a_failure_is_one_sentence_without_a_secret_and_a_code_is_sent_once(jane, other, snowflake, name):
    break_it, words = FAILURES[name]
    break_it(snowflake.faults)
    jane.write_config(CODE_ELSEWHERE)
    result = jane.snowflake("login")
    assert result.code == 1 and words in result.err, result.err
    assert snowflake.count("oauth-token") == 1 and snowflake.count("login") == 0
    assert result.err.count("Next:") == 1
    for secret in ("hush", "code/", "access.", forms(snowflake)[0]["code_verifier"]):
        assert secret not in result.out + result.err


def test_without_a_browser_the_url_is_pasted(jane, own, snowflake):
    del jane.environment["BROWSER"]
    with AtTerminal(jane, ["docker-snowflake", "login"]) as terminal:
        screen = terminal.wait_for("paste the URL")
        page = urllib.parse.urlsplit(next(word for word in screen.split() if word.startswith("https://")))
        query = dict(urllib.parse.parse_qsl(page.query))
        _, headers, _ = own.authorize(types.SimpleNamespace(query=query))
        terminal.type(headers["Location"].replace(query["state"], "x" * 43) + "\r")
        terminal.wait_for("not the URL of the last page of this login")
        terminal.type(headers["Location"] + "\r")
        terminal.wait_for("Logged in to")
        assert terminal.end().code == 0 and "code/" not in terminal.screen


# Client credentials

@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_provider_is_not_a_wrong_address(jane, other, snowflake, status):
    snowflake.faults.status("oauth-token", status, times=9)
    jane.write_config(PROGRAM)
    result = jane.helper("get", HOST)
    assert result.code == 1 and f"HTTP status {status}" in result.out and "Next: try again later" in result.out

def test_client_credentials_log_in_without_a_user(jane, other, snowflake):
    jane.write_config(PROGRAM)
    token_of(jane.helper("get", HOST))
    request = next(r for r in snowflake.requests if r.kind == "oauth-token")
    assert request.headers["authorization"].startswith("Basic ")
    assert form(request) == {"grant_type": "client_credentials", "scope": "session:role:PUSHER"}
    forget_sessions(snowflake)
    jane.helper("erase", HOST)
    token_of(jane.helper("get", HOST))
    assert other.grants == ["client_credentials"] and snowflake.count("login") == 2


def test_credentials_are_sent_in_the_body_if_the_connection_says_so(jane, other, snowflake):
    jane.write_config(PROGRAM + 'oauth_credentials_in_body = true\noauth_scope = "other"\n')
    token_of(jane.helper("get", HOST))
    request = next(r for r in snowflake.requests if r.kind == "oauth-token")
    assert "authorization" not in request.headers
    assert form(request)["client_secret"] == "hush: %&" and form(request)["scope"] == "other"


@pytest.mark.parametrize("when", ["its life", "a refusal"])
def test_the_token_of_client_credentials_is_replaced_after(jane, world, other, snowflake, when):
    jane.write_config(PROGRAM)
    token_of(jane.helper("get", HOST))
    forget_sessions(snowflake)
    if when == "its life":
        snowflake.clock.advance(700)
    else:
        world.account.oauth_tokens.clear()
    jane.helper("erase", HOST)
    token_of(jane.helper("get", HOST))
    assert other.grants == ["client_credentials"] * 2 and snowflake.count("login") == 3


def test_a_token_that_has_expired_by_this_clock_is_not_sent(jane, other, snowflake):
    jane.write_config(PROGRAM)
    other.access_life = 3
    token_of(jane.helper("get", HOST))
    forget_sessions(snowflake)
    jane.helper("erase", HOST)
    jane.run(["sleep", "3.1"])
    token_of(jane.helper("get", HOST))
    assert other.grants == ["client_credentials"] * 2 and snowflake.count("login") == 2


@pytest.mark.parametrize("life", [None, "600", 0, -1, 10**30, "x", [], 0.5])
def test_any_lifetime_from_a_provider_does_no_harm(jane, other, snowflake, life):
    other.access_life = life
    jane.write_config(PROGRAM)
    token_of(jane.helper("get", HOST))


def test_wrong_client_credentials_are_sent_once(jane, other, snowflake):
    jane.write_config(PROGRAM.replace("hush: %&", "wrong hush"))
    result = jane.helper("get", HOST)
    assert result.code == 1 and "invalid_client: Client authentication failed." in result.out
    assert "oauth_client_secret" in result.out and "wrong hush" not in result.out + result.err
    assert snowflake.count("oauth-token") == 1 and snowflake.count("login") == 0


def test_client_credentials_whose_token_is_always_refused_are_not_retried_forever(jane, other, snowflake):
    jane.write_config(PROGRAM)
    snowflake.faults.refuse("login", "390318", "OAuth access token expired.", times=9)
    assert "390318" in jane.helper("get", HOST).out
    assert snowflake.count("oauth-token") == 2 and snowflake.count("login") == 2


def test_a_missing_token_url_has_a_hint(jane, snowflake):
    jane.write_config(PROGRAM.replace("oauth_token_request_url", "elsewhere"))
    assert "oauth_token_request_url" in jane.helper("get", HOST).out
