# SPDX-License-Identifier: Apache-2.0
"""Mistakes in options and variables cause one error message, whose next step refers to the option or variable."""

import re

import pytest
from conftest import CONNECTION, HOST

JOB = {"SNOWFLAKE_ACCOUNT": "myorg-myacct", "SNOWFLAKE_USER": "jane"}


def refused(result, code, sentence, following):
    assert result.code == code, (result.code, result.out, result.err)
    error, _, step = result.err.partition("Next: ")
    assert sentence in error and error.count("Error: ") == 1, result.err
    assert following in step, result.err


@pytest.fixture
def job(jane):
    """A user without connection files, whose connection comes from variables."""
    jane.write_config("")
    return jane


@pytest.mark.parametrize(("options", "code", "sentence", "following"), [
    (["--authenticator", "jwt"], 1, "251007: Unknown authenticator: jwt", "use --authenticator SNOWFLAKE_JWT\n"),
    (["--authenticator", "bogus"], 1, "251007: Unknown authenticator: bogus", "set --authenticator to one of: SNOWFLAKE,"),
    (["--account", ""], 1, "251001: Account must be specified", "use --account <organization>-<account>\n"),
    (["--account", "a/b"], 1, "251001: Invalid account identifier", "use --account <organization>-<account>, without"),
    (["--private-key-file", "/etc"], 1, "/etc is a directory, not a regular file", "use the path of a file in it"),
    (["--private-key-file", "/nowhere/x"], 1, "the private key file /nowhere/x does not exist", "correct --private-key-file; for the key"),
    (["--private-key-file", "/etc/hostname"], 1, "requires authenticator set to SNOWFLAKE_JWT", "use --authenticator SNOWFLAKE_JWT\n"),
    (["--authenticator", "SNOWFLAKE_JWT", "--private-key-file", "/nowhere/x"], 1, "/nowhere/x does not exist", "correct --private-key-file; for the key"),
    (["--authenticator", "OAUTH", "--token-file-path", "/nowhere/x"], 1, "the token file /nowhere/x does not exist", "correct --token-file-path; for the token"),
    (["--authenticator", "OAUTH", "--token-file-path", "/etc"], 1, "/etc is a directory", "use the path of a file in it"),
    (["--authenticator", "WORKLOAD_IDENTITY"], 1, "no workload_identity_provider", "set --workload-identity-provider to AWS, AZURE, GCP or OIDC\n"),
])
def test_an_option_is_corrected_as_an_option(jane, snowflake, options, code, sentence, following):
    refused(jane.snowflake("login", *options), code, sentence, following)
    assert snowflake.requests == []


@pytest.mark.parametrize(("variables", "sentence", "following"), [
    ({"AUTHENTICATOR": "jwt"}, "251007: Unknown authenticator: jwt", "set SNOWFLAKE_AUTHENTICATOR=SNOWFLAKE_JWT\n"),
    ({"AUTHENTICATOR": "bogus"}, "251007: Unknown authenticator: bogus", "set SNOWFLAKE_AUTHENTICATOR to one of: SNOWFLAKE,"),
    ({"AUTHENTICATOR": "WORKLOAD_IDENTITY"}, "no workload_identity_provider", "set SNOWFLAKE_WORKLOAD_IDENTITY_PROVIDER to AWS, AZURE, GCP or OIDC\n"),
    ({"PRIVATE_KEY_FILE": "/etc/hostname"}, "requires authenticator set to SNOWFLAKE_JWT", "set SNOWFLAKE_AUTHENTICATOR=SNOWFLAKE_JWT\n"),
    ({"AUTHENTICATOR": "SNOWFLAKE_JWT", "PRIVATE_KEY_FILE": "/nowhere/x"}, "/nowhere/x does not exist", "correct SNOWFLAKE_PRIVATE_KEY_FILE; for the key"),
    ({"ACCOUNT": "a/b"}, "251001: Invalid account identifier", "set SNOWFLAKE_ACCOUNT=<organization>-<account>, without"),
    ({"ACCOUNT": "jane"}, "SNOWFLAKE_ACCOUNT is a locator", "set SNOWFLAKE_ACCOUNT=<organization>-<account>;"),
])
def test_a_variable_is_corrected_as_a_variable(job, snowflake, variables, sentence, following):
    env = JOB | {f"SNOWFLAKE_{name}": value for name, value in variables.items()}
    refused(job.snowflake("login", env=env), 1, sentence, following)
    assert snowflake.requests == []


