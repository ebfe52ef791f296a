# SPDX-License-Identifier: Apache-2.0
"""Parsing of command lines: extra words are errors before anything is sent, and names may be those of commands."""

import os

from conftest import CONNECTION, HOST

# With sanitizers, programs start slowly, so fewer combinations run.
STEP = 28 if os.environ.get("DCS_SANITIZED") else 7


def test_a_command_after_another_is_refused_and_nothing_is_sent(jane, snowflake, commands):
    leaves = {words: takes for words, takes in commands.items() if "[SUBCOMMAND]" not in takes}
    groups = {words for words in commands if words not in leaves}
    assert len(leaves) > 20 and len(groups) >= 3
    every_word = sorted({words[-1] for words in commands})

    def sample(turn):
        """Returns some of the words; over all commands, each word is used."""
        return every_word[turn % STEP :: STEP]

    for turn, (words, takes) in enumerate(leaves.items()):
        if takes:
            continue
        for other in sample(turn):
            result = jane.snowflake(*words, other)
            assert (result.code, result.out) == (2, ""), (words, other, result.err)
            assert f"Got unexpected extra argument ({other})" in result.err
    for turn, words in enumerate(sorted(groups)):
        for other in sample(turn):
            if (*words, other) not in commands:
                result = jane.snowflake(*words, other)
                assert (result.code, result.out) == (2, ""), (words, other, result.err)
                assert f"No such command '{other}'." in result.err
    assert snowflake.requests == []


def test_extra_arguments_are_refused(jane, snowflake):
    for words in (["url", "repo", "images"], ["images", "repo", "config"], ["ref", "repo", "status"], ["image-repository", "url", "repo", "url"],
                  ["image-repository", "drop", "repo", "list"], ["image-repository", "list", "repo"], ["logout", "dev", "login"],
                  ["status", "--", "logout"], ["url", "repo", "--", "images"], ["status", "++", "logout"], ["images", "++"]):
        result = jane.snowflake(*words)
        assert (result.code, result.out) == (2, ""), (words, result.out)
        assert "Got unexpected extra argument" in result.err and "Next: docker-snowflake" in result.err, words
    assert snowflake.requests == []


def test_no_argument_is_dropped_silently(jane, snowflake):
    for words, word in ((["--", "status"], "--"), (["--"], "--"), (["image-repository", "--", "list"], "--"), (["config", "--", "set"], "--"),
                        (["--version", "x"], "x"), (["status", "--help", "x"], "x"), (["status", "x", "--help"], "x"), (["--help-all", "x"], "x"),
                        (["images", "repo", "--mfa-passcode", "123456", "34"], "34")):
        result = jane.snowflake(*words)
        assert (result.code, result.out) == (2, ""), (words, result.out)
        assert f"Got unexpected extra argument ({word})" in result.err or f"No such command '{word}'" in result.err, (words, result.err)
    for words in (["help", "stauts"], ["--help", "stauts"]):
        assert "did you mean docker-snowflake status?" in jane.snowflake(*words).err, words
    for words in (["login", "--mfa-passcode", "abc"], ["login", "--mfa-passcode", "123 456"]):
        assert "is not a number" in jane.snowflake(*words).err, words
    assert snowflake.requests == []


def test_a_token_that_would_not_be_used_is_refused(jane, snowflake):
    token = jane.write("token", "abc")
    for words in (["login", "--token", "abc"], ["images", "--token-file-path", str(token)], ["whoami", "--token", "abc", "--authenticator", "externalbrowser"]):
        refused = jane.snowflake(*words)
        assert refused.code == 2 and f"{words[1]} has no effect" in refused.err and "--authenticator" in refused.err, refused.err
    assert snowflake.requests == []
    assert "has no effect" not in jane.snowflake("login", "--token", "abc", "--authenticator", "oauth").err


def test_names_with_control_characters_are_not_completed(jane):
    jane.write_config(CONNECTION + '[connections."a\\u001b[31m"]\naccount = "o-a"\n[connections."b\\nc"]\naccount = "o-b"\n')
    assert jane.snowflake("__complete", "login", "-c", "").out == "dev\tconnection\n:4\n"


def test_a_repository_may_have_the_name_of_a_command(world, jane, snowflake):
    for name in ("IMAGES", "STATUS", "CONFIG", "LIST"):
        world.account.add_repository("DB", "SCHEMA", name, owner="PUSHER")
    assert jane.snowflake("url", "images").out == f"{HOST}/db/schema/images\n"
    assert jane.snowflake("image-repository", "url", "list").out == f"{HOST}/db/schema/list\n"
    assert jane.snowflake("images", "config", "--format", "json").out == "[]\n"
    assert snowflake.statements[-1] == "show images in image repository config"
    created = jane.snowflake("image-repository", "create", "login")
    assert created.code == 0 and "LOGIN successfully created" in created.out
    assert jane.snowflake("image-repository", "drop", "status").code == 0
    assert jane.snowflake("ref", "setup/status:1").out == f"{HOST}/db/schema/setup/status:1\n"


