# SPDX-License-Identifier: Apache-2.0
"""The relay, to which the engine pushes during `docker snowflake push`, and `docker snowflake serve`."""

import base64
import hashlib
import json
import signal
import socket
import threading
import time

import pytest

from fake_snowflake.registry.faults import chunk_offset
from pushes import REPOSITORY, digest_in, manifest_of, noise, push, requests
from relay import Relay
from world.image import Layout, write_image
from world.waiting import wait_for


@pytest.fixture
def loaded(jane, engine):
    """A new image in the engine."""
    image = f"{REPOSITORY}/relayed:{time.time_ns()}"
    archive = write_image(jane.directory / "image.tar", image, noise(2_000_000, time.time_ns()))
    assert jane.docker("load", "-i", str(archive)).code == 0
    return image


def test_the_engine_pushes_through_the_relay_and_keeps_nothing(jane, snowflake, loaded):
    pushed = push(jane, loaded)
    assert ": Pushed\n" in pushed.out
    # The plugin uploads chunks. An engine would send one body without a length.
    assert all(chunk_offset(r.headers) is not None for r in requests(snowflake, "PATCH", "uploads"))
    assert digest_in(jane.docker("push", loaded).out) == digest_in(pushed.out)
    assert "127.0.0.1" not in jane.docker("image", "ls").out


def test_the_engine_notices_no_lost_connection_and_no_refused_token(jane, faults, loaded):
    faults.cut("patch", 100_000)
    faults.status("post", 401, times=2)
    faults.lose_answer("put")
    faults.status("manifest", 503)
    pushed = push(jane, loaded)
    assert "Retrying" not in pushed.out
    assert json.loads(manifest_of(jane, loaded))["layers"]


def test_a_role_that_may_only_read_is_told_the_missing_grant(jane, loaded):
    refused = jane.snowflake("push", loaded, "--role", "READER")
    assert refused.code == 1
    assert "trying again" not in refused.out + refused.err and (refused.out + refused.err).count("denied the request") == 1, refused
    assert "have its owner run: GRANT WRITE ON IMAGE REPOSITORY DB.SCHEMA.REPO TO ROLE READER;" in refused.err
    assert "127.0.0.1" not in jane.docker("image", "ls").out


def test_ctrl_c_ends_a_push_of_the_engine_and_a_kill_leaves_its_tag_to_the_next(jane, faults, snowflake, loaded):
    for number, code in ((signal.SIGINT, 130), (signal.SIGKILL, -9)):
        faults.on("patch", lambda exchange: time.sleep(30) or exchange.reset() or True)
        before = len(requests(snowflake, "PATCH", "uploads"))
        process = jane.start(["docker-snowflake", "push", loaded])
        end = time.monotonic() + 60
        while len(requests(snowflake, "PATCH", "uploads")) == before:
            assert time.monotonic() < end
            time.sleep(0.02)
        process.send_signal(number)
        result = jane.finish(process, timeout=20)
        assert result.code == code
        assert ("127.0.0.1" in jane.docker("image", "ls").out) == (number == signal.SIGKILL)
    push(jane, loaded)
    assert "127.0.0.1" not in jane.docker("image", "ls").out


@pytest.fixture
def served(jane):
    served = Relay(jane)
    yield served
    served.process.send_signal(signal.SIGINT)
    assert served.process.wait(10) == 130


def test_another_client_pushes_and_pulls_through_the_relay(jane, faults, served):
    layout = Layout(jane.directory / "layout")
    image = layout.image([noise(300_000, time.time_ns())])
    layout.write(image)
    faults.cut("patch", 1000)
    sent = jane.run(["skopeo", "copy", "--preserve-digests", "--dest-tls-verify=false", "--dest-creds", served.login,
                     f"oci:{layout.directory}", served.image("db/schema/repo/served:1")])
    assert sent.code == 0, sent.err
    assert jane.snowflake("tag", "DB.SCHEMA.REPO/served:1", "2").code == 0
    fetched = jane.run(["skopeo", "copy", "--src-tls-verify=false", "--src-creds", served.login,
                        served.image("db/schema/repo/served:2"), f"dir:{jane.directory}/fetched"])
    assert fetched.code == 0, fetched.err
    manifest = (jane.directory / "fetched/manifest.json").read_bytes()
    assert manifest == (layout.directory / "blobs/sha256" / image["digest"][7:]).read_bytes()
    status, body, _ = served.ask("/v2/_catalog")
    assert status == 200
    assert "db/schema/repo/served" in json.loads(body)["repositories"]
    status, body, _ = served.ask("/v2/db/schema/repo/served/tags/list")
    assert set(json.loads(body)["tags"]) >= {"1", "2"}
    status, body, headers = served.ask("/v2/db/schema/repo/served/tags/list?n=1")
    one = json.loads(body)["tags"]
    assert len(one) == 1
    assert headers["Link"] == f'</v2/db/schema/repo/served/tags/list?n=1&last={one[0]}>; rel="next"'
    assert served.ask("/v2/db/schema/repo/served/tags/list?n=many")[0] == 400