def test_a_variable_of_one_connection_is_corrected_as_that_variable(jane):
    name = "SNOWFLAKE_CONNECTIONS_DEV_AUTHENTICATOR"
    refused(jane.snowflake("login", env={name: "jwt"}), 1, "251007: Unknown authenticator: jwt", f"set {name}=SNOWFLAKE_JWT\n")
    refused(jane.snowflake("login", env={name: "workload_identity"}), 1, "no workload_identity_provider",
            "set SNOWFLAKE_CONNECTIONS_DEV_WORKLOAD_IDENTITY_PROVIDER to AWS")


@pytest.mark.parametrize("words", [[], ["status"], ["images"], ["doctor"], ["setup", "--dry-run"]])
def test_variables_that_make_no_connection_are_named(job, words):
    alone = job.snowflake(*words, env={"SNOWFLAKE_USER": "jane", "SNOWFLAKE_PASSWORD": "x"})
    assert "SNOWFLAKE_USER is set, but SNOWFLAKE_ACCOUNT is not" in alone.out + alone.err, alone
    assert "set SNOWFLAKE_ACCOUNT=<organization>-<account>" in alone.out + alone.err, alone
    if words != ["images"]:
        locator = job.snowflake(*words, env={"SNOWFLAKE_ACCOUNT": "jane"})
        assert "SNOWFLAKE_ACCOUNT is a locator" in locator.out + locator.err, (locator.out, locator.err)


def test_an_address_is_corrected_where_it_was_set(jane, snowflake):
    name = "SNOWFLAKE_CONNECTIONS_DEV_"
    for options, variables, following in (
            (["--port", "99999"], {}, "leave out --port; Snowflake uses 443"), ([], {"PORT": "0"}, f"unset {name}PORT; Snowflake uses 443"),
            (["--protocol", "ftp"], {}, "leave out --protocol\n"), ([], {"PROTOCOL": "http"}, f"unset {name}PROTOCOL; plain http"),
            ([], {"LOGIN_TIMEOUT": "soon"}, f"set {name}LOGIN_TIMEOUT=120\n"), (["--host", "my host"], {}, "write --host without https://"),
            (["--host", "nowhere.invalid"], {}, "check the network, or correct host (--host)"),
            ([], {"HOST": "nowhere.invalid"}, f"check the network, or correct host ({name}HOST)"),
            (["--account", "myorg-nowhere"], {}, "check the network, or correct account (--account)")):
        result = jane.snowflake("login", *options, env={name + key: value for key, value in variables.items()})
        assert result.code == 1 and following in result.err, (options, variables, result.err)
    assert snowflake.requests == []


EMPTY = "it is empty."


@pytest.mark.parametrize(("words", "sentence"), [
    (["images", "-c", ""], EMPTY), (["images", "-c", " "], EMPTY), (["login", ""], EMPTY), (["logout", ""], EMPTY), (["connection", "use", ""], EMPTY),
    (["connection", "test", ""], EMPTY), (["connection", "use", "dev", "--host", ""], EMPTY), (["setup", "--host", ""], EMPTY), (["setup", "-c", ""], EMPTY),
    (["doctor", ""], EMPTY), (["push", ""], EMPTY), (["push", "app:1", ""], EMPTY), (["images", ""], "the name of the repository is empty"), (["url", " "], "the name of the repository is empty"),
    (["du", ""], "the name of the repository is empty"), (["ref", ""], "the name of the repository is empty"), (["pull", ""], "the name of the repository is empty"),
    (["images", "é.ü.ñ"], "'é.ü.ñ' is not valid name"), (["images", "a.b.c.d"], "is not valid name"), (["images", '"a"'], "has a quoted name"),
    (["du", "a b"], "is not valid name"), (["list-images", "a-b"], "is not valid name"),
    (["kubernetes", "sql", "--issuer", "https://issuer.example", "--role", "R", "--repository", "a b.c.d"], "is not valid name"),
    (["repositories", "--in", "foo", "bar"], "Scope type must be one of"), (["repositories", "--in", "schema", "a b"], "must be a valid identifier"),
])
def test_an_invalid_name_is_a_usage_error(jane, snowflake, words, sentence):
    result = jane.snowflake(*words)
    assert result.code == 2 and sentence in result.err and "Next: " in result.err, (result.code, result.err)
    assert snowflake.requests == []


