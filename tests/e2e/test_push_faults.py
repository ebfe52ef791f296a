# SPDX-License-Identifier: Apache-2.0
"""docker snowflake push when connections break, tokens expire and the registry behaves unusually."""

import os
import signal
import threading
import time

import pytest

from conftest import HOST
from fake_snowflake.registry import proxy
from fake_snowflake.registry.faults import chunk_offset
from pushes import CHUNK, digest_in, manifest_of, noise, push, requests, uploads
from world.image import Layout
from world.waiting import wait_for



@pytest.fixture
def small(jane):
    """An OCI layout with a new layer of one chunk, and its digest."""
    layout = Layout(jane.directory / "small")
    image = layout.image([noise(200_000, time.time_ns())])
    return layout.write(image), image["digest"]


def check(jane, image, name, *options):
    directory, digest = image
    result = push(jane, f"oci:{directory}", f"DB.SCHEMA.REPO/{name}:1", *options)
    assert digest_in(result.out) == digest
    copied = jane.run(["skopeo", "copy", f"docker://{HOST}/db/schema/repo/{name}:1", f"dir:{jane.directory}/copy"])
    assert copied.code == 0, copied.err
    return result


@pytest.mark.parametrize("step", ["head", "post", "patch", "put", "manifest"])
@pytest.mark.parametrize("fault", ["cut", "lost", "401", "503", "429"])
def test_a_push_survives_a_fault_at_any_step(jane, faults, small, step, fault):
    if fault == "cut":
        faults.cut(step, 100)
    elif fault == "lost":
        faults.lose_answer(step)
    else:
        faults.status(step, int(fault), {"Retry-After": "1"} if fault == "429" else {})
    check(jane, small, "faults")


@pytest.mark.parametrize("status", [503, 429])
@pytest.mark.parametrize("path", ["/v2/", "/v2/token"])
def test_a_registry_that_is_busy_before_the_login_is_retried(jane, snowflake, small, status, path):
    left = [2]

    def answer(exchange):
        if exchange.request_record.path != path or left[0] == 0:
            return False
        left[0] -= 1
        return exchange.send(status, {"Retry-After": "1"}, b"") or True
    snowflake.faults.add("*", before=answer, times=10**9)
    assert "trying again in " in check(jane, small, "busy").out
    assert left == [0]


@pytest.mark.parametrize("status", [400, 404])
def test_a_token_server_that_has_no_token_is_asked_once(jane, snowflake, small, status):
    snowflake.faults.status("registry-token", status, times=10**9)
    result = jane.snowflake("push", f"oci:{small[0]}", "DB.SCHEMA.REPO/none:1")
    assert result.code == 1 and f"gave no bearer token: HTTP status {status}" in result.err, result.err
    assert snowflake.count("registry-token") == 1


def test_a_redirected_manifest_is_followed(jane, snowflake, small):
    check(jane, small, "moved")
    moved = []

    def answer(exchange):
        path = exchange.request_record.path
        if exchange.command != "GET" or not path.endswith("/moved/manifests/1"):
            return False
        moved.append(path)
        return exchange.send(307, {"Location": path if len(moved) > 1 else path[:-1] + small[1]}, b"") or True
    snowflake.faults.add("registry", before=answer, times=10**9)
    assert jane.snowflake("tag", "DB.SCHEMA.REPO/moved:1", "2").code == 0
    refused = jane.snowflake("tag", "DB.SCHEMA.REPO/moved:1", "3")
    assert refused.code == 1 and "HTTP status 307" in refused.err, refused.err


def test_a_redirected_upload_is_followed(jane, faults, snowflake, small):
    def redirect(exchange):
        if "moved" in exchange.all_query:
            return False
        exchange.read_body()
        return exchange.send(307, {"Location": exchange.path + ("&" if "?" in exchange.path else "?") + "moved=1"}, b"") or True
    for step in ("head", "post", "patch", "put", "manifest"):
        faults.on(step, redirect, times=99)
    name = f"redirected{time.time_ns()}"
    check(jane, small, name)
    snowflake.record.clear()
    # A registry may redirect to the storage of its blobs for HEAD, too: the layer is found there.
    assert ": Layer already exists\n" in check(jane, small, name).out
    assert not requests(snowflake, "POST", "/blobs/uploads/")


def test_a_storage_that_cannot_be_used_is_not_taken_for_a_missing_grant(jane, faults, small):
    def redirect(exchange):
        return exchange.send(307, {"Location": "https://registry.example/v2/"}, b"") or True
    faults.on("head", redirect, times=99)
    faults.on("blob", redirect, times=99)
    # An upload does not need it, and a copy does.
    push(jane, f"oci:{small[0]}", "DB.SCHEMA.REPO/stored:1")
    refused = jane.snowflake("copy", "DB.SCHEMA.REPO/stored:1", f"oci:{jane.directory}/out")
    assert refused.code == 1 and "GRANT" not in refused.err, refused.err
    assert "registry.example responds with HTTP status 401" in refused.err
    assert "blocks registry.example\n" in refused.err


@pytest.mark.parametrize("step", ["post", "patch", "manifest"])
def test_a_good_token_that_is_refused_twice_is_renewed(jane, faults, snowflake, small, step):
    faults.status(step, 401, times=2)
    # One blob at a time, so that both refusals apply to the same blob.
    check(jane, small, "refused", "--parallel", "1")
    assert snowflake.count("issue") == 2


def test_a_cut_chunk_is_continued_where_it_broke(jane, faults, snowflake, large):
    faults.cut("patch", 1 << 20, begin=CHUNK)
    check(jane, large, "cut")
    sent = sum(int(r.headers["content-length"]) for r in requests(snowflake, "PATCH", "uploads"))
    assert sent < 4 * CHUNK
    assert len(requests(snowflake, "POST", "uploads")) == 2  # the layer, and the configuration


def test_a_push_survives_a_connection_that_breaks_again_and_again(jane, faults, snowflake, large):
    faults.slow_connection(50_000_000, 10_000_000)
    check(jane, large, "line")
    sent = sum(int(r.headers["content-length"]) for r in requests(snowflake, "PATCH", "uploads"))
    assert sent < 6 * CHUNK


def test_a_bearer_of_two_seconds_is_renewed_in_time(jane, faults, snowflake, large):
    snowflake.bearer.lifetime = 2
    faults.slow("patch", 1.7, times=99)
    check(jane, large, "bearer")
    assert snowflake.count("registry-token") > 2
    assert not [r for r in requests(snowflake, "PATCH", "uploads") if r.status == 401]


@pytest.mark.parametrize("status", [405, 404, 415])
def test_a_registry_that_refuses_chunks_gets_one_body(jane, faults, large, status):
    faults.status("patch", status, times=99)
    check(jane, large, "whole")


def test_a_registry_that_accepts_only_small_chunks_gets_them(jane, faults, snowflake, large):
    def refuse_large(exchange):
        if int(exchange.headers["Content-Length"]) <= 4 << 20:
            return False
        exchange.read_body()
        exchange.send(413, {}, b"")
        return True
    faults.on("patch", refuse_large, times=99)
    check(jane, large, "chunks")
    assert uploads(snowflake) > 6


def test_a_busy_registry_gets_fewer_uploads_at_once(jane, faults, snowflake):
    layout = Layout(jane.directory / "many")
    image = layout.image([noise(200_000, time.time_ns() + layer) for layer in range(8)])
    layout.write(image)
    busy = threading.Semaphore(2)
    most = []

    def one_at_a_time(exchange):
        if not busy.acquire(blocking=False):
            exchange.read_body()
            exchange.send(429, {}, b"")
            return True
        most.append(1)
        try:
            time.sleep(0.2)
            proxy.forward(snowflake, exchange, snowflake.front)
        finally:
            busy.release()
        return True
    faults.on("patch", one_at_a_time, times=999)
    check(jane, (layout.directory, image["digest"]), "busy", "--parallel", "6")
    assert len(most) >= 9
    refused = [r for r in requests(snowflake, "PATCH", "uploads") if r.status == 429]
    assert len(refused) <= 8


def test_a_login_that_was_renewed_is_mentioned(jane, faults, snowflake, large):
    faults.status("patch", 401, times=2)
    assert "Login renewed " in check(jane, large, "renewed", "--parallel", "1").out


def test_an_offset_that_does_not_advance_is_noticed(jane, faults, large):
    faults.change("patch", lambda headers: headers.update({"Range": f"0-{CHUNK - 1}"}), times=99, begin=CHUNK)
    check(jane, large, "still")


