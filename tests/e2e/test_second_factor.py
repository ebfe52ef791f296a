# SPDX-License-Identifier: Apache-2.0
"""Second factors: the phone rings once for the lifetime of the MFA token, and after a denial only when the user logs in again."""

import time

import pytest
from conftest import CONNECTION, HOST
from credentials import token_of
from fake_snowflake.login.duo import Device
from world.terminal import AtTerminal

MFA = CONNECTION + 'authenticator = "username_password_mfa"\n'
LOGIN = "docker snowflake login -c dev"


@pytest.fixture
def phone(world):
    world.jane.second_factor = Device()
    return world.jane.second_factor


@pytest.fixture
def jane(jane, phone):
    jane.write_config(MFA)
    return jane


@pytest.mark.parametrize("lists_methods, separate_confirmation", [(True, True), (True, False), (False, False)])
def test_an_approval_lasts_for_the_lifetime_of_its_token(jane, phone, snowflake, lists_methods, separate_confirmation):
    phone.lists_methods, phone.separate_confirmation = lists_methods, separate_confirmation
    waiting = jane.snowflake("login")
    assert waiting.code == 0 and "MFA token: " in waiting.out, waiting.err
    # If Snowflake does not announce that it rings the phone, the phone is mentioned when the answer takes long.
    assert not lists_methods or "approve the login on your phone" in waiting.err
    first = token_of(jane.helper("get", HOST))
    snowflake.sessions.all[-1].dead = True
    jane.helper("erase", HOST)
    assert token_of(jane.helper("get", HOST)) != first
    assert jane.snowflake("login").code == 0
    assert phone.rings == 1 and len(snowflake.sessions.all) == 3


def test_the_helper_rings_no_phone_and_names_the_command_that_does(jane, phone, snowflake):
    for _ in range(2):
        result = jane.helper("get", HOST)
        assert result.code == 1 and result.out.endswith(f"Next: {LOGIN} (credentials not found in native keychain)\n"), result.out
    assert snowflake.requests == [] and phone.rings == 0


def test_a_password_that_needs_mfa_also_names_the_command(jane, phone, snowflake):
    jane.write_config(CONNECTION)
    for _ in range(2):
        result = jane.helper("get", HOST)
        assert "390124" in result.out and LOGIN in result.out
    assert snowflake.count("login") == 1 and phone.rings == 0
    assert jane.snowflake("login").code == 0
    assert phone.rings == 1


@pytest.mark.parametrize("answer, code", [("deny", "390120"), ("ignore", "390126")])
def test_a_denied_or_missing_approval_is_never_requested_again_automatically(jane, phone, snowflake, answer, code):
    phone.answer = answer
    result = jane.snowflake("login")
    assert result.code == 1 and code in result.err and LOGIN in result.err
    for _ in range(3):
        assert code in jane.snowflake("token").err
        assert code in jane.helper("get", HOST).out
    assert phone.rings == 1
    phone.answer = "approve"
    assert jane.snowflake("login").code == 0
    assert phone.rings == 2


def test_after_a_missed_approval_the_next_layer_does_not_ring(jane, phone, snowflake):
    jane.write_config(CONNECTION)
    phone.lists_methods, phone.seconds = False, 40
    result = jane.helper("get", HOST)
    assert result.code == 1 and "approved" in result.out and LOGIN in result.out
    assert "next attempt in" in jane.helper("get", HOST).out
    assert phone.rings == 1


@pytest.mark.parametrize("fault", ["reset_before", "reset_after", "truncate", "html"])
def test_the_phone_rings_once_even_when_an_answer_is_lost(jane, phone, snowflake, fault):
    snowflake.faults.delay("login", 0)  # the first request passes, the one that rings does not
    getattr(snowflake.faults, fault)("login")
    result = jane.snowflake("login")
    assert result.code == 1 and result.err.count("Error: ") == 1 and "Next: " in result.err
    assert phone.rings == (fault in ("reset_after", "truncate")) and snowflake.count("login") == 2
    assert jane.snowflake("login").code == 0


def test_an_account_that_does_not_exist_does_not_ring(jane, phone):
    jane.write_config(MFA.replace("myorg-myacct", "other-acct"))
    result = jane.snowflake("login")
    assert result.code == 1 and "403" in result.err and "other-acct" in result.err and phone.rings == 0


