# SPDX-License-Identifier: Apache-2.0
"""docker snowflake login, logout, status and whoami."""

import csv
import datetime
import io
import re

import pytest
from conftest import CONNECTION, HOST
from credentials import token_of
from cryptography.hazmat.primitives.asymmetric import rsa
from fake_snowflake.login.duo import Device
from world.keys import pem
from world.user import later

JOE = '[connections.joe]\naccount = "myorg-myacct"\nuser = "joe"\npassword = "pw"\n'
SSO = '[connections.sso]\naccount = "myorg-myacct"\nuser = "jane"\nauthenticator = "username_password_mfa"\npassword = "x"\n'
BROKEN = '[connections.broken]\naccount = "a/b"\n'


def test_login_tries_the_token_at_the_registry_the_way_docker_does(jane, snowflake):
    result = jane.snowflake("login")
    assert result.code == 0, result.err
    assert f"Logged in to {HOST} as JANE, role PUSHER.\nThe registry accepts the token. docker push and docker pull log in by themselves.\n" in result.out
    assert "Docker" not in result.out
    assert re.search("registry token: (59|60) minutes, in the kernel keyring", result.out)
    assert re.search("session: (3 hours 59 minutes|4 hours), in the kernel keyring", result.out)
    asked = [r for r in snowflake.requests if r.kind.startswith("registry")]
    assert [(r.kind, r.path, r.headers.get("authorization", "none").split(" ")[0]) for r in asked] == [
        ("registry", "/v2/", "none"), ("registry-token", "/v2/token", "Basic"), ("registry", "/v2/", "Bearer")]
    assert asked[1].query["service"]


def test_login_says_so_when_the_registry_does_not_take_the_token(jane, snowflake):
    snowflake.faults.status("registry-token", 401, b'{"errors":[{"code":"UNAUTHORIZED","message":"Authentication Failure"}]}')
    result = jane.snowflake("login")
    assert result.code == 1 and "does not accept the token that Snowflake issued: HTTP status 401" in result.err and "Authentication Failure" in result.err
    snowflake.faults.html("registry")
    portal = jane.snowflake("login")
    assert portal.code == 1 and "does not answer as a registry" in portal.err


@pytest.mark.parametrize("realm", ["https://evil.example/v2/token", "http://" + HOST + "/v2/token",
                                   f"https://{HOST}.evil.example/t", f"https://{HOST}@evil.example/t",
                                   f"https://{HOST}:8443/t", "/v2/token"])
def test_login_sends_a_token_nowhere_else(jane, snowflake, realm):
    snowflake.faults.status("registry", 401, headers={"WWW-Authenticate": f'Bearer realm="{realm}",service="x"'})
    result = jane.snowflake("login")
    assert result.code == 1 and "wants the token sent to" in result.err
    assert snowflake.count("registry-token") == 0


def test_login_all_continues_after_a_failure_and_fails_at_the_end(jane, world, snowflake):
    world.account.add_user("joe", password="pw")
    jane.write_config(CONNECTION + BROKEN + JOE + JOE.replace("joe]", "wrong]").replace('"pw"', '"no"').replace('"joe"', '"jane"'))
    result = jane.snowflake("login", "--all")
    assert result.code == 1
    assert result.out.count("Logged in to") == 2 and result.out.count("not logged in") == 2
    assert "251001" in result.err and "390100" in result.err and "2 of 4 logins failed" in result.err
    assert {session.user.name for session in snowflake.sessions.all} == {"JANE", "JOE"}
    jane.write_config(CONNECTION + JOE)
    assert jane.snowflake("login", "--all").code == 0


def test_login_all_cannot_be_combined_with_connection_options(jane):
    assert jane.snowflake("login", "--all", "-c", "dev").code == 2
    jane.write_config("")
    result = jane.snowflake("login", "--all")
    assert result.code == 1 and "no Snowflake connection" in result.err and "docker snowflake connection add" in result.err


def test_logout_and_status_concern_only_the_selected_connection(jane):
    assert jane.snowflake("logout", "dev", "-c", "joe").code == 2
    unknown = jane.snowflake("status", "-c", "nobody")
    assert unknown.code == 1 and "Connection nobody is not configured" in unknown.err
    other = jane.snowflake("status", "-c", "dev", "--account", "other-acct", "--format", "json").json()
    assert [row["registry"] for row in other] == ["other-acct.registry.snowflakecomputing.com"]


