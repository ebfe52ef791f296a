# SPDX-License-Identifier: Apache-2.0
"""get.sh, which downloads and installs a release, with a local web server."""

import functools
import hashlib
import http.server
import os
import pathlib
import platform
import subprocess
import tarfile
import threading

import pytest

PACKAGING = pathlib.Path(__file__).resolve().parent.parent.parent / "packaging"
NAME = "docker-credential-snowflake"
ARCHIVE = f"{NAME}-0.1.0-linux-{platform.machine()}.tar.gz"


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture
def release(tmp_path):
    """A directory with the files of a release. Its programs only print their version."""
    directory = tmp_path / "release"
    tree = tmp_path / "tree"
    for program in (f"bin/{NAME}", "libexec/docker/cli-plugins/docker-snowflake", "share/doc/readme"):
        path = tree / program
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\necho {NAME} 0.1.0\n")
        path.chmod(0o755)
    directory.mkdir()
    with tarfile.open(directory / ARCHIVE, "w:gz") as archive:
        archive.add(tree, f"{NAME}-0.1.0")
        archive.add(PACKAGING / "install.sh", f"{NAME}-0.1.0/install.sh")
    write_checksums(directory)
    return directory


def write_checksums(directory):
    names = sorted(path.name for path in directory.iterdir() if path.name != "SHA256SUMS")
    lines = [f"{hashlib.sha256((directory / name).read_bytes()).hexdigest()}  {name}\n" for name in names]
    (directory / "SHA256SUMS").write_text("".join(lines))


@pytest.fixture
def get(tmp_path, release):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=release))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    home = tmp_path / "home"
    home.mkdir()

    def run(*options, script=None, **variables):
        environment = {"HOME": str(home), "PATH": "/usr/bin:/bin", "DOCKER_SNOWFLAKE_DOWNLOAD": f"http://127.0.0.1:{server.server_port}/", **variables}
        return subprocess.run(["sh", "-s", "--", *map(str, options)], input=script or (PACKAGING / "get.sh").read_text(),
                              capture_output=True, text=True, check=False, env=environment, cwd=tmp_path)

    run.home = home
    run.address = f"http://127.0.0.1:{server.server_port}/"
    yield run
    server.shutdown()


def nothing_is_installed(get):
    return list(get.home.rglob("*")) == []


def test_one_line_installs_both_programs(get):
    done = get()
    assert done.returncode == 0, done.stderr
    assert "Next: put " in done.stdout and "Then: docker snowflake setup" in done.stdout
    again = get(PATH=f"{get.home}/.local/bin:/usr/bin:/bin")
    assert "Next: docker snowflake setup\n" in again.stdout and "PATH" not in again.stdout
    assert os.access(get.home / f".local/bin/{NAME}", os.X_OK) and (get.home / ".docker/cli-plugins/docker-snowflake").is_file()


@pytest.mark.parametrize("words", [["--help"], ["-h"], ["--prefix", "/x", "--help"]])
def test_help_downloads_nothing(get, words):
    shown = get(*words, DOCKER_SNOWFLAKE_DOWNLOAD="http://127.0.0.1:1/", PATH="/bin")
    assert (shown.returncode, shown.stderr) == (0, "") and "--version" in shown.stdout and "--prefix" in shown.stdout
    assert nothing_is_installed(get)


def test_options_go_to_the_installer(get, tmp_path):
    done = get("--prefix", tmp_path / "elsewhere")
    assert done.returncode == 0 and (tmp_path / f"elsewhere/bin/{NAME}").is_file(), done.stderr


def test_an_archive_with_another_checksum_is_not_unpacked(get, release):
    with open(release / ARCHIVE, "ab") as archive:
        archive.write(b"more")
    refused = get()
    assert refused.returncode == 1 and "is not what SHA256SUMS says" in refused.stderr and nothing_is_installed(get)


@pytest.mark.parametrize("line", ["", "0" * 64 + "  other.tar.gz\n", "0" * 64 + f"  ../{ARCHIVE}\n", "short  " + ARCHIVE + "\n"])
def test_a_release_without_an_archive_for_this_machine_is_reported(get, release, line):
    (release / "SHA256SUMS").write_text(line)
    refused = get()
    assert refused.returncode == 1 and "no archive for linux-" in refused.stderr and nothing_is_installed(get)


def test_a_missing_file_and_an_address_without_tls_are_reported(get, release):
    (release / "SHA256SUMS").unlink()
    missing = get()
    assert missing.returncode == 1 and "could not be downloaded" in missing.stderr and "Next: " in missing.stderr
    plain = get(DOCKER_SNOWFLAKE_DOWNLOAD="http://example.com")
    assert plain.returncode == 2 and "is not an https address" in plain.stderr and nothing_is_installed(get)


def test_a_truncated_script_does_nothing(get):
    text = (PACKAGING / "get.sh").read_text()
    for end in range(200, len(text) - len('main "$@"\n'), 400):
        get(script=text[:end])
        assert nothing_is_installed(get), end


def test_shellcheck_accepts_the_script():
    checked = subprocess.run(["shellcheck", "-s", "sh", PACKAGING / "get.sh", PACKAGING / "install.sh"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout
