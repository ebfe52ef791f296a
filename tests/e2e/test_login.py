# SPDX-License-Identifier: Apache-2.0
"""Logins without a user: key pairs, tokens and passwords, their errors, and the renewal of sessions."""

import json
import re

import pytest
from conftest import CONNECTION, HOST
from credentials import token_of
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from world.keys import pem
from world.user import later

KEY_CONNECTION = '''
[connections.dev]
account = "myorg-myacct"
user = "jane"
authenticator = "snowflake_jwt"
private_key_file = "~/key.p8"
role = "PUSHER"
'''


@pytest.fixture(scope="module")
def key():
    return rsa.generate_private_key(65537, 2048)


@pytest.fixture
def jane_with_key(jane, world, key):
    world.jane.public_key = key.public_key()
    jane.write_config(KEY_CONNECTION)
    return jane


def test_key_pair_in_pkcs8_pkcs1_and_inline(jane_with_key, key, snowflake):
    for form in ("PKCS8", "TraditionalOpenSSL"):
        jane_with_key.write("key.p8", pem(key, getattr(serialization.PrivateFormat, form)))
        jane_with_key.write_config(KEY_CONNECTION + f'database = "{form}"\n')
        token_of(jane_with_key.helper("get", HOST))
    jane_with_key.write_config(KEY_CONNECTION.replace('private_key_file = "~/key.p8"', f'private_key_raw = """{pem(key)}"""') + 'database = "raw"\n')
    token_of(jane_with_key.helper("get", HOST))
    assert snowflake.count("login") == 3


def test_key_pair_with_a_passphrase(jane_with_key, key, snowflake):
    jane_with_key.write("key.p8", pem(key, passphrase=b"open sesame"))
    without = jane_with_key.helper("get", HOST)
    assert without.code == 1 and "no passphrase is set" in without.out
    wrong = jane_with_key.helper("get", HOST, env={"PRIVATE_KEY_PASSPHRASE": "wrong"})
    assert wrong.code == 1 and "is wrong" in wrong.out
    empty = jane_with_key.helper("get", HOST, env={"PRIVATE_KEY_PASSPHRASE": ""})
    assert "set but empty" in empty.out
    assert snowflake.requests == []
    token_of(jane_with_key.helper("get", HOST, env={"PRIVATE_KEY_PASSPHRASE": "open sesame"}))


def test_a_replaced_key_is_tried_at_once(jane_with_key, key, snowflake):
    jane_with_key.write("key.p8", pem(rsa.generate_private_key(65537, 2048)))
    refused = jane_with_key.helper("get", HOST)
    assert refused.code == 1 and "394304" in refused.out
    assert "next attempt in" in jane_with_key.helper("get", HOST).out
    jane_with_key.write("key.p8", pem(key))
    token_of(jane_with_key.helper("get", HOST))
    assert snowflake.count("login") == 2


@pytest.mark.parametrize("text, words", [("nonsense", "unknown format"), ("-----BEGIN PRIVATE KEY-----\nMIIE\n", "cut off"), ("", "empty")])
def test_the_error_of_a_key_that_cannot_be_read_names_its_file_or_variable(jane_with_key, snowflake, text, words):
    jane_with_key.write("key.p8", text)
    for command in (["login"], ["setup", "--yes"]):
        result = jane_with_key.snowflake(*command)
        assert result.code == 1 and "Error: ~/key.p8: the private key " in result.err and words in result.err
    if text:
        jane_with_key.write_config(KEY_CONNECTION.replace('private_key_file = "~/key.p8"\n', ""))
        result = jane_with_key.snowflake("login", env={"SNOWFLAKE_PRIVATE_KEY_RAW": text})
        assert result.code == 1 and "Error: SNOWFLAKE_PRIVATE_KEY_RAW: the private key " in result.err, result.err
    assert snowflake.requests == []


def test_a_key_option_that_cannot_be_read_is_refused_though_a_session_is_cached(jane_with_key, key, snowflake):
    jane_with_key.write("key.p8", pem(key))
    assert jane_with_key.snowflake("images").code == 0
    snowflake.record.clear()
    refused = jane_with_key.snowflake("images", "--private-key-path", "/nowhere/key.p8")
    assert refused.code == 1 and "/nowhere/key.p8 does not exist" in refused.err, refused.err
    assert snowflake.requests == []