def test_without_a_connection_every_command_uses_the_variables(jane, engine):
    jane.write_config("")
    variables = {"SNOWFLAKE_ACCOUNT": "myorg-myacct", "SNOWFLAKE_USER": "jane", "SNOWFLAKE_PASSWORD": "Correct Horse 1!", "SNOWFLAKE_ROLE": "PUSHER"}
    for words in (["url"], ["login"], ["login", "--all"], ["setup", "--yes"], ["status"], ["images"], ["repositories"], ["whoami"], ["doctor"], ["connection", "test"],
                  ["connection", "list"], [], ["logout"]):
        result = jane.snowflake(*words, env=variables)
        assert result.code == 0 and "''" not in result.out + result.err, (words, result.out, result.err)
    for words in (["image-registry", "url"], ["image-repository", "list"], ["object", "list", "image-repository"]):
        refused = jane.snowflake(*words, env=variables)
        assert refused.code == 1 and "Connection default is not configured" in refused.err and "add -x" in refused.err, words
    assert "with the connection of the SNOWFLAKE_ variables as JANE" in jane.snowflake("setup", "--yes", env=variables).out
    # Without an account, the variables are not a connection.
    del variables["SNOWFLAKE_ACCOUNT"]
    for words in (["login"], ["images"], ["url"]):
        assert "SNOWFLAKE_USER is set, but SNOWFLAKE_ACCOUNT is not" in jane.snowflake(*words, env=variables).err, words
    assert "there is no Snowflake connection yet" in jane.snowflake("doctor").out and "There is no Snowflake connection yet." in jane.snowflake("status").out


def test_the_next_step_names_a_connection_from_variables(jane):
    jane.write_config("")
    variables = {"SNOWFLAKE_ACCOUNT": "myorg-myacct", "SNOWFLAKE_USER": "jane", "SNOWFLAKE_AUTHENTICATOR": "externalbrowser"}
    assert "docker snowflake login -x" in jane.helper("get", HOST, env=variables).out
    assert jane.snowflake("status", "--json", env=variables).json()[0]["next"] == "docker snowflake login -x"
    assert jane.snowflake("status", "-x", "--format", "json", env=variables).json()[0]["registry"] == HOST


def test_login_shows_the_expiry_and_whether_docker_uses_it(world, snowflake):
    user = world.user()
    user.write_config(CONNECTION + 'authenticator = "username_password_mfa"\n')
    result = user.snowflake("login")
    assert result.code == 0, result.err
    assert "need no login" not in result.out
    assert "Docker does not use this login yet" in result.out and result.out.endswith(f"Next: docker snowflake setup --host {HOST}\n")
    user.use_helper_for(HOST)
    result = user.snowflake("login")
    assert re.search("need no login for (3 hours 59 minutes|4 hours)", result.out) and "does not use" not in result.out
    assert "uses another connection or role" in user.snowflake("login", "--role", "READER").out


def test_login_without_a_store_says_so_and_logs_in_once(world, snowflake):
    user = world.user(keyctl="EPERM")
    user.write_config(CONNECTION)
    result = user.snowflake("login")
    assert result.code == 0 and "Nothing can be stored" in result.out
    assert snowflake.count("login") == 1


@pytest.mark.parametrize("what", [[], ["dev"], [HOST], ["https://" + HOST + "/db"], ["-c", "dev"]])
def test_logout_accepts_a_connection_or_a_host(jane, snowflake, what):
    assert jane.snowflake("login").code == 0
    result = jane.snowflake("logout", *what)
    assert result.code == 0 and HOST in result.out, result.err
    assert "docker-credential-snowflake" not in jane.run(["keyctl", "show", "@u"]).out
    assert snowflake.count("delete") == 0 and not snowflake.sessions.all[0].dead


