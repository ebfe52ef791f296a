# SPDX-License-Identifier: Apache-2.0
"""install.sh, which installs into a home directory without root."""

import os
import subprocess

import pytest

HELPER = ".local/bin/docker-credential-snowflake"
PLUGIN = ".docker/cli-plugins/docker-snowflake"


class Home:
    def __init__(self, directory, archive):
        self.directory = directory
        self.archive = archive

    def script(self, *options, **variables):
        return subprocess.run(["sh", self.archive / "install.sh", *map(str, options)], capture_output=True, text=True, check=False,
                              env={"HOME": str(self.directory), "PATH": "/usr/bin:/bin", **variables}, cwd=self.directory)

    def paths(self):
        return {str(path.relative_to(self.directory)) for path in self.directory.rglob("*")}


@pytest.fixture(scope="module")
def archive(packages, tmp_path_factory):
    directory = tmp_path_factory.mktemp("archive")
    subprocess.run(["tar", "-C", directory, "-xf", packages["tar.gz"]], check=True)
    (inside,) = directory.iterdir()
    return inside


@pytest.fixture
def home(tmp_path, archive):
    directory = tmp_path / "a home"
    directory.mkdir()
    return Home(directory, archive)


def test_uninstalling_leaves_an_empty_home_empty(home):
    installed = home.script()
    assert installed.returncode == 0, installed.stderr
    assert "PATH" in installed.stdout
    assert {HELPER, PLUGIN, ".local/share/man/man1/docker-snowflake.1.gz", ".local/share/man/man5/docker-snowflake-config.5.gz",
            ".local/share/bash-completion/completions/docker-snowflake",
            ".local/share/fish/vendor_completions.d/docker-snowflake.fish",
            ".local/share/zsh/site-functions/_docker-snowflake"} <= home.paths()
    assert "0.1.0" in subprocess.run([home.directory / HELPER, "version"], capture_output=True, text=True, check=True).stdout
    assert "docker-credential-snowflake" not in os.listdir(home.directory / ".docker/cli-plugins")
    removed = home.script("--uninstall")
    assert removed.returncode == 0, removed.stderr
    assert home.paths() == set()


def test_a_second_run_changes_nothing_and_a_newer_version_replaces_the_older(home):
    home.script()
    before = home.paths()
    assert home.script().returncode == 0 and home.paths() == before
    # Files of an older version.
    (home.directory / HELPER).write_text("#!/bin/sh\necho old\n")
    note = home.directory / ".local/share/docker-credential-snowflake/installed"
    old_sum = subprocess.run(["sha256sum", home.directory / HELPER], capture_output=True, text=True, check=True).stdout.split()[0]
    stale = home.directory / ".local/bin/no-more"
    stale.write_text("#!/bin/sh\necho old\n")
    note.write_text("".join(f"file {old_sum} {path}\n" if path == str(home.directory / HELPER) else line
                            for line in note.read_text().splitlines(keepends=True) for path in [line.split(" ", 2)[-1].strip()])
                    + f"file {old_sum} {stale}\n")
    assert home.script().returncode == 0
    assert home.paths() == before
    home.script("--uninstall")
    assert home.paths() == set()


@pytest.mark.parametrize("kind", ["file", "link", "dangling link", "directory"])
def test_files_of_others_are_never_overwritten(home, kind):
    foreign = home.directory / PLUGIN
    foreign.parent.mkdir(parents=True)
    other = home.directory / "other"
    if kind == "file":
        foreign.write_text("foreign")
    elif kind == "directory":
        foreign.mkdir()
    else:
        if kind == "link":
            other.write_text("foreign")
        foreign.symlink_to(other)
    before = home.paths()
    refused = home.script()
    assert refused.returncode == 1
    assert PLUGIN in refused.stderr and "was not put there by this script" in refused.stderr and "Next: " in refused.stderr
    assert home.paths() == before
    if kind in ("file", "link"):
        assert foreign.read_text() == "foreign"


def test_uninstalling_keeps_changed_files(home):
    home.script()
    changed = home.directory / ".local/share/bash-completion/completions/docker-snowflake"
    changed.write_text("mine")
    assert home.script().returncode == 1
    removed = home.script("--uninstall")
    assert removed.returncode == 0 and "has been changed, and stays" in removed.stderr
    assert {path for path in home.paths() if (home.directory / path).is_file()} == {str(changed.relative_to(home.directory))}


def test_directories_can_be_chosen_and_keep_other_files(home):
    (home.directory / "bin").mkdir()
    (home.directory / "bin/other").write_text("")
    before = home.paths()
    installed = home.script("--prefix", home.directory, "--docker-config", "docker")
    assert installed.returncode == 0, installed.stderr
    assert {"bin/docker-credential-snowflake", "docker/cli-plugins/docker-snowflake"} <= home.paths()
    assert home.script("--uninstall", "--prefix", home.directory).returncode == 0
    assert home.paths() == before
    assert home.script(DOCKER_CONFIG=str(home.directory / "elsewhere")).returncode == 0
    assert "elsewhere/cli-plugins/docker-snowflake" in home.paths()


