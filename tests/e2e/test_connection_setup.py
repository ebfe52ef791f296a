# SPDX-License-Identifier: Apache-2.0
"""Creating the first connection at a terminal with setup, and managing connections afterwards."""

import base64
import json
import pathlib
import re
import subprocess
import tomllib

import pytest
from conftest import CONNECTION, HOST
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from fake_snowflake.login.duo import Device
from world.keys import pem
from world.terminal import AtTerminal

FILE = ".config/snowflake/connections.toml"
SETTINGS = ".config/docker-snowflake/config.toml"
PASSWORD = "Correct Horse 1!"


@pytest.fixture
def newcomer(world):
    """A user with docker but without a connection."""
    user = world.user()
    docker = user.directory / "bin/docker"
    docker.parent.mkdir()
    docker.write_text("#!/bin/sh\necho Docker version 27.3.1, build ce12230\n")
    docker.chmod(0o755)
    user.environment["PATH"] = f"{docker.parent}:{user.environment['PATH']}"
    return user


def answer_connection_questions(terminal, account="myorg-myacct", user="jane", method="4", secret=PASSWORD, role="PUSHER"):
    terminal.answer(("Account: ", account), ("User: ", user), ("1, 2, 3 or 4 [1]: ", method))
    if method in "34":
        terminal.answer((": " if method == "3" else "Password (", secret))
    terminal.answer(("Role [", role))


def test_setup_asks_for_everything_and_ends_with_a_push_command(newcomer):
    with AtTerminal(newcomer, ["docker-snowflake", "setup"]) as terminal:
        terminal.answer(("Account: ", "xy12345"))
        terminal.wait_for("CURRENT_ORGANIZATION_NAME")
        answer_connection_questions(terminal, "https://app.snowflake.com/myorg/myacct/#/homepage")
        terminal.answer(("Write this? [Y/n] ", "y"))
        terminal.wait_until(lambda: terminal.screen.count("Write this? [Y/n] ") == 2)
        terminal.type("y\n")
        terminal.answer(("May docker show a hint", "y"))
        result = terminal.end()
    assert result.code == 0 and "may docker push" not in result.out, result.out
    config = json.loads((newcomer.home / ".docker/config.json").read_text())
    assert config["plugins"] == {"snowflake": {"hooks": "push,pull"}} and config["features"] == {"hooks": "true"}
    assert PASSWORD not in result.out and 'password = "***"' in result.out
    assert "as JANE, role PUSHER" in result.out
    assert f"docker push {HOST}/db/schema/repo/<image>:<tag>" in result.out
    path = newcomer.home / FILE
    assert path.stat().st_mode & 0o777 == 0o600 and "[default]" in path.read_text()
    assert newcomer.helper("get", HOST).code == 0
    assert result.out.rstrip().endswith("To undo this: docker snowflake setup --undo")
    assert "The password is stored in this file as plain text, as the Snowflake CLI does." in result.out
    undone = newcomer.snowflake("setup", "--undo", "--yes")
    assert undone.code == 0 and undone.out.count(f"{newcomer.home}/.docker/config.json\n") == 2, undone.out
    assert f"Removed {newcomer.home}/.docker/config.json\n" in undone.out and "Restored" not in undone.out
    assert f"will stay:           connection 'default' in {path}:2, with its password\n" in undone.out and "docker snowflake logout" in undone.out
    assert not (newcomer.home / ".docker").exists() and not (newcomer.home / SETTINGS).exists()


def test_nothing_is_asked_twice(newcomer):
    newcomer.write(FILE, f'[default]\naccount = "myorg-myacct"\nuser = "jane"\npassword = "{PASSWORD}"\nauthenticator = "externalbrowser"\n')
    newcomer.write_settings('interactive = "terminal"\n')
    newcomer.write(".docker/config.json", '{"plugins": {"snowflake": {}}}')
    with AtTerminal(newcomer, ["docker-snowflake", "setup", "--no-login"]) as terminal:
        terminal.answer(("Write this? [Y/n] ", "y"))
        result = terminal.end()
    assert result.code == 0 and result.out.count("[Y/n]") == 1


