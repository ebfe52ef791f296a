# SPDX-License-Identifier: Apache-2.0
"""docker snowflake setup with all kinds of existing settings, and its undo."""

import json
import os
import subprocess

import pytest
from conftest import CONNECTION, HOST
from world.engine import EngineUnavailable
from world.image import write_image
from world.terminal import AtTerminal

OTHER = "registry.example"
HELPERS = {HOST: "snowflake", f"{HOST}:443": "snowflake"}
DOCKER = ".docker/config.json"
CONTAINERS = ".config/containers/auth.json"
RECORD = ".local/state/docker-snowflake/setup.json"

HAND_MADE = """{
    "HttpHeaders": { "User-Agent": "mine" },
    "auths": {"registry.example": {"auth": "c29tZWJvZHk6aHVudGVyMg=="}},
    "psFormat" : "table {{.ID}}",
    "unknown": [ 1,2 , 3 ], "unknown": null,
    "credHelpers": {
        "public.ecr.aws": "ecr-login"
    }
}
"""
DESKTOP = """{
\t"auths": {},
\t"credsStore": "desktop",
\t"currentContext": "desktop-linux",
\t"plugins": {
\t\t"-x-cli-hints": {
\t\t\t"enabled": "true"
\t\t}
\t}
}"""


@pytest.fixture
def newcomer(world):
    """A user with a connection of the Snowflake CLI and no Docker configuration."""
    user = world.user()
    user.write_config(CONNECTION)
    return user


def set_up(user, *arguments, **options):
    result = user.snowflake("setup", *arguments, **options)
    assert result.code == 0, result.out + result.err
    return result


def settings(user, name=DOCKER):
    return json.loads((user.home / name).read_text())


def settings_at(home):
    return json.loads((home / DOCKER).read_text())["credHelpers"]


def snapshot(user):
    """Returns mode and content of every file in the home directory, except for the state of programs."""
    found = {}
    for directory, directories, names in os.walk(user.home):
        for name in directories + names:
            path = os.path.join(directory, name)
            content = os.readlink(path) if os.path.islink(path) else None if os.path.isdir(path) else open(path, "rb").read()
            found[os.path.relpath(path, user.home)] = (os.lstat(path).st_mode, content)
    found.pop(".local", None)
    found.pop(".local/state", None)
    return found


def run_at_terminal(user, *arguments, answer, before_answer=lambda: None):
    """Runs the plugin at a terminal. Calls `before_answer` at the first question, and declines all others. Returns status and output."""
    with AtTerminal(user, ["docker-snowflake", *arguments]) as terminal:
        def count_questions():
            return terminal.screen.count("[y/N]") + terminal.screen.count("[Y/n]")

        answered = 0
        while True:
            terminal.wait_until(lambda: count_questions() > answered or terminal.process.poll() is not None, 60)
            if count_questions() == answered:
                break
            answered += 1
            if answered == 1:
                before_answer()
            terminal.type(answer if answered == 1 else "n\n")
        result = terminal.end()
    return result.code, result.out


def test_from_nothing_to_a_push_in_one_command(newcomer, snowflake):
    shown = set_up(newcomer, "--yes")
    assert settings(newcomer) == {"credHelpers": HELPERS}
    assert settings(newcomer, CONTAINERS) == {"credHelpers": HELPERS}
    assert f"Logged in to {HOST} with connection 'dev' as JANE, role PUSHER.\n" in shown.out
    assert f"docker push {HOST}/db/schema/repo/<image>:<tag>" in shown.out
    assert snowflake.count("login") == 1
    archive = write_image(newcomer.directory / "image.tar", "app:1")
    for target in (f"{HOST}/db/schema/repo/setup:1", f"{OTHER}/setup:1"):
        pushed = newcomer.run(["skopeo", "copy", "--quiet", f"docker-archive:{archive}", f"docker://{target}"])
        assert pushed.code == 0, pushed.err
        assert newcomer.run(["skopeo", "inspect", f"docker://{target}"]).code == 0
    assert snowflake.count("login") == 1


