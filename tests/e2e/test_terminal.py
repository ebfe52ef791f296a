# SPDX-License-Identifier: Apache-2.0
"""Typing secrets at a terminal: they are hidden, may be long, and the state of the terminal is restored."""

import os
import signal

import pytest
from conftest import CONNECTION, HOST
from credentials import start_get_at_terminal, token_of
from fake_snowflake.login.duo import Device
from world.terminal import AtTerminal

WITHOUT_PASSWORD = CONNECTION.replace('password = "Correct Horse 1!"\n', "")
PROMPT = "Password of jane at myorg-myacct: "


@pytest.fixture
def jane(jane):
    jane.write_config(WITHOUT_PASSWORD)
    return jane


def at_terminal(user, *arguments, **options):
    return AtTerminal(user, ["docker-snowflake", *(arguments or ["login"])], **options)


def test_a_password_that_is_not_in_a_file_is_asked_for_and_not_shown(jane, snowflake):
    with at_terminal(jane) as terminal:
        terminal.wait_for(PROMPT)
        assert not terminal.echo_enabled()
        terminal.type("wrong\x15" + "Correct Horse 1!é?\x7f\x7f\r")
        result = terminal.end()
        assert terminal.echo_enabled()
    assert result.code == 0, result.out
    assert "Horse" not in result.out and "wrong" not in result.out
    token_of(jane.helper("get", HOST))
    assert snowflake.count("login") == 1


def test_a_wrong_password_is_asked_for_three_times(jane, snowflake):
    with at_terminal(jane) as terminal:
        for count, word in enumerate(("wrong", ""), start=1):
            terminal.wait_until(lambda count=count: terminal.screen.count(PROMPT) == count)
            terminal.type(word + "\n")
        result = terminal.end()
    assert result.code == 1 and "251006" in result.out, result.out
    with at_terminal(jane) as terminal:
        for count, word in enumerate(("wrong", "Correct Horse 1!"), start=1):
            terminal.wait_until(lambda count=count: terminal.screen.count(PROMPT) == count)
            terminal.type(word + "\n")
        result = terminal.end()
    assert result.code == 0 and result.out.count("390100") == 1 and "as JANE" in result.out
    with at_terminal(jane) as terminal:
        for count in (1, 2, 3):
            terminal.wait_until(lambda count=count: terminal.screen.count(PROMPT) == count)
            terminal.type(f"wrong{count}\n")
        result = terminal.end()
    assert result.code == 1 and result.out.count("390100") == 3 and "wrong1" not in result.out


def test_a_long_secret_may_be_pasted(jane, world):
    world.jane.password = "x" * 20_000 + "end"
    with at_terminal(jane) as terminal:
        terminal.wait_for(PROMPT)
        terminal.type(world.jane.password + "\n")
        assert terminal.end().code == 0


def test_ctrl_c_and_ctrl_d_end_silently_and_restore_echo(jane, snowflake):
    for key in ("\x03", "\x04", "half of it\x03"):
        with at_terminal(jane) as terminal:
            terminal.wait_for(PROMPT)
            terminal.type(key)
            result = terminal.end(timeout=15)
            assert terminal.echo_enabled()
        assert result.code == 130 and "Error" not in result.out
    assert snowflake.requests == []


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_leaves_the_terminal_as_it_was(jane, name):
    with at_terminal(jane) as terminal:
        terminal.wait_for(PROMPT)
        os.kill(terminal.process.pid, getattr(signal, name))
        result = terminal.end(timeout=15)
        assert terminal.echo_enabled()
    assert result.code == 130


def test_ctrl_z_restores_the_terminal_until_the_program_continues(jane):
    with at_terminal(jane) as terminal:
        terminal.wait_for(PROMPT)
        terminal.type("half of it\x1a")
        terminal.wait_until(terminal.is_stopped)
        assert terminal.echo_enabled()
        os.kill(terminal.process.pid, signal.SIGCONT)
        terminal.wait_until(lambda: terminal.screen.count(PROMPT) == 2)
        assert not terminal.echo_enabled()
        terminal.type("Correct Horse 1!\n")
        assert terminal.end().code == 0