def test_the_command_that_removes_it_can_be_pasted(home):
    before = home.paths()
    installed = home.script("--prefix", home.directory / "it's $a prefix")
    assert installed.returncode == 0, installed.stderr
    (command,) = [line.removeprefix("To remove it: ") for line in installed.stdout.splitlines() if line.startswith("To remove it: ")]
    removed = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False,
                             env={"HOME": str(home.directory), "PATH": "/usr/bin:/bin"})
    assert (removed.returncode, removed.stderr) == (0, "") and home.paths() == before


@pytest.mark.parametrize("shell, profile", [("/bin/bash", ".bashrc"), ("/usr/bin/zsh", ".zshrc"), ("/bin/dash", ".profile"), (None, ".profile")])
def test_the_lines_for_the_path_can_be_pasted(home, shell, profile):
    installed = home.script(*(["--prefix", home.directory / "it's $a prefix"] if shell == "/bin/bash" else []), **({"SHELL": shell} if shell else {}))
    now, later = [line.removeprefix("  ") for line in installed.stdout.splitlines() if line.startswith("  ")]
    environment = {"HOME": str(home.directory), "PATH": "/usr/bin:/bin"}
    for command in (now, f"{later} && . ~/{profile}"):
        found = subprocess.run(["sh", "-c", f"{command} && docker-credential-snowflake version"], capture_output=True, text=True, check=False, env=environment)
        assert found.returncode == 0 and "0.1.0" in found.stdout, found.stderr
    assert "Then: docker snowflake setup" in installed.stdout


def test_fish_has_a_command_of_its_own(home):
    assert "  fish_add_path '" + str(home.directory) + "/.local/bin'\n" in home.script(SHELL="/usr/bin/fish").stdout


def test_if_the_directory_is_on_the_path_the_next_step_is_setup(home):
    assert "Next: docker snowflake setup\n" in home.script(PATH=f"{home.directory}/.local/bin:/usr/bin:/bin").stdout


def test_uninstalling_logs_out_or_says_what_remains(home):
    connections = home.directory / ".snowflake/connections.toml"
    connections.parent.mkdir()
    connections.write_text('[dev]\naccount = "myorg-myacct"\nuser = "jane"\n')
    connections.chmod(0o600)
    surroundings = {"XDG_RUNTIME_DIR": str(home.directory)}
    home.script()
    kept = home.script("--uninstall", **surroundings).stdout
    assert "Kept: stored sessions and tokens" in kept and "--uninstall --logout" in kept
    # `docker snowflake logout` no longer exists at that point.
    assert "docker snowflake logout" not in kept and kept.index("Kept: stored") < kept.index("is removed from")
    home.script()
    gone = home.script("--uninstall", "--logout", **surroundings)
    assert gone.returncode == 0 and "Kept: stored" not in gone.stdout and "Not logged in to myorg-myacct" in gone.stdout, gone.stderr
    assert not (home.directory / PLUGIN).exists() and connections.exists()


def test_uninstalling_keeps_the_files_of_another_installation(home):
    assert home.script("--prefix", "one").returncode == 0
    assert home.script("--prefix", "two", CDPATH=".").returncode == 0
    assert home.script("--uninstall", "--prefix", "two").returncode == 0
    assert PLUGIN in home.paths() and "one/bin/docker-credential-snowflake" in home.paths()
    assert home.script("--uninstall", "--prefix", "one").returncode == 0
    assert home.paths() == set()


def test_a_build_directory_can_be_installed(home, build):
    assert home.script("--from", build).returncode == 0
    assert {HELPER, PLUGIN, ".local/share/man/man1/docker-snowflake.1.gz"} <= home.paths()


@pytest.mark.parametrize("options, status, sentence", [
    (["--nothing"], 2, "not an option"), (["--prefix"], 2, "needs a directory"), (["--from", "/nowhere"], 1, "no programs"),
    (["--uninstall"], 1, "nothing is installed")])
def test_wrong_arguments_get_a_sentence_and_a_next_step(home, options, status, sentence):
    result = home.script(*options)
    assert result.returncode == status and sentence in result.stderr and "Next: " in result.stderr
    assert home.paths() == set()


def test_shellcheck_accepts_the_script():
    scripts = [os.path.join(os.path.dirname(__file__), "../../packaging/", name)
               for name in ("install.sh", "completions/docker-snowflake", "completions/docker-credential-snowflake")]
    checked = subprocess.run(["shellcheck", *scripts], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout
