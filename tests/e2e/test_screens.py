# SPDX-License-Identifier: Apache-2.0
"""The screens of this program's own commands: lists without frames, formats for programs, and words for "nothing"."""

import json

import yaml
from conftest import HOST
from test_repositories import push


# First of all: what a later test pushes stays in the registry.
def test_nothing_found_says_what_was_looked_for_and_what_to_do(world, jane):
    cases = ((["images"], "No images in the 2 repositories that role PUSHER can see."), (["images", "repo"], "No images in DB.SCHEMA.REPO."),
             (["repositories", "--like", "x%"], "No image repositories whose names match that role PUSHER can see there."))
    for words, sentence in cases:
        result = jane.snowflake(*words)
        assert (result.code, result.out) == (0, ""), words
        assert sentence in result.err and "Next: " in result.err, result.err
        assert jane.snowflake(*words, "-o", "json").err == ""
    push(jane, "db/schema/repo/app:1")
    for words in (["images", "-f", "image=other"], ["images", "repo/other"], ["images", "repo/app:2"]):
        result = jane.snowflake(*words)
        assert (result.code, result.out) == (0, "") and "No image matches" in result.err, words
    world.account.repositories.clear()
    assert "No image repositories that role PUSHER can see" in jane.snowflake("images").err


def test_lists_have_one_line_for_each_row_and_fit_the_terminal(jane):
    push(jane, "db/schema/repo/app:1")
    listed = jane.snowflake("repositories").out.splitlines()
    assert listed[0].split() == ["REPOSITORY", "URL", "OWNER", "CREATED"]
    assert listed[1].split()[:2] == ["DB.SCHEMA.REPO", f"{HOST}/db/schema/repo"]
    assert jane.snowflake("repositories", "-q").out.splitlines() == ["DB.SCHEMA.REPO", "DB.SCHEMA.REPO2"]
    assert "ENCRYPTION" in jane.snowflake("repositories", "-o", "wide").out
    assert jane.snowflake("images", "-o", "name").out == jane.snowflake("images", "-q").out == f"{HOST}/db/schema/repo/app:1\n"
    for words in (["repositories"], ["images"], ["config"]):
        shown = jane.run(["script", "-qec", "stty cols 60; docker-snowflake " + " ".join(words), "/dev/null"], env={"TERM": "dumb"}).out
        lines = shown.replace("\r", "").splitlines()
        assert len(lines) > 1 and max(map(len, lines)) <= 60, shown
        assert "\x1b" not in shown


def test_programs_get_json_yaml_and_csv(jane):
    push(jane, "db/schema/repo/app:1.0")
    as_json = json.loads(jane.snowflake("images", "-o", "json").out)
    assert as_json == jane.snowflake("images", "--format", "JSON").json()
    assert yaml.safe_load(jane.snowflake("images", "-o", "yaml").out) == as_json
    assert yaml.safe_load(jane.snowflake("whoami", "-o", "yaml").out) == jane.snowflake("whoami", "-o", "json").json()
    assert yaml.safe_load(jane.snowflake("repositories", "-o", "yaml").out)[0]["name"] == "REPO"
    assert yaml.safe_load(jane.snowflake("config", "-o", "yaml").out) == jane.snowflake("config", "-o", "json").json()
    wrong = jane.snowflake("images", "-o", "xml")
    assert wrong.code == 2 and "'xml' is not one of table, wide, name, json, yaml, csv." in wrong.err


def test_whoami_is_a_card(jane):
    lines = dict(line.split(":", 1) for line in jane.snowflake("whoami").out.splitlines())
    assert lines["User"].strip() == "JANE" and lines["Secondary roles"].strip()