def test_a_client_that_sends_a_blob_at_once_is_told_where_to_send_it(served):
    blob = noise(9 << 20)
    digest = "sha256:" + hashlib.sha256(blob).hexdigest()
    status, _, headers = served.ask(f"/v2/db/schema/repo/single/blobs/uploads/?digest={digest}", "POST", blob)
    assert status == 202
    assert served.ask(f"{headers['Location']}?digest={digest}", "PUT", blob)[0] == 201


def test_the_relay_requires_its_password_and_refuses_web_pages(served):
    assert served.ask("/v2/")[0] == 200
    assert served.ask("/v2/", Authorization="Basic " + base64.b64encode(b"docker-snowflake:guess").decode())[0] == 401
    assert served.ask("/v2/", Authorization="")[0] == 401
    assert served.ask("/v2/", Host="evil.example")[0] == 403
    assert served.ask("/v2/", Origin="https://evil.example")[0] == 403
    assert served.ask("/v2/db/schema/repo/app/manifests/1", "DELETE")[0] == 405
    assert served.ask("/v2/nothing")[0] == 404


def test_unfinished_requests_do_not_block_others_forever(served):
    silent = [socket.create_connection(("127.0.0.1", served.port), timeout=60) for _ in range(64)]
    for connection in silent:
        connection.sendall(b"GET /v2/ HTTP/1.1\r\nHost: 127.0.0.1\r\n")
    assert all(b" 200 " not in connection.recv(1000) for connection in silent)
    assert served.ask("/v2/")[0] == 200


def code_of(answer):
    status, body, _ = answer
    return status, json.loads(body)["errors"][0]["code"]


def test_mistakes_of_a_client_are_answered_with_their_error_code(served, snowflake):
    image = "/v2/db/schema/repo/wrong"
    assert code_of(served.ask(f"{image}/blobs/uploads/0")) == (404, "BLOB_UPLOAD_UNKNOWN")
    assert code_of(served.ask(f"{image}/manifests/1", "PUT", b"x" * (9 << 20))) == (413, "MANIFEST_INVALID")
    assert code_of(served.ask(f"{image}/manifests/sha256:{'0' * 64}", "PUT", b"{}", **{"Content-Type": "a/b"})) == (400, "DIGEST_INVALID")
    assert code_of(served.ask(f"{image}/manifests/-1%20", "PUT", b"{}", **{"Content-Type": "a/b"})) == (400, "MANIFEST_INVALID")
    assert code_of(served.ask(f"{image}/manifests/1", "POST")) == (405, "UNSUPPORTED")
    assert b"delete" not in served.ask(f"{image}/manifests/1", "POST")[1]
    upload = served.begin_upload("db/schema/repo/wrong")
    assert code_of(served.ask(f"{upload}?digest=sha256:{'0' * 64}", "PUT", b"bytes")) == (400, "DIGEST_INVALID")
    assert code_of(served.ask(upload)) == (404, "BLOB_UPLOAD_UNKNOWN")
    # Requests for other paths do not reach the registry.
    before = len(requests(snowflake, "GET", "/v2/"))
    for reference in ("..", "a%3Fb", "a%23b", "a%20b", "%2e%2e"):
        assert code_of(served.ask(f"{image}/manifests/{reference}")) == (404, "MANIFEST_UNKNOWN")
    for name in ("repo/..", "repo/a%3Fb", "repo/a%20b", "repo/%2e%2e"):
        assert code_of(served.ask(f"/v2/db/schema/{name}/manifests/1")) == (404, "NAME_UNKNOWN")
    assert len(requests(snowflake, "GET", "/v2/")) == before


