# SPDX-License-Identifier: Apache-2.0
"""docker snowflake config: shows settings and their origin, and changes them without affecting the rest of the file."""

from conftest import CONNECTION, HOST
from world.user import UNPRIVILEGED

SETTINGS = ".config/docker-snowflake/config.toml"


def rows(user, **options):
    result = user.snowflake("config", "--format", "JSON", **options)
    assert result.code == 0, result.err
    return {row["key"]: (row["value"], row["source"]) for row in result.json()}


def test_settings_are_shown_with_their_origin(jane, snowflake):
    path = jane.home / SETTINGS
    assert rows(jane) == {"file": (str(path), "default"), "store": ("auto", "default"), "interactive": ("never", "default"),
                          f'registries."{HOST}".connection': ("dev", "account of the connection")}
    jane.write_settings(f'# mine\nstore = "keyring"\n[registries."{HOST.upper()}"]\nconnection = "dev"\n')
    assert rows(jane) == {"file": (str(path), "default"), "store": ("keyring", f"{path}:2"), "interactive": ("never", "default"),
                          f'registries."{HOST}".connection': ("dev", f"{path}:4")}
    elsewhere = jane.write("other.toml", 'store = "none"\n')
    shown = rows(jane, env={"DOCKER_SNOWFLAKE_CONFIG": str(elsewhere)})
    assert shown["file"] == (str(elsewhere), "DOCKER_SNOWFLAKE_CONFIG") and shown["store"] == ("none", f"{elsewhere}:1")
    assert "keyring" in jane.snowflake("config").out
    assert snowflake.requests == []


def test_set_and_unset_take_effect_at_once(jane, snowflake):
    jane.write_config(CONNECTION + '[connections.reader]\naccount = "myorg-myacct"\nuser = "jane"\n')
    assert jane.snowflake("config", "set", f"registries.{HOST}.connection", "reader").code == 0
    assert (jane.home / SETTINGS).read_text() == f'[registries."{HOST}"]\nconnection = "reader"\n'
    assert (jane.home / SETTINGS).stat().st_mode & 0o777 == 0o600
    assert jane.snowflake("config", "set", "store", "none").code == 0
    assert rows(jane)["store"][0] == "none" and rows(jane)[f'registries."{HOST}".connection'][0] == "reader"
    assert "Nothing to change" in jane.snowflake("config", "set", "store", "none").out
    assert jane.snowflake("config", "unset", f'registries."{HOST}".connection').code == 0
    assert jane.snowflake("config", "unset", "store").code == 0
    assert rows(jane)[f'registries."{HOST}".connection'] == ("dev", "account of the connection")


def test_comments_order_links_and_mode_are_preserved(jane):
    text = f'# first\n\nstore = "keyring"   # why\n\n# about h\n[registries."{HOST}"]\nrole = "PUSHER"\n\n# last\n'
    real = jane.write("dotfiles/settings.toml", text, mode=0o644)
    (jane.home / SETTINGS).parent.mkdir(parents=True)
    (jane.home / SETTINGS).symlink_to(real)
    assert jane.snowflake("config", "set", "store", "auto").code == 0
    assert jane.snowflake("config", "set", f"registries.{HOST}.connection", "dev").code == 0
    assert real.read_text() == text.replace('"keyring"', '"auto"').replace('"PUSHER"\n', '"PUSHER"\nconnection = "dev"\n')
    assert (jane.home / SETTINGS).is_symlink() and real.stat().st_mode & 0o777 == 0o644


def test_help_names_every_key_and_value(jane):
    shown = " ".join(jane.snowflake("config", "set", "--help").out.split())
    for key in ("store", "interactive", "registries.HOST.connection", "registries.HOST.role", "registries.HOST.through"):
        assert key in shown, key
    for key, values in (("store", "auto, keyring, secret-service or none"), ("interactive", "never or terminal")):
        assert f"{key}: {values}" in shown
        for value in values.replace(" or ", ", ").split(", "):
            assert jane.snowflake("config", "set", key, value).code == 0, (key, value)


def test_invalid_settings_are_not_written(jane):
    path = jane.write_settings('store = "auto"\n')
    for words, why in ((["store", "disk"], '\'disk\' cannot be set: store must be "auto", "keyring", "secret-service" or "none"'), (["stroe", "none"], "did you mean store?"),
                       (["registries.h.password", "x"], "is not a setting")):
        refused = jane.snowflake("config", "set", *words)
        assert refused.code in (1, 2) and why in refused.err and "Next: " in refused.err, words
    assert path.read_text() == 'store = "auto"\n'
    assert "no connection 'nope' yet" in jane.snowflake("config", "set", f"registries.{HOST}.connection", "nope").err
    broken = jane.write_settings('store = "auto\n')
    for words in (["config"], ["config", "set", "store", "none"], ["config", "unset", "store"]):
        refused = jane.snowflake(*words)
        assert refused.code == 1 and "config.toml:1:" in refused.err, words
    assert broken.read_text() == 'store = "auto\n'


def test_unreadable_settings_are_reported_once_by_commands_and_never_by_the_helper(jane):
    jane.write_settings('store = "none"\n')
    directory = (jane.home / SETTINGS).parent
    directory.chmod(0)
    try:
        results = [jane.run([*UNPRIVILEGED, "docker-snowflake", *words]) for words in (["url"], ["status"], ["token"], [])]
        helper = jane.run([*UNPRIVILEGED, "docker-credential-snowflake", "get"], HOST)
    finally:
        directory.chmod(0o700)
    for result in results:
        assert f"{result.err}{result.out}".count(f"the directory {directory} cannot be entered") == 1, result
    assert helper.code == 0 and helper.err == ""