def test_docker_pushes_after_setup_and_stores_other_logins_where_it_did_before(world, snowflake):
    user = world.user(secret_service="unlocked")
    user.write_config(CONNECTION)
    try:
        world.engine()
    except EngineUnavailable as reason:
        pytest.skip(f"no Docker engine can run here: {reason}")
    set_up(user, "--yes")
    image = f"{HOST}/db/schema/repo/setup:2"
    other = f"{OTHER}/setup:2"
    for reference in (image, other):
        archive = write_image(user.directory / "image.tar", reference, b"setup\n")
        assert user.docker("load", "-i", str(archive)).code == 0
        pushed = user.docker("push", reference)
        assert pushed.code == 0, pushed.out + pushed.err
    user.docker("rmi", other)
    assert user.docker("pull", other).code == 0
    login = user.docker("login", "--username", "somebody", "--password-stdin", OTHER, stdin="hunter2")
    assert login.code == 0, login.err
    assert all(b"hunter2" not in content and b"aHVudGVyMg" not in content for _, content in user.files())
    assert "somebody" in user.run(["docker-credential-secretservice", "list"]).out
    # The store contains a login, so undo keeps it.
    set_up(user, "--undo", "--yes")
    assert settings(user) == {"auths": {OTHER: {}}, "credsStore": "secretservice"}


def test_podman_and_skopeo_find_the_helper_without_docker(newcomer, snowflake):
    set_up(newcomer, "--yes", "--no-login")
    (newcomer.home / DOCKER).unlink()
    assert newcomer.run(["skopeo", "login", "--get-login", HOST]).out == "0sessiontoken\n"


def test_a_second_run_changes_nothing_and_touches_nothing(newcomer):
    set_up(newcomer, "--yes")
    before = snapshot(newcomer)
    times = [os.stat(newcomer.home / name).st_mtime_ns for name in (DOCKER, CONTAINERS, RECORD)]
    assert "nothing to change" in set_up(newcomer).out
    assert snapshot(newcomer) == before
    assert [os.stat(newcomer.home / name).st_mtime_ns for name in (DOCKER, CONTAINERS, RECORD)] == times


def test_a_dry_run_shows_the_changes_and_makes_none(newcomer, snowflake):
    newcomer.write(DOCKER, HAND_MADE)
    before = snapshot(newcomer)
    shown = set_up(newcomer, "--dry-run").out
    assert f"  + credHelpers  {HOST}  \"snowflake\"" in shown and "auth.json (new), for podman, buildah and skopeo\n" in shown
    assert "hunter2" not in shown and "c29tZWJvZHk6" not in shown
    assert snapshot(newcomer) == before
    assert snowflake.requests == []


@pytest.mark.parametrize("text", [HAND_MADE, DESKTOP, "{}", "", " \n", '{"auths":{}}', HAND_MADE.replace("\n", "\r\n"),
                                  json.dumps({"filler": {f"k{n}": "x" * 900 for n in range(11_000)}}, indent=2)],
                         ids=["hand-made", "desktop", "object", "empty", "blank", "compact", "crlf", "huge"])
def test_other_settings_are_kept_and_undo_restores_every_byte(newcomer, text):
    path = newcomer.write(DOCKER, "", mode=0o640)
    path.write_bytes(text.encode())
    before = snapshot(newcomer)
    set_up(newcomer, "--yes", "--no-login")
    after = json.loads(path.read_bytes())
    assert HELPERS.items() <= after["credHelpers"].items()
    assert path.stat().st_mode & 0o777 == 0o640
    for key, value in json.loads(text if text.strip() else "{}").items():
        if key != "credHelpers":
            assert after[key] == value
    set_up(newcomer, "--undo", "--yes")
    assert snapshot(newcomer) == before
    assert "nothing to undo" in set_up(newcomer, "--undo").out