def test_a_key_pair_is_generated_and_registered_with_the_printed_statement(newcomer, world):
    with AtTerminal(newcomer, ["docker-snowflake", "setup"]) as terminal:
        answer_connection_questions(terminal, method="2", role="PUSHER")
        terminal.answer(("Write this? [Y/n] ", "y"))
        terminal.wait_for("Press Enter")
        statement = re.search(r"ALTER USER jane SET RSA_PUBLIC_KEY = '(MII[A-Za-z0-9+/]+=*)';", terminal.screen)
        der = base64.b64decode(statement.group(1))
        world.jane.public_key = serialization.load_der_public_key(der)
        terminal.type("\n")
        terminal.wait_until(lambda: terminal.screen.count("Write this? [Y/n] ") == 2)
        terminal.type("y\n")
        terminal.answer(("May docker show a hint", ""))
        result = terminal.end()
    assert result.code == 0 and "as JANE, role PUSHER" in result.out, result.out
    key = newcomer.home / ".config/snowflake/keys/default.p8"
    assert key.stat().st_mode & 0o777 == 0o600 and key.read_text().startswith("-----BEGIN PRIVATE KEY-----")


def test_refused_answers_are_asked_for_again_before_anything_is_written(newcomer):
    with AtTerminal(newcomer, ["docker-snowflake", "setup"]) as terminal:
        answer_connection_questions(terminal, account="myorg-typo", secret="Wrong Horse 41!", role="NOSUCH")
        terminal.answer(("Write this? [Y/n] ", ""), ("Account [myorg-typo]: ", "myorg-myacct"), ("User [jane]: ", ""))
        assert not (newcomer.home / FILE).exists()
        terminal.answer_again("Password (", PASSWORD)
        terminal.answer_again("Role [your default role]: ", "PUSHER")
        terminal.answer_again("Write this? [Y/n] ", "")
        terminal.answer(("May docker show a hint", "n"))
        result = terminal.end()
    assert result.code == 0 and "as JANE, role PUSHER" in result.out, result.out
    assert tomllib.loads((newcomer.home / FILE).read_text())["default"] == {
        "account": "myorg-myacct", "user": "jane", "authenticator": "snowflake", "password": PASSWORD, "role": "PUSHER",
        "database": "DB", "schema": "SCHEMA"}
    assert newcomer.snowflake("url", "repo").out.strip() == f"{HOST}/db/schema/repo"


def test_a_login_in_the_browser_asks_again_for_an_account_and_a_user_that_do_not_exist(newcomer):
    newcomer.use_browser()
    with AtTerminal(newcomer, ["docker-snowflake", "connection", "add"]) as terminal:
        answer_connection_questions(terminal, account="myorg-no-such", user="jnae", method="1")
        terminal.answer(("Write this? [Y/n] ", ""))
        terminal.wait_for("could not resolve the host name myorg-no-such")
        terminal.answer(("Account [myorg-no-such]: ", "myorg-myacct"))
        terminal.wait_for("390190")
        terminal.answer(("User [jnae]: ", "jane"))
        result = terminal.end()
    assert result.code == 0 and "as JANE, role PUSHER" in result.out, result.out
    written = tomllib.loads((newcomer.home / FILE).read_text())["default"]
    assert (written["account"], written["user"]) == ("myorg-myacct", "jane")


def test_without_a_network_the_answers_are_kept_and_the_failure_is_shown(newcomer):
    with AtTerminal(newcomer, ["docker-snowflake", "connection", "add"]) as terminal:
        answer_connection_questions(terminal, account="myorg-no-such", method="1")
        terminal.answer(("Write this? [Y/n] ", ""), ("Account [myorg-no-such]: ", ""))
        result = terminal.end()
    assert result.code == 1 and "Error: could not resolve the host name" in result.out, result.out
    assert tomllib.loads((newcomer.home / FILE).read_text())["default"]["account"] == "myorg-no-such"


@pytest.mark.parametrize("secret, said", [(PASSWORD + " ", "begins or ends with a space"), (f"'{PASSWORD}'", "is in quotes")])
def test_a_badly_pasted_password_is_explained_and_asked_for_again(newcomer, secret, said):
    with AtTerminal(newcomer, ["docker-snowflake", "connection", "add"]) as terminal:
        answer_connection_questions(terminal, secret=secret)
        terminal.answer(("Write this? [Y/n] ", "y"), (said, ""))
        terminal.answer_again("Password (", PASSWORD)
        result = terminal.end()
    assert result.code == 0 and "as JANE, role PUSHER" in result.out, result.out
    assert tomllib.loads((newcomer.home / FILE).read_text())["default"]["password"] == PASSWORD


