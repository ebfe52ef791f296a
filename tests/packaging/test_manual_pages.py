# SPDX-License-Identifier: Apache-2.0
"""The manual pages describe all commands, options, files and settings of the programs, and no others."""

import gzip
import os
import re
import subprocess

import pytest

OTHERS = ["docker-credential-snowflake.1", "docker-snowflake-config.5"]


@pytest.fixture
def home(tmp_path):
    return {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "XDG_RUNTIME_DIR": str(tmp_path)}


@pytest.fixture
def plugin(build, home):
    def run(*words, **variables):
        return subprocess.run([build / "bin/docker-snowflake", *words], env={**home, **variables}, capture_output=True, text=True,
                              check=False)
    return run


def page(build, name):
    directory = build / "packaging" / ("" if name in OTHERS else "man1")
    return gzip.decompress((directory / f"{name}.gz").read_bytes()).decode()


def pages_of_commands(build):
    return {path.name.removesuffix(".gz") for path in (build / "packaging/man1").iterdir()}


def candidates(plugin, *words):
    """Returns the candidates of completion. The pages are generated from the help, so this is independent."""
    return [line.split("\t")[0] for line in plugin("__complete", *words).stdout.splitlines()[:-1]]


def commands(plugin, *path):
    for line in plugin("__complete", *path, "").stdout.splitlines()[:-1]:
        name, _, description = line.partition("\t")
        # Commands have a sentence; values of an argument have one word, such as "type".
        if " " in description:
            yield (*path, name)
            yield from commands(plugin, *path, name)


def sections(text):
    """Returns the options on a page, as {section: {option}}."""
    found, here = {}, ()
    for line in text.splitlines():
        if line.startswith((".Ss ", ".Sh ")):
            here = tuple(line.split()[1:])
        for option in re.findall(r"Fl (-\S+)", line if line.startswith(".It ") else ""):
            found.setdefault(here, set()).add("-" + option)
        found.setdefault(here, set())
    return found


def test_a_page_is_read_without_a_warning(build, tmp_path):
    for name in [*OTHERS, *pages_of_commands(build)]:
        file = tmp_path / name
        file.write_text(page(build, name))
        shown = subprocess.run(["man", "--warnings", "--encoding=UTF-8", "--troff-device=utf8", "--ditroff", "--local-file", file],
                               env={**os.environ, "LC_ALL": "C.UTF-8", "MANROFFSEQ": "", "MANWIDTH": "80"}, capture_output=True,
                               text=True, check=False)
        assert (shown.returncode, shown.stderr) == (0, ""), name
        checked = subprocess.run(["mandoc", "-Tlint", "-Wwarning", file], capture_output=True, text=True, check=False)
        assert checked.stdout == "", name


def test_every_command_and_option_is_on_its_page_and_nothing_else(build, plugin):
    general = page(build, "docker-snowflake.1")
    common = set().union(*(options for name, options in sections(general).items() if name in [("Connection",), ("Output",)]))
    assert "--account" in common and "--silent" in common
    known = list(commands(plugin))
    assert ("image-repository", "list-tags") in known
    roots = {command[0] for command in known}
    assert pages_of_commands(build) == {"docker-snowflake.1", *(f"docker-snowflake-{root}.1" for root in roots)}
    assert set(re.findall(r"^\.It Xr docker-snowflake-(\S+) 1$", general, re.M)) == roots
    for root in roots:
        text = page(build, f"docker-snowflake-{root}.1")
        written = sections(text)
        allowed = {"--help", "--help-all"}
        for command in (command for command in known if command[0] == root):
            described = written[command] if len(command) > 1 else written.get(("OPTIONS",), set()) | written.get(("DESCRIPTION",), set())
            options = set(candidates(plugin, *command, "-"))
            # Hidden options are completed, but not on the page.
            shown = plugin(*command, "--help").stdout
            missing = options - {"--help", "--help-all"} - described - common
            assert [option for option in missing if re.search(re.escape(option) + r"\b", shown)] == [], command
            # All examples of the help are on the page.
            examples = shown.partition("\nExamples:\n")[2].splitlines()
            assert examples and all(line.removeprefix("  ").replace("\\", "\\e") in text.splitlines() for line in examples), command
            allowed |= options
        assert "\n.Sh EXAMPLES\n" in text and set().union(*written.values()) <= allowed, root


def test_the_pages_name_the_files_that_the_programs_read(build, plugin, home, tmp_path):
    """A connection file at each documented path is read."""
    def hosts():
        return plugin("url").stdout

    directories = set()
    for name in ("docker-snowflake.1", "docker-credential-snowflake.1"):
        found = re.findall(r"(~/[\w./]*snowflake)/connections\.toml", page(build, name))
        assert len(found) >= 2, name
        directories.update(found)
    assert len(directories) == 2
    for directory in directories:
        path = tmp_path / directory.removeprefix("~/")
        path.mkdir(parents=True)
        (path / "connections.toml").write_text('[default]\naccount = "myorg-myacct"\n')
        (path / "connections.toml").chmod(0o600)
        assert "myorg-myacct.registry" in hosts(), directory
        (path / "connections.toml").unlink()
        path.rmdir()
        assert hosts() == ""


def test_every_action_of_the_helper_is_on_its_page(build, home):
    helped = subprocess.run([build / "bin/docker-credential-snowflake", "--help"], env=home, capture_output=True, text=True, check=True)
    (actions,) = re.findall(r"^Usage: \S+ <([a-z|]+)>$", helped.stdout, re.M)
    text = page(build, "docker-credential-snowflake.1")
    # The page lists Docker's actions first, then those for Kubernetes nodes.
    documented = re.findall(r"^\.It Cm (\S+)", text, re.M)
    assert [word for word in documented if not word.startswith("kubelet-")] == actions.split("|")
    assert {"kubelet-install", "kubelet-check", "kubelet-undo"} <= set(documented)
    assert f".Cm {actions.replace('|', ' | ')}" in text


def settings_named_in(sentence):
    return re.search(r"settings(?: of a registry)? are: ([\w, -]+)", sentence).group(1).split(", ")


def test_every_setting_is_on_its_page_and_the_example_is_valid(build, plugin, tmp_path):
    text = page(build, "docker-snowflake-config.5")
    file = tmp_path / "settings.toml"

    def run_with(content):
        file.write_text(content)
        file.chmod(0o600)
        return plugin("url", "-x", "--account", "myorg-myacct", DOCKER_SNOWFLAKE_CONFIG=str(file))

    written = re.findall(r"^\.It Ic (\S+)", text, re.M)
    settings = settings_named_in(run_with("no_such = 1\n").stderr)
    settings += settings_named_in(run_with('[registries."a.b"]\nno_such = 1\n').stderr)
    assert set(settings) <= set(written)
    example = re.search(r"^\.Bd -literal\n(.*?)^\.Ed", text, re.M | re.S).group(1)
    assert run_with(example).returncode == 0
