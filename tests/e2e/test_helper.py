# SPDX-License-Identifier: Apache-2.0
"""The credential helper, run as Docker does."""

import json
import re

from conftest import CONNECTION, HOST, needs_keyring
from credentials import NOT_FOUND, token_of



@needs_keyring
def test_the_first_get_logs_in_with_three_requests_over_one_connection_and_the_next_ones_send_none(jane, snowflake):
    first = token_of(jane.helper("get", HOST))
    assert [r.kind for r in snowflake.requests] == ["login", "query", "issue"]
    assert len({r.connection for r in snowflake.requests}) == 1
    for spelling in ("https://" + HOST, HOST.upper(), HOST + ":443/", HOST + "/db/schema/repo/app\r\n"):
        assert token_of(jane.helper("get", spelling)) == first
    assert len(snowflake.requests) == 3
    assert snowflake.statements == ["alter session set PYTHON_CONNECTOR_QUERY_RESULT_FORMAT = 'json'"]


def test_without_a_keyring_each_get_logs_in_and_status_says_why(world, snowflake):
    user = world.user(keyctl="ENOSYS")
    user.write_config(CONNECTION)
    assert token_of(user.helper("get", HOST)) != token_of(user.helper("get", HOST))
    assert snowflake.count("login") == 2
    shown = re.sub(r"\s+", " ", user.snowflake("status").out)
    assert "the kernel does not let this process use keyrings (Function not implemented)" in shown


def test_a_host_of_another_registry_causes_no_requests(jane, snowflake):
    foreign = ["docker.io", "https://index.docker.io/v1/", f"{HOST}.evil.example", f"https://{HOST}@evil.example/",
               f"evil-{HOST}.example", HOST.replace(".", "-"), "registry.snowflakecomputing.com", f"x.{HOST}",
               f"{HOST}:8443", "127.0.0.1:5055"]
    for host in foreign:
        result = jane.helper("get", host)
        assert (result.code, result.out, result.err) == (1, NOT_FOUND, ""), host
    assert snowflake.requests == []


def look_alikes():
    """Yields host names that differ slightly from a Snowflake registry."""
    label, _, rest = HOST.partition(".")
    for position in range(len(rest)):
        for letter in "ax1-.":
            yield f"{label}.{rest[:position]}{letter}{rest[position:]}"
            yield f"{label}.{rest[:position]}{letter}{rest[position + 1:]}"
        yield f"{label}.{rest[:position]}{rest[position + 1:]}"
        yield f"{label}.{rest[:position]}"
        yield f"{label}.{rest[:position]}{rest[position]}\u0301{rest[position + 1:]}"
    for other in ("evil.example", "example", "com.cn", "snowflakecomputing.com.evil", "xn--snowflake-x1a.com"):
        for glue in (".", "-", "_", "..", "@", "\\@", "#.", "?.", "%2e", "%00.", "\u3002", ":443@", ":"):
            yield f"{HOST}{glue}{other}"
            yield f"{other}{glue}{label}.evil.{other}"
        yield f"https://{other}/{HOST}"
        yield f"https://{HOST}@{other}"
    for port in (1, 80, 442, 444, 4433, 5000, 8443, 65535, 65536, 4430, "443x", "+443", "0443", "443 1"):
        yield f"{HOST}:{port}"


def test_a_thousand_look_alike_hosts_get_nothing_and_cause_no_requests(jane, snowflake):
    genuine = {HOST, "my" + HOST}
    hosts = [host for host in dict.fromkeys(look_alikes()) if host.rstrip(".") not in genuine]
    names = [f"{n}{host}" if n else host for n in ("", "x.") for host in hosts][:1000]
    assert len(names) == 1000
    jane.write("names", "".join(name + "\n" for name in names))
    result = jane.run(["sh", "-c", 'while IFS= read -r name; do printf "%s" "$name" | docker-credential-snowflake get; '
                                   'echo "$?"; done <names'], timeout=600)
    answers = result.out.splitlines()
    wrong = [name for name, text, code in zip(names, answers[::2], answers[1::2]) if (text + "\n", code) != (NOT_FOUND, "1")]
    assert wrong == [] and len(answers) == 2000
    assert snowflake.requests == []


def test_a_host_without_a_connection_is_not_found_and_the_hint_says_what_to_write(jane, snowflake):
    result = jane.helper("get", "other-acct.registry.snowflakecomputing.com")
    assert (result.code, result.out) == (1, NOT_FOUND)
    assert "connection add <name> --account other-acct --user <user>" in result.err
    assert snowflake.requests == []


@needs_keyring
def test_an_erased_token_is_not_returned_again_and_needs_no_login(jane, snowflake):
    first = token_of(jane.helper("get", HOST))
    for _ in range(2):
        assert jane.helper("erase", HOST) .code == 0
    second = token_of(jane.helper("get", HOST))
    assert first != second
    assert (snowflake.count("login"), snowflake.count("issue"), snowflake.count("delete")) == (1, 2, 0)


