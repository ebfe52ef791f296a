# SPDX-License-Identifier: Apache-2.0
"""Messages of push, copy, tag and serve: traced requests, waits, and errors about images and tags."""

import json
import os
import re
import signal
import time

import pytest

from fake_snowflake.registry.faults import RegistryFaults
from pushes import REPOSITORY, digest_in, noise, push
from relay import Relay
from world.image import Layout


@pytest.fixture
def small(jane):
    layout = Layout(jane.directory / "small")
    layout.write(layout.image([noise(100_000, time.time_ns())]))
    return layout.directory


def traced(err):
    return [line.split(": ")[1] for line in err.splitlines() if line.startswith("debug: ")]


def check_trace(snowflake, err, *expected):
    """Checks that the trace contains the expected requests and no secret."""
    lines = traced(err)
    for method, part in expected:
        assert [line for line in lines if line.startswith(method + " ") and part in line], (method, part, err)
    assert "?" not in "".join(lines)
    for secret in ("Correct Horse", *snowflake.sessions.issued, *(r.headers["authorization"].split()[1] for r in snowflake.requests
                                                                  if r.headers.get("authorization", "").startswith("Bearer "))):
        assert secret not in err


def test_requests_are_traced_without_secrets(jane, snowflake, small):
    pushed = push(jane, f"oci:{small}", f"{REPOSITORY}/traced:1", "--debug")
    check_trace(snowflake, pushed.err, ("POST", "/session/v1/login-request"), ("GET", "/v2/"), ("HEAD", "/blobs/sha256:"),
                ("POST", "/blobs/uploads/"), ("PATCH", "/blobs/uploads/"), ("PUT", "/manifests/1"))
    assert not traced(push(jane, f"oci:{small}", "DB.SCHEMA.REPO/traced:1").err)
    copied = jane.snowflake("copy", "DB.SCHEMA.REPO/traced:1", "DB.SCHEMA.REPO2/traced:1", env={"DOCKER_SNOWFLAKE_DEBUG": "1"})
    assert copied.code == 0, copied.err
    check_trace(snowflake, copied.err, ("GET", "/repo/traced/manifests/1"), ("PUT", "/repo2/traced/manifests/1"))
    tagged = jane.snowflake("tag", "DB.SCHEMA.REPO/traced:1", "2", "--debug")
    check_trace(snowflake, tagged.err, ("PUT", "/repo/traced/manifests/2"))


def test_requests_of_the_relay_are_traced_too(jane, snowflake, small):
    push(jane, f"oci:{small}", "DB.SCHEMA.REPO/traced:3")
    served = Relay(jane, "--debug")
    assert served.ask("/v2/db/schema/repo/traced/manifests/3")[0] == 200
    served.process.send_signal(signal.SIGINT)
    err = served.process.communicate(timeout=10)[1].decode()
    check_trace(snowflake, err, ("GET", "/repo/traced/manifests/3"))
    assert served.login.split(":")[1] not in err


@pytest.mark.parametrize("step", ["head", "post", "manifest"])
def test_a_wait_is_shown_while_it_lasts(jane, faults, small, step):
    """In a pipe as well, and for requests other than uploads of layers."""
    faults.status(step, 500, times=10**9)
    process = jane.start(["docker-snowflake", "push", f"oci:{small}", f"DB.SCHEMA.REPO/waits:{step}"])
    line = ""
    while "trying again in " not in line:
        line = process.stdout.readline().decode()
        assert line, process.stderr.read()
    assert "HTTP status 500" in line
    process.send_signal(signal.SIGINT)
    assert jane.finish(process, timeout=10).code == 130


def test_a_wait_is_an_event_for_programs(jane, faults, small):
    faults.status("manifest", 500)
    result = push(jane, f"oci:{small}", "DB.SCHEMA.REPO/waits:json", "--progress", "json")
    events = [json.loads(line) for line in result.out.splitlines()]
    assert [event for event in events if "trying again in " in event.get("status", "")]


def test_copy_and_tag_say_why_they_wait(jane, snowflake, small):
    push(jane, f"oci:{small}", "DB.SCHEMA.REPO/waits:1")
    RegistryFaults(snowflake).status("manifest", 503)
    tagged = jane.snowflake("tag", "DB.SCHEMA.REPO/waits:1", "2")
    assert tagged.code == 0
    assert "trying again in " in tagged.err


CONTROL = "application/x\x1b[31m\r\nX: y"


