# SPDX-License-Identifier: Apache-2.0
"""Full disks, resource limits and closed or unusual descriptors cause an error at most, never a crash or damaged files."""

import dataclasses
import itertools
import subprocess

import pytest
from scenarios import COUNTS, OWN_SETTINGS, SCENARIOS, SETTINGS, find_next_get_problems, find_problems, prepare, run

GET = SCENARIOS[1]


def check(world, jane, scenario, result, silent=False):
    COUNTS["limits tried"] += 1
    found = find_problems(world, jane, scenario, result, silent) + find_next_get_problems(jane)
    assert not found, "\n".join(found) + f"\n{result.out}{result.err}"


LIMITS = {"files": ["--nofile=8"], "few files": ["--nofile=4"], "size of files": ["--fsize=0"], "processes": ["--nproc=1"],
          "memory": ["--as=200000000"], "little memory": ["--as=40000000"], "locked memory": ["--memlock=0"],
          "stack": ["--stack=262144"]}


@pytest.mark.parametrize("limit", LIMITS)
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_resource_limits_are_reported(world, scenario, limit):
    jane = prepare(world, scenario)
    check(world, jane, scenario, run(jane, scenario, ["prlimit", *LIMITS[limit]]))


@pytest.mark.parametrize("files", [5, 6, 8, 10])
def test_exhausted_descriptors_are_not_taken_for_a_network_failure(jane, files):
    result = jane.run(["prlimit", f"--nofile={files}", "docker-snowflake", "images"])
    assert "host name" not in result.err and "check account" not in result.err, result.err
    assert result.code == 0 or "files" in result.err, result.err


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_descriptors_may_be_closed(world, scenario):
    for closed in itertools.chain.from_iterable(itertools.combinations((0, 1, 2), n) for n in (1, 2, 3)):
        jane = prepare(world, scenario)
        redirections = " ".join(f"{number}{'<' if number == 0 else '>'}&-" for number in closed)
        result = run(jane, scenario, ["sh", "-c", f'"$@" {redirections}', "sh"])
        check(world, jane, scenario, result, silent=True)
        jane.stop()


@pytest.mark.parametrize("target", ["/dev/full", "directory", "pipe"])
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_descriptors_may_be_unusual(world, scenario, target):
    jane = prepare(world, scenario)
    script = {"/dev/full": '"$@" >/dev/full', "directory": '"$@" </', "pipe": '"$@" | true'}[target]
    result = run(jane, scenario, ["bash", "-o", "pipefail", "-c", script, "bash"])
    if target == "pipe" and result.code == 141:
        result.code = 1  # 141 is SIGPIPE, which is expected in a pipe
    check(world, jane, scenario, result, silent=True)


@pytest.fixture
def full_disk(world):
    """Returns a function that moves a directory to a full disk."""
    mounted = []

    def fill(directory):
        directory.mkdir(parents=True, exist_ok=True)
        files = {path.name: path.read_bytes() for path in directory.iterdir() if path.is_file()}
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k,mode=700", "tmpfs", directory], check=True)
        mounted.append(directory)
        for file, content in files.items():
            (directory / file).write_bytes(content)
            (directory / file).chmod(0o600)
        with open(directory / "ballast", "wb", buffering=0) as ballast:
            try:
                while True:
                    ballast.write(b"x" * 4096)
            except OSError:
                pass
        return directory

    yield fill
    for directory in mounted:
        subprocess.run(["umount", directory], check=True)


def test_a_full_disk_loses_no_setting(world, full_disk):
    scenario = SCENARIOS[3]
    jane = prepare(world, scenario)
    full_disk(jane.home / ".config/docker-snowflake")
    result = run(jane, scenario)
    assert result.code == 1 and "space" in result.err
    assert (jane.home / SETTINGS).read_text() == OWN_SETTINGS
    check(world, jane, scenario, result)


def test_a_full_disk_loses_no_login_of_docker(world, full_disk):
    scenario = SCENARIOS[5]
    jane = prepare(world, scenario)
    before = (jane.home / ".docker/config.json").read_text()
    jane.write(".docker/config.json", before.replace("{", '{"auths":{"example.com":{"auth":"eA=="}},', 1))
    full_disk(jane.home / ".docker")
    result = run(jane, scenario)
    check(world, jane, scenario, result)
    assert '"example.com"' in (jane.home / ".docker/config.json").read_text()


@pytest.mark.parametrize("keyctl", [None, "ENOSYS"])
def test_full_disks_for_runtime_files_and_caches_still_give_a_token(world, full_disk, keyctl):
    jane = prepare(world, GET)
    jane.keyctl = keyctl
    for directory in (jane.runtime, jane.home / ".cache", jane.home / ".local/state"):
        full_disk(directory)
    for _ in range(2):
        check(world, jane, dataclasses.replace(GET, logins=4), run(jane, GET))
