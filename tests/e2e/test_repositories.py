# SPDX-License-Identifier: Apache-2.0
"""Features beyond the Snowflake CLI: cached sessions, short commands, large results, interruption and completion."""

import json
import os
import pty
import re
import signal
import time

import pytest
from conftest import CONNECTION, HOST
from credentials import token_of
from registry_clients import push_with_skopeo
from world.user import later

SET_RESULT_FORMAT = "alter session set PYTHON_CONNECTOR_QUERY_RESULT_FORMAT = 'json'"


def test_after_a_push_images_is_one_request(jane, snowflake):
    push_with_skopeo(jane, "db/schema/repo/kept:1")
    before = len([r for r in snowflake.requests if not r.kind.startswith("registry")])
    shown = jane.snowflake("images", "repo", "--filter", "image=kept")
    assert shown.code == 0, shown.err
    assert shown.out.splitlines()[0].split() == ["REPOSITORY", "IMAGE", "TAG", "DIGEST", "CREATED"]
    assert shown.out.splitlines()[1].startswith("DB.SCHEMA.REPO   kept    1     ") and shown.out.endswith("   just now\n")
    after = [r for r in snowflake.requests if not r.kind.startswith("registry")]
    assert [r.kind for r in after[before:]] == ["query"]
    assert snowflake.count("login") == 1 and snowflake.count("delete") == 0


def test_the_helper_uses_the_session_that_a_command_opened(jane, snowflake):
    assert jane.snowflake("repositories").code == 0
    token_of(jane.helper("get", HOST))
    assert snowflake.count("login") == 1


def test_an_expired_session_is_renewed_silently_and_an_ended_one_replaced(jane, snowflake):
    assert jane.snowflake("repositories", "--format", "csv").code == 0
    snowflake.clock.advance(3700)
    renewed = jane.snowflake("repositories", "--format", "csv", env=later(3700))
    assert (renewed.code, renewed.err) == (0, "")
    assert (snowflake.count("login"), snowflake.count("renew")) == (1, 1)
    for session in snowflake.sessions.all:
        session.dead = True
    replaced = jane.snowflake("repositories", "--format", "csv", env=later(3700))
    assert (replaced.code, replaced.err) == (0, "")
    assert snowflake.count("login") == 2


def test_images_lists_all_repositories_in_order_and_one_refusal_does_not_hide_the_rest(world, jane, snowflake):
    push_with_skopeo(jane, "db/schema/repo/b:1", "db/schema/repo2/a:2", "db/schema/repo/a:1")
    everything = jane.snowflake("images", "--format", "csv", "-f", "image=[ab]")
    assert [line.split(",")[:3] for line in everything.out.splitlines()] == [
        ["repository", "image", "tag"], ["DB.SCHEMA.REPO", "a", "1"], ["DB.SCHEMA.REPO", "b", "1"], ["DB.SCHEMA.REPO2", "a", "2"]]
    assert jane.snowflake("images", "-q", "-f", "image=b").out == f"{HOST}/db/schema/repo/b:1\n"
    digest = json.loads(jane.snowflake("images", "repo", "-f", "image=b", "--format", "json").out)[0]["digest"]
    assert digest.startswith("sha256:") and len(digest) == 71
    assert digest[7:19] in jane.snowflake("images", "repo", "-f", "image=b").out
    assert digest in jane.snowflake("images", "repo", "-f", "image=b", "--no-trunc").out
    assert jane.snowflake("images", "-f", "nonsense=x").code == 2

    snowflake.queries.refuse = lambda sql: sql.endswith("REPO2")
    partly = jane.snowflake("images", "--format", "csv", "-f", "image=[ab]")
    assert partly.code == 1 and "DB.SCHEMA.REPO,a,1" in partly.out and "Warning: DB.SCHEMA.REPO2: 002003" in partly.err


def test_tables_fit_a_terminal_with_a_bold_header(jane):
    def on_terminal(columns):
        outer, inner = pty.openpty()
        process = jane.start(["docker-snowflake", "image-repository", "list"], env={"COLUMNS": str(columns), "TERM": "xterm"}, stdin=inner, stdout=inner, stderr=inner)
        os.close(inner)
        shown = b""
        try:
            while piece := os.read(outer, 4096):
                shown += piece
        except OSError:
            pass
        process.wait()
        return shown.decode().replace("\r\n", "\n")
    shown = on_terminal(100)
    assert "\x1b[1m" in shown and shown.endswith("+\n\n")
    plain = shown.replace("\x1b[1m", "").replace("\x1b[0m", "")
    assert max(len(line) for line in plain.splitlines()) == 100