def test_passcodes_by_option_in_the_password_and_in_the_connection(jane, phone, snowflake):
    phone.passcodes |= {"123456", "234567", "345678"}
    assert jane.snowflake("login", "--mfa-passcode", "123456").code == 0
    phone.tokens.clear()
    used = jane.snowflake("login", "--mfa-passcode=123456")
    assert used.code == 1 and "390127" in used.err and f"{LOGIN} --mfa-passcode" in used.err
    assert "123456" not in used.err
    jane.write_config(MFA.replace("Horse 1!", "Horse 1!234567") + "passcode_in_password = true\n")
    assert jane.snowflake("login").code == 0
    phone.tokens.clear()
    jane.write_config(MFA + 'passcode = "345678"\n# another file\n')
    jane.snowflake("logout")
    token_of(jane.helper("get", HOST))
    assert phone.rings == 0


def test_without_push_notifications_a_passcode_is_asked_for(jane, phone):
    phone.push = False
    result = jane.snowflake("login")
    assert "390132" in result.err and f"{LOGIN} --mfa-passcode" in result.err
    asked = jane.snowflake("login", "--mfa-passcode")
    assert asked.code == 1 and "without a terminal" in asked.err and "--mfa-passcode <passcode>" in asked.err


def test_five_wrong_passwords_are_never_reached_by_a_push_of_many_layers(jane, world, phone, snowflake):
    jane.write_config(MFA.replace("Correct", "Wrong"))
    assert jane.snowflake("login").code == 1
    for _ in range(6):
        assert "390100" in jane.snowflake("token").err
    assert snowflake.count("login") == 1 and world.jane.locked_until == 0


def test_two_processes_of_one_login_ring_once(jane, phone, snowflake):
    phone.seconds = 1
    both = [jane.start(["docker-snowflake", "token"]) for _ in range(2)]
    assert {jane.finish(process).code for process in both} == {0}
    assert phone.rings == 1 and len(snowflake.sessions.all) == 1


def test_two_connections_do_not_wait_for_each_other(jane, world, phone, snowflake):
    phone.seconds = 60
    joe = world.account.add_user("joe", password="pw")
    joe.second_factor = Device()
    jane.write_config(MFA + '[connections.joe]\naccount = "myorg-myacct"\nuser = "joe"\npassword = "pw"\nauthenticator = "username_password_mfa"\n')
    slow = jane.start(["docker-snowflake", "login"])
    while not phone.rings:
        time.sleep(0.01)
    quick = jane.snowflake("login", "-c", "joe")
    assert quick.code == 0, quick.err
    assert slow.poll() is None
    phone.answered.set()
    assert jane.finish(slow).code == 0


def test_the_wait_is_shown_on_a_terminal_and_erased_afterwards(jane, phone):
    phone.seconds = 60
    with AtTerminal(jane, ["docker-snowflake", "login"]) as terminal:
        terminal.wait_for("approve the login on your phone … 1 s")
        phone.answered.set()
        result = terminal.end()
    assert result.code == 0 and "\r\x1b[K" + "Logged in to" in result.out


def test_the_phone_is_mentioned_only_when_snowflake_takes_long(jane, phone):
    phone.lists_methods, phone.seconds = False, 60
    with AtTerminal(jane, ["docker-snowflake", "login"]) as terminal:
        terminal.wait_for("logging in … 0 s")
        assert "phone" not in terminal.screen.partition("logging in … 1 s")[0]
        terminal.wait_for("if Snowflake asks, approve the login on your phone … 2 s")
        phone.answered.set()
        assert terminal.end().code == 0
    phone.answered.clear()
    jane.snowflake("logout")
    waiting = jane.start(["docker-snowflake", "login"])
    time.sleep(4)
    assert waiting.poll() is None
    phone.answered.set()
    assert jane.finish(waiting).err == "Waiting: if Snowflake asks, approve the login on your phone\n"


def test_ctrl_c_ends_the_wait_at_once(jane, phone):
    phone.seconds = 30
    with AtTerminal(jane, ["docker-snowflake", "login"]) as terminal:
        terminal.wait_for("approve the login on your phone")
        terminal.wait_until(lambda: phone.rings)
        terminal.type("\x03")
        result = terminal.end(timeout=15)
    assert result.code == 130 and "Error" not in result.out