def test_links_are_followed_and_kept(newcomer):
    elsewhere = newcomer.write("dotfiles/docker.json", DESKTOP)
    (newcomer.home / ".docker").mkdir()
    (newcomer.home / DOCKER).symlink_to("../dotfiles/docker.json")
    (newcomer.home / ".config/containers").mkdir(parents=True)
    (newcomer.home / CONTAINERS).symlink_to(newcomer.home / "dotfiles/containers.json")
    before = snapshot(newcomer)
    set_up(newcomer, "--yes", "--no-login")
    assert json.loads(elsewhere.read_text())["credHelpers"] == HELPERS
    assert json.loads((newcomer.home / "dotfiles/containers.json").read_text())["credHelpers"] == HELPERS
    assert (newcomer.home / DOCKER).is_symlink() and (newcomer.home / CONTAINERS).is_symlink()
    set_up(newcomer, "--undo", "--yes")
    assert snapshot(newcomer) == before


def test_undo_keeps_later_changes_of_others(newcomer):
    path = newcomer.write(DOCKER, HAND_MADE)
    set_up(newcomer, "--yes", "--no-login")
    path.write_text(path.read_text().replace("User-Agent", "X-Other"))
    set_up(newcomer, "--undo", "--yes")
    assert path.read_text() == HAND_MADE.replace("User-Agent", "X-Other")


def test_two_runs_are_undone_together(newcomer):
    path = newcomer.write(DOCKER, DESKTOP)
    before = snapshot(newcomer)
    set_up(newcomer, "--yes", "--no-login")
    newcomer.write_config(CONNECTION + '[connections.two]\naccount = "other-acct"\n')
    set_up(newcomer, "--yes", "--no-login")
    assert len(json.loads(path.read_text())["credHelpers"]) == 4
    set_up(newcomer, "--undo", "--yes")
    newcomer.write_config(CONNECTION)
    assert snapshot(newcomer) == before


@pytest.mark.parametrize("text, where", [("{\n  // mine\n}", ":2:3:"), ('{"auths": {},}', ":1:14:"), ("[]", ":1:1:"),
                                         ('{"credHelpers": []}', ":1:17:"), ('{"a": {"b": [}}', ":1:14:")])
def test_invalid_json_is_refused_with_its_position_and_not_changed(newcomer, snowflake, text, where):
    newcomer.write(DOCKER, text)
    before = snapshot(newcomer)
    refused = newcomer.snowflake("setup", "--yes")
    assert refused.code == 1 and f"{DOCKER}{where}" in refused.err and "Next: " in refused.err
    assert snapshot(newcomer) == before
    assert snowflake.requests == []


@pytest.mark.parametrize("text, command", [(b"\xef\xbb\xbf{}\n", "sed -i"), ("{}".encode("utf-16"), "iconv")], ids=["bom", "utf-16"])
def test_an_encoding_that_docker_cannot_read_is_refused_with_the_command_that_converts_it(newcomer, text, command):
    path = newcomer.write(DOCKER, "")
    path.write_bytes(text)
    refused = newcomer.snowflake("setup", "--yes", "--no-login")
    assert refused.code == 1 and command in refused.err and path.read_bytes() == text
    advice = refused.err.split("Next: ")[1].split(": ", 1)[1].strip()
    converted = newcomer.run(["sh", "-c", advice if command == "sed -i" else f"{advice} > {path}.new && mv {path}.new {path}"])
    assert converted.code == 0, converted.err
    set_up(newcomer, "--yes", "--no-login")


def test_a_credential_store_is_configured_only_if_it_works(world):
    headless = world.user()
    headless.write_config(CONNECTION)
    shown = set_up(headless, "--yes", "--no-login")
    assert shown.err == "" and "credsStore" not in shown.out
    assert settings(headless) == {"credHelpers": HELPERS}
    desktop = world.user(secret_service="unlocked")
    desktop.write_config(CONNECTION)
    shown = set_up(desktop, "--yes", "--no-login")
    assert "where Docker stores other logins already" in shown.out
    assert settings(desktop)["credsStore"] == "secretservice"