@pytest.mark.parametrize(("typed", "next_step"), [
    ("spcs image-registry login", "leave out 'spcs': docker-snowflake image-registry login"),
    ("snow spcs image-repository list", "leave out 'snow': docker-snowflake image-repository list"),
    ("image push app:1 db.schema.repo", "leave out 'image': docker-snowflake push"),
    ("image ls", "did you mean docker snowflake images?"),
    ("repo ls", "did you mean docker snowflake repositories?"),
    ("repositories create x", "did you mean docker snowflake image-repository create <repository>?"),
    ("repositories db.schema", "Next: docker-snowflake repositories --in schema db.schema looks in that schema\n"),
    ("repositories db", "Next: docker-snowflake repositories --in database db looks in that database\n"),
    ("IMAGES", "did you mean docker-snowflake images? All commands: docker-snowflake --help"),
    ("registry login", "did you mean docker snowflake image-registry?"),
    ("k8s pull-secret", "did you mean docker snowflake kubernetes?"),
    ("status dev", "Next: docker-snowflake status --connection dev uses that connection\n"),
    ("whoami dev", "Next: docker-snowflake whoami --connection dev uses that connection\n"),
    ("setup a-b.registry.snowflakecomputing.com", "Next: docker-snowflake setup --host a-b.registry.snowflakecomputing.com is for that registry alone\n"),
    ("setup --host a-b.snowflakecomputing.com", "did you mean a-b.registry.snowflakecomputing.com?"),
    ("setup --host https://app.snowflake.com/a/b/#/homepage", "did you mean a-b.registry.snowflakecomputing.com?"),
    ("docker-config a-b", "did you mean a-b.registry.snowflakecomputing.com?"),
    ("doctor a-b", "did you mean a-b.registry.snowflakecomputing.com?"),
    ("setup --docker-config .docker/config.json", "name its directory: --docker-config .docker\n"),
    ("kubernetes cronjob --namespace shop --image a-b.registry.snowflakecomputing.com/d/s/r/x:1", "push it to another registry"),
    ("push app:1 db.schema.repo --parallel many", "'many' is not a number from 1 to 16."),
    ("push app:1 db.schema.repo --progress fancy", "'fancy' is not one of auto, tty, plain, json."),
    ("serve --listen 0.0.0.0:80", "Invalid value for '--listen': '0.0.0.0:80' is not a number from 0 to 65535."),
    ("serve --port 5055", "docker snowflake serve --listen <port>"),
    ("login --connection", "Option '--connection' requires an argument."),
    ("push ./image.tar db.schema.repo", "docker snowflake push docker-archive:./image.tar <repository>/<image>:<tag>\n"),
    ("push .docker db.schema.repo", "docker snowflake push oci:.docker <repository>/<image>:<tag>\n"),
    ("push app:1 db.schema.repo:1", "write db.schema.repo/<image>:1"),
    ("tag app:1 db.schema.repo/app:1", "docker snowflake push app:1 db.schema.repo/app:1"),
    ("tag db.schema.repo/app:1 feature/x", "'feature/x' is not a tag"),
])
def test_what_was_probably_meant_is_said(jane, snowflake, typed, next_step):
    jane.write("image.tar", "")
    result = jane.snowflake(*typed.split())
    assert result.code == 2 and next_step in result.err and result.err.count("Next: ") == 1, (result.code, result.err)
    assert snowflake.requests == []


def test_names_may_be_written_as_they_are_pasted(jane):
    for written in ("db.schema.repo/", f"{HOST}/db/schema/repo/", f"https://{HOST}/DB/SCHEMA/REPO"):
        assert jane.snowflake("url", written).out == f"{HOST}/db/schema/repo\n", written
    assert jane.snowflake("repositories", "-q", "--in", "schema", "db.schema").out == "DB.SCHEMA.REPO\nDB.SCHEMA.REPO2\n"
    for host in (HOST, f"https://{HOST}/"):
        assert "Logged in to" in jane.snowflake("login", host).out, host
    other = jane.snowflake("login", "other-acct.registry.snowflakecomputing.com")
    assert other.code == 1 and "docker snowflake connection add <name> --account other-acct" in other.err


def test_a_job_without_a_connection_is_told_its_variables(world, snowflake):
    job = world.user()
    setup = ("setup", "--yes", "--host", HOST)
    assert "in a job, set SNOWFLAKE_ACCOUNT=myorg-myacct and SNOWFLAKE_AUTHENTICATOR" in job.snowflake(*setup).err
    for account in ("xy12345.us-east-1", "myorg.myacct"):
        said = job.snowflake(*setup, env={"SNOWFLAKE_ACCOUNT": account}).err
        assert "Next: set SNOWFLAKE_ACCOUNT=myorg-myacct\n" in said, said
    assert snowflake.requests == []