def test_ten_thousand_repositories_in_chunks_need_little_memory_and_the_storage_gets_no_token(world, jane, snowflake):
    for number in range(10_000):
        world.account.add_repository("DB", "SCHEMA", f"R{number:05}", owner="PUSHER", comment="x" * 200, created_on=1_700_000_000)
    snowflake.queries.rows_per_chunk = 1000
    listed = jane.run(["/usr/bin/env", "time", "-f", "%M", "docker-snowflake", "repositories", "--format", "csv"]) \
        if os.path.exists("/usr/bin/time") else jane.snowflake("repositories", "--format", "csv")
    assert listed.code == 0, listed.err
    assert len(listed.out.splitlines()) == 10_003  # header, separator and the two default repositories
    assert snowflake.count("chunk") == 10
    # The fake storage refuses requests with a Snowflake token or without the encryption header.
    assert jane.snowflake("repositories", "--format", "json").json()[-1]["name"] == "REPO2"


def test_a_missing_or_damaged_chunk_is_an_error_and_the_result_never_looks_complete(world, jane, snowflake):
    for number in range(30):
        world.account.add_repository("DB", "SCHEMA", f"R{number:05}", owner="PUSHER")
    snowflake.queries.rows_per_chunk = 10
    snowflake.faults.status("chunk", 403, b"<Error>AccessDenied</Error>")
    refused = jane.snowflake("repositories", "--format", "json")
    assert (refused.code, refused.out) == (1, "") and "HTTP status 403" in refused.err
    snowflake.faults.truncate("chunk", keep=60, times=10)
    listed = jane.snowflake("repositories", "--format", "json")
    assert listed.code == 1 and "damaged" in listed.err
    with pytest.raises(ValueError):
        json.loads(listed.out)


def test_a_statement_that_takes_long_is_waited_for(jane, snowflake):
    snowflake.queries.pending_polls = 3
    assert jane.snowflake("image-repository", "list", "--format", "csv").code == 0
    assert snowflake.count("poll") >= 3


def test_ddl_is_not_run_twice_when_its_answer_is_lost(jane, snowflake):
    assert jane.snowflake("repositories").code == 0
    snowflake.faults.reset_after("query")
    created = jane.snowflake("image-repository", "create", "once")
    assert created.code == 0 and "ONCE successfully created" in created.out
    assert snowflake.statements.count("create image repository once") == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_stops_at_once_and_tells_snowflake(jane, snowflake, number):
    assert jane.snowflake("repositories").code == 0
    snowflake.faults.delay("query", 20)
    process = jane.start(["docker-snowflake", "repositories"], start_new_session=True)
    end = time.monotonic() + 10
    while snowflake.count("query") < 3 and time.monotonic() < end:
        time.sleep(0.02)
    os.killpg(process.pid, number)
    began = time.monotonic()
    result = jane.finish(process)
    assert result.code == 130 and time.monotonic() - began < 15
    assert result.out == ""
    assert snowflake.count("abort") == 1


def test_ctrl_c_with_many_statements_under_way_stops_all_and_prints_nothing(world, jane, snowflake):
    for number in range(30):
        world.account.add_repository("DB", "SCHEMA", f"R{number:02}", owner="PUSHER", created_on=1_700_000_000)
    assert jane.snowflake("repositories").code == 0
    before = snowflake.count("query")
    snowflake.faults.add("query", times=1)  # the list of repositories is not delayed
    snowflake.faults.delay("query", 20, times=8)
    process = jane.start(["docker-snowflake", "images"], start_new_session=True)
    end = time.monotonic() + 20
    while snowflake.count("query") < before + 9 and time.monotonic() < end:
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)
    result = jane.finish(process)
    assert (result.code, result.out, result.err) == (130, "", "")
    assert snowflake.count("query") == before + 9, "no statement was begun after that"


def test_docker_can_end_the_plugin_through_its_socket(jane, snowflake):
    import socket
    assert jane.snowflake("repositories").code == 0
    listener = socket.socket(socket.AF_UNIX)
    listener.bind("\0docker_cli_test")
    listener.listen()
    snowflake.faults.delay("query", 20)
    process = jane.start(["docker-snowflake", "repositories"], env={"DOCKER_CLI_PLUGIN_SOCKET": "@docker_cli_test"})
    accepted, _ = listener.accept()
    end = time.monotonic() + 10
    while snowflake.count("query") < 3 and time.monotonic() < end:
        time.sleep(0.02)
    accepted.close()
    assert jane.finish(process).code == 130
    listener.close()