def test_a_configured_helper_that_is_not_installed_is_reported(newcomer):
    newcomer.write(DOCKER, DESKTOP)
    assert "docker-credential-desktop, which is not on the PATH" in set_up(newcomer, "--yes", "--no-login").err


def test_undo_without_a_record_removes_our_own_entries(newcomer):
    path = newcomer.write(DOCKER, HAND_MADE)
    set_up(newcomer, "--yes", "--no-login")
    (newcomer.home / RECORD).unlink()
    path.write_text(path.read_text().replace("User-Agent", "X-Other"))
    shown = set_up(newcomer, "--undo", "--dry-run").out
    assert f"- credHelpers  {HOST}" in shown and "public.ecr.aws" not in shown
    set_up(newcomer, "--undo", "--yes")
    assert path.read_text() == HAND_MADE.replace("User-Agent", "X-Other")
    assert settings(newcomer, CONTAINERS) == {}
    assert "nothing to undo" in set_up(newcomer, "--undo").out


def test_a_directory_in_place_of_the_file_is_named(newcomer):
    (newcomer.home / DOCKER).mkdir(parents=True)
    refused = newcomer.snowflake("setup", "--yes")
    assert refused.code == 1 and f"{DOCKER} is a directory, not a regular file" in refused.err and "remove it" in refused.err


def test_write_protected_files_and_directories_are_not_changed(newcomer):
    path = newcomer.write(DOCKER, DESKTOP, mode=0o400)
    refused = newcomer.snowflake("setup", "--yes")
    assert refused.code == 1 and "config.json is write-protected" in refused.err
    path.chmod(0o600)
    directory = str(path.parent)
    subprocess.run(["mount", "--bind", directory, directory], check=True)
    try:
        subprocess.run(["mount", "-o", "remount,bind,ro", directory], check=True)
        before = snapshot(newcomer)
        refused = newcomer.snowflake("setup", "--yes")
        assert refused.code == 1 and "Read-only file system" in refused.err and "Next: " in refused.err
        assert snapshot(newcomer) == before
    finally:
        subprocess.run(["umount", directory], check=True)


def test_a_file_that_is_a_mount_point_is_written_in_place(newcomer):
    path = newcomer.write(DOCKER, DESKTOP)
    subprocess.run(["mount", "--bind", path, path], check=True)
    try:
        before = snapshot(newcomer)
        inode = path.stat().st_ino
        set_up(newcomer, "--yes", "--no-login")
        assert settings(newcomer)["credHelpers"] == HELPERS and path.stat().st_ino == inode
        assert sorted(name for name in os.listdir(path.parent) if name.startswith(".")) == []
        set_up(newcomer, "--undo", "--yes")
        assert snapshot(newcomer) == before
    finally:
        subprocess.run(["umount", path], check=True)


def test_special_files_and_deep_nesting_are_refused_at_once(newcomer):
    path = newcomer.home / DOCKER
    path.parent.mkdir()
    os.mkfifo(path)
    for words in (["setup", "--yes"], ["setup", "--undo", "--yes"]):
        refused = newcomer.snowflake(*words, timeout=20)
        assert refused.code == 1 and f"{path} is a named pipe, not a regular file" in refused.err
    assert newcomer.snowflake("doctor", timeout=60).code == 1
    path.unlink()
    for text in ("[" * 134_000, '{"auths":' + '{"a":' * 134_000, '{"x":' + "[" * 20_000 + "]" * 20_000 + "}"):
        path.write_text(text)
        refused = newcomer.snowflake("setup", "--yes", timeout=20)
        assert refused.code == 1 and "config.json:1:" in refused.err and path.read_text() == text