@pytest.mark.parametrize("place", [".config/snowflake", ".docker", "helper"])
def test_obstacles_are_reported_before_the_questions(newcomer, snowflake, place):
    if place == "helper":
        (newcomer.directory / "bin/docker-snowflake").symlink_to(pathlib.Path(newcomer.world.bin) / "docker-snowflake")
        newcomer.environment["PATH"] = f"{newcomer.directory}/bin:/usr/bin:/bin"
    else:
        (newcomer.home / place).mkdir(parents=True)
        subprocess.run(["mount", "--bind", newcomer.home / place, newcomer.home / place], check=True)
        subprocess.run(["mount", "-o", "remount,ro,bind", newcomer.home / place], check=True)
    try:
        with AtTerminal(newcomer, ["docker-snowflake", "setup"]) as terminal:
            result = terminal.end()
    finally:
        if (newcomer.home / place).is_dir():
            subprocess.run(["umount", newcomer.home / place], check=True)
    assert result.code == 1 and "Next: " in result.out and "Account: " not in result.out, result.out
    way_out = {".config/snowflake": "export SNOWFLAKE_HOME=<directory>", ".docker": "export DOCKER_CONFIG=<directory>", "helper": "then docker snowflake setup"}
    assert way_out.get(place, "") in result.out, result.out
    assert snowflake.requests == [] and not (newcomer.home / FILE).exists()


@pytest.mark.parametrize("method", ["4", "asked"])
def test_a_password_without_a_second_factor_logs_in_unattended_when_the_session_has_ended(newcomer, snowflake, method):
    with AtTerminal(newcomer, ["docker-snowflake", "setup"]) as terminal:
        answer_connection_questions(terminal, secret=PASSWORD if method == "4" else "")
        terminal.answer(("Write this? [Y/n] ", "y"))
        if method == "asked":
            terminal.answer(("Password of jane", PASSWORD))
        terminal.answer_again("Write this? [Y/n] ", "y")
        terminal.answer(("May docker show a hint", ""))
        if method == "asked":
            terminal.wait_for("  n  fail, and say to run: docker snowflake login -c default")
            terminal.answer(("may docker push ask for your password? [y/N] ", "n"))
        result = terminal.end()
    assert result.code == 0 and 'Snowflake asked for no second factor: authenticator = "snowflake" is written' in result.out, result.out
    assert tomllib.loads((newcomer.home / FILE).read_text())["default"]["authenticator"] == "snowflake"
    assert snowflake.count("login") == 1 and result.out.count("Password of jane") <= 1
    snowflake.sessions.all[-1].dead = True
    newcomer.helper("erase", HOST)
    assert (newcomer.helper("get", HOST).code == 0) == (method == "4")


@pytest.mark.parametrize("approved, authenticator", [("y", "username_password_mfa"), ("n", "snowflake")])
def test_after_a_slow_login_the_user_is_asked_whether_a_phone_rang(newcomer, world, approved, authenticator):
    world.account.allow_client_mfa_caching = False
    world.jane.second_factor = Device(lists_methods=False, seconds=3.5)
    with AtTerminal(newcomer, ["docker-snowflake", "connection", "add"]) as terminal:
        answer_connection_questions(terminal)
        terminal.answer(("Write this? [Y/n] ", "y"), ("Did you approve this login on your phone? [y/N] ", approved))
        assert terminal.end().code == 0
    assert tomllib.loads((newcomer.home / FILE).read_text())["default"]["authenticator"] == authenticator


def test_declining_the_files_of_docker_says_that_the_connection_was_written(newcomer):
    with AtTerminal(newcomer, ["docker-snowflake", "setup"]) as terminal:
        answer_connection_questions(terminal)
        terminal.answer(("Write this? [Y/n] ", "y"))
        terminal.answer_again("Write this? [Y/n] ", "n")
        result = terminal.end()
    assert result.code == 0 and "Nothing was changed" not in result.out, result.out
    assert f"connection 'default' yet, which stays in {newcomer.home / FILE}." in result.out.replace("\r\n", "\n")
    assert "Next: docker snowflake setup" in result.out and not (newcomer.home / ".docker").exists()


def test_after_three_wrong_accounts_one_next_step_remains(newcomer):
    with AtTerminal(newcomer, ["docker-snowflake", "setup"]) as terminal:
        for count in (1, 2, 3):
            terminal.wait_until(lambda: terminal.screen.count("Account: ") == count)
            terminal.type("xy12345\n")
        result = terminal.end()
    last = result.out[result.out.index("Next: "):]
    assert result.code == 2 and last.startswith("Next: docker snowflake setup asks again: run this in a worksheet") and "CURRENT_ACCOUNT_NAME" in last, result.out


def test_the_connection_that_the_user_names_is_tested(jane):
    jane.write_config(CONNECTION + '[connections.ro]\naccount = "myorg-myacct"\nuser = "jane"\npassword = "Correct Horse 1!"\nrole = "READER"\n')
    unsaid = jane.snowflake("setup", "--yes", "--no-login")
    assert f"Docker uses connection 'dev' for {HOST}, not ro. To choose: docker snowflake connection use <connection>\n" in unsaid.out, unsaid.out
    assert jane.snowflake("connection", "use", "ro").code == 0
    named = jane.snowflake("setup", "--yes", "-c", "dev")
    assert named.code == 0 and "with connection 'dev' as JANE, role PUSHER" in named.out, named.out + named.err
    assert "docker push and docker pull use connection 'ro' there. Next: docker snowflake connection use dev" in named.out
    assert "Docker uses" not in jane.snowflake("setup", "--yes", "--no-login").out


