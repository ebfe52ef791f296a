# SPDX-License-Identifier: Apache-2.0
"""Errors of servers and networks cause one message each, and no repeated login."""

import json
import ssl

import pytest
from conftest import CONNECTION, HOST
from credentials import token_of
from world import certificates, inside
from world.user import later

KEYED = ["issue", "renew", "query", "login"]

@pytest.mark.parametrize("kind", ["login", "query", "issue"])
@pytest.mark.parametrize("body", [b"", b"{", b"null", b"[]", b'"x"', b"{}", b'{"success":"yes"}', b"\xff\xfe",
                                  b'{"success":true}', b'{"success":true,"data":[]}', b'{"success":true,"data":{"token":7}}',
                                  b'{"success":true,"data":{"sessionToken":""}}', b'{"success":false}',
                                  b'{"success":false,"code":390100,"message":null,"data":7}'])
def test_a_malformed_answer_is_an_error(jane, snowflake, kind, body):
    snowflake.faults.answer(kind, body, times=2)  # a truncated answer is requested again
    result = jane.helper("get", HOST)
    if result.code == 0:
        assert (kind, json.loads(body)["success"]) == ("query", True)
    else:
        assert result.out.count("\n") == 1 and "Next: " in result.out

def test_html_truncated_json_and_huge_answers_are_errors(jane, snowflake):
    snowflake.faults.html("login")
    assert "did not answer with JSON from Snowflake" in jane.helper("get", HOST).out
    snowflake.faults.truncate("login")
    assert "did not answer with JSON from Snowflake" in jane.helper("get", HOST).out
    snowflake.faults.answer("login", b'{"success":true,"data":"' + b"x" * 20_000_000 + b'"}')
    assert "more than 65536 bytes" in jane.helper("get", HOST).out
    token_of(jane.helper("get", HOST))

def test_busy_servers_are_asked_again_even_for_a_login_with_a_password(jane, snowflake):
    snowflake.faults.status("login", 503)
    snowflake.faults.status("query", 429, headers={"Retry-After": "1"})
    snowflake.faults.status("issue", 502)
    token_of(jane.helper("get", HOST))
    assert snowflake.record.counts() == {"login": 2, "query": 2, "issue": 2}
    ids = [r.query["requestId"] for r in snowflake.requests if r.kind == "query"]
    assert ids[0] == ids[1]
    again = [r for r in snowflake.requests if r.kind == "query"][1]
    assert again.query["retryCount"] == "1" and again.query["retryReason"] == "429"
    assert len({r.query["request_guid"] for r in snowflake.requests}) == 6

def test_what_a_server_adds_to_a_refused_statement_is_printed_without_control_characters(jane, snowflake):
    snowflake.faults.refuse("query", "00200\x1b[31m3", "no", {"sqlState": "\x1b[1m"}, times=9)
    result = jane.snowflake("images")
    assert result.code == 1 and "\x1b" not in result.err and ": no" in result.err

def test_http_401_counts_as_an_expired_session(jane, snowflake):
    assert jane.snowflake("whoami").code == 0
    snowflake.faults.status("query", 401)
    assert jane.snowflake("whoami").code == 0
    assert (snowflake.count("login"), snowflake.count("renew")) == (1, 1)

@pytest.mark.parametrize("kind", ["query", "issue"])
def test_http_401_right_after_a_login_does_not_advise_another(jane, snowflake, kind):
    snowflake.faults.status(kind, 401, times=9)
    result = jane.snowflake("login")
    assert result.code == 1 and "HTTP status 401" in result.err and "docker snowflake login" not in result.err
    assert snowflake.count("login") == 1

def test_a_server_that_asks_for_a_long_pause_is_not_waited_for(jane, snowflake):
    snowflake.faults.status("issue", 429, headers={"Retry-After": "3600"})
    result = jane.helper("get", HOST, timeout=20)
    assert result.code == 1 and "429" in result.out
    snowflake.faults.status("login", 503, headers={"Retry-After": "120"})
    result = jane.snowflake("login", timeout=20)
    assert result.code == 1 and "503" in result.err

@pytest.mark.parametrize("fault", ["reset_before", "reset_after", "status500"])
def test_a_login_with_a_password_is_never_repeated_blindly(jane, snowflake, fault):
    if fault == "status500":
        snowflake.faults.status("login", 500)
    else:
        getattr(snowflake.faults, fault)("login")
    assert jane.helper("get", HOST).code == 1
    assert snowflake.count("login") == 1

def test_lost_connections_are_retried_when_nothing_can_happen_twice(jane, snowflake):
    snowflake.faults.reset_before("query")
    snowflake.faults.reset_after("issue")
    token_of(jane.helper("get", HOST))
    assert snowflake.count("login") == 1