@pytest.fixture
def users_home(newcomer):
    """The home of another user, and a function that runs a command there as root, like 'sudo -E'."""
    if os.geteuid() != 0:
        pytest.skip("only root can act for others")
    for directory, _, names in os.walk(newcomer.home):
        for path in (directory, *(os.path.join(directory, name) for name in names)):
            os.chown(path, 4321, 4321)
    for directory in (newcomer.directory, newcomer.directory.parent):
        directory.chmod(0o755)
    environment = {**newcomer.environment, "SNOWFLAKE_CONNECTIONS": '[dev]\naccount = "myorg-myacct"\n', "SNOWFLAKE_HOME": "/nonexistent"}

    def run(*words):
        return subprocess.run(["docker-snowflake", *words], env=environment, capture_output=True, text=True, timeout=60, check=False)

    return newcomer.home, run


def test_what_root_writes_into_the_home_of_a_user_belongs_to_the_user(users_home):
    home, run = users_home
    done = run("setup", "--yes", "--no-login")
    assert done.returncode == 0, done.stderr
    for directory, _, names in os.walk(home):
        for path in (directory, *(os.path.join(directory, name) for name in names)):
            assert os.lstat(path).st_uid == 4321, path
    assert settings_at(home) == HELPERS


def test_root_follows_no_links_and_uses_no_record_of_a_user(users_home, tmp_path):
    home, run = users_home
    precious = tmp_path / "precious"
    precious.write_text("{}")
    (home / ".docker").mkdir()
    (home / DOCKER).symlink_to(precious)
    os.lchown(home / DOCKER, 4321, 4321)
    refused = run("setup", "--yes", "--no-login")
    assert refused.returncode == 1 and "link that belongs to another user" in refused.stderr
    record = home / RECORD
    record.parent.mkdir(parents=True)
    record.write_text(json.dumps({"version": 1, "changes": [{"file": str(precious), "made_file": True, "made_directory": "", "blank": None,
                                                             "after": "", "edits": [], "logins": []}]}))
    os.chown(record, 4321, 4321)
    refused = run("setup", "--undo", "--yes")
    assert refused.returncode == 1 and "belongs to another user" in refused.stderr
    assert precious.read_text() == "{}"


def test_old_logins_are_removed_and_no_copy_remains(newcomer):
    secret = "MHNlc3Npb250b2tlbjpodW50ZXIy"
    auths = {HOST: {"auth": secret}, f"https://{HOST.upper()}/v2/": {"auth": secret}, "myorg_myacct.registry.snowflakecomputing.com": {},
             OTHER: {"auth": "c29tZWJvZHk6eA=="}}
    newcomer.write(DOCKER, json.dumps({"auths": auths}))
    shadow = newcomer.runtime / "containers/auth.json"
    shadow.parent.mkdir()
    shadow.write_text(json.dumps({"auths": {f"{HOST}/db/schema/repo": {"auth": secret}}}))
    kept = set_up(newcomer, "--yes", "--no-login", "--keep-logins")
    assert settings(newcomer)["auths"] == auths
    shown = set_up(newcomer, "--yes", "--no-login").out
    assert shown.count("an old login") == 4 and secret not in shown + kept.out
    assert settings(newcomer) == {"auths": {OTHER: auths[OTHER]}, "credHelpers": HELPERS}
    assert json.loads(shadow.read_text()) == {"auths": {}}
    assert all(secret.encode() not in content for _, content in newcomer.files())
    undone = set_up(newcomer, "--undo", "--yes").out
    assert "docker login makes a new one" in undone
    assert settings(newcomer) == {"auths": {OTHER: auths[OTHER]}}


def test_a_copy_without_secrets_is_kept_beside_the_file_until_undo(newcomer):
    path = newcomer.write(DOCKER, HAND_MADE)
    set_up(newcomer, "--yes", "--no-login")
    copy = path.with_name("config.json.before-docker-snowflake")
    assert copy.stat().st_mode & 0o777 == 0o600
    assert "c29tZWJvZHk6" not in copy.read_text() and "psFormat" in copy.read_text()
    set_up(newcomer, "--undo", "--yes")
    assert not copy.exists()