def write_layout(directory, index=None, media_type=None):
    layout = Layout(directory)
    image = layout.image([b"x"])
    if media_type is not None:
        manifest = json.loads((directory / "blobs/sha256" / image["digest"][7:]).read_text())
        image = layout.blob(json.dumps({**manifest, "mediaType": media_type}).encode(), "application/vnd.oci.image.manifest.v1+json")
    layout.write(image)
    if index is not None:
        (directory / "index.json").write_text(json.dumps(index))
    return directory


@pytest.mark.parametrize("options, words", [
    ({"media_type": CONTROL}, "is not a media type"), ({"media_type": "manifest"}, "'manifest' is not a media type"),
    ({"index": {"manifests": []}}, "index.json lists no images"), ({"index": {}}, "index.json lists no images")])
def test_an_invalid_image_is_reported_as_damaged(jane, options, words):
    directory = write_layout(jane.directory / "strange", **options)
    result = jane.snowflake("push", f"oci:{directory}", "DB.SCHEMA.REPO/strange:1")
    assert result.code == 1
    assert words in result.err
    assert "is damaged, or not an image" in result.err
    assert not re.search(r"tokens|''|: \n", result.err)
    assert "\x1b" not in result.err


def test_images_without_names_are_chosen_by_platform(jane):
    layout = Layout(jane.directory / "layout")
    layout.write(layout.image([b"x"]), layout.image([b"y"], "arm64"))
    result = jane.snowflake("push", f"oci:{layout.directory}", "DB.SCHEMA.REPO/strange:2")
    assert result.code == 1
    assert "Next: choose one with --platform: linux/amd64, linux/arm64\n" in result.err
    assert digest_in(push(jane, f"oci:{layout.directory}", "DB.SCHEMA.REPO/strange:2", "--platform", "linux/arm64").out)


@pytest.mark.parametrize("status, headers", [(200, {}), (204, {}), (201, {"Docker-Content-Digest": "sha256:" + "0" * 64})])
def test_a_manifest_that_was_not_stored_is_not_said_to_be(jane, faults, small, status, headers):
    faults.status("manifest", status, headers)
    name = f"DB.SCHEMA.REPO/unstored{time.time_ns()}:1"
    result = jane.snowflake("push", f"oci:{small}", name)
    assert result.code == 1 and "the registry did not store the manifest that was sent" in result.err, result.err
    assert push(jane, f"oci:{small}", name).code == 0


def test_what_is_no_file_is_not_replaced_by_an_archive(jane, small):
    push(jane, f"oci:{small}", "DB.SCHEMA.REPO/kept:1")
    pipe = jane.home / "pipe"
    os.mkfifo(pipe)
    (jane.home / "link").symlink_to(pipe)
    for words in (["copy", "repo/kept:1", f"oci-archive:{pipe}"], ["copy", "repo/kept:1", f"oci-archive:{jane.home}/link"],
                  ["doctor", "--bundle", str(pipe), "--force"]):
        refused = jane.snowflake(*words)
        assert refused.code == 1 and "not a regular file" in refused.err, (words, refused.out, refused.err)
    assert pipe.is_fifo() and (jane.home / "link").is_symlink()


def test_what_is_no_image_is_said_to_be_that(jane):
    pipe = jane.directory / "pipe"
    os.mkfifo(pipe)
    waiting = jane.snowflake("push", f"oci-archive:{pipe}", "repo/pipe:1", timeout=20)
    assert waiting.code == 1 and f"Next: write - as the source, and < {pipe} at the end\n" in waiting.err, waiting.err
    nothing = jane.snowflake("push", "-", "repo/nothing:1", stdin="")
    assert nothing.code == 1 and "'standard input' is empty" in nothing.err, nothing.err


def test_an_upload_without_an_address_is_said_to_have_none(jane, faults, small):
    faults.status("post", 202, times=99)
    result = jane.snowflake("push", f"oci:{small}", "DB.SCHEMA.REPO/nowhere:1")
    assert result.code == 1 and ": unexpected HTTP status 202\n" in result.err, result.err