def test_the_connection_may_be_named_before_the_command(jane, snowflake):
    jane.write_config(CONNECTION + '[connections.other]\naccount = "Other_Acct"\n')
    host = "other-acct.registry.snowflakecomputing.com\n"
    for words in (["-c", "other", "url"], ["--connection", "other", "url"], ["--connection=other", "url"], ["-c", "other", "url", "--"]):
        assert jane.snowflake(*words).out == host, words
    assert jane.snowflake("-c", "other").code == 2
    for words in (["-c", "none", "image-repository", "url", "repo"], ["image-repository", "-c", "none", "url", "repo"],
                  ["image-repository", "--connection=none", "url", "repo"]):
        assert "Connection none is not configured" in jane.snowflake(*words).err, words
    assert snowflake.requests == []


def test_commands_of_other_tools_are_understood(jane, snowflake):
    assert jane.snowflake("version").out == jane.snowflake("--version").out != ""
    listed = jane.snowflake("repositories", "-q").out
    for words in (["repos", "-q"], ["repo", "-q"], ["-c", "dev", "repository", "-q"]):
        assert jane.snowflake(*words).out == listed != "", words
    assert jane.snowflake("help", "repos").out == jane.snowflake("help", "repositories").out


def test_hints_make_sense(jane, snowflake):
    for words, meant in ((["ls"], "docker snowflake repositories"), (["rm", "repo"], "image-repository drop"),
                         (["image-repository", "ls"], "image-repository list"),
                         (["stauts"], "docker-snowflake status"), (["--debug", "status"], "write it after the command: docker-snowflake status --debug")):
        result = jane.snowflake(*words)
        assert result.code == 2 and meant in result.err, (words, result.err)
    for words, meant in ((["rm", "app:1"], "Snowflake cannot delete single images"), (["config", "get", "store"], "did you mean docker snowflake config?"),
                         (["connection", "ls"], "docker snowflake connection list"), (["connection", "rm", "dev"], "remove its section"),
                         (["auth", "login"], "No such command 'auth'"), (["login", "34"], "Connection 34 is not configured"),
                         (["login", "dev", "-c", "other"], "two connections are named")):
        result = jane.snowflake(*words)
        assert result.code in (1, 2) and meant in result.err, (words, result.err)
    for words in (["nothing-like-it"], ["urls-and-more"], ["image-registry", "logout"], ["x" * 5000], ["images", "-a"], ["url", "-o", "json"]):
        assert "did you mean" not in jane.snowflake(*words).err, words
    assert snowflake.requests == []


def test_every_command_parses_names_alike(jane, snowflake):
    reference = f"{HOST}/db/schema/repo"
    names = ("repo", "db.schema.repo", "db/schema/repo", reference, f"https://{reference}", "@dev:repo", "@dev:db/schema/repo", f"@dev:{reference}")
    for name in names:
        for command in (["url"], ["ref"], ["image-repository", "url"]):
            assert jane.snowflake(*command, name).out == reference + "\n", (command, name)
        for command in (["images"], ["image-repository", "list-images"], ["list-images"]):
            shown = jane.snowflake(*command, name, "--format", "json")
            assert shown.code == 0, (command, name, shown.err)
        assert jane.snowflake("ref", f"{name}/app:1").out == f"{reference}/app:1\n", name
    for name, said in ((f"{reference}/app", "names an image"), ("db/schema", "did you mean db.schema?"), ("a/b/c/d", "is not valid name"),
                       ("@other:repo", "other"), ("registry.example.com:443/db/schema/repo", "is not a Snowflake registry host")):
        refused = jane.snowflake("image-repository", "drop", name)
        assert refused.code in (1, 2) and refused.out == "" and said in refused.err, (name, refused.err)
    both = jane.snowflake("image-repository", "url", "@dev:repo", "-c", "other")
    assert both.code == 2 and "two connections are named" in both.err
    foreign = jane.snowflake("images", "registry.example.com:443/db/schema/repo")
    assert foreign.code == 2 and "is not a Snowflake registry host" in foreign.err


def test_only_valid_names_reach_a_statement(jane, snowflake):
    for scope in ("account", "database", "schema"):
        for name in ("x; drop database db", "a b", "'", "", "db --"):
            refused = jane.snowflake("image-repository", "list", "--in", scope, name)
            assert refused.code == 1 and "Scope name must be a valid identifier." in refused.err, (scope, name)
    assert jane.snowflake("image-repository", "list", "--in", "database", '"DB"').code == 0
    assert jane.snowflake("image-repository", "list", "--like", "x\\").code == 0
    assert snowflake.statements[-1] == r"show image repositories like 'x\\'"