def test_undo_says_what_it_keeps_before_it_asks(newcomer):
    newcomer.write(FILE, f'[dev]\naccount = "myorg-myacct"\nuser = "jane"\npassword = "{PASSWORD}"\n')
    assert newcomer.snowflake("setup", "--yes", "--no-login").code == 0
    with AtTerminal(newcomer, ["docker-snowflake", "setup", "--undo"]) as terminal:
        seen = terminal.wait_for("Undo this? [y/N] ")
        terminal.type("n\n")
        assert "Nothing was changed." in terminal.end().out
    assert f"will be removed:     {newcomer.home}/.docker/config.json" in seen and f"will stay:           connection 'dev' in {newcomer.home / FILE}:2, with its password" in seen


@pytest.mark.parametrize("words", [["login"], ["connection", "test"], ["setup", "--yes"]])
def test_a_slow_login_shows_what_it_waits_for(jane, snowflake, words):
    snowflake.faults.delay("login", 2.5)
    with AtTerminal(jane, ["docker-snowflake", *words]) as terminal:
        result = terminal.end()
    assert result.code == 0 and f"Logging in to {HOST} … 1 s" in result.out, result.out


def test_after_three_wrong_passwords_nothing_is_written(newcomer, snowflake):
    with AtTerminal(newcomer, ["docker-snowflake", "setup"]) as terminal:
        answer_connection_questions(terminal, secret="Wrong Horse 45!")
        terminal.answer(("Write this? [Y/n] ", "y"), ("User [jane]: ", ""))
        terminal.answer_again("Password (", "Wrong Horse 46!")
        terminal.answer_again("User [jane]: ", "")
        terminal.wait_until(lambda: terminal.screen.count("Password (") == 3)
        terminal.type("Wrong Horse 47!\n")
        result = terminal.end()
    assert result.code == 1 and "no connection was written; docker snowflake setup asks again" in result.out, result.out
    assert snowflake.count("login") == 3
    assert not (newcomer.home / FILE).exists() and not (newcomer.home / ".docker").exists()


def test_without_a_terminal_the_next_step_names_the_file_and_the_line(newcomer):
    newcomer.write(FILE, '[dev]\naccount = "myorg-myacct"\nuser = "jane"\npassword = "Wrong Horse 43!"\n')
    failed = newcomer.snowflake("setup", "--yes")
    assert failed.code == 1, failed.out
    step = f"correct user ({newcomer.home / FILE}:3) or password (line 4) of connection 'dev', then docker snowflake login -c dev; five failures lock the user"
    assert step in failed.err, failed.err
    newcomer.write(FILE, '[dev]\naccount = "myorg-typo"\nuser = "jane"\npassword = "x"\n')
    assert f"correct account ({newcomer.home / FILE}:2) of connection 'dev'" in newcomer.snowflake("connection", "test").err


def test_setup_waits_for_a_key_that_snowflake_does_not_know(newcomer, world):
    with AtTerminal(newcomer, ["docker-snowflake", "connection", "add"]) as terminal:
        answer_connection_questions(terminal, method="key")
        terminal.answer(("Write this? [Y/n] ", "y"), ("Press Enter", ""))
        terminal.wait_for("Snowflake does not know this key yet")
        terminal.type("\x03")
        left = terminal.end()
    assert left.code == 130 and "Next: run the statement above in a worksheet, then docker snowflake connection test -c default" in left.out, left.out
    statement = re.compile(r"ALTER USER jane SET RSA_PUBLIC_KEY = '(MII[A-Za-z0-9+/]+=*)';")
    for words in (["connection", "test"], ["login"], ["setup", "--yes"], ["doctor"]):
        result = newcomer.snowflake(*words)
        found = statement.search(result.out + result.err)
        assert result.code == 1 and found, (words, result.out, result.err)
    world.jane.public_key = serialization.load_der_public_key(base64.b64decode(found.group(1)))
    assert newcomer.snowflake("connection", "test").code == 0


