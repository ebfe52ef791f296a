# SPDX-License-Identifier: Apache-2.0
"""Output of the plugin's own commands: tables, formats for programs, help, empty lists and progress."""

import json
import os
import pathlib
import re
import shlex

import pytest
import yaml
from conftest import HOST
from registry_clients import push_with_skopeo
from world.terminal import AtTerminal

SCREENS = pathlib.Path(__file__).resolve().parent / "screens"


# Must run first, because images of other tests stay in the registry.
def test_an_empty_list_says_what_was_searched_and_what_to_do(world, jane):
    cases = ((["images"], "No images in the 2 repositories that role PUSHER can see."), (["images", "repo"], "No images in DB.SCHEMA.REPO."),
             (["repositories", "--like", "x%"], "No repositories whose names match that role PUSHER can see in DB.SCHEMA."))
    for words, sentence in cases:
        result = jane.snowflake(*words)
        assert (result.code, result.out) == (0, ""), words
        assert sentence in result.err and "Next: " in result.err, result.err
        assert jane.snowflake(*words, "-o", "json").err == ""
    push_with_skopeo(jane, "db/schema/repo/app:1")
    for words in (["images", "-f", "image=other"], ["images", "repo/other"], ["images", "repo/app:2"]):
        result = jane.snowflake(*words)
        assert (result.code, result.out) == (0, "") and result.err.startswith("No image in ") and " matches" in result.err, words
    world.account.repositories.clear()
    assert "No repositories that role PUSHER can see" in jane.snowflake("images").err


def test_lists_have_one_line_for_each_row_and_fit_the_terminal(jane):
    push_with_skopeo(jane, "db/schema/repo/app:1")
    listed = jane.snowflake("repositories").out.splitlines()
    assert listed[0].split() == ["REPOSITORY", "URL", "OWNER", "CREATED"]
    assert listed[1].split()[:2] == ["DB.SCHEMA.REPO", f"{HOST}/db/schema/repo"]
    assert jane.snowflake("repositories", "-q").out.splitlines() == ["DB.SCHEMA.REPO", "DB.SCHEMA.REPO2"]
    assert "ENCRYPTION" in jane.snowflake("repositories", "-o", "wide").out
    assert jane.snowflake("images", "-o", "name").out == jane.snowflake("images", "-q").out == f"{HOST}/db/schema/repo/app:1\n"
    for words in (["repositories"], ["images"], ["config"]):
        shown = jane.run(["script", "-qec", "stty cols 60; docker-snowflake " + " ".join(words), "/dev/null"], env={"TERM": "dumb", "DOCKER_SNOWFLAKE_CONFIG": "/run/settings.toml"}).out
        lines = shown.replace("\r", "").splitlines()
        # A word that is wider than the terminal is not cut or broken, so that it can be copied.
        assert len(lines) > 1 and all(len(line) <= 60 or " " not in line for line in lines), shown
        assert "…" not in shown
        assert "\x1b" not in shown


def test_programs_get_json_yaml_and_csv(jane):
    push_with_skopeo(jane, "db/schema/repo/app:1.0")
    as_json = json.loads(jane.snowflake("images", "-o", "json").out)
    assert as_json == jane.snowflake("images", "--format", "JSON").json()
    assert yaml.safe_load(jane.snowflake("images", "-o", "yaml").out) == as_json
    assert yaml.safe_load(jane.snowflake("whoami", "-o", "yaml").out) == jane.snowflake("whoami", "-o", "json").json()
    assert yaml.safe_load(jane.snowflake("repositories", "-o", "yaml").out)[0]["name"] == "REPO"
    assert yaml.safe_load(jane.snowflake("config", "-o", "yaml").out) == jane.snowflake("config", "-o", "json").json()
    wrong = jane.snowflake("images", "-o", "xml")
    assert wrong.code == 2 and "'xml' is not one of table, wide, name, json, yaml, csv." in wrong.err


def test_whoami_prints_one_line_per_value(jane):
    lines = dict(line.split(":", 1) for line in jane.snowflake("whoami").out.splitlines())
    assert lines["User"].strip() == "JANE" and lines["Secondary roles"].strip()