@pytest.mark.parametrize("body", ['{"tags":{"a":1}}', '{"tags":["a",7]}', "{}", "[]", '{"tags":"a"}'])
def test_an_invalid_list_of_tags_is_not_taken_for_an_empty_one(jane, snowflake, small, body):
    push(jane, f"oci:{small}", "DB.SCHEMA.REPO/listed:1")
    snowflake.faults.add("registry", times=99, before=lambda exchange: exchange.request_record.path.endswith("/tags/list") and (
        exchange.send(200, {"Content-Type": "application/json"}, body.encode()) or True))
    result = jane.snowflake("image-repository", "list-tags", "repo", "--image-name", "/db/schema/repo/listed")
    assert result.code == 1, result.out
    assert "did not answer with a list of tags" in result.err
    served = Relay(jane)
    assert served.ask("/v2/db/schema/repo/listed/tags/list")[0] == 404
    served.process.send_signal(signal.SIGINT)
    assert served.process.wait(10) == 130


@pytest.mark.parametrize("link, words", [("</v2/db/schema/repo/listed/tags/list?last=a>", "names the same page twice"),
                                         ("<https://evil.example/v2/>", "at another host: https://evil.example/v2/")])
def test_an_endless_list_of_tags_is_an_error(jane, snowflake, link, words):
    snowflake.faults.add("registry", times=99, before=lambda exchange: exchange.request_record.path.endswith("/tags/list") and (
        exchange.send(200, {"Content-Type": "application/json", "Link": f'{link}; rel="next"'}, b'{"tags":[]}') or True))
    result = jane.snowflake("image-repository", "list-tags", "repo", "--image-name", "/db/schema/repo/listed")
    assert result.code == 1 and words in result.err, result.err


def test_tags_with_control_characters_are_printed_without_them(jane, snowflake):
    body = json.dumps({"tags": ["a\x1b[31m", "b\u202e", "c"]}).encode()
    snowflake.faults.add("registry", times=99, before=lambda exchange: exchange.request_record.path.endswith("/tags/list") and (
        exchange.send(200, {"Content-Type": "application/json"}, body) or True))
    for words in ([], ["--format", "json"]):
        result = jane.snowflake("image-repository", "list-tags", "repo", "--image-name", "/db/schema/repo/listed", *words)
        assert result.code == 0 and "listed:c" in result.out, result.err
        assert "\x1b" not in result.out and "\u202e" not in result.out and "u001b" not in result.out


@pytest.mark.parametrize("token", ["x" * 3_000_000, "a\r\nb", "a b", "\x1b[31m", "é", ""], ids=["large", "newline", "blank", "escape", "letter", "empty"])
def test_a_bearer_token_that_cannot_be_sent_is_an_error(jane, snowflake, small, token):
    snowflake.faults.add("registry-token", times=99, before=lambda exchange: exchange.send(
        200, {"Content-Type": "application/json"}, json.dumps({"token": token}).encode()) or True)
    for words in (("push", f"oci:{small}", "DB.SCHEMA.REPO/carried:1"), ("doctor", "--verbose")):
        result = jane.snowflake(*words)
        assert result.code == 1
        assert "that cannot be sent in a request" in result.out + result.err, result.out + result.err
        assert "memory" not in result.err and "passwords" not in result.err


def test_a_missing_repository_is_reported_as_missing(jane, small):
    for words in (["push", f"oci:{small}", "nope/app:1"], ["copy", f"oci:{small}", "DB.SCHEMA.NOPE/app:1"]):
        refused = jane.snowflake(*words)
        assert refused.code == 1 and "there is no image repository DB.SCHEMA.NOPE that the role PUSHER can see" in refused.err, refused.err
        assert "image-repository create DB.SCHEMA.NOPE" in refused.err and "GRANT" not in refused.err


def test_names_of_other_registries_and_of_the_engine_are_distinguished(jane, snowflake):
    for words, said, following in (
            (["push", "app:1", "docker.io/foo/bar:1"], "'docker.io' is not a Snowflake registry host", "write the repository to push to: <database>.<schema>.<repository>"),
            (["copy", "docker.io/library/alpine:3", "repo"], "'docker.io' is not a Snowflake", "docker snowflake push docker.io/library/alpine:3"),
            (["copy", "registry.example.com/a/b/c/d:1", "repo"], "'registry.example.com' is not a Snowflake", "docker snowflake url"),
            (["copy", "app:1", "repo"], "'app:1' is not an image in a repository", "docker snowflake push app:1 repo"),
            (["copy", "docker://alpine:3", "repo"], "'alpine:3' is not an image in a repository", "docker snowflake push alpine:3 repo"),
            (["push", "app:1"], "'app:1' does not say which repository to push to", "docker snowflake push app:1 <database>"),
            (["push", "oci:/x"], "'oci:/x' does not say which repository", "docker snowflake push oci:/x <database>"),
            (["tag", "repo/app:1", "bad tag"], "'bad tag' is not a tag", "up to 128"),
            (["tag", "repo/app:1", "repo2/app:2"], "'repo2/app:2' is another image", "docker snowflake copy repo/app:1 repo2/app:2")):
        refused = jane.snowflake(*words)
        assert refused.code == 2 and said in refused.err and following in refused.err.split("Next:")[1], (words, refused.err)
    assert snowflake.requests == []