def test_a_key_with_a_passphrase_is_used_and_the_passphrase_typed_once(newcomer, world, snowflake):
    key = rsa.generate_private_key(65537, 2048)
    world.jane.public_key = key.public_key()
    newcomer.write("key.p8", pem(key, passphrase=b"open sesame"))
    with AtTerminal(newcomer, ["docker-snowflake", "connection", "add", "--private-key-file", "~/key.p8"]) as terminal:
        terminal.answer(("Account: ", "myorg-myacct"), ("User: ", "jane"), ("Role [", ""), ("Write this? [Y/n] ", ""),
                        ("Passphrase of the private key: ", "wrong"))
        terminal.answer_again("Passphrase of the private key: ", "open sesame")
        terminal.answer(("Press Enter", ""))
        result = terminal.end()
    assert result.code == 0 and "as JANE" in result.out and result.out.count("Passphrase") == 2 and "How do you" not in result.out, result.out
    assert "without a passphrase" not in result.out and "sesame" not in (newcomer.home / FILE).read_text()
    missing = newcomer.snowflake("connection", "add", "ci", "--account", "myorg-myacct", "--user", "jane", "--private-key-file", "no.p8")
    assert missing.code == 2 and f"there is no {newcomer.home}/no.p8" in missing.err and not (newcomer.home / "no.p8").exists(), missing.err
    alone = newcomer.run(["setsid", "--wait", "docker-snowflake", "connection", "add", "ci", "--account", "myorg-myacct", "--user", "jane", "--private-key-file", "key.p8"])
    assert alone.code == 1 and "set PRIVATE_KEY_PASSPHRASE" in alone.err, alone.err


def test_unusual_answers_are_understood(newcomer, snowflake):
    with AtTerminal(newcomer, ["docker-snowflake", "setup"]) as terminal:
        terminal.answer(("Account: ", ""), ("An account is needed.", "\x1b[D\x1b[Dmyorg-myacct"), ("User: ", "jane"), ("1, 2, 3 or 4 [1]: ", "pat"),
                        ("Programmatic access token: ", ""))
        # Text that is typed before the prompt is discarded.
        terminal.wait_until(lambda: terminal.screen.count("Programmatic access token: ") == 2)
        terminal.type("a b\n")
        terminal.wait_until(lambda: terminal.screen.count("Programmatic access token: ") == 3)
        terminal.type("\x04")
        result = terminal.end()
    assert result.code == 130 and snowflake.requests == [] and not (newcomer.home / FILE).exists()


def test_an_account_without_repositories_ends_with_the_command_that_creates_one(newcomer, world):
    account = world.snowflake.add_account("other-acct")
    account.add_user("JANE", password=PASSWORD, default_role="PUSHER")
    newcomer.write(FILE, f'[one]\naccount = "other-acct"\nuser = "jane"\npassword = "{PASSWORD}"\n')
    done = newcomer.snowflake("setup", "--yes")
    assert done.code == 0 and "Role PUSHER can see no image repository yet." in done.out, done.out + done.err
    assert "docker snowflake image-repository create <database>.<schema>.<name>" in done.out
    newcomer.write(FILE, (newcomer.home / FILE).read_text() + '[other]\naccount = "myorg-myacct"\nuser = "jane"\npassword = "Wrong Horse 44!"\n')
    failed = newcomer.snowflake("setup", "--yes")
    assert failed.code == 1 and "Next: docker snowflake login -c other" in failed.err, failed.err


def test_a_connection_from_variables_is_named_as_such(newcomer):
    variables = {"SNOWFLAKE_ACCOUNT": "myorg-myacct", "SNOWFLAKE_USER": "jane", "SNOWFLAKE_PASSWORD": PASSWORD}
    done = newcomer.snowflake("setup", "--yes", env=variables)
    assert done.code == 0 and "with the connection of the SNOWFLAKE_ variables as JANE" in done.out, done.out + done.err


def test_declining_and_ctrl_c_leave_nothing_behind(newcomer, snowflake):
    with AtTerminal(newcomer, ["docker-snowflake", "setup"]) as terminal:
        answer_connection_questions(terminal, method="2")
        terminal.answer(("Write this? [Y/n] ", "n"))
        assert terminal.end().code == 0
    with AtTerminal(newcomer, ["docker-snowflake", "setup"]) as terminal:
        terminal.wait_for("Account: ")
        terminal.type("\x03")
        assert terminal.end().code == 130
    assert [path for path, _ in newcomer.files() if path.is_relative_to(newcomer.home)] == []
    assert snowflake.requests == []