@pytest.mark.parametrize("words", [["image-repository", "url", ""], ["image-repository", "drop", "a b"], ["object", "list", "image-repository", "--in", "foo", "bar"]])
def test_the_commands_of_the_snowflake_cli_keep_its_codes(jane, words):
    result = jane.snowflake(*words)
    assert result.code == 1 and ("is not valid name." in result.err or "Scope type must" in result.err), (result.code, result.err)


def test_a_missing_object_is_named(jane):
    refused(jane.snowflake("url", "nope.nope"), 1, "there is no image repository DB.NOPE.NOPE that the role PUSHER can see", "docker snowflake repositories lists")
    refused(jane.snowflake("url", "nope"), 1, "there is no image repository DB.SCHEMA.NOPE that the role PUSHER can see", "docker snowflake repositories lists")
    for kind in ("database", "schema"):
        for options in ([], ["--format", "json"]):
            refused(jane.snowflake("repositories", "--in", kind, "NOPE", *options), 1, f"there is no {kind} NOPE that the role PUSHER can see",
                    "docker snowflake repositories --in-account")
    assert "002043" in jane.snowflake("image-repository", "list", "--in", "database", "NOPE").err


def test_attributes_without_a_value_are_explained(jane):
    refused(jane.snowflake("object", "create", "image-repository", "foo"), 1, "Invalid variable: 'foo'", "KEY=VALUE: name=foo\n")


def test_a_host_that_docker_never_asks_for_is_not_a_registry(jane):
    settings = jane.home / ".config/docker-snowflake/config.toml"
    for words in (["config", "set", "registries.foo.connection", "dev"], ["connection", "use", "dev", "--host", "foo"]):
        refused(jane.snowflake(*words), 2, "'foo' is not the host of a registry", "the whole host name")
    assert not settings.exists()
    for host in ("registry.example.com", "localhost:5000", "localhost"):
        assert jane.snowflake("config", "set", f"registries.{host}.connection", "dev").code == 0
    settings.write_text('[registries.foo]\nconnection = "dev"\n')
    dry = jane.snowflake("setup", "--dry-run")
    assert dry.code == 0 and HOST in dry.out and "foo" not in dry.out, dry.err
    assert re.search(r"Warning: .*config.toml:1: \[registries.foo\] has no effect.*docker snowflake config unset registries.foo.connection\n", dry.err), dry.err
    assert jane.snowflake("config", "unset", "registries.foo.connection").code == 0
    assert jane.snowflake("setup", "--dry-run").err == ""


def test_a_file_that_does_not_belong_to_the_snowflake_cli_keeps_its_permissions(jane):
    refused(jane.snowflake("--config-file", "/etc", "images"), 2, "File '/etc' is a directory.", "the path of a config.toml")
    other = jane.home / "hosts"
    other.write_text("127.0.0.1 localhost\n")
    other.chmod(0o644)
    wide = jane.snowflake("--config-file", str(other), "images")
    refused(wide, 1, "has too wide permissions", "check that this is a configuration file of the Snowflake CLI")
    assert "chmod" not in wide.err


def test_the_list_of_connections_names_their_lines(jane):
    jane.write_config(CONNECTION)
    file = jane.home / ".snowflake/config.toml"
    assert str(file) not in jane.snowflake("connection", "list").out
    assert f"{file}:" in jane.snowflake("connection", "list", "-o", "wide").out
    assert "connection list -o wide" in jane.snowflake("connection", "remove", "dev").err


@pytest.mark.parametrize("words", ["version", "list", "--help", "kubelet-credential-provider --help", "kubelet-install --help", "get"])
def test_a_full_disk_is_reported_by_the_helper(jane, words):
    result = jane.run(["sh", "-c", f"echo {HOST} | docker-credential-snowflake {words} > /dev/full"])
    assert result.code == 1 and result.err.startswith("docker-credential-snowflake: standard output cannot be written to\n"), result.err
    assert len(result.err.splitlines()) == 2 and "next: check that it is open" in result.err


def test_an_unknown_action_of_the_helper_names_the_program_once(jane):
    result = jane.run(["docker-credential-snowflake", "foo"])
    assert result.code == 1 and result.err.count("docker-credential-snowflake: unknown action: foo\n") == 1, result.err
    assert "docker-credential-snowflake: docker-credential-snowflake" not in result.err and result.out.startswith("unknown action: foo")