def test_a_closed_pipe_and_a_full_disk_end_it_with_a_clear_error(world, jane):
    for number in range(2000):
        world.account.add_repository("DB", "SCHEMA", f"R{number:05}", owner="PUSHER")
    piped = jane.run(["bash", "-c", "docker-snowflake repositories --format csv | head -2; echo ${PIPESTATUS[0]}"])
    assert piped.out.splitlines()[-1] in ("141", "0") and piped.err == ""
    full = jane.run(["sh", "-c", "docker-snowflake repositories --format csv >/dev/full"])
    assert full.code == 1 and "standard output cannot be written to" in full.err


def test_mistyped_arguments_get_a_sentence_and_a_suggestion(jane, snowflake):
    for words, sentence in [(["imagse"], "images"), (["images", "--fomat", "csv"], "--format"), (["image-repository", "lst"], "list"),
                            (["image-repository", "create", "x" * 1_000_00], "is not valid name"), (["images", "--filter"], "--filter")]:
        result = jane.snowflake(*words)
        assert result.code in (1, 2) and sentence in result.err and len(result.err) < 2000, words
    assert snowflake.requests == []


def test_completion_offers_commands_options_and_connections_without_requests(jane, snowflake):
    jane.write_config(CONNECTION + '[connections.prod]\naccount = "a-b"\n')
    def completed(*words):
        result = jane.snowflake("__complete", *words)
        assert result.code == 0 and result.out.endswith(":4\n")
        return [line.split("\t")[0] for line in result.out.splitlines()[:-1]]
    assert {"images", "login", "status"} <= set(completed("snowflake", ""))
    assert completed("snowflake", "image-repository", "list-") == ["list-images", "list-tags"]
    assert completed("snowflake", "images", "-c", "") == ["dev", "prod"]
    assert completed("images", "-c", "p") == ["prod"]
    assert "--no-trunc" in completed("images", "--no")
    assert "--quiet" in completed("-c", "login", "images", "--q")
    assert snowflake.requests == []


def test_completion_offers_listed_repositories_without_requests(world, jane, snowflake):
    def completed(*words):
        result = jane.snowflake("__complete", *words)
        assert result.code == 0 and result.out.endswith(":4\n")
        return [line.split("\t")[0] for line in result.out.splitlines()[:-1]]
    assert completed("images", "") == []
    world.account.add_repository("DB", "SCHEMA", "OTHER", owner="PUSHER")
    assert jane.snowflake("repositories").code == 0
    asked = len(snowflake.requests)
    assert set(completed("images", "")) >= {"db.schema.repo", "db.schema.other"}
    assert completed("image-repository", "drop", "db.schema.o") == ["db.schema.other"]
    assert completed("url", "-c", "dev", "DB.SCHEMA.O") == ["DB.SCHEMA.OTHER"]
    assert completed("url", "-c", "elsewhere", "") == [] and completed("login", "") == ["dev", HOST]
    assert len(snowflake.requests) == asked
    cached = list((jane.home / ".cache" / "docker-snowflake").iterdir())
    assert [file.stat().st_mode & 0o777 for file in cached] == [0o600]
    assert all(line.count(".") == 2 for line in cached[0].read_text().splitlines())


# Values that only the user knows.
FREE = """--account --accountname --user --username --password --token --database --dbname --schema --schemaname --role --rolename --warehouse
--oauth-client-id --oauth-client-secret --oauth-authorization-url --oauth-token-request-url --oauth-redirect-uri --oauth-scope --port --mfa-passcode
--keep --listen --parallel --like --limit --image-name --env --json --issuer --name --namespace --service-account --kubernetes-version --image --url
[NAME] [ENTITY_ID] TAG... [KEY=VALUE]... SOURCE --api-audience""".split()


def test_every_argument_is_completed_except_free_text(jane):
    assert jane.snowflake("repositories").code == 0

    def completed(*words):
        lines = jane.snowflake("__complete", *words, "").out.splitlines()
        return [line.split("\t")[0] for line in lines if line != ":4"]

    pending, seen, options = [()], set(), set()
    while pending:
        words = pending.pop()
        shown = jane.snowflake(*words, "--help-all").out
        if not words or "SUBCOMMAND" in shown.partition("\n\n")[0]:
            pending += [(*words, word) for word in completed(*words)]
        usage = re.search(r"^Usage: .*", shown, re.M)[0]
        for argument in usage.split("[OPTIONS]")[-1].split()[:1]:
            if argument != "[SUBCOMMAND]" and not completed(*words):
                seen.add(argument)
        for line in set(re.findall(r"^  -\S*[^,\s] [A-Z]{2,}\b.*", shown, re.M)) - options:
            # Most options are common to most commands.
            options.add(line)
            name = line.split()[0].split(",")[-1]
            if not completed(*words, name):
                seen.add(name)
    assert seen - set(FREE) == set()