def test_connections_are_added_listed_tested_and_used(newcomer):
    added = newcomer.snowflake("connection", "add", "ci", "--account", "myorg-myacct", "--user", "jane", "--login", "key-pair", "--role", "PUSHER")
    assert added.code == 0 and "ALTER USER jane" in added.out, added.err
    listed = newcomer.snowflake("connection", "list")
    assert listed.out.splitlines()[0].split() == ["NAME", "USER", "AUTHENTICATOR", "REGISTRY", "DEFAULT"] and HOST in listed.out
    assert newcomer.snowflake("connection", "list", "-q").out == "ci\n"
    assert json.loads(newcomer.snowflake("connection", "list", "-o", "json").out)[0]["registry"] == HOST
    used = newcomer.snowflake("connection", "use", "ci", "--role", "OTHER")
    assert used.code == 0, used.err
    assert tomllib.loads((newcomer.home / SETTINGS).read_text())["registries"][HOST] == {"connection": "ci", "role": "OTHER"}
    assert newcomer.snowflake("connection", "use", "ci").code == 0
    assert tomllib.loads((newcomer.home / SETTINGS).read_text())["registries"][HOST] == {"connection": "ci"}
    taken = newcomer.snowflake("connection", "add", "ci", "--account", "myorg-myacct", "--user", "jane")
    assert taken.code == 1 and f"{newcomer.home / FILE}:1" in taken.err and "to replace it, remove the table [ci]" in taken.err


def test_a_connection_is_not_used_for_the_host_of_another_account(newcomer):
    newcomer.write(FILE, '[dev]\naccount = "myorg-myacct"\nuser = "jane"\n')
    refused = newcomer.snowflake("connection", "use", "dev", "--host", "other-acct.registry.snowflakecomputing.com")
    assert refused.code == 2 and HOST in refused.err
    assert not (newcomer.home / SETTINGS).exists()
    assert newcomer.snowflake("connection", "use", "prod").code == 1
    assert newcomer.snowflake("connection", "use", "dev", "--host", "127.0.0.1:5055").code == 0


def test_a_second_connection_gets_a_name_and_the_first_is_not_changed(jane, newcomer):
    before = (jane.home / ".snowflake/config.toml").read_text()
    with AtTerminal(jane, ["docker-snowflake", "connection", "add"]) as terminal:
        terminal.answer(("Name of the new connection: ", "dev"), ("already", "second"))
        answer_connection_questions(terminal, method="4", role="")
        terminal.answer(("Write this? [Y/n] ", "y"))
        assert terminal.end().code == 0
    text = (jane.home / ".snowflake/config.toml").read_text()
    assert text.startswith(before)
    assert tomllib.loads(text)["connections"]["second"] == {
        "account": "myorg-myacct", "user": "jane", "authenticator": "snowflake", "password": PASSWORD, "database": "DB", "schema": "SCHEMA"}


def test_a_test_says_who_is_logged_in_and_where(jane):
    tested = jane.snowflake("connection", "test", "dev")
    assert tested.code == 0, tested.err
    assert "JANE" in tested.out and "PUSHER" in tested.out and HOST in tested.out
    jane.write_config(CONNECTION.replace(PASSWORD, "wrong"))
    assert "390100" in jane.snowflake("connection", "test").err


def test_without_a_connection_every_command_leads_to_setup(newcomer, snowflake):
    for words in ([], ["status"], ["images"], ["login"], ["url"], ["whoami"], ["push", "app:1", "repo"]):
        result = newcomer.snowflake(*words)
        assert "docker snowflake setup" in " ".join((result.out + result.err).split()), (words, result.err)
    assert snowflake.requests == []


def test_without_a_terminal_nothing_is_asked(newcomer, snowflake):
    refused = newcomer.run(["setsid", "--wait", "docker-snowflake", "setup"])
    assert refused.code == 1 and "docker snowflake connection add" in refused.err
    refused = newcomer.run(["setsid", "--wait", "docker-snowflake", "connection", "add"])
    assert refused.code == 2 and "--account" in refused.err and "SNOWFLAKE_AUTHENTICATOR=WORKLOAD_IDENTITY" in refused.err
    words = ["connection", "add", "ci", "--account", "myorg-myacct", "--user", "jane", "--login", "token"]
    refused = newcomer.run(["setsid", "--wait", "docker-snowflake", *words])
    assert refused.code == 2 and "--token-file-path" in refused.err
    added = newcomer.run(["setsid", "--wait", "docker-snowflake", *words, "--token-file-path", "/run/token"])
    assert added.code == 0 and 'token_file_path = "/run/token"' in (newcomer.home / FILE).read_text(), added.err
    (newcomer.home / FILE).unlink()
    assert newcomer.snowflake("connection", "add", "--account", "myorg-myacct").code == 2
    assert snowflake.requests == []