def test_a_list_is_printed_by_a_template_as_docker_does(jane):
    push_with_skopeo(jane, "db/schema/repo/app:1", "db/schema/repo/longer:2")

    def shown(*words):
        result = jane.snowflake(*words)
        assert result.code == 0, result.err
        return result.out

    # The registry contains images of other tests, too.
    pushed = ("images", "repo", "--filter", "tag=[12]", "--format")
    assert shown(*pushed, "{{.Image}}:{{ .tag }}") == "app:1\nlonger:2\n"
    assert shown(*pushed, r"table {{.Image}}\t{{.Tag}}") == "IMAGE    TAG\napp      1\nlonger   2\n"
    first = json.loads(shown(*pushed, "{{json .}}").splitlines()[0])
    assert (first["Repository"], first["Image"], len(first["Digest"])) == ("DB.SCHEMA.REPO", "app", 71)
    assert shown("repositories", "--format", "{{.Repository}} at {{.Url}}").splitlines()[0] == f"DB.SCHEMA.REPO at {HOST}/db/schema/repo"
    for template, said in (("{{.Nope}}", "the fields are: {{.Repository}}"), ("{{.Tag", "'{{' without '}}'"), ("{{range .}}", "is not a field")):
        wrong = jane.snowflake("images", "repo", "--format", template)
        assert (wrong.code, wrong.out) == (2, "") and said in wrong.err, wrong.err
    for words in (["images", "repo2"], ["repositories", "--like", "nothing"]):
        assert jane.snowflake(*words, "--size", "--format", "{{.Nope}}").code == 2, words
        nothing = jane.snowflake(*words, "--size", "--format", r"table {{.Repository}}\t{{.Size}}")
        assert (nothing.code, nothing.out) == (0, "REPOSITORY   SIZE\n") and "Next: " in nothing.err, words
    # The Snowflake CLI has no templates.
    assert jane.snowflake("image-repository", "list", "--format", "{{.Name}}").code == 2


def test_help_shows_the_options_of_a_command_and_examples(jane):
    def commands(*path):
        for line in jane.snowflake("__complete", *path, "").out.splitlines()[:-1]:
            word, _, description = line.partition("\t")
            if description not in ("connection", "registry host", "image repository", "type", "setting", ""):
                yield (*path, word)
                yield from commands(*path, word)

    brief, whole = jane.snowflake("images", "--help").out, jane.snowflake("images", "--help-all").out
    assert "--oauth-scope" not in brief and "--help-all" in brief and "--filter" in brief
    assert "--oauth-scope" in whole and "Connection:" in whole
    assert "Snowflake CLI Commands:" in jane.snowflake("--help").out
    known = list(commands())
    assert ("image-repository", "list-tags") in known
    for path in [(), *known]:
        shown = jane.snowflake(*path, "--help").out
        text = shown.partition("\nExamples:\n")[2]
        assert max(map(len, text.splitlines())) <= 80, path
        # Each is one command for a shell.
        examples = [shlex.split(line) for line in text.replace("\\\n", "").splitlines()]
        assert len(examples) >= (1 if path == ("object", "describe") else 2), path
        options = set(re.findall(r"(?<=[ ,])--?[a-z][a-z-]*", shown.partition("\nExamples:\n")[0]))
        for example in examples:
            assert example[: 2 + len(path)] == ["docker", "snowflake", *path], example
            words = example[2 : example.index("|") if "|" in example else None]
            # With --help, the examples are parsed but not executed.
            understood = jane.snowflake(*words, *(["--help"] if "--help" not in words else []))
            assert (understood.code, understood.err) == (0, ""), (example, understood.err)
            if "SUBCOMMAND" not in shown:
                assert {word for word in words[len(path) :] if word.startswith("-")} <= options, example


@pytest.mark.parametrize("columns", [50, 80])
def test_help_fits_the_terminal(jane, columns):
    for words in (["config", "set"], ["connection", "add"], ["kubernetes", "sql"], ["copy"], ["kubernetes", "cronjob"], ["images"]):
        with AtTerminal(jane, ["docker-snowflake", *words, "--help"], columns=columns) as terminal:
            shown = terminal.end().out.replace("\r", "")
        # Wider words are not broken.
        assert [line for line in shown.splitlines() if len(line) > columns and " " in line.strip().removesuffix(" \\")] == [], shown
        piped = jane.snowflake(*words, "--help").out
        assert "".join(shown.split()).replace("\\", "") == "".join(piped.split()).replace("\\", "")


def test_sentences_fit_the_terminal_and_stay_whole_in_a_pipe(jane):
    words = ["push", "app:1", "a.b.c.d"]
    piped = jane.snowflake(*words).err
    longest = max(map(len, piped.splitlines()))
    with AtTerminal(jane, ["docker-snowflake", *words], columns=longest - 5) as terminal:
        shown = terminal.end().out.replace("\r", "")
    assert shown != piped and shown.split() == piped.split()
    assert max(map(len, shown.splitlines())) <= longest - 5, shown


def test_a_command_in_a_next_step_can_be_pasted(world):
    newcomer = world.user()
    with AtTerminal(newcomer, ["docker-snowflake", "images"], columns=60) as terminal:
        shown = terminal.end().out.replace("\r", "")
    piped = newcomer.snowflake("images").err
    assert any(len(line) > 60 for line in piped.splitlines())
    assert all(len(line) <= 60 for line in shown.splitlines()), shown
    assert shown.replace(" \\\n   ", "").split() == piped.split()
    assert "docker snowflake connection add <name> --account \\\n    <organization>" in shown