def test_only_a_user_at_a_terminal_is_asked_for_the_passphrase(jane_with_key, key, snowflake):
    jane_with_key.write("key.p8", pem(key, passphrase=b"open sesame"))
    process = jane_with_key.start(["script", "-qec", "docker-snowflake login -c dev", "/dev/null"])
    screen = b""
    while b"Passphrase of the private key: " not in screen:
        piece = process.stdout.read1()
        assert piece, screen
        screen += piece
    result = jane_with_key.finish(process, "open sesame\n")
    assert result.code == 0 and "Logged in" in result.out and "open sesame" not in result.out
    unattended = jane_with_key.snowflake("login", "-c", "dev")
    assert unattended.code == 1 and "PRIVATE_KEY_PASSPHRASE" in unattended.err
    # The session of the login at the terminal is used until it ends.
    token_of(jane_with_key.helper("get", HOST))
    for words in (["status"], ["doctor", "--verbose"]):
        lasting = jane_with_key.snowflake(*words).out
        assert re.search("! (login|authenticator) +the private key is encrypted, but no passphrase is set; the stored login lasts", lasting), lasting
    assert jane_with_key.snowflake("logout").code == 0
    for words in (["status"], ["doctor", "--verbose"]):
        needed = jane_with_key.snowflake(*words)
        assert needed.code == 1 and "next: docker snowflake login -c dev, which asks for it; or set PRIVATE_KEY_PASSPHRASE" in needed.out, (words, needed.out)
    assert snowflake.count("login") == 1


@pytest.mark.parametrize("name", ["private_key_passphrase", "private_key_file_pwd"])
def test_the_connection_may_hold_the_passphrase(jane_with_key, key, name):
    jane_with_key.write("key.p8", pem(key, serialization.PrivateFormat.TraditionalOpenSSL, b"open sesame"))
    jane_with_key.write_config(KEY_CONNECTION + f'{name} = "open sesame"\n')
    token_of(jane_with_key.helper("get", HOST))


@pytest.mark.parametrize("seconds, code, words", [(-630, "394301", "behind"), (630, "394302", "ahead of")])
def test_a_wrong_clock_is_reported_with_the_difference(jane_with_key, key, snowflake, seconds, code, words):
    jane_with_key.write("key.p8", pem(key))
    result = jane_with_key.helper("get", HOST, env=later(seconds))
    assert result.code == 1 and code in result.out, result.out
    assert f"it is 10 minutes {words} Snowflake's" in result.out
    assert snowflake.count("login") == 1


def test_every_attempt_has_a_new_jwt(jane_with_key, key, snowflake):
    jane_with_key.write("key.p8", pem(key))
    # A JWT contains whole seconds, so wait for the next one.
    snowflake.faults.status("login", 503, headers={"Retry-After": "1"})
    token_of(jane_with_key.helper("get", HOST))
    first, second = [r.body["data"]["TOKEN"] for r in snowflake.requests if r.kind == "login"]
    assert first != second


def test_pat_with_external_session_is_refused_by_name(jane, snowflake):
    jane.write_config(CONNECTION + 'authenticator = "pat_with_external_session"\ntoken = "pat-1"\n')
    result = jane.helper("get", HOST)
    assert result.code == 1 and "no registry token can be issued" in result.out and "PROGRAMMATIC_ACCESS_TOKEN" in result.out
    assert snowflake.requests == []


def test_an_expired_token_or_one_for_another_role_has_a_hint(jane, world, snowflake):
    world.account.pats["old"] = snowflake.token(world.jane, expires_at=1)
    world.account.pats["bound"] = snowflake.token(world.jane, role="READER")
    pat = CONNECTION.replace('password = "Correct Horse 1!"', 'authenticator = "PROGRAMMATIC_ACCESS_TOKEN"')
    jane.write_config(pat + 'token = "old"\n')
    assert "create a new programmatic access token" in jane.helper("get", HOST).out
    jane.write_config(pat + 'token = "bound"\n')
    bound = jane.helper("get", HOST).out
    assert "390189" in bound and "role" in bound
    jane.write_config(pat.replace("PUSHER", "READER") + 'token = "bound"\n')
    token_of(jane.helper("get", HOST))


