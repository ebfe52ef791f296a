# SPDX-License-Identifier: Apache-2.0
"""Every error code of a refused login (common/snowflake/PROTOCOL.md 2.3) is shown with its message and a next step."""

import pytest
from conftest import CONNECTION, HOST

CODES = """390100 390101 390102 390103 390104 390110 390111 390112 390113 390114 390115 390120 390121 390122 390123 390124
390125 390126 390127 390128 390129 390132 390139 390144 390189 390191 390195 390201 390303 390309 390318 390400 390401 390422
394300 394301 394302 394303 394304 394305 394306 394400 394507 394508 394509 394633""".split()
UNKNOWN = "look up the code"


def next_step(text):
    """The step after "Next: ", as the plugin writes it, or "next: ", as the helper does."""
    return next(line.partition("ext: ")[2] for line in text.splitlines() if "ext: " in line)


@pytest.mark.parametrize("code", CODES)
def test_a_code_has_a_message_and_a_next_step(jane, world, snowflake, code):
    world.account.deny_login = (code, "Words of Snowflake.")
    helper, plugin = jane.helper("get", HOST), jane.snowflake("login")
    assert (helper.code, plugin.code) == (1, 1)
    for text in (helper.out, helper.err, plugin.err):
        assert f"{code}: Words of Snowflake." in text
        assert next_step(text) and UNKNOWN not in text and "LOGIN" not in text
    assert next_step(helper.err) == next_step(plugin.err)
    # If Snowflake sends no message, the meaning of the code is shown.
    world.account.deny_login = (code, None)
    silent = jane.snowflake("login").err
    assert f"Error: {code}: " in silent and "without giving a reason" not in silent
    assert snowflake.count("login") == 3


def test_a_next_step_names_the_connection(jane, world):
    world.account.deny_login = ("390120", "Denied.")
    assert "docker snowflake login -c dev" in next_step(jane.helper("get", HOST).err)


def test_an_unknown_code_is_shown_unchanged(jane, world):
    world.account.deny_login = ("395999", "Something new.")
    assert "395999: Something new." in jane.helper("get", HOST).out and UNKNOWN in jane.snowflake("login").err


def test_a_code_may_be_a_number(jane, snowflake):
    snowflake.faults.refuse("login", 390189, "No such role.")
    jane.write_config(CONNECTION)
    assert "390189: No such role." in jane.helper("get", HOST).out