def test_what_setup_says_and_asks_fits_the_terminal(world):
    with AtTerminal(world.user(), ["docker-snowflake", "setup"], columns=40) as terminal:
        terminal.wait_for("Account: ")
        shown = terminal.screen.replace("\r", "")
        assert all(len(line) <= 40 for line in shown.splitlines()), shown
        terminal.type("\x03")
        assert terminal.end().code == 130


def test_drop_at_a_terminal_asks_for_the_name_and_says_what_is_deleted(world, jane, snowflake):
    push_with_skopeo(jane, "db/schema/repo/app:1", "db/schema/repo/app:2")
    world.account.repositories["DB.SCHEMA.REPO"].owner = "PUSHER"
    count = len(jane.snowflake("images", "repo", "-q").out.splitlines())

    def dropped(answer, *words):
        with AtTerminal(jane, ["docker-snowflake", "image-repository", "drop", "repo", *words]) as terminal:
            if answer is not None:
                terminal.wait_for("Type the name of the repository to drop it: ")
                terminal.type(answer)
            return terminal.end()

    refused = dropped("repo2\n")
    assert refused.code == 1 and f"This drops DB.SCHEMA.REPO with {count} images." in refused.out and "nothing was dropped" in refused.out
    assert dropped("\n").code == 1 and dropped("\x03").code == 130
    assert not any(sql.startswith("drop") for sql in snowflake.statements)
    assert dropped("db.schema.repo\n").code == 0
    assert "does not exist" in dropped(None).out
    assert "Type the name" not in dropped(None, "--yes", "--if-exists").out


def test_long_operations_show_progress_on_a_terminal_only(world, jane, snowflake):
    for number in range(10):
        world.account.add_repository("DB", "SCHEMA", f"R{number}", owner="PUSHER", created_on=1_700_000_000)
    assert jane.snowflake("repositories").code == 0
    snowflake.faults.delay("query", 2, times=12)
    with AtTerminal(jane, ["docker-snowflake", "images"], env={"TERM": "xterm"}) as terminal:
        terminal.wait_for(" of 12 repositories … ")
        assert terminal.end().code == 0
    snowflake.faults.delay("query", 2, times=12)
    assert "repositories …" not in jane.snowflake("images").err


def test_requests_are_traced_without_secrets(jane, snowflake):
    for words, env in ((["repositories", "--debug"], {}), (["whoami"], {"DOCKER_SNOWFLAKE_DEBUG": "1"})):
        traced = jane.snowflake(*words, env=env)
        assert traced.code == 0
        lines = [line for line in traced.err.splitlines() if line.startswith("debug: POST ")]
        assert lines and "HTTP status 200" in lines[-1] and "?" not in lines[-1]
        assert "Correct Horse" not in traced.err and "token" not in traced.err.lower().replace("token-request", "")
    snowflake.queries.refuse = lambda sql: sql.startswith("drop")
    refused = jane.snowflake("image-repository", "drop", "repo")
    assert refused.code == 1 and "0000feed" not in refused.err
    assert "query 01b2c3d4-" in jane.snowflake("image-repository", "drop", "repo", "--debug").err


# Compares the output with reviewed files. DCS_NEW_SCREENS=1 updates them.
@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_screens_are_as_in_the_files(world, jane, size):
    # In a separate schema, because the registry contains images of other tests.
    world.account.add_repository("DB", "SHOP", "FRONTEND_IMAGES", owner="PUSHER", created_on=1_700_000_000)
    push_with_skopeo(jane, "db/shop/frontend_images/app:1", "db/shop/frontend_images/web-frontend:2026.11.27")
    columns, rows = size
    commands = ("images db.shop.frontend_images", "repositories --in schema shop", "whoami", "config", "connection list", "--help", "images --help", "image-repository drop --help")
    for words in commands:
        script = f"stty cols {columns} rows {rows}; docker-snowflake {words}"
        shown = jane.run(["script", "-qec", script, "/dev/null"], env={"TERM": "dumb", "DOCKER_SNOWFLAKE_CONFIG": "/run/settings.toml"}).out.replace("\r", "")
        shown = re.sub(r"\b(just now|\d+ (second|minute|hour|day|week|month|year)s? ago)\b", "(age)", shown)
        shown = re.sub(r"\b[0-9a-f]{12}\b", "(digest)    ", shown)
        assert max(map(len, shown.splitlines())) <= columns, shown
        file = SCREENS / f"{columns}x{rows}" / (words.replace("--", "").replace(" ", "-") + ".txt")
        if os.environ.get("DCS_NEW_SCREENS"):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(shown)
        assert shown == file.read_text(), f"{words}: {file}"