def test_the_passcode_is_hidden(jane, world):
    world.jane.second_factor = Device(passcodes={"654321"})
    jane.write_config(CONNECTION + 'authenticator = "username_password_mfa"\n')
    with at_terminal(jane, "login", "--mfa-passcode") as terminal:
        terminal.wait_for("MFA passcode: ")
        assert not terminal.echo_enabled()
        terminal.type("654321\n")
        result = terminal.end()
    assert result.code == 0 and "654321" not in result.out


def test_the_streams_of_a_command_may_be_redirected(jane):
    with at_terminal(jane, "token", streams="pipes") as terminal:
        terminal.wait_for(PROMPT)
        terminal.type("Correct Horse 1!\n")
        result = terminal.end()
    assert result.code == 0 and set(result.json()) == {"token", "expires_in"}


def test_without_a_terminal_the_variable_is_named(jane, snowflake):
    result = jane.snowflake("login")
    assert result.code == 1 and "251006" in result.err and "SNOWFLAKE_PASSWORD" in result.err
    helper = jane.helper("get", HOST)
    assert "251006" in helper.out and "docker snowflake login -c dev" in helper.out
    assert snowflake.requests == []


def test_the_helper_prompts_only_when_the_settings_allow_it(jane, snowflake):
    with start_get_at_terminal(jane) as terminal:
        result = terminal.end()
    assert result.code == 1 and "251006" in result.out and terminal.screen == ""
    jane.write_settings('interactive = "terminal"\n')
    with start_get_at_terminal(jane) as terminal:
        terminal.wait_for(PROMPT)
        terminal.type("\x03")
        assert (terminal.end(timeout=15).code, terminal.echo_enabled()) == (130, True)
    with start_get_at_terminal(jane) as terminal:
        terminal.wait_for(PROMPT)
        terminal.type("Correct Horse 1!\n")
        token_of(terminal.end())
    assert snowflake.count("login") == 1
    # Without a terminal, the setting has no effect.
    jane.snowflake("logout")
    assert "251006" in jane.helper("get", HOST).out


def test_the_helper_requests_an_approval_only_with_a_terminal(jane, world):
    phone = world.jane.second_factor = Device()
    jane.write_config(CONNECTION + 'authenticator = "username_password_mfa"\n')
    jane.write_settings('interactive = "terminal"\n')
    assert "docker snowflake login -c dev" in jane.helper("get", HOST).out
    assert phone.rings == 0
    with start_get_at_terminal(jane) as terminal:
        result = terminal.end()
    token_of(result)
    assert phone.rings == 1 and "approve the login on your phone" in result.err


def test_a_ready_token_does_not_open_the_terminal(jane):
    jane.write_settings('interactive = "terminal"\n')
    jane.write_config(CONNECTION)
    token_of(jane.helper("get", HOST))
    calls = jane.run(["strace", "-f", "docker-credential-snowflake", "get"], HOST)
    assert calls.code == 0 and "/dev/tty" not in calls.err and "docker-snowflake/config.toml\", O_" not in calls.err


def test_docker_passes_its_terminal_to_the_command(jane):
    jane.use_helper_for(HOST)
    with AtTerminal(jane, ["/usr/bin/docker", "snowflake", "login"]) as terminal:
        terminal.wait_for(PROMPT)
        terminal.type("\x03")
        terminal.end(timeout=10)
        terminal.wait_until(terminal.echo_enabled)
    with AtTerminal(jane, ["/usr/bin/docker", "snowflake", "login"]) as terminal:
        terminal.wait_for(PROMPT)
        terminal.type("Correct Horse 1!\n")
        result = terminal.end()
    assert result.code == 0 and f"Logged in to {HOST}" in result.out