def test_a_user_at_a_terminal_is_asked_and_concurrent_changes_are_kept(newcomer):
    path = newcomer.write(DOCKER, DESKTOP)
    before = snapshot(newcomer)
    status, seen = run_at_terminal(newcomer, "setup", "--no-login", answer="n\n")
    assert status == 0 and "Nothing was changed" in seen and snapshot(newcomer) == before

    def change_the_file():
        path.write_text(DESKTOP.replace("desktop-linux", "mine"))

    status, seen = run_at_terminal(newcomer, "setup", "--no-login", answer="yes\n", before_answer=change_the_file)
    assert status == 0, seen
    assert settings(newcomer)["currentContext"] == "mine" and settings(newcomer)["credHelpers"] == HELPERS
    status, seen = run_at_terminal(newcomer, "setup", "--undo", answer="y\n")
    assert status == 0 and path.read_text() == DESKTOP.replace("desktop-linux", "mine")


def test_without_a_terminal_nothing_is_written_without_yes(newcomer):
    before = snapshot(newcomer)
    refused = newcomer.run(["setsid", "--wait", "docker-snowflake", "setup"])
    assert refused.code == 2 and "no terminal" in refused.err and "--yes" in refused.err
    assert snapshot(newcomer) == before


def test_hosts_and_connections_can_be_chosen(newcomer):
    newcomer.write_config(CONNECTION + '[connections.two]\naccount = "other-acct"\n[connections.old]\naccount = "xy12345.us-east-1"\n')
    two = "other-acct.registry.snowflakecomputing.com"
    set_up(newcomer, "--yes", "--no-login", "-c", "two")
    assert settings(newcomer)["credHelpers"] == {two: "snowflake", f"{two}:443": "snowflake"}
    set_up(newcomer, "--yes", "--no-login", "--host", f"https://{HOST.upper()}/")
    assert len(settings(newcomer)["credHelpers"]) == 4
    everywhere = set_up(newcomer, "--yes", "--no-login")
    assert "connection 'old': " in everywhere.err and "nothing to change" in everywhere.out
    for words in (["--host", "evil.example"], ["--host", "no-such.registry.snowflakecomputing.com"], ["-c", "nope"], ["-c", "old"]):
        refused = newcomer.snowflake("setup", "--yes", *words)
        assert refused.code in (1, 2) and "Next: " in refused.err, words
    assert newcomer.snowflake("setup", "--undo", "--host", HOST).code == 2


def test_other_configuration_directories_are_used_when_named(newcomer):
    elsewhere = newcomer.home / "elsewhere"
    set_up(newcomer, "--yes", "--no-login", "--docker-config", str(elsewhere / "a"))
    set_up(newcomer, "--yes", "--no-login", env={"DOCKER_CONFIG": str(elsewhere / "b"), "REGISTRY_AUTH_FILE": str(elsewhere / "auth.json")})
    for name in ("a/config.json", "b/config.json", "auth.json"):
        assert HELPERS.items() <= json.loads((elsewhere / name).read_text())["credHelpers"].items()
    assert not (newcomer.home / ".docker").exists()
    set_up(newcomer, "--undo", "--yes")
    assert not (elsewhere / "a").exists() and not (elsewhere / "b").exists()


def test_setup_uses_the_configuration_directory_that_docker_was_given(newcomer):
    directory = newcomer.home / "given"
    (directory / "cli-plugins").mkdir(parents=True)
    (directory / "cli-plugins/docker-snowflake").symlink_to(newcomer.world.bin + "/docker-snowflake")
    result = newcomer.run(["/usr/bin/docker", "--config", str(directory), "snowflake", "setup", "--yes", "--no-login"])
    assert result.code == 0, result.err
    assert json.loads((directory / "config.json").read_text())["credHelpers"] == HELPERS
    assert not (newcomer.home / ".docker").exists()