def test_a_location_on_another_host_gets_data_and_no_bearer(jane, faults, snowflake, small):
    elsewhere = "https://idp.example/v2/elsewhere"
    faults.change("post", lambda headers: headers.update({"Location": elsewhere + "?state=a"}))
    snowflake.faults.add("unknown", before=lambda exchange: exchange.send(403, {}, b"") or True, times=99)
    result = jane.snowflake("push", f"oci:{small[0]}", "DB.SCHEMA.REPO/foreign:1", "--parallel", "1")
    assert result.code == 1
    asked = [r for r in snowflake.requests if r.host == "idp.example"]
    assert asked
    assert not [r for r in asked if "authorization" in r.headers]


def test_a_location_without_tls_is_refused(jane, faults, small):
    faults.change("post", lambda headers: headers.update({"Location": "http://idp.example/v2/elsewhere"}))
    result = jane.snowflake("push", f"oci:{small[0]}", "DB.SCHEMA.REPO/foreign:1", "--parallel", "1")
    assert result.code == 1
    assert "without TLS" in result.err


def stall_third_chunk(faults, seconds=60):
    """Delays the third chunk, and then resets the connection."""
    faults.on("patch", lambda exchange: time.sleep(seconds) or exchange.reset() or True, begin=2 * CHUNK)


def third_chunk_is_sent(snowflake):
    return any(chunk_offset(r.headers) == 2 * CHUNK for r in requests(snowflake, "PATCH", "uploads"))


def start(jane, image, name, *options):
    return jane.start(["docker-snowflake", "push", f"oci:{image[0]}", f"DB.SCHEMA.REPO/{name}:1", *options])


def kill(process, number):
    """Sends a signal to the program, which nsenter has executed."""
    os.kill(process.pid, number)


def test_a_killed_push_is_resumed_by_the_same_command(jane, faults, snowflake, large):
    stall_third_chunk(faults)
    process = start(jane, large, "killed")
    wait_for(lambda: third_chunk_is_sent(snowflake))
    kill(process, signal.SIGKILL)
    process.wait()
    assert len(list((jane.home / ".local/state/docker-snowflake/uploads").iterdir())) >= 1
    snowflake.record.clear()
    result = check(jane, large, "killed")
    assert "resumed at 33.55MB" in result.out
    sent = sum(int(r.headers["content-length"]) for r in requests(snowflake, "PATCH", "uploads"))
    assert sent <= CHUNK
    assert not list((jane.home / ".local/state/docker-snowflake/uploads").iterdir())


def test_ctrl_c_ends_at_once_and_says_how_to_resume(jane, faults, snowflake, large):
    stall_third_chunk(faults)
    process = start(jane, large, "stopped")
    wait_for(lambda: third_chunk_is_sent(snowflake))
    kill(process, signal.SIGINT)
    result = jane.finish(process, timeout=5)
    assert result.code == 130
    assert "The same command continues where this one stopped." in result.err
    assert "resumed at" in check(jane, large, "stopped").out


def test_without_resume_nothing_is_stored_and_the_session_is_deleted(jane, faults, snowflake, large):
    stall_third_chunk(faults)
    process = start(jane, large, "forgotten", "--no-resume")
    wait_for(lambda: third_chunk_is_sent(snowflake))
    kill(process, signal.SIGINT)
    assert jane.finish(process, timeout=5).code == 130
    assert not list(jane.home.glob(".local/state/docker-snowflake/uploads/*"))
    # Docker's registry requires a token with the action delete.
    assert [r.status for r in requests(snowflake, "DELETE", "/blobs/uploads/")][-1:] == [204]


def test_a_copy_continues_broken_reads(jane, faults, snowflake, large):
    directory, digest = large
    push(jane, f"oci:{directory}", "DB.SCHEMA.REPO/read:1")
    # Without a mount, the layer is read.
    faults.on("post", lambda exchange: exchange.send(403, {}, b"") or True if "mount" in exchange.request_record.query else False,
              times=99)

    def half(exchange):
        exchange.send_response(200)
        exchange.send_header("Content-Length", str(2 * CHUNK))
        exchange.end_headers()
        exchange.wfile.flush()
        exchange.reset()
        return True
    faults.on("blob", half, times=2)
    copied = jane.snowflake("copy", "DB.SCHEMA.REPO/read:1", "DB.SCHEMA.REPO2/read:2")
    assert copied.code == 0, copied.err
    assert digest_in(copied.out) == digest
    assert manifest_of(jane, f"{HOST}/db/schema/repo2/read:2")