def test_a_role_that_may_only_read_cannot_tag_and_is_told_the_missing_grant(jane, small):
    push(jane, f"oci:{small}", f"{REPOSITORY}/read:1")
    refused = jane.snowflake("tag", "repo/read:1", "2", "--role", "READER")
    assert refused.code == 1 and "GRANT WRITE ON IMAGE REPOSITORY DB.SCHEMA.REPO TO ROLE READER;" in refused.err, refused.err
    assert "trying again" not in refused.err


def test_tag_accepts_references_like_docker_tag(jane, small):
    push(jane, f"oci:{small}", f"{REPOSITORY}/tagged:1")
    tagged = jane.snowflake("tag", "repo/tagged:1", "repo/tagged:x", f"{REPOSITORY}/tagged:y")
    assert tagged.code == 0 and "tagged:x: digest" in tagged.out and "tagged:y: digest" in tagged.out, tagged.err


def test_invalid_sources_and_targets_are_reported_before_anything_is_sent(jane, snowflake, small):
    for words, code, said, following in (
            (["copy", "repo/app:1", "oci-archive:/tmp"], 1, "'/tmp' is a directory", "oci-archive:/tmp/<file>.tar writes a file in it"),
            (["copy", "repo/app:1", "oci-archive:."], 1, "'.' is a directory", "oci-archive:./<file>.tar"),
            (["copy", "repo/app:1", "oci-archive:"], 2, "oci-archive: needs a file name", "<file>.tar"),
            (["copy", f"oci:{small}", "ghcr.io/a/b:1"], 2, "'ghcr.io' is not a Snowflake registry host", "write the repository to push to"),
            (["push", f"oci-archive:{small}", "repo/app:1"], 1, f"cannot read '{small}': it is a directory", f"is oci:{small}; oci-archive:"),
            (["push", f"oci:{small}", "repo/app:1", "--platform", "bogus"], 2, "Invalid value for '--platform': 'bogus'", "such as linux/amd64"),
            (["push", f"oci:{small}", "repo/app:1", "--platform", "linux/riscv64"], 1, "the image is for linux/amd64, not for linux/riscv64", "leave out --platform")):
        refused = jane.snowflake(*words)
        assert refused.code == code and said in refused.err and following in refused.err.split("Next:")[1], (words, refused.err)
    assert snowflake.requests == []


@pytest.mark.parametrize("host", ["unix:///nowhere/docker.sock", "tcp://127.0.0.1:9"])
def test_an_engine_that_is_not_running_is_reported_with_the_command_that_starts_it(jane, host):
    for words in (["push", "app:1", "repo"], ["pull", "repo/app:1"]):
        refused = jane.snowflake(*words, env={"DOCKER_HOST": host})
        assert refused.code == 1, refused.err
        step = refused.err.split("Next: ")[1]
        assert step.startswith("start that daemon, or unset DOCKER_HOST") and "image ls" not in step and "doctor" not in step, refused.err


def test_an_image_that_the_engine_lacks_is_named_once(jane, engine):
    refused = jane.snowflake("push", "nope:1", "repo")
    assert refused.code == 1 and "Error: the engine has no image 'nope:1'\nNext: docker image ls" in refused.err, refused.err
    assert refused.err.count("Error") == 1


def test_a_pull_of_a_missing_image_names_the_command_that_lists_images(jane, engine, small):
    push(jane, f"oci:{small}", f"{REPOSITORY}/there:1")
    refused = jane.snowflake("pull", "repo/not-there:1")
    assert refused.code == 1 and refused.err.endswith("Next: docker snowflake images db.schema.repo\n"), refused.err


def test_a_pull_that_docker_refuses_says_how_to_find_out_why(jane):
    refused = jane.snowflake("pull", "nope/app:1")
    assert refused.code != 0 and refused.err.endswith("Next: docker snowflake doctor db.schema.nope\n"), refused.err
