# SPDX-License-Identifier: Apache-2.0
"""docker snowflake and nothing else: the state, and the next step."""

from conftest import CONNECTION, HOST


def greeted(person, next_step):
    result = person.snowflake()
    assert result.code == 0 and result.err == ""
    assert len(result.out.splitlines()) < 12
    assert f"\nNext: {next_step}" in result.out and result.out.endswith("docker snowflake --help\n")
    return result.out


def test_a_newcomer_is_led_from_nothing_to_a_push(world, snowflake):
    person = world.person()
    assert "no Snowflake connection" in greeted(person, "docker snowflake setup")
    person.write_config(CONNECTION)
    shown = greeted(person, "docker snowflake setup\n")
    assert HOST in shown and "not set up for that yet" in shown
    assert person.snowflake("setup", "--yes", "--no-sign-in").code == 0
    assert "by itself" in greeted(person, f"docker push {HOST}/")
    person.write_config('[connections.old]\naccount = "xy12345.us-east-1"\n')
    greeted(person, "docker snowflake setup --ask")
    person.write_config("".join(f'[connections.c{n}]\naccount = "org-a{n}"\n' for n in range(50)))
    assert "and 47 more" in greeted(person, "docker snowflake setup\n")
    assert snowflake.requests == []


def test_a_push_that_would_fail_is_not_called_set_up(jane, world):
    world.account.deny_login = ("390100", "Incorrect username or password was specified.")
    assert jane.helper("get", HOST).code == 1
    assert "390100" in greeted(jane, "")
    jane.write_config(CONNECTION + 'authenticator = "externalbrowser"\n')
    assert "login needed" in greeted(jane, "docker snowflake login -c dev\n")


def test_broken_files_are_named_and_nothing_fails(jane):
    jane.write(".docker/config.json", "{,}")
    assert "config.json:1:2: this is not valid JSON" in greeted(jane, "correct the file there")
    jane.write_settings("store = 1\n")
    assert "config.toml:1: store" in greeted(jane, 'set store = "auto"')
    jane.write_config("[connections\n")
    assert "config.toml:" in greeted(jane, "look at that line")


def test_the_full_help_is_where_help_is_asked_for(jane):
    for words in (["--help"], ["help", "snowflake"], ["snowflake", "--help"]):
        shown = jane.snowflake(*words)
        assert shown.code == 0 and "image-registry" in shown.out and "Next: " not in shown.out