def test_completion_leaves_files_to_the_shell(jane):
    assert jane.snowflake("__complete", "login", "--private-key-file", "").out == ":0\n"


def test_a_hint_below_a_failed_push_is_given_for_our_registries_only(jane):
    ours = jane.snowflake("snowflake", "docker-cli-plugin-hooks", json.dumps({"RootCmd": "push", "CommandError": f"denied: {HOST}/x"}))
    assert "docker snowflake login" in ours.json()["Template"]
    other = jane.snowflake("snowflake", "docker-cli-plugin-hooks", json.dumps({"RootCmd": "push", "CommandError": "denied: docker.io"}))
    assert (other.code, other.out.strip()) == (0, "")
    # If the daemon's error names no registry, the one in docker's command line counts.
    jane.write("bin/docker", '#!/bin/sh\ndocker-snowflake snowflake docker-cli-plugin-hooks "$REQUEST"; true\n', mode=0o755)
    refused = {"REQUEST": json.dumps({"RootCmd": "push", "CommandError": "unauthorized: authentication required"})}
    for words, hint in (([f"{HOST}/db/schema/repo/app:1"], f"docker snowflake doctor {HOST}/db/schema/repo/app:1 "),
                        ([f"{HOST}.evil.example/a"], ""), (["docker.io/a:1"], ""), (["{{.Env}}" + HOST + "/a`id`"], f"doctor {HOST}/a ")):
        shown = jane.run([jane.home / "bin/docker", "push", *words], env=refused)
        assert shown.code == 0 and (hint in shown.out if hint else shown.out.strip() == ""), shown.out
    well = jane.run([jane.home / "bin/docker", "push", f"{HOST}/a"], env={"REQUEST": json.dumps({"RootCmd": "push", "CommandError": ""})})
    assert well.out.strip() == ""


def test_login_gives_the_token_to_docker(world, jane, snowflake):
    jane.write("bin/docker", "#!/bin/sh\necho \"$@\" >~/arguments; cat >~/input; echo Login Succeeded\n", mode=0o755)
    env = {"PATH": f"{jane.home}/bin:{jane.environment['PATH']}"}
    result = jane.snowflake("image-registry", "login", env=env)
    assert (result.code, result.out) == (0, "Login Succeeded\n")
    assert (jane.home / "arguments").read_text() == f"login --username 0sessiontoken --password-stdin {HOST}\n"
    assert set(json.loads((jane.home / "input").read_text())) == {"token", "expires_in"}
    jane.write("bin/docker", "#!/bin/sh\necho no such daemon >&2; exit 1\n", mode=0o755)
    refused = jane.snowflake("image-registry", "login", env=env)
    assert refused.code == 1 and "Login Failed: no such daemon" in refused.err
    (jane.home / "input").unlink()
    jane.write("bin/docker", "#!/bin/sh\ncat >~/input\n", mode=0o755)
    snowflake.faults.change("query", lambda data: [row.__setitem__(4, "evil.example/db/schema/repo") for row in data["rowset"] if len(row) > 4], times=9)
    elsewhere = jane.snowflake("image-registry", "login", env=env)
    assert elsewhere.code == 1 and "'evil.example' is not a Snowflake registry host" in elsewhere.err, elsewhere.err
    assert not (jane.home / "input").exists()
    snowflake.faults.clear()
    missing = jane.snowflake("image-registry", "login", env={"PATH": f"{world.bin}"})
    assert missing.code == 1 and "Docker is not installed." in missing.err


@pytest.mark.parametrize("url", ["", None])
def test_no_url_is_never_printed_as_an_empty_line(jane, snowflake, url):
    """docker login with an empty host is a login to Docker Hub."""
    snowflake.faults.change("query", lambda data: [row.__setitem__(4, url) for row in data["rowset"] if len(row) > 4], times=99)
    for words, said, following in (
            (["url", "repo"], "did not return the URL of image repository DB.SCHEMA.REPO", "docker snowflake ref"),
            (["image-registry", "url"], "did not return the host", "docker snowflake url"),
            (["image-registry", "login"], "did not return the host", "docker snowflake url")):
        result = jane.snowflake(*words)
        assert (result.code, result.out) == (1, "") and said in result.err and following in result.err.split("Next: ")[1], result.err
