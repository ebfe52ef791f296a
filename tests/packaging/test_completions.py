# SPDX-License-Identifier: Apache-2.0
"""Completions in bash, zsh and fish, and through Docker's own completion."""

import os
import pathlib
import pty
import re
import select
import shutil
import subprocess
import time

import pytest

COMPLETIONS = pathlib.Path(__file__).resolve().parent.parent.parent / "packaging/completions"

# Text before and after the Tab key.
TYPED = [
    ("docker-snowflake image-reg", "docker-snowflake image-registry"),
    ("docker-snowflake image-repository list-t", "docker-snowflake image-repository list-tags"),
    ("docker-snowflake images --no-t", "docker-snowflake images --no-trunc"),
    ("docker-snowflake images -c pr", "docker-snowflake images -c prod"),
    ("docker-snowflake url db.schema.r", "docker-snowflake url db.schema.repo"),
    ("docker-snowflake login --private-key-file my_k", "docker-snowflake login --private-key-file my_key.p8"),
    ("docker-credential-snowflake li", "docker-credential-snowflake list"),
]


@pytest.fixture
def home(tmp_path, build):
    directory = tmp_path / "home"
    config = directory / ".snowflake/config.toml"
    config.parent.mkdir(parents=True)
    config.write_text('[connections.default]\naccount = "myorg-myacct"\n[connections.prod]\naccount = "a-b"\n')
    config.chmod(0o600)
    cache = directory / ".cache/docker-snowflake/repositories-of-myorg-myacct.snowflakecomputing.com"
    cache.parent.mkdir(parents=True)
    cache.write_text("DB.SCHEMA.REPO\n")
    (directory / "my_key.p8").write_text("")
    plugins = directory / ".docker/cli-plugins"
    plugins.mkdir(parents=True)
    (plugins / "docker-snowflake").symlink_to(build / "bin/docker-snowflake")
    return directory


@pytest.fixture
def environment(home, build):
    return {"HOME": str(home), "PATH": f"{build}/bin:{os.environ['PATH']}", "LANG": "C.UTF-8", "TERM": "dumb",
            "XDG_RUNTIME_DIR": str(home), "PS1": "ready> ", "HISTFILE": ""}


class Terminal:
    """An interactive shell in a terminal."""

    def __init__(self, words, environment, directory):
        self.master, slave = pty.openpty()
        self.process = subprocess.Popen(words, stdin=slave, stdout=slave, stderr=slave, env=environment, cwd=directory,
                                        start_new_session=True)
        os.close(slave)
        self.shown = ""

    def type(self, text):
        os.write(self.master, text.encode())

    def expect(self, text, seconds=60):
        end = time.monotonic() + seconds
        while text not in re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]|\x07|\r", "", self.shown):
            ready, _, _ = select.select([self.master], [], [], max(0, end - time.monotonic()))
            assert ready, f"{text!r} did not come: {self.shown!r}"
            self.shown += os.read(self.master, 65536).decode(errors="replace")

    def close(self):
        self.process.kill()
        self.process.wait()
        os.close(self.master)


@pytest.fixture(params=["bash", "zsh"])
def terminal(request, environment, home):
    shell = request.param
    words = {"bash": ["bash", "--norc", "--noprofile", "-i"], "zsh": ["zsh", "-f", "-i"]}[shell]
    opened = Terminal(words, environment, home)
    opened.expect("ready> ")
    if shell == "bash":
        for name in ("docker-snowflake", "docker-credential-snowflake"):
            opened.type(f". {COMPLETIONS}/{name}\n")
    else:
        opened.type(f"PS1='ready> '; fpath=({COMPLETIONS} $fpath); autoload -Uz compinit; compinit -D -u\n")
    opened.type("echo set''up\n")
    opened.expect("\nsetup")
    yield opened
    opened.close()


def test_bash_and_zsh_complete_at_a_terminal(terminal):
    for typed, completed in TYPED:
        terminal.shown = ""
        terminal.type(typed + "\t")
        terminal.expect(completed)
        terminal.type("\x15")  # Ctrl-U


@pytest.mark.parametrize("typed, completed", TYPED)
def test_fish_completes(environment, home, typed, completed):
    script = "; ".join(f"source {COMPLETIONS}/{name}.fish" for name in ("docker-snowflake", "docker-credential-snowflake"))
    shown = subprocess.run(["fish", "--no-config", "-c", f"{script}; complete -C '{typed}'"], env=environment, cwd=home,
                           capture_output=True, text=True, check=True)
    words = [line.split("\t")[0] for line in shown.stdout.splitlines()]
    assert words == [completed.split()[-1]], shown.stderr


def test_completion_works_with_a_broken_connection_file(environment, home):
    (home / ".snowflake/config.toml").write_text("[")
    shown = subprocess.run(["fish", "--no-config", "-c", f"source {COMPLETIONS}/docker-snowflake.fish; complete -C 'docker-snowflake images -c p'"],
                           env=environment, cwd=home, capture_output=True, text=True, check=True)
    assert (shown.stdout, shown.stderr) == ("", "")


def test_docker_completes_commands_of_the_plugin(environment, home):
    version = subprocess.run(["docker", "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"version (\d+)", version)
    if not shutil.which("docker") or not found or int(found.group(1)) < 23:
        pytest.skip("this docker does not ask its plugins for completions: that came with 23.0")
    for typed, completed in TYPED[:5]:
        words = typed.removeprefix("docker-").split()
        shown = subprocess.run(["docker", "__complete", *words], env=environment, cwd=home, capture_output=True, text=True, check=True)
        candidates = [line.split("\t")[0] for line in shown.stdout.splitlines()]
        assert candidates == [completed.split()[-1], ":4"], (words, shown.stdout)
