# SPDX-License-Identifier: Apache-2.0
"""Configuration files that are pipes, devices, unreadable, badly encoded, deeply nested or owned by another user."""

import os

import pytest
from world.fixtures import CONNECTION, HOST
from world.user import UNPRIVILEGED

SETTINGS = ".config/docker-snowflake/config.toml"


def get(jane, env=None, prefix=()):
    return jane.run([*prefix, "docker-credential-snowflake", "get"], HOST, env=env, timeout=20)


@pytest.mark.parametrize("name", [SETTINGS, ".snowflake/config.toml", ".snowflake/connections.toml"])
def test_a_named_pipe_or_device_in_place_of_a_file_is_reported_and_not_waited_for(jane, name):
    path = jane.home / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    os.mkfifo(path, 0o600)
    result = get(jane)
    assert result.code == 1 and f"{path} is a named pipe, not a regular file" in result.out
    path.unlink()
    path.symlink_to("/dev/zero")
    result = get(jane)
    assert result.code == 1 and f"{path} is a device, not a regular file" in result.out


@pytest.mark.parametrize("key", ["private_key_file", "token_file_path"])
def test_a_key_or_token_file_that_is_a_pipe_is_not_waited_for(jane, key):
    pipe = jane.home / "pipe"
    os.mkfifo(pipe, 0o600)
    authenticator = "SNOWFLAKE_JWT" if key == "private_key_file" else "OAUTH"
    jane.write_config(CONNECTION.replace('password = "Correct Horse 1!"', f'authenticator = "{authenticator}"\n{key} = "{pipe}"'))
    result = get(jane)
    assert result.code == 1 and "is a named pipe" in result.out


def test_dev_null_is_an_empty_file(jane):
    assert get(jane, env={"DOCKER_SNOWFLAKE_CONFIG": "/dev/null"}).code == 0


def test_a_byte_order_mark_is_cut_and_utf_16_is_named(jane):
    path = jane.home / ".snowflake/config.toml"
    path.write_bytes(b"\xef\xbb\xbf" + CONNECTION.encode())
    assert get(jane).code == 0
    path.write_bytes(CONNECTION.encode("utf-16"))
    result = get(jane)
    assert result.code == 1 and "UTF-16" in result.out and "iconv" in result.out
    token = jane.home / "token"
    token.write_bytes("a-token".encode("utf-16"))
    path.write_text(CONNECTION.replace('password = "Correct Horse 1!"', f'authenticator = "OAUTH"\ntoken_file_path = "{token}"'))
    assert "UTF-16" in get(jane).out


def test_without_a_home_nothing_is_read_from_the_current_directory(jane, snowflake):
    """A repository in the current directory must not decide which host gets a token (openshift#23369)."""
    jane.write("snowflake/config.toml", CONNECTION)
    jane.write(".config/snowflake/config.toml", CONNECTION)
    jane.write("docker-snowflake/config.toml", f'[registries."{HOST}"]\nconnection = "dev"\n')
    for home in ("", "relative", "."):
        environment = {"HOME": home, "XDG_CONFIG_HOME": "", "XDG_STATE_HOME": ""}
        uid_of_root = ["/usr/bin/setpriv", "--reuid=0"] if home else []
        result = jane.run([*uid_of_root, "docker-credential-snowflake", "get"], HOST, env=environment)
        assert result.code == 1, home
    assert snowflake.requests == []


def test_a_home_that_cannot_be_entered_counts_as_absent(jane):
    variables = {"SNOWFLAKE_ACCOUNT": "myorg-myacct", "SNOWFLAKE_USER": "jane", "SNOWFLAKE_PASSWORD": "Correct Horse 1!"}
    jane.home.chmod(0)
    try:
        result = jane.finish(jane.start([*UNPRIVILEGED, "docker-credential-snowflake", "get"], variables), HOST)
        status = jane.finish(jane.start([*UNPRIVILEGED, "docker-snowflake", "status", "-x"], variables))
    finally:
        jane.home.chmod(0o700)
    assert result.code == 0, result.out
    assert status.err.count("cannot be entered") == 1


@pytest.mark.parametrize("home", ["loop", "long"])
def test_an_unreachable_home_counts_as_absent(jane, home):
    loop = jane.directory / "loop"
    loop.symlink_to(loop)
    variables = {"SNOWFLAKE_ACCOUNT": "myorg-myacct", "SNOWFLAKE_USER": "jane", "SNOWFLAKE_PASSWORD": "Correct Horse 1!",
                 "HOME": str(loop) if home == "loop" else "/" + "a" * 300}
    assert jane.helper("get", HOST, env=variables).code == 0
    status = jane.snowflake("status", "-x", env=variables)
    assert status.err.count("cannot be entered") == 1, status.err


def test_the_cause_of_a_write_that_fails_is_named(jane):
    (jane.home / ".config").mkdir()
    settings = jane.home / ".config/docker-snowflake"
    settings.write_text("a file where the directory should be")
    result = jane.snowflake("config", "set", "store", "none")
    assert result.code == 1 and "Next: " in result.err and str(settings) in result.err
    settings.unlink()
    settings.mkdir(mode=0o500)
    result = jane.run([*UNPRIVILEGED, "docker-snowflake", "config", "set", "store", "none"])
    assert result.code == 1 and "Next: " in result.err


@pytest.mark.parametrize("name", [SETTINGS, ".snowflake/config.toml", ".snowflake/connections.toml"])
def test_a_file_of_another_user_is_refused(jane, name):
    if os.geteuid() != 0:
        pytest.skip("only root can give a file away")
    path = jane.home / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text('store = "none"\n' if name == SETTINGS else CONNECTION)
    path.chmod(0o644)
    os.chown(path, 4321, 4321)
    result = get(jane)
    assert result.code == 1 and "belongs to another user" in result.out and "chown" in result.out


def test_deeply_nested_files_are_refused(jane):
    path = jane.home / ".snowflake/config.toml"
    for text in ("a = " + "[" * 200_000, "a." * 200_000 + "a = 1\n", "[" + "a." * 200_000 + "a]\n", "a = " + "{a=" * 200_000):
        path.write_text(text)
        result = get(jane)
        assert result.code == 1 and "nested too deep" in result.out