def test_every_command_tells_a_newcomer_the_same(newcomer):
    for words in (["url"], ["login"], ["images"], ["whoami"], ["logout"], ["status"], [], ["token"], ["image-registry", "url"]):
        told = newcomer.snowflake(*words)
        assert told.code == 1 and re.search("ext: docker snowflake setup", told.out + told.err), words
        assert "there is no snowflake connection yet" in re.sub(r"\s+", " ", told.out + told.err).lower(), words
    (found,) = [check for check in newcomer.snowflake("doctor", "--json").json()["checks"] if check["id"] == "connection"]
    assert found["sentence"] == "there is no Snowflake connection yet" and re.match("docker.snowflake setup", found["next"])


def test_the_only_connection_is_the_default_except_for_the_commands_of_the_snowflake_cli(newcomer):
    newcomer.write(FILE, f'[dev]\naccount = "myorg-myacct"\nuser = "jane"\npassword = "{PASSWORD}"\nrole = "PUSHER"\n')
    assert newcomer.snowflake("url").out.strip() == HOST
    assert newcomer.snowflake("image-registry", "url").code == 1
    newcomer.write(".config/snowflake/config.toml", 'default_connection_name = "gone"\n')
    for words in (["url"], ["login"], ["images"], ["whoami"], ["logout"], ["doctor"]):
        assert "is not configured" not in newcomer.snowflake(*words).err, words
    assert newcomer.helper("get", HOST).code == 0


def steps_of(text):
    return [line.partition("ext: ")[2] for line in text.splitlines() if "ext: " in line]


def test_without_a_default_connection_every_command_says_the_same(newcomer, engine, snowflake):
    both = "".join(f'[{name}]\naccount = "myorg-myacct"\nuser = "jane"\npassword = "{PASSWORD}"\nrole = "PUSHER"\n' for name in ("dev", "prod"))
    newcomer.write(FILE, both)
    newcomer.use_helper_for(HOST)
    step = "docker snowflake connection use dev, which makes it the default; or add -c dev to this command"
    for words in (["url"], ["images"], ["whoami"], ["login"], ["token"], ["logout"]):
        refused = newcomer.snowflake(*words)
        assert refused.code == 1 and "none of the connections is the default: dev, prod\n" in refused.err, words
        assert steps_of(refused.err) == [step], words
    as_snow = newcomer.snowflake("image-registry", "url")
    assert as_snow.code == 1 and "Connection default is not configured" in as_snow.err and steps_of(as_snow.err) == [step]
    # The helper selects the connection by the host.
    assert newcomer.helper("get", HOST).code == 0
    for words in ([], ["status"], ["doctor"]):
        works = newcomer.snowflake(*words)
        assert works.code == 0 and "none of the connections is the default: dev, prod; docker push and pull choose one" in works.out + works.err, words
        assert step in works.out + works.err, words
    assert newcomer.snowflake("doctor", "--json").json()["verdict"]["cause"] == "default"
    assert newcomer.snowflake("doctor", HOST, "--json").json()["verdict"]["state"] == "ok"
    for words in ("images", "-c", "dev"), ("connection", "use", "dev"), ("images",), ("image-registry", "url"):
        assert newcomer.snowflake(*words).code == 0, words
    assert (newcomer.home / ".config/snowflake/config.toml").read_text() == 'default_connection_name = "dev"\n'
    assert "default" not in newcomer.snowflake("status").err
    newcomer.snowflake("connection", "use", "prod")
    assert 'default_connection_name = "dev"' in (newcomer.home / ".config/snowflake/config.toml").read_text(), "there is a default"
    variable = {"SNOWFLAKE_DEFAULT_CONNECTION_NAME": "gone"}
    assert steps_of(newcomer.snowflake("url", env=variable).err)[0].startswith("export SNOWFLAKE_DEFAULT_CONNECTION_NAME=dev, ")
    used = newcomer.snowflake("connection", "use", "prod", env=variable)
    assert used.code == 0 and "There is no connection 'gone', which SNOWFLAKE_DEFAULT_CONNECTION_NAME names." in used.out


def test_a_connection_becomes_the_default_and_nothing_else_in_the_file_changes(newcomer):
    rest = '# mine\n[cli.logs]   # logs\nsave_logs = false\r\n\n[connections]\n[connections.dev]\naccount="myorg-myacct"\nuser = \'jane\'\n[connections."b c"]\naccount = "xy12345.us-east-1"\n'
    file = newcomer.write(".config/snowflake/config.toml", 'default_connection_name =  "gone"  # old\n' + rest)
    assert newcomer.snowflake("connection", "use", "dev").code == 0
    assert file.read_bytes() == ('default_connection_name =  "dev"  # old\n' + rest).encode() and file.stat().st_mode & 0o777 == 0o600
    file = newcomer.write(".config/snowflake/config.toml", rest)
    used = newcomer.snowflake("connection", "use", "b c")
    assert "is the default now" in used.out and "locator" in used.err, "the default one, although its registry is not known"
    assert file.read_bytes() == ('default_connection_name = "b c"\n\n' + rest).encode()
    file = newcomer.write(".config/snowflake/config.toml", 'default_connection_name = """gone"""\n' + rest)
    refused = newcomer.snowflake("connection", "use", "dev")
    assert refused.code == 1 and "config.toml:1: " in refused.err and "gone" in file.read_text()