def test_without_the_network_a_token_that_is_still_valid_is_returned(jane, snowflake):
    first = token_of(jane.helper("get", HOST))
    snowflake.faults.reset_before("*", times=50)
    assert token_of(jane.helper("get", HOST, env=later(3000))) == first
    assert jane.helper("get", HOST, env=later(3601)).code == 1

def test_a_missing_network_has_a_clear_message(jane, snowflake):
    jane.write_config(CONNECTION + 'host = "no-such-account.snowflakecomputing.com"\n')
    assert "could not resolve the host name" in jane.helper("get", HOST).out
    jane.write_config(CONNECTION + 'host = "myorg-myacct.snowflakecomputing.com"\nport = 444\n')
    assert "could not connect to" in jane.helper("get", HOST).out

def test_redirects_never_leave_snowflake(jane, snowflake):
    for target in ("https://registry.example/", "http://myorg-myacct.snowflakecomputing.com/", "https://myorg-china.snowflakecomputing.cn/"):
        for status in (301, 302, 307, 308):
            snowflake.faults.status("login", status, headers={"Location": target + "session/v1/login-request"})
            assert "a redirect that is not allowed" in jane.helper("get", HOST).out
    snowflake.faults.status("login", 307, headers={"Location": "https://myorg-myacct.privatelink.snowflakecomputing.com:443/session/v1/login-request"})
    snowflake.accounts["myorg-myacct"].hosts.add("myorg-myacct.privatelink.snowflakecomputing.com")
    token_of(jane.helper("get", HOST))

@pytest.fixture
def impostor(world, snowflake):
    """A function that serves the fake Snowflake with another certificate on a new port."""
    ports = iter(range(8443, 8500))

    def make(authority, **options):
        authority.issue("impostor", options.pop("hosts", ["myorg-myacct.snowflakecomputing.com"]), **options)
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(authority.directory / "impostor.pem", authority.directory / "impostor.key")
        for port in ports:
            try:
                return snowflake.serve(inside.SNOWFLAKE, port, tls)[1]
            except OSError:
                continue

    return make

def test_tls_is_always_verified_and_other_authorities_can_be_configured(jane, world, impostor):
    authority = certificates.Authority(jane.directory, "Corporate proxy")
    pem = jane.write("corporate.pem", authority.pem().decode())
    jane.write_config(CONNECTION + f"port = {impostor(authority)}\n")
    unknown = jane.helper("get", HOST)
    assert unknown.code == 1 and "is not trusted" in unknown.out and "SSL_CERT_FILE" in unknown.out
    for variable in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        token_of(jane.helper("get", HOST, env={variable: str(pem)}))
        jane.helper("erase", HOST)
    directory = jane.home / "authorities"
    directory.mkdir()
    name = jane.run(["openssl", "x509", "-hash", "-noout", "-in", str(pem)]).out.strip()
    (directory / f"{name}.0").write_bytes(authority.pem())
    token_of(jane.helper("get", HOST, env={"SSL_CERT_DIR": str(directory)}))

def test_configured_authorities_replace_the_systems(jane, snowflake):
    pem = str(jane.write("another.pem", certificates.Authority(jane.directory, "Another").pem().decode()))
    directory = str(jane.home)
    for environment in ({"SSL_CERT_FILE": pem}, {"SSL_CERT_DIR": directory}, {"SSL_CERT_FILE": directory}):
        assert "is not trusted" in jane.helper("get", HOST, env=environment).out
    assert snowflake.requests == []

@pytest.mark.parametrize("options", [{"hosts": ["another-acct.snowflakecomputing.com"]}, {"expired": True}])
def test_a_certificate_for_another_name_or_another_time_is_refused(jane, impostor, options):
    authority = certificates.Authority(jane.directory)
    pem = jane.write("authority.pem", authority.pem().decode())
    jane.write_config(CONNECTION + f"port = {impostor(authority, **options)}\n")
    result = jane.helper("get", HOST, env={"SSL_CERT_FILE": str(pem)})
    assert result.code == 1 and "is not trusted" in result.out
    assert ("date and time of this machine" in result.out) == bool(options.get("expired"))


def test_a_system_with_a_bundle_alone_is_trusted_as_well_as_one_with_a_directory(jane, snowflake):
    script = ('mkdir certs && cp /etc/ssl/certs/ca-certificates.crt certs && mount --bind certs /etc/ssl/certs && '
              f'printf {HOST} | docker-credential-snowflake get')
    token_of(jane.run(["unshare", "--mount", "sh", "-ec", script]))
    assert snowflake.count("login") == 1