def test_unfinished_uploads_are_deleted_at_the_registry(jane, snowflake):
    served = Relay(jane)
    names = [f"db/schema/repo/left{number}" for number in range(2)]
    for name in names:
        assert served.ask(served.begin_upload(name), "PATCH", noise(2 << 20, time.time_ns()))[0] == 202
    wait_for(lambda: all(requests(snowflake, "POST", f"/{name}/blobs/uploads/") for name in names), 30)
    wait_for(lambda: not any(r.status == 0 for r in requests(snowflake, "POST", "/blobs/uploads/")), 30)
    time.sleep(0.2)  # until the answers arrive
    served.process.send_signal(signal.SIGINT)
    assert served.process.wait(10) == 130
    deleted = [r.path for r in requests(snowflake, "DELETE", "/blobs/uploads/") if r.status == 204]
    assert sorted(path.removeprefix("/v2/").partition("/blobs/")[0] for path in deleted) == names


def send_partial_request(port, text):
    connection = socket.create_connection(("127.0.0.1", port))
    connection.sendall(text.encode())
    return connection


def test_endless_requests_do_not_block_others(served):
    upload = served.begin_upload("db/schema/repo/patient")
    slow = send_partial_request(served.port, f"PATCH {upload} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: {served.authorization}\r\n"
                                  "Content-Length: 10\r\n\r\nhalf ")
    others = [send_partial_request(served.port, text) for text in ["", "GET /v2/ HTTP/1.1\r\nHost: "] * 150]
    for _ in range(3):
        assert served.ask("/v2/")[0] == 200
    # Connections with a password are closed last.
    slow.sendall(b"sent.")
    assert slow.recv(1 << 16).startswith(b"HTTP/1.1 202 ")
    for connection in [slow, *others]:
        connection.close()


def test_endless_bodies_do_not_block_others_without_a_password(jane):
    served = Relay(jane, "--anonymous")
    half = [send_partial_request(served.port, "PUT /v2/db/schema/repo/half/manifests/1 HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 10\r\n\r\nhalf ")
            for _ in range(200)]
    for _ in range(3):
        assert served.ask("/v2/")[0] == 200
    served.process.send_signal(signal.SIGINT)
    assert served.process.wait(10) == 130
    for connection in half:
        connection.close()


class SlowEngine:
    """A proxy in front of an engine, which never answers requests with `part` in the path."""

    def __init__(self, engine, path, part):
        self.engine, self.part, self.held = engine, part, threading.Event()
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(path))
        self.listener.listen()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            client = self.listener.accept()[0]
            engine = socket.socket(socket.AF_UNIX)
            engine.connect(str(self.engine.socket))
            for source, target in ((client, engine), (engine, client)):
                threading.Thread(target=self._copy, args=(source, target), daemon=True).start()

    def _copy(self, source, target):
        while data := source.recv(1 << 16):
            if self.part in data.split(b"\r\n")[0]:
                self.held.set()
                continue
            target.sendall(data)
        target.close()


@pytest.mark.parametrize("part", [b"/tag?", b"/push?"])
def test_ctrl_c_ends_a_push_whose_engine_hangs(jane, engine, loaded, part):
    slow = SlowEngine(engine, jane.directory / "slow.sock", part)
    process = jane.start(["docker-snowflake", "push", loaded], env={"DOCKER_HOST": f"unix://{jane.directory}/slow.sock"})
    assert slow.held.wait(60)
    process.send_signal(signal.SIGINT)
    assert jane.finish(process, timeout=20).code == 130
    assert "127.0.0.1" not in jane.docker("image", "ls").out


class EndingEngine(SlowEngine):
    """An engine that ends while it pushes."""

    def _copy(self, source, target):
        while data := source.recv(1 << 16):
            if self.part in data:
                return self.listener.close() or target.shutdown(socket.SHUT_RDWR)
            target.sendall(data)
        target.close()


def test_an_engine_that_ends_during_a_push_is_to_be_started_again(jane, engine, loaded):
    EndingEngine(engine, jane.directory / "ending.sock", b'"Preparing"')
    pushed = jane.snowflake("push", loaded, env={"DOCKER_HOST": f"unix://{jane.directory}/ending.sock"})
    assert pushed.code == 1 and "Error: the engine ended during the push: " in pushed.err, pushed.err
    assert "\nNext: start that daemon, or unset DOCKER_HOST; then push again" in pushed.err
    push(jane, loaded)
    assert "127.0.0.1" not in jane.docker("image", "ls").out


def test_serving_without_a_password_requires_an_option(jane):
    served = Relay(jane, "--anonymous")
    assert served.login is None
    assert served.ask("/v2/")[0] == 200
    taken = jane.snowflake("serve", "--listen", str(served.port))
    assert taken.code == 1
    assert "--listen" in taken.err
    served.process.send_signal(signal.SIGINT)
    assert served.process.wait(10) == 130