def test_an_invalid_snowflake_home_is_named_by_every_command(newcomer, snowflake):
    newcomer.write("file", "")
    empty = newcomer.home / ".snowflake"
    for home, said in ((str(newcomer.home / "file"), "is not a directory"), ("/run/nowhere", "is not a directory"), ('"/x"', "relative path"), ("$HOME/x", "relative path"),
                       (None, f"is ignored because {empty} exists")):
        if home is None:
            newcomer.write(FILE, f'[dev]\naccount = "myorg-myacct"\nuser = "jane"\npassword = "{PASSWORD}"\n')
            empty.mkdir()
        env = {"SNOWFLAKE_HOME": home} if home else {}
        for words in ([], ["status"], ["url"], ["login"], ["images"], ["connection", "list"], ["setup", "--yes"]):
            result = newcomer.snowflake(*words, env=env)
            assert said in result.out + result.err, (home, words, result.out + result.err)
        assert said in newcomer.helper("get", HOST, env=env).err, home
    assert snowflake.requests == []


@pytest.mark.parametrize("account", ["https://evil.example", "evil.example", "example.com", "https://myorg.myacct", "localhost", "myorg.myacct:443",
                                     "https://registry.example/v2/"])
def test_the_address_of_something_else_is_not_an_account(newcomer, account):
    refused = newcomer.snowflake("connection", "add", "dev", "--account", account, "--user", "jane")
    assert refused.code == 2 and "CURRENT_ORGANIZATION_NAME" in refused.err, refused.out
    assert not (newcomer.home / FILE).exists()


@pytest.mark.parametrize("user", [" jane", "jane\n", '"jane"', "'jane'", "${USER}", "$USER", "<user>", "ja\u200bne", "ja\x1b[31mne"])
def test_an_implausible_user_is_not_written(newcomer, user):
    for option in ("--user", "--role"):
        words = {"--user": "jane", "--role": "PUSHER", option: user}
        refused = newcomer.snowflake("connection", "add", "dev", "--account", "myorg-myacct", *(word for pair in words.items() for word in pair))
        assert refused.code in (1, 2) and option.strip("-") in refused.err and "\x1b" not in refused.err, (option, refused.out)
    assert not (newcomer.home / FILE).exists()


@pytest.mark.parametrize("name", [" ", "a ", "a\x1b[31m", "a\nb", "x" * 300, "-x", "--"])
def test_a_name_that_cannot_be_typed_is_not_written(newcomer, name):
    refused = newcomer.snowflake("connection", "add", "--account", "myorg-myacct", "--user", "jane", "--", name)
    assert refused.code == 2 and "cannot be the name of a connection" in refused.err, refused.out
    assert not (newcomer.home / FILE).exists()


def test_a_connection_that_would_be_hidden_is_not_written(newcomer):
    words = ["connection", "add", "dev", "--account", "myorg-myacct", "--user", "jane"]
    refused = newcomer.snowflake(*words, env={"SNOWFLAKE_CONNECTIONS": '[ci]\naccount = "myorg-myacct"\n'})
    assert refused.code == 1 and "unset SNOWFLAKE_CONNECTIONS" in refused.err
    assert not (newcomer.home / FILE).exists()
    path = newcomer.write(".config/snowflake/config.toml", "[cli]\n", mode=0o400)
    assert "chmod u+w" in newcomer.snowflake(*words).err
    assert path.stat().st_mode & 0o777 == 0o400 and path.read_text() == "[cli]\n"


def test_a_connection_under_the_wrong_heading_is_explained_by_every_command(newcomer, snowflake):
    table = f'account = "myorg-myacct"\nuser = "jane"\npassword = "{PASSWORD}"\n'
    for name, heading, right in ((FILE, "[connections.dev]", "use [<name>]"), (".config/snowflake/config.toml", "[dev]", "use [connections.dev]")):
        path = newcomer.write(name, f"{heading}\n{table}")
        for words in (["url"], ["images"], ["setup"], ["login"]):
            result = newcomer.snowflake(*words)
            assert result.code == 1 and result.err.count(right) == 1, (words, result.err)
        path.unlink()
    assert snowflake.requests == []
