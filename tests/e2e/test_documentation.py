# SPDX-License-Identifier: Apache-2.0
"""README and pages: every command and option exists, every link resolves, and the examples of the help run."""

import pathlib
import re
import shlex

import pytest
from registry_clients import push_with_skopeo

TOP = pathlib.Path(__file__).resolve().parents[2]
PAGES = [TOP / "README.md", *sorted((TOP / "packaging/doc").glob("*.md"))]
COMMAND = re.compile(r"docker snowflake ((?:\\\|[a-z]|[^|#;&`\"'()\n])+)")
# What other tests run, or needs a cluster, an engine, a terminal or a file of the example.
NOT_RUN = {"setup", "status", "doctor", "add", "pull", "serve", "drop", "deploy", "describe", "rbac", "sql", "daemonset", "pull-secret",
           "cronjob", "--private-link", "oci:build/image"}


def code_in(text):
    text = text.replace("\\\n", " ")
    blocks = re.findall(r"```.*?\n(.*?)```", text, re.S) + re.findall(r"^    .*", text, re.M)
    return blocks + re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.S))


def written_in(page):
    for code in code_in(page.read_text()):
        for found in COMMAND.findall(code):
            yield re.sub(r"[\[\]]|\\\|", " ", found).split()


@pytest.fixture(scope="module")
def commands(shared_world):
    """The candidates of completion below each command."""
    user = shared_world.user()

    def below(*path):
        shown = (line.partition("\t") for line in user.snowflake("__complete", *path, "").out.splitlines()[:-1])
        known[path] = [word for word, _, description in shown if " " in description]
        for word in known[path]:
            below(*path, word)

    known = {}
    below()
    options = {path: user.snowflake(*path, "--help-all").out for path in known}
    return known, options


@pytest.mark.parametrize("page", PAGES, ids=[page.stem for page in PAGES])
def test_every_command_of_a_page_exists(page, commands):
    known, options = commands
    for words in written_in(page):
        path = ()
        for word in words:
            if word.rstrip(",") not in known[path]:
                break
            path = (*path, word.rstrip(","))
        assert path or words[0].startswith("-") or words[0].isupper(), words
        for option in (word.partition("=")[0] for word in words if word.startswith("-") and len(word) > 1):
            assert re.search(re.escape(option) + r"\b", options[path]), (words, option)


def test_the_pages_name_commands():
    assert sum(len(list(written_in(page))) for page in PAGES) > 60


@pytest.mark.parametrize("page", PAGES, ids=[page.stem for page in PAGES])
def test_every_link_of_a_page_resolves(page):
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text()):
        assert target.startswith("https://") or (page.parent / target).exists(), target


def test_the_examples_of_the_help_run(jane, world, commands, tmp_path):
    jane.write_config('default_connection_name = "dev"\n' + "".join(
        f'[connections.{name}]\naccount = "myorg-myacct"\nuser = "jane"\npassword = "Correct Horse 1!"\nrole = "PUSHER"\n'
        'database = "DB"\nschema = "SCHEMA"\n' for name in ("dev", "prod")))
    for name in ("app:1", "app:1.2.3", "app:latest"):
        push_with_skopeo(jane, f"db/schema/repo/{name}")
    world.account.add_database("DB", "PUBLIC")
    for path in commands[0]:
        examples = commands[1][path].partition("\nExamples:\n")[2].replace("\\\n", "")
        for words in map(shlex.split, examples.splitlines()):
            if NOT_RUN & set(words) or "|" in words or words[2:4] == ["push", "app:1"]:
                continue
            result = jane.snowflake(*words[2:])
            assert result.code == 0 or "already exists" in result.err, (words, result.err)