def test_logout_erases_one_login_and_no_other(jane, world, snowflake):
    world.account.add_user("joe", password="pw")
    jane.write_config(CONNECTION + JOE)
    assert jane.snowflake("login", "--all").code == 0
    assert jane.snowflake("logout", "joe").code == 0
    kept = {row["connection"]: row["cached"] for row in jane.snowflake("status", "--format", "json").json()}
    assert kept["joe"] == [] and len(kept["dev"]) == 2
    assert jane.snowflake("logout", "joe").out == f"Not logged in to {HOST}.\n"
    missing = jane.snowflake("logout", "nobody")
    assert missing.code == 1 and "nobody" in missing.err


def test_logout_erases_the_sessions_in_other_roles_and_schemas(jane, snowflake):
    jane.log_in()
    assert jane.snowflake("whoami", "--role", "READER").code == 0
    assert jane.snowflake("whoami", "--schema", "PUBLIC").code == 0
    result = jane.snowflake("logout", "--revoke")
    assert result.code == 0 and "Ended the session" in result.out
    assert "docker-credential-snowflake" not in jane.run(["keyctl", "show", "@u"]).out
    assert all(session.dead for session in snowflake.sessions.all) and len(snowflake.sessions.all) == 3


@pytest.mark.parametrize("change", ["role", "token file", "token", "password"])
def test_logout_works_after_the_connection_was_edited(jane, snowflake, world, change):
    connection = CONNECTION
    if change.startswith("token"):
        world.account.pats["pat-of-jane-1"] = snowflake.token(world.jane, "PUSHER")
        token = jane.write("token", "pat-of-jane-1")
        connection = f'[connections.dev]\naccount = "myorg-myacct"\nauthenticator = "PROGRAMMATIC_ACCESS_TOKEN"\ntoken_file_path = "{token}"\n'
        jane.write_config(connection)
    jane.log_in()
    if change == "token file":
        token.unlink()
    elif change == "token":
        token.write_text("pat-of-jane-2")
    else:
        jane.write_config(connection.replace("PUSHER", "READER") if change == "role" else connection.replace("Correct Horse 1!", "${SECRET}"))
    result = jane.snowflake("logout")
    assert result.code == 0 and result.out.startswith("Removed the stored credentials"), result.err
    assert "docker-credential-snowflake" not in jane.run(["keyctl", "show", "@u"]).out


@pytest.mark.parametrize("setting", ["none", "keyring", "secret-service"])
def test_logout_erases_what_was_stored_under_other_settings(world, setting):
    jane = world.user(secret_service="unlocked")
    jane.write_config(CONNECTION)
    jane.log_in()
    jane.write_settings(f'store = "{setting}"\n')
    assert jane.snowflake("logout").out.startswith("Removed the stored credentials")
    assert "docker-credential-snowflake" not in jane.run(["keyctl", "show", "@u"]).out
    items = jane.run(["secret-tool", "search", "--all", "application", "docker-credential-snowflake"])
    assert "label = " not in items.out + items.err


def test_logout_is_not_stopped_by_a_store_that_the_settings_exclude(world):
    jane = world.user(secret_service="locked")
    jane.write_config(CONNECTION)
    jane.write_settings('store = "keyring"\n')
    jane.log_in()
    assert jane.snowflake("logout").code == 0


def test_logout_revoke_ends_the_session_and_its_registry_tokens(jane, snowflake):
    token = token_of(jane.helper("get", HOST))
    result = jane.snowflake("logout", "--revoke")
    assert result.code == 0 and "A push or pull that is using it will fail" in result.out
    assert snowflake.sessions.all[0].dead and snowflake.sessions.issued[token].session.dead
    again = jane.snowflake("logout", "--revoke")
    assert again.code == 0 and "no session to end" in again.out
    assert token_of(jane.helper("get", HOST)) != token


def test_logout_revoke_renews_an_expired_session_and_accepts_one_that_has_ended(jane, snowflake):
    token_of(jane.helper("get", HOST))
    snowflake.clock.advance(3700)
    assert "Ended the session" in jane.snowflake("logout", "--revoke").out
    assert snowflake.sessions.all[0].dead and (snowflake.count("renew"), snowflake.count("delete")) == (1, 2)
    for advance in (0, 3700, 5 * 3600):
        token_of(jane.helper("get", HOST))
        snowflake.clock.advance(advance)
        snowflake.sessions.all[-1].dead = True
        assert "no session to end" in jane.snowflake("logout", "--revoke").out


