# SPDX-License-Identifier: Apache-2.0
"""docker snowflake without arguments shows the state and the next step, and exits with 1 unless that is a push."""

import json
import re

from conftest import CONNECTION, HOST


def greeted(user, next_step, **options):
    result = user.snowflake(**options)
    assert (result.code, result.err) == (0 if next_step.startswith("docker push") else 1, "")
    assert len(result.out.splitlines()) < 12
    assert f"\nNext: {next_step}" in result.out and result.out.endswith("docker snowflake --help\n")
    return result.out


def test_a_newcomer_is_led_from_nothing_to_a_push(world, engine, snowflake):
    user = world.user()
    assert "no Snowflake connection" in greeted(user, "docker snowflake setup")
    user.write_config(CONNECTION)
    step = f"docker snowflake setup --host {HOST}\n"
    shown = greeted(user, step)
    assert f"next: {step}" in user.snowflake("status").out
    assert HOST in shown and f"not set up for {HOST} yet" in shown
    assert user.snowflake("setup", "--yes", "--no-sign-in").code == 0
    assert "the next push logs in" in greeted(user, f"docker push {HOST}/")
    user.write_config('[connections.old]\naccount = "xy12345.us-east-1"\n')
    greeted(user, "docker snowflake setup --ask")
    user.write_config("".join(f'[connections.c{n}]\naccount = "org-a{n}"\n' for n in range(50)))
    assert "and 47 more" in greeted(user, "docker snowflake setup --host org-a0.registry.snowflakecomputing.com\n")
    assert snowflake.requests == []


def test_the_greeting_does_not_promise_a_push_that_would_fail(jane, world, engine):
    jane.log_in()
    assert "Docker is set up: it logs in there automatically." in greeted(jane, f"docker push {HOST}/")
    jane.snowflake("logout")
    world.account.deny_login = ("390100", "Incorrect username or password was specified.")
    assert jane.helper("get", HOST).code == 1
    assert "390100" in greeted(jane, "")
    jane.write_config(CONNECTION + 'authenticator = "externalbrowser"\n')
    assert "login needed" in greeted(jane, "docker snowflake login -c dev\n")


def test_a_daemon_or_a_helper_that_is_missing_is_named(jane, world, engine):
    greeted(jane, f"docker push {HOST}/")
    down = greeted(jane, "start that daemon, or unset DOCKER_HOST\n", env={"DOCKER_HOST": "unix:///run/nowhere.sock"})
    assert "Cannot connect to the Docker daemon" in down
    alone = jane.directory / "alone"
    alone.mkdir()
    for program in ("docker-snowflake", "docker"):
        (alone / program).symlink_to(jane.run(["which", program]).out.strip())
    assert "is not on the PATH" in greeted(jane, "", env={"PATH": str(alone)})


def test_a_docker_that_does_not_work_is_not_one_that_is_not_needed(jane):
    docker = jane.write("bin/docker", "#!/bin/sh\necho broken >&2\nexit 1\n", mode=0o755)
    environment = {"PATH": f"{docker.parent}:{jane.environment['PATH']}", "DOCKER_HOST": ""}
    for words in (["status"], []):
        result = jane.snowflake(*words, env=environment)
        assert result.code == 1 and f"{docker} does not work: broken" in result.out, result.out


def test_a_refused_login_has_the_same_next_step_everywhere(jane, world, engine):
    jane.write_config(CONNECTION.replace("Correct Horse 1!", "refused everywhere"))
    first = jane.helper("get", HOST)
    assert first.code == 1
    steps = [line.partition("ext: ")[2] for line in first.err.splitlines() if "ext: " in line]
    greeting = jane.snowflake().out
    steps.append(re.search("^Next: (.*)$", greeting, re.M)[1])
    (row,) = jane.snowflake("status", "--json").json()
    steps.append(row["next"])
    status = jane.snowflake("status").out
    steps.append(re.search("^ +next: (.*)$", status, re.M)[1])
    verdict = json.loads(jane.snowflake("doctor", "--json").out)["verdict"]
    steps.append(verdict["next"])
    assert len(set(steps)) == 1, steps
    for text in (first.err, greeting, row["problem"], status, verdict["sentence"]):
        assert "390100" in text, text


def test_broken_files_are_named_and_nothing_fails(jane):
    jane.write(".docker/config.json", "{,}")
    assert "config.json:1:2: this is not valid JSON" in greeted(jane, "correct the file there")
    jane.write_settings("store = 1\n")
    assert "config.toml:1: store" in greeted(jane, 'set store = "auto"')
    jane.write_config("[connections\n")
    assert "config.toml:" in greeted(jane, "look at that line")


def test_help_shows_the_full_help(jane):
    for words in (["--help"], ["help", "snowflake"], ["snowflake", "--help"]):
        shown = jane.snowflake(*words)
        assert shown.code == 0 and "image-registry" in shown.out and "Next: " not in shown.out