@pytest.mark.parametrize("curve", [ec.SECP256R1, ec.SECP384R1, ec.SECP521R1])
def test_key_pair_on_an_elliptic_curve(jane, world, curve):
    key = ec.generate_private_key(curve())
    world.jane.public_key = key.public_key()
    jane.write("key.p8", pem(key))
    jane.write_config(KEY_CONNECTION)
    token_of(jane.helper("get", HOST))


def test_a_programmatic_access_token_is_read_from_its_file_each_time(jane, world, snowflake):
    world.account.pats["pat-1"] = snowflake.token(world.jane, role="PUSHER")
    jane.write("pat", "pat-1\n")
    jane.write_config('[connections.dev]\naccount = "myorg-myacct"\nauthenticator = "PROGRAMMATIC_ACCESS_TOKEN"\ntoken_file_path = "~/pat"\n')
    first = token_of(jane.helper("get", HOST))
    world.account.pats["pat-2"] = snowflake.token(world.jane)
    jane.write("pat", "pat-2\n")
    jane.helper("erase", HOST)
    assert token_of(jane.helper("get", HOST)) != first
    assert [r.body["data"]["TOKEN"] for r in snowflake.requests if r.kind == "login"] == ["pat-1", "pat-2"]


def test_an_oauth_token_from_a_variable(jane, world, snowflake):
    world.account.oauth_tokens["ey.access"] = snowflake.token(world.jane)
    jane.write_config('[connections.dev]\naccount = "myorg-myacct"\nuser = "jane"\nauthenticator = "oauth"\n')
    assert "no token" in jane.helper("get", HOST).out
    token_of(jane.helper("get", HOST, env={"SNOWFLAKE_TOKEN": "ey.access"}))


REFUSALS = [
    (CONNECTION.replace("Correct Horse", "Wrong"), "390100", "Incorrect username or password"),
    (CONNECTION.replace("PUSHER", "NOBODY"), "390189", "NOBODY"),
    (CONNECTION.replace('user = "jane"', 'user = "joe"'), "390100", "Incorrect username or password"),
    (CONNECTION + 'authenticator = "PROGRAMMATIC_ACCESS_TOKEN"\ntoken = "stolen"\n', "394400", "Programmatic access token is invalid"),
    (CONNECTION + 'authenticator = "OAUTH"\ntoken = "stolen"\n', "390303", "Invalid OAuth access token"),
    (KEY_CONNECTION, "390144", "JWT token is invalid"),
]


@pytest.mark.parametrize("config, code, words", REFUSALS, ids=[f"{code}-{i}" for i, (_, code, _) in enumerate(REFUSALS)])
def test_a_refusal_has_snowflakes_code_and_message_and_the_next_step(jane, key, snowflake, config, code, words):
    jane.write("key.p8", pem(key))
    jane.write_config(config)
    result = jane.helper("get", HOST)
    assert result.code == 1
    assert code in result.out and words in result.out and "Next: " in result.out
    assert code in result.err and "next: " in result.err
    for secret in ("Wrong 1!", "stolen"):
        assert secret not in result.out + result.err


def test_an_unknown_account_and_a_locked_user_are_distinguished(jane, world, snowflake):
    jane.write_config(CONNECTION.replace("myorg-myacct", "other-acct"))
    gone = jane.helper("get", "other-acct.registry.snowflakecomputing.com")
    assert gone.code == 1 and "403" in gone.out and "other-acct" in gone.out
    jane.write_config(CONNECTION)
    world.jane.locked_until = snowflake.clock.now() + 60
    locked = jane.helper("get", HOST)
    assert "390102" in locked.out and "fifteen minutes" in locked.out