def test_a_revocation_that_does_not_arrive_erases_nothing(jane, snowflake):
    token = token_of(jane.helper("get", HOST))
    snowflake.faults.status("delete", 500, times=9)
    result = jane.snowflake("logout", "--revoke")
    assert result.code == 1 and "500" in result.err
    assert token_of(jane.helper("get", HOST)) == token


def seconds_until(text):
    time = datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=datetime.timezone.utc)
    return (time - datetime.datetime.now(datetime.timezone.utc)).total_seconds()


def test_status_in_json_has_every_connection_with_what_is_cached_where_and_until_when(jane, engine, snowflake):
    jane.write_config(CONNECTION + SSO + BROKEN)
    assert jane.snowflake("login").code == 0
    result = jane.snowflake("status", "--json")
    assert result.code == 0
    assert [row["connection"] for row in jane.snowflake("status", "--format", "JSON").json()] == ["dev", "sso", "broken"]
    dev, sso, broken = result.json()
    assert list(dev) == ["connection", "registry", "user", "role", "authenticator", "used_by_docker", "cached", "next_login", "problem",
                         "next"]
    assert (dev["connection"], dev["registry"], dev["user"], dev["role"], dev["authenticator"]) == ("dev", HOST, "jane", "PUSHER", "SNOWFLAKE")
    cached = {entry["what"]: entry for entry in dev["cached"]}
    assert {what: entry["where"] for what, entry in cached.items()} == {"registry-token": ["kernel keyring"], "session": ["kernel keyring"]}
    assert 3500 < seconds_until(cached["registry-token"]["until"]) <= 3600
    assert 14300 < seconds_until(cached["session"]["until"]) <= 14400
    assert (dev["used_by_docker"], dev["next_login"], dev["problem"], dev["next"]) == (True, None, None, None)
    assert sso["role"] is None and sso["cached"] == [] and abs(seconds_until(sso["next_login"])) < 60
    assert sso["used_by_docker"] is False and sso["next"] == "docker snowflake login -c sso"
    assert broken["registry"] is None and "251001" in broken["problem"]
    assert snowflake.count("login") == 1


def test_status_shows_every_connection_and_fails_when_the_user_must_act(jane, engine):
    jane.write_config(CONNECTION + SSO + BROKEN)
    assert jane.snowflake("login").code == 0
    result = jane.snowflake("status")
    assert result.code == 0, "Docker does not use the connections that are broken"
    cards = dict(card.split("\n", 1) for card in result.out.split("\n\n"))
    assert list(cards) == [f"dev: {HOST}", f"sso: {HOST}", "broken", "Docker", "Token stores"]
    dev = cards[f"dev: {HOST}"]
    assert "✓ login              logs in by itself" in dev and f"✓ Docker             Docker uses the helper for {HOST}" in dev
    assert re.search("- stored             registry token: (59|60) minutes, in the kernel keyring", dev)
    assert "✗ login" in cards[f"sso: {HOST}"] and "next: docker snowflake login -c sso" in cards[f"sso: {HOST}"]
    assert "251001" in cards["broken"] and "kernel keyring" in cards["Token stores"]
    assert jane.snowflake("status", "-c", "sso").code == 1, "it was asked about"
    rows = list(csv.DictReader(io.StringIO(jane.snowflake("status", "--format", "csv").out)))
    assert [row["connection"] for row in rows] == ["dev", "sso", "broken"]
    jane.write_config("")
    nothing = jane.snowflake("status")
    assert nothing.code == 1 and "There is no Snowflake connection yet." in nothing.out


def problem(user, *words, code=1, **options):
    result = user.snowflake("status", "--json", *words, **options)
    assert result.code == code, result.out + result.err
    row, = result.json()
    return f'{row["problem"]} Next: {row["next"]}'


