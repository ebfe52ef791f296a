# SPDX-License-Identifier: Apache-2.0
"""Native Okta authentication with user and password."""

import pytest
from conftest import CONNECTION, HOST
from credentials import refused, token_of

OKTA = CONNECTION + 'authenticator = "https://myorg.okta.com"\n'


@pytest.fixture
def okta(jane, world):
    world.account.okta_host = "myorg.okta.com"
    okta = world.clouds.okta
    okta.users["jane"] = "Correct Horse 1!"
    jane.write_config(OKTA)
    return okta


def get_refused(jane, words):
    return refused(jane, words, secrets=["Correct Horse 1!"])


def test_user_and_password_go_to_okta_and_the_assertion_to_snowflake(jane, okta, world, snowflake):
    token_of(jane.helper("get", HOST))
    assert snowflake.record.counts() == {"authenticator": 1, "login": 1, "query": 1, "issue": 1}
    assert [r.path for r in world.clouds.requests] == ["/api/v1/authn", "/app/snowflake/exk1/sso/saml"]
    assert not any("Correct Horse" in str(r.body) + str(r.query) for r in snowflake.requests)
    login = next(r for r in snowflake.requests if r.kind == "login").body["data"]
    assert "AUTHENTICATOR" not in login and login["LOGIN_NAME"] == "jane"


@pytest.mark.parametrize("change", [{"tokenUrl": "https://other.okta.com/api/v1/authn"}, {"ssoUrl": "https://other.okta.com/app"},
                                    {"tokenUrl": "http://myorg.okta.com/api/v1/authn"}, {"ssoUrl": "https://myorg.okta.com:444/app"},
                                    {"tokenUrl": "https://myorg.okta.com.other.okta.com/api"},
                                    {"tokenUrl": "https://myorg.okta.com@other.okta.com/api"},
                                    {"tokenUrl": None}, {"ssoUrl": 7}])
def test_the_password_never_goes_to_another_identity_provider(jane, okta, world, snowflake, change):
    snowflake.faults.change("authenticator", lambda data: data.update(change))
    get_refused(jane, "Snowflake uses a different identity provider than myorg.okta.com")
    assert world.clouds.requests == []


def test_the_assertion_goes_only_to_its_own_account(jane, okta, world, snowflake):
    for destination in ("https://evil.example/fed/login", "https://myorg-myacct.snowflakecomputing.com.evil.example/",
                        "http://myorg-myacct.snowflakecomputing.com/fed/login", "https://myorg-myacct.snowflakecomputing.com:444/fed/login"):
        okta.destination = destination
        get_refused(jane, "myorg.okta.com sent an assertion for a different host than myorg-myacct.snowflakecomputing.com")
    assert snowflake.count("login") == 0
    # Another URL of the same account.
    world.account.hosts.add("myorg-myacct.privatelink.snowflakecomputing.com")
    okta.destination = "https://myorg-myacct.privatelink.snowflakecomputing.com/fed/login"
    get_refused(jane, "disable_saml_url_check")
    jane.write_config(OKTA + "disable_saml_url_check = true\n")
    token_of(jane.helper("get", HOST))


def test_a_wrong_password_is_sent_once_and_okta_explains(jane, okta, world, snowflake):
    okta.users["jane"] = "another"
    out = get_refused(jane, "myorg.okta.com refused user and password: Authentication failed")
    assert "Okta's, not Snowflake's" in out
    assert world.clouds.count("handle") == 1 and snowflake.count("login") == 0


@pytest.mark.parametrize("status, words", [("MFA_REQUIRED", "requires a second factor"), ("PASSWORD_EXPIRED", "PASSWORD_EXPIRED")])
def test_other_requirements_of_okta_are_reported(jane, okta, status, words):
    okta.needs = status
    get_refused(jane, words)


def test_a_one_time_token_is_used_once_even_when_okta_is_busy(jane, okta, world, snowflake):
    seen = []

    def busy(exchange):
        if exchange.request_record.path != "/api/v1/authn" and len(seen) < 2:
            seen.append(exchange.request_record.query["onetimetoken"])
            exchange.send(503, {}, b"")
            return True
        return False
    world.clouds.faults.add("handle", before=busy, times=9)
    token_of(jane.helper("get", HOST))
    paths = [r.path for r in world.clouds.requests]
    assert paths == ["/api/v1/authn", "/app/snowflake/exk1/sso/saml"] * 3
    assert len(set(seen)) == 2 and snowflake.count("login") == 1


def test_an_outage_of_okta_is_not_a_refusal(jane, okta, world, snowflake):
    world.clouds.faults.status("handle", 500, times=1)
    get_refused(jane, "answered with HTTP status 500")
    token_of(jane.helper("get", HOST))


def test_a_password_is_not_sent_again_when_it_may_have_been_processed(jane, okta, world):
    world.clouds.faults.reset_after("handle")
    get_refused(jane, "the connection to myorg.okta.com was interrupted")
    assert world.clouds.count("handle") == 1


@pytest.mark.parametrize("body", [b"", b"{", b"null", b"<html><form></html>", b"<html></html>", b"<form action=", b"x" * 20_000_000],
                         ids=["empty", "cut", "null", "no-action", "no-form", "cut-form", "huge"])
@pytest.mark.parametrize("which", ["/api/v1/authn", "/app/snowflake/exk1/sso/saml"])
def test_malformed_answers_of_okta_are_errors(jane, okta, world, snowflake, which, body):
    world.clouds.faults.add("handle", times=9, before=lambda exchange: exchange.request_record.path == which and (
        exchange.send(200, {}, body) or True))
    get_refused(jane, "myorg.okta.com")
    assert snowflake.count("login") == 0


def test_snowflakes_refusals_keep_their_code(jane, okta, world, snowflake):
    snowflake.faults.refuse("login", "390139", "The SAML assertion was rejected.")
    get_refused(jane, "390139: The SAML assertion was rejected.")
    world.account.okta_host = None
    get_refused(jane, "390139")
    jane.write_config(OKTA.replace('password = "Correct Horse 1!"\n', ""))
    get_refused(jane, "251006: Password is empty")