def test_an_incomplete_connection_is_reported_before_anything_is_sent(jane, snowflake):
    cases = {
        CONNECTION.replace('password = "Correct Horse 1!"', ""): "251006: Password is empty",
        CONNECTION.replace('user = "jane"', ""): "251005: User is empty",
        CONNECTION + 'authenticator = "magic"\n': "251007: Unknown authenticator: magic",
        KEY_CONNECTION: "does not exist",
        CONNECTION + 'private_key_file = "x"\n': "Private Key authentication requires authenticator set to SNOWFLAKE_JWT",
        CONNECTION + 'protocol = "http"\n': "protocol is http",
        CONNECTION + 'port = 99999\n': "port is not a number",
    }
    for config, words in cases.items():
        jane.write_config(config)
        result = jane.helper("get", HOST)
        assert result.code == 1 and words in result.out, result.out
    assert snowflake.requests == []


def test_a_token_past_half_of_its_lifetime_is_replaced_with_one_request(jane, world, snowflake):
    world.account.registry_token_lifetime = 4
    first = token_of(jane.helper("get", HOST))
    snowflake.requests.clear()
    jane.run(["sleep", "3.1"])
    assert token_of(jane.helper("get", HOST)) != first
    assert [r.kind for r in snowflake.requests] == ["issue"]


def test_an_expired_session_is_renewed_and_an_ended_one_replaced(jane, world, snowflake):
    token_of(jane.helper("get", HOST))
    for advance, kinds in ((3700, ["issue", "renew", "issue"]), (5 * 3600, ["issue", "login", "query", "issue"])):
        snowflake.clock.advance(advance)
        snowflake.requests.clear()
        jane.helper("erase", HOST)
        token_of(jane.helper("get", HOST))
        assert [r.kind for r in snowflake.requests] == kinds
    snowflake.sessions.all[-1].dead = True
    snowflake.requests.clear()
    jane.helper("erase", HOST)
    token_of(jane.helper("get", HOST))
    assert [r.kind for r in snowflake.requests] == ["issue", "login", "query", "issue"]


def test_a_server_that_refuses_everything_is_not_asked_forever(jane, snowflake):
    token_of(jane.helper("get", HOST))
    jane.helper("erase", HOST)
    snowflake.requests.clear()
    for kind in ("issue", "renew"):
        snowflake.faults.refuse(kind, "390112", "Your session has expired.", times=99)
    result = jane.helper("get", HOST)
    assert result.code == 1
    assert [r.kind for r in snowflake.requests] == ["issue", "renew", "login", "query", "issue"]


@pytest.mark.parametrize("lifetime", [3600, 60, 5, "3600", None, "soon", 10**30, 3600.5, True, [], {}])
def test_the_token_is_usable_with_any_lifetime_from_the_server(jane, world, snowflake, lifetime):
    world.account.registry_token_lifetime = lifetime
    result = jane.helper("get", HOST)
    token_of(result)
    seconds = json_secret(result)["expires_in"]
    assert 0 < seconds <= 4 * 3600


@pytest.mark.parametrize("lifetime", [0, -1, "-5", -(10**30)])
def test_a_token_that_has_already_expired_is_an_error(jane, world, lifetime):
    world.account.registry_token_lifetime = lifetime
    result = jane.helper("get", HOST)
    assert result.code == 1 and "already expired" in result.out


def json_secret(result):
    return json.loads(json.loads(result.out)["Secret"])


def test_unusual_session_lifetimes_do_no_harm(jane, world, snowflake):
    for index, value in enumerate((0, -1, None, "x", 10**40, "3600")):
        world.account.session_lifetime = world.account.master_lifetime = value
        jane.write_config(CONNECTION + f"# {index}\n")
        snowflake.expired_sessions_cannot_issue = False
        jane.helper("erase", HOST)
        result = jane.helper("get", HOST)
        assert result.code in (0, 1) and result.out, value


def test_changing_the_clock_does_no_harm(jane, snowflake):
    token_of(jane.helper("get", HOST, env=later(0)))
    token_of(jane.helper("get", HOST, env=later(-7200)))
    token_of(jane.helper("get", HOST, env=later(7200)))
    assert snowflake.count("login") <= 2