def test_store_list_and_version(jane, snowflake):
    secret = json.dumps({"token": "a<b>&\u2028", "expires_in": 3600})
    own = json.dumps({"ServerURL": HOST, "Username": "0sessiontoken", "Secret": secret}).replace("<", "\\u003c")
    assert jane.helper("store", own + "\n").code == 0
    other = jane.helper("store", json.dumps({"ServerURL": HOST, "Username": "joe", "Secret": "hunter2"}))
    assert other.code == 1 and "not stored" in other.out and "hunter2" not in other.out + other.err
    foreign = jane.helper("store", json.dumps({"ServerURL": "https://index.docker.io/v1/", "Username": "joe", "Secret": "hunter2"}))
    assert foreign.code == 1 and "not a Snowflake registry" in foreign.out
    assert jane.helper("list", "unused").json() == {HOST: "0sessiontoken"}
    assert jane.helper("version").out.startswith("docker-credential-snowflake (")
    assert snowflake.requests == []


def test_a_registry_outside_snowflakes_domain_is_used_only_when_it_is_in_the_settings(jane, snowflake):
    assert jane.helper("get", "127.0.0.1:5055").out == NOT_FOUND
    jane.write_settings('[registries."127.0.0.1:5055"]\nconnection = "dev"\n')
    token_of(jane.helper("get", "http://127.0.0.1:5055/v2/"))
    assert jane.helper("get", "127.0.0.1:5056").out == NOT_FOUND


def test_a_host_never_gets_the_token_of_another_account(jane, snowflake):
    host = "other-acct.registry.snowflakecomputing.com"
    jane.write_settings(f'[registries."{host}"]\nconnection = "dev"\n')
    result = jane.helper("get", host)
    assert result.code == 1
    assert "its own account" in result.out
    assert snowflake.requests == []


def test_private_link_and_china_hosts_belong_to_their_accounts(world, jane, snowflake):
    world.account.registry_hosts.add("myorg-myacct.registry.privatelink.snowflakecomputing.com")
    token_of(jane.helper("get", "myorg-myacct.registry.privatelink.snowflakecomputing.com"))
    china = snowflake.add_account("myorg-china", tld="cn", hosts=["myorg-china.cn-northwest-1.snowflakecomputing.cn"])
    china.add_user("jane", password="pw")
    jane.write_config('[connections.china]\naccount = "myorg-china"\nhost = "myorg-china.snowflakecomputing.cn"\nuser = "jane"\npassword = "pw"\n')
    token_of(jane.helper("get", "myorg-china.registry.snowflakecomputing.cn"))
    assert jane.helper("get", "myorg-china.registry.snowflakecomputing.com").out == NOT_FOUND


@needs_keyring
def test_an_edited_connection_takes_effect_at_once(jane, snowflake):
    first = token_of(jane.helper("get", HOST))
    jane.write_config(CONNECTION.replace("PUSHER", "READER"))
    assert token_of(jane.helper("get", HOST)) != first
    assert snowflake.requests[-3].query["roleName"] == "READER"
    jane.write_config(CONNECTION + "# the same again\n")
    assert token_of(jane.helper("get", HOST)) == first


def test_a_connection_from_variables_alone_is_enough_for_ci(world, snowflake):
    job = world.user()
    variables = {"SNOWFLAKE_ACCOUNT": "myorg-myacct", "SNOWFLAKE_USER": "jane", "SNOWFLAKE_PASSWORD": "Correct Horse 1!"}
    token_of(job.helper("get", HOST, env=variables))
    without_home = {**variables, "HOME": ""}
    token_of(job.helper("get", HOST, env=without_home))


def test_no_file_contains_a_secret(jane, snowflake):
    token = token_of(jane.helper("get", HOST))
    session = snowflake.sessions.all[0]
    for path, content in jane.files():
        for secret in (token, session.session_token, session.master_token):
            assert secret.encode() not in content, path


def test_errors_in_files_name_file_line_and_key(jane, snowflake):
    jane.write_settings('store = "somewhere"\n')
    result = jane.helper("get", HOST)
    assert result.code == 1
    assert "config.toml:1: store must be \"auto\", \"keyring\", \"secret-service\" or \"none\"" in result.out
    jane.write_settings('\n[registries."h.example"]\nrolle = "X"\n')
    assert "config.toml:3" in jane.helper("get", HOST).out
    jane.write_settings("")
    jane.write_config('[connections.dev]\npassword = "hunter2\n')
    broken = jane.helper("get", HOST)
    assert "config.toml:2:" in broken.out and "hunter2" not in broken.out + broken.err
    jane.write(".snowflake/config.toml", CONNECTION, mode=0o644)
    wide = jane.helper("get", HOST)
    assert "has too wide permissions" in wide.out and "chmod 0600" in wide.out
    assert jane.helper("list", "unused").out == "{}\n"
    assert snowflake.requests == []


def test_an_answer_that_nobody_reads_is_not_a_success(jane):
    jane.helper("get", HOST)
    result = jane.run(["sh", "-c", f"echo {HOST} | docker-credential-snowflake get > /dev/full"])
    assert result.code == 1
    assert jane.run(["sh", "-c", "docker-credential-snowflake get <&-"]).out == "no credentials server URL\n"


def test_a_request_may_arrive_in_pieces_but_is_limited(jane):
    half, rest = HOST[:9], HOST[9:]
    pieces = jane.run(["sh", "-c", f"(printf {half}; sleep 0.1; printf {rest}) | docker-credential-snowflake get"])
    assert json.loads(pieces.out)["Username"] == "0sessiontoken"
    endless = jane.run(["sh", "-c", "yes | docker-credential-snowflake store"])
    assert endless.code == 1 and "longer than a megabyte" in endless.out