def test_status_predicts_the_next_push(jane, world, engine, snowflake):
    assert problem(jane, code=0) == "None Next: None"
    world.account.deny_login = ("390100", "Incorrect username or password was specified.")
    assert jane.helper("get", HOST).code == 1
    world.account.deny_login = None
    assert "390100" in problem(jane) and "next attempt in 15 minutes" in problem(jane)
    shown = jane.snowflake("status").out
    assert "✗ login " in shown and "390100" in shown
    jane.write_config(CONNECTION + 'authenticator = "externalbrowser"\n')
    assert "login needed: EXTERNALBROWSER needs you" in problem(jane) and problem(jane).endswith("docker snowflake login -c dev")
    jane.write_config(CONNECTION.replace("myorg-myacct", "xy12345.us-east-1"))
    assert "locator" in problem(jane)
    jane.write_config(CONNECTION)
    assert "390100" in problem(jane)
    jane.log_in()
    assert "Cannot connect to the Docker daemon" in problem(jane, env={"DOCKER_HOST": "unix:///run/nowhere.sock"})
    jane.use_helper_for("registry.example")
    assert f"docker snowflake setup --host {HOST}" in problem(jane)
    assert snowflake.count("login") == 2


def test_status_does_not_promise_a_login_that_failed_or_was_not_tried(jane, engine, snowflake):
    def login_of(*words):
        return next(line for line in jane.snowflake("status", *words).out.splitlines() if line.startswith("  ") and line[4:].startswith("login "))

    assert login_of() == "  - login              not logged in yet: the next push logs in"
    assert "the next push logs in" in jane.snowflake().out and jane.snowflake("status", "-q").code == 0
    jane.write_config(CONNECTION + 'host = "no-such-account.snowflakecomputing.com"\n')
    assert jane.snowflake("login").code == 1
    assert login_of() == "  ✗ login              failed just now: could not resolve the host name no-such-account.snowflakecomputing.com"
    assert problem(jane).startswith("failed just now: ") and "could not resolve the host name" in jane.snowflake().out
    jane.write_config(CONNECTION)
    assert login_of().startswith("  - login "), "the file was corrected"
    snowflake.faults.status("login", 403, times=9)
    assert jane.helper("get", HOST).code == 1
    assert "failed just now: " in login_of() and "there is no account" in login_of()
    snowflake.faults.clear()
    assert jane.helper("get", HOST).code == 0
    assert login_of() == "  ✓ login              logs in by itself"
    snowflake.faults.status("login", 403, times=9)
    assert jane.snowflake("login").code == 1
    shown = login_of()
    assert re.match("  ! login              the stored login works for another (4 hours|3 hours 59 minutes); a new one would not: failed just now: ", shown), shown
    assert jane.snowflake("status").code == 0
    snowflake.faults.clear()
    snowflake.faults.status("login", 403, times=9)
    past = later(400 * 86400)
    assert jane.snowflake("login", env=past).code == 1
    shown = jane.snowflake("status", env=past)
    assert shown.code == 1 and "✗ login              failed just now: " in shown.out and "expired" in shown.out


def test_a_refused_login_is_a_warning_while_a_stored_one_is_valid(jane, engine, world, snowflake):
    jane.log_in()
    jane.write_config(CONNECTION.replace("Correct Horse 1!", "refused while another one lasts"))
    assert jane.snowflake("login").code == 1
    assert jane.helper("get", HOST).code == 0, "the next push works"
    shown = jane.snowflake("status")
    assert shown.code == 0 and re.search("! login +the stored login works for another .* hours.*; a new one would not: .*390100", shown.out), shown.out
    assert "docker snowflake login -c dev" in shown.out
    greeting = jane.snowflake()
    assert greeting.code == 0 and "a new one would not: " in greeting.out and "docker snowflake login -c dev" in greeting.out
    for session in snowflake.sessions.all:
        session.dead = True
    shown = jane.snowflake("status")
    assert shown.code == 1 and "✗ login" in shown.out, "Snowflake was asked"
    assert jane.helper("get", HOST).code == 1


def test_login_does_not_promise_what_docker_cannot_do_without_the_helper(jane):
    alone = jane.directory / "alone"
    alone.mkdir()
    (alone / "docker-snowflake").symlink_to(jane.run(["which", "docker-snowflake"]).out.strip())
    result = jane.snowflake("login", env={"PATH": str(alone)})
    assert result.code == 0 and "by themselves" not in result.out, result.out
    assert "The registry accepts the token.\n" in result.out
    assert "Docker does not use this login yet: docker-credential-snowflake is not on the PATH" in result.out and "\nNext: " in result.out