def test_the_server_is_asked_for_the_hosts_if_requested(newcomer, world):
    account = world.snowflake.add_account("other-acct", private_link=True)
    account.add_user("JANE", password="Correct Horse 1!", default_role="PUSHER")
    account.add_repository("DB", "SCHEMA", "REPO")
    account.role_may("PUSHER", push=["DB.SCHEMA.REPO"])
    newcomer.write_config(CONNECTION.replace("myorg-myacct", "other-acct"))
    set_up(newcomer, "--yes", "--ask")
    assert set(settings(newcomer)["credHelpers"]) == {
        f"other-acct.registry.{domain}snowflakecomputing.com{port}" for domain in ("", "privatelink.") for port in ("", ":443")}


def test_nothing_is_written_while_the_helper_cannot_be_found(newcomer):
    before = snapshot(newcomer)
    program = newcomer.world.bin + "/docker-snowflake"
    refused = newcomer.run([program, "setup", "--yes"], env={"PATH": "/usr/bin:/bin"})
    assert refused.code == 1 and "docker-credential-snowflake is not on the PATH" in refused.err
    assert snapshot(newcomer) == before


BROKEN_HELPERS = {
    "empty": b"", "page": b"<!DOCTYPE html><html>Not Found</html>", "no interpreter": b"#!/no/such/sh\n", "windows": b"#!/bin/sh\r\nexit 0\r\n",
    "other processor": b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x02\x00\xf3\x00" + bytes(44), "cut": b"\x7fELF\x02\x01\x01",
    "fails": b"#!/bin/sh\necho error >&2\nexit 3\n", "another program": b"#!/bin/sh\necho docker-credential-pass v0.8\n",
    "says nothing": b"#!/bin/sh\n", "hangs": b"#!/bin/sh\nsleep 100\n"}


@pytest.mark.parametrize("content", BROKEN_HELPERS.values(), ids=BROKEN_HELPERS.keys())
def test_nothing_is_written_for_a_helper_that_does_not_run_here(newcomer, snowflake, content):
    before = snapshot(newcomer)
    helper = newcomer.directory / "bin/docker-credential-snowflake"
    helper.parent.mkdir()
    helper.write_bytes(content)
    helper.chmod(0o755)
    refused = newcomer.snowflake("setup", "--yes", env={"PATH": f"{helper.parent}:{newcomer.environment['PATH']}"})
    assert refused.code == 1 and str(helper) in refused.err and "Next: " in refused.err, refused.out + refused.err
    assert snapshot(newcomer) == before and snowflake.requests == []


@pytest.mark.parametrize("directory", ["~/.docker", " /x ", "$HOME/.docker", '"/x"', "'/x'", "/x\n"])
def test_a_docker_config_that_no_shell_expanded_is_refused(newcomer, directory):
    before = snapshot(newcomer)
    for words in (["setup", "--yes"], ["setup", "--undo", "--yes"]):
        refused = newcomer.snowflake(*words, env={"DOCKER_CONFIG": directory})
        assert refused.code == 1 and "DOCKER_CONFIG is '" in refused.err and '"$HOME/.docker"' in refused.err, refused.err
    for words in (["status"], ["doctor"], []):
        told = newcomer.snowflake(*words, env={"DOCKER_CONFIG": directory})
        assert "DOCKER_CONFIG is '" in " ".join((told.out + told.err).split()), (words, told.out)
    assert snapshot(newcomer) == before


def test_a_host_that_is_not_a_snowflake_registry_is_not_configured(newcomer):
    newcomer.write_settings(f'[registries."{OTHER}"]\nconnection = "dev"\n')
    before = snapshot(newcomer)
    refused = newcomer.snowflake("setup", "--yes", "--host", OTHER)
    assert refused.code == 1 and "Next: " in refused.err and snapshot(newcomer) == before, refused.out


def test_a_failed_login_is_reported_after_the_settings_are_written(newcomer, world):
    world.account.deny_login = ("390100", "Incorrect username or password was specified.")
    failed = newcomer.snowflake("setup", "--yes")
    assert failed.code == 1 and "Incorrect username or password" in failed.err
    assert settings(newcomer)["credHelpers"] == HELPERS