def test_status_and_the_next_step_name_a_password_that_is_missing(jane, engine):
    jane.write_config(CONNECTION.replace("password", "# password"))
    assert "login needed: the connection has no password, and no session is stored" in problem(jane)
    refused = jane.snowflake("login")
    assert refused.code == 1 and "Next: run this at a terminal: docker snowflake login -c dev, which asks for it; elsewhere set SNOWFLAKE_PASSWORD" in refused.err
    assert "phone" not in refused.err


def test_quiet_commands_answer_with_the_exit_status_or_one_word(jane, engine):
    jane.log_in()
    assert (jane.snowflake("status", "-q").code, jane.snowflake("status", "-q").out) == (0, "")
    broken = jane.snowflake("status", "--quiet", env={"DOCKER_HOST": "unix:///run/nowhere.sock"})
    assert (broken.code, broken.out, broken.err) == (1, "", "")
    assert jane.snowflake("whoami", "-q").out == "JANE\n"
    assert jane.snowflake("config", "-q").out.splitlines() == ["file", "store", "interactive", f'registries."{HOST}".connection']
    assert jane.snowflake("connection", "list", "-q").out == "dev\n"
    for words in (["status"], ["whoami"], ["config"], ["connection", "list"]):
        assert "-q,--quiet" in jane.snowflake(*words, "--help").out, words
        assert "--quiet" in jane.snowflake("__complete", *words, "--q").out, words


def test_status_knows_that_a_key_is_locked_by_a_passphrase(jane, engine):
    key = pem(rsa.generate_private_key(65537, 2048), passphrase=b"a passphrase")
    jane.write("key.p8", key)
    jane.write_config(CONNECTION + 'authenticator = "SNOWFLAKE_JWT"\nprivate_key_file = "~/key.p8"\n')
    assert "passphrase" in problem(jane)
    assert "passphrase" in jane.snowflake().out


def test_status_finds_out_that_a_session_has_ended_where_only_the_user_can_open_another(jane, world, engine, snowflake):
    world.jane.second_factor = Device()
    world.account.allow_client_mfa_caching = False
    jane.write_config(CONNECTION + 'authenticator = "username_password_mfa"\n')
    assert jane.snowflake("login").code == 0
    # A login with a second factor takes three requests: password, approval and confirmation.
    assert snowflake.count("login") == 3 and world.jane.second_factor.rings == 1
    row, = jane.snowflake("status", "--format", "json").json()
    assert {entry["what"] for entry in row["cached"]} == {"registry-token", "session"}
    assert 14300 < seconds_until(row["next_login"]) <= 14400 and row["problem"] is None
    shown = jane.snowflake("status").out
    assert "lasts 3 hours 59 minutes" in shown or "lasts 4 hours" in shown, shown
    snowflake.sessions.all[-1].dead = True
    assert problem(jane).endswith("docker snowflake login -c dev")
    assert snowflake.count("login") == 3 and world.jane.second_factor.rings == 1


WHO = {"user": "JANE", "role": "PUSHER", "secondary_roles": "NONE", "account": "MYORG-MYACCT", "locator": "XY12345",
       "region": "AWS_US_WEST_2", "version": "9.30.2"}


def test_whoami_asks_the_server_in_one_statement(jane, snowflake):
    assert jane.snowflake("whoami", "--format", "JSON").json() == WHO
    assert len(snowflake.statements) == 2 and snowflake.statements[-1].startswith("SELECT CURRENT_USER()")
    assert jane.snowflake("whoami", "--format", "json_ext").json() == WHO
    rows = list(csv.DictReader(io.StringIO(jane.snowflake("whoami", "--format", "csv").out)))
    assert rows == [WHO]
    table = jane.snowflake("whoami").out
    assert all(f"{value}" in table for value in WHO.values())
    assert snowflake.count("login") == 1


def test_whoami_shows_secondary_roles(jane):
    jane.write_config(CONNECTION + 'secondary_roles = "all"\n')
    assert jane.snowflake("whoami", "--format", "JSON").json()["secondary_roles"] == "ALL (READER)"
