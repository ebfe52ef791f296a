# SPDX-License-Identifier: Apache-2.0
"""docker snowflake push and copy with a real registry: all sources and targets, and layers that are not sent twice."""

import hashlib
import io
import json
import os
import re
import subprocess
import tarfile

import pytest

from conftest import CONNECTION, HOST
from pushes import REPOSITORY, digest_in, manifest_of, noise, push, uploads
from world.image import Layout, write_image
from world.terminal import AtTerminal



def test_an_archive_is_pushed_and_not_pushed_twice(jane, snowflake):
    archive = write_image(jane.directory / "image.tar", "app:1", noise(300_000, 1))
    pushed = push(jane, f"docker-archive:{archive}", "DB.SCHEMA.REPO/push1:1")
    assert f"The push refers to repository [{REPOSITORY}/push1]" in pushed.out
    assert ": Pushed\n" in pushed.out
    digest = digest_in(pushed.out)
    assert f"Use in a service specification: /db/schema/repo/push1@{digest}\n" in pushed.out
    manifest = json.loads(manifest_of(jane, f"{REPOSITORY}/push1:1"))
    assert manifest["mediaType"] == "application/vnd.docker.distribution.manifest.v2+json"
    copied = jane.run(["skopeo", "copy", f"docker://{REPOSITORY}/push1:1", f"dir:{jane.directory}/copy"])
    assert copied.code == 0, copied.err
    sent = uploads(snowflake)
    again = push(jane, f"docker-archive:{archive}", f"{REPOSITORY}/push1:2")
    assert ": Layer already exists\n" in again.out
    assert digest_in(again.out) == digest
    assert uploads(snowflake) == sent
    assert snowflake.count("login") == 1


def test_a_layer_is_mounted_from_a_sibling(jane, snowflake):
    archive = write_image(jane.directory / "image.tar", "app:1", noise(300_000, 2))
    push(jane, f"docker-archive:{archive}", "DB.SCHEMA.REPO/sibling:1")
    mounted = push(jane, f"docker-archive:{archive}", "DB.SCHEMA.REPO2/mounted:1")
    assert ": Mounted from db/schema/repo/sibling\n" in mounted.out


def test_a_layout_keeps_its_digest(jane):
    layout = Layout(jane.directory / "layout")
    image = layout.image([noise(100_000, 3), noise(50_000, 4)])
    layout.write(image)
    pushed = push(jane, f"oci:{layout.directory}", "DB.SCHEMA.REPO/layout:1")
    assert digest_in(pushed.out) == image["digest"]
    archive = layout.archive(jane.directory / "layout.tar")
    assert digest_in(push(jane, f"oci-archive:{archive}", "DB.SCHEMA.REPO/layout:2").out) == image["digest"]
    for data in (archive.read_bytes(), subprocess.run(["gzip", "-c", archive], check=True, capture_output=True).stdout):
        assert digest_in(push(jane, "-", "DB.SCHEMA.REPO/layout:3", stdin=data).out) == image["digest"]


def test_an_index_is_pushed_for_one_platform_or_for_all(jane):
    layout = Layout(jane.directory / "layout")
    amd64, arm64 = layout.image([noise(10_000, 5)]), layout.image([noise(10_000, 6)], "arm64")
    index = layout.index([amd64, arm64, layout.attestation(amd64)])
    layout.write(index)
    one = push(jane, f"oci:{layout.directory}", "DB.SCHEMA.REPO/index:1")
    assert digest_in(one.out) == amd64["digest"]
    assert "Pushing the image for linux/amd64 alone" in one.err
    other = push(jane, f"oci:{layout.directory}", "DB.SCHEMA.REPO/index:2", "--platform", "linux/arm64")
    assert digest_in(other.out) == arm64["digest"]
    everything = push(jane, f"oci:{layout.directory}", "DB.SCHEMA.REPO/index:3", "--all-platforms")
    assert digest_in(everything.out) == index["digest"]
    assert len(json.loads(manifest_of(jane, f"{REPOSITORY}/index:3"))["manifests"]) == 3
    missing = jane.snowflake("push", f"oci:{layout.directory}", "DB.SCHEMA.REPO/index:4", "--platform", "linux/s390x")
    assert missing.code == 1
    assert "--all-platforms" in missing.err


def test_a_layer_that_is_compressed_in_two_ways_is_two_blobs(jane):
    layout = Layout(jane.directory / "layout")
    one, other = layout.image([noise(10_000, 7)]), layout.image([noise(10_000, 7)], "arm64", level=9)
    layout.write(layout.index([one, other]))
    push(jane, f"oci:{layout.directory}", f"DB.SCHEMA.REPO/compressed{os.getpid()}:1", "--all-platforms")


def test_a_layer_that_could_also_be_fetched_elsewhere_is_copied(jane):
    layout = Layout(jane.directory / "layout")
    layout.write(layout.image([noise(10_000, 8)], urls=[]))
    push(jane, f"oci:{layout.directory}", "DB.SCHEMA.REPO/urls:1")
    copied = jane.snowflake("copy", "DB.SCHEMA.REPO/urls:1", f"DB.SCHEMA.REPO2/urls{os.getpid()}:1")
    assert copied.code == 0, copied.err


@pytest.mark.parametrize("index", ["not JSON", "[]", '"x"', '{"manifests": "x"}'])
def test_what_is_no_index_of_a_layout_is_not_replaced(jane, snowflake, index):
    archive = write_image(jane.directory / "image.tar", "app:1")
    push(jane, f"docker-archive:{archive}", "DB.SCHEMA.REPO/precious:1")
    layout = jane.directory / "layout"
    layout.mkdir()
    (layout / "index.json").write_text(index)
    refused = jane.snowflake("copy", "DB.SCHEMA.REPO/precious:1", f"oci:{layout}")
    assert refused.code == 1 and "index.json' is not the index of an OCI image layout\n" in refused.err, refused.err
    assert (layout / "index.json").read_text() == index and len(list(layout.iterdir())) == 1


def test_copies_to_the_same_files_do_no_harm(jane):
    archive = write_image(jane.directory / "image.tar", "app:1", noise(3_000_000, 9))
    push(jane, f"docker-archive:{archive}", "DB.SCHEMA.REPO/both:1")
    for target in ("oci:layout", "oci-archive:layout.tar"):
        copies = jane.run_concurrently(["docker-snowflake", "copy", "DB.SCHEMA.REPO/both:1", target], 4)
        assert [copy.err for copy in copies if copy.code != 0] == []
        assert not list(jane.home.rglob("*part*"))
        push(jane, target, "DB.SCHEMA.REPO/both:2")


def test_a_file_of_another_user_is_not_written_through_a_link(jane):
    archive = write_image(jane.directory / "image.tar", "app:1")
    push(jane, f"docker-archive:{archive}", "DB.SCHEMA.REPO/linked:1")
    victim = jane.write("victim", "precious")
    for name in ("layout.tar.part", "layout.tar"):
        (jane.home / name).symlink_to(victim)
    copied = jane.snowflake("copy", "DB.SCHEMA.REPO/linked:1", "oci-archive:layout.tar")
    assert copied.code == 0, copied.err
    assert victim.read_text() == "precious"


def test_a_name_may_follow_a_path_with_colons(jane):
    folder = jane.directory / "2024-01-01T10:20"
    folder.mkdir()
    archive = write_image(folder / "image.tar", "app:1")
    push(jane, f"docker-archive:{archive}:app:1", "DB.SCHEMA.REPO/colons:1")


def test_an_image_for_another_processor_causes_a_warning_or_an_error(jane):
    layout = Layout(jane.directory / "layout")
    layout.write(layout.image([b"x"], "arm64"))
    warned = push(jane, f"oci:{layout.directory}", "DB.SCHEMA.REPO/arm:1")
    assert "Warning: the image is for linux/arm64" in warned.err
    refused = jane.snowflake("push", f"oci:{layout.directory}", "DB.SCHEMA.REPO/arm:2", "--strict")
    assert refused.code == 1
    assert "linux/arm64" in refused.err


def test_after_a_push_by_the_engine_our_push_sends_nothing(jane, snowflake, engine):
    image = f"{REPOSITORY}/engine:1"
    archive = write_image(jane.directory / "image.tar", image, noise(200_000, 7))
    assert jane.docker("load", "-i", str(archive)).code == 0
    theirs = jane.docker("push", image)
    assert theirs.code == 0, theirs.err
    sent = uploads(snowflake)
    ours = push(jane, image, "DB.SCHEMA.REPO/engine:2")
    assert digest_in(ours.out) == digest_in(theirs.out)
    assert uploads(snowflake) == sent


def test_after_our_push_the_engine_sends_nothing(jane, snowflake, engine):
    image = f"{REPOSITORY}/engine2:1"
    archive = write_image(jane.directory / "image.tar", image, noise(200_000, 8))
    assert jane.docker("load", "-i", str(archive)).code == 0
    ours = push(jane, image)
    before = len(snowflake.requests)
    again = push(jane, image)
    assert digest_in(again.out) == digest_in(ours.out)
    # The tag is up to date, so nothing is exported or checked.
    assert [r.method for r in snowflake.requests[before:] if r.kind == "registry"] == ["GET", "GET"]
    assert jane.docker("rmi", image).code == 0
    pulled = jane.snowflake("pull", "DB.SCHEMA.REPO/engine2:1")
    assert pulled.code == 0, pulled.err
    assert digest_in(ours.out) in pulled.out


def test_copy_keeps_the_digest_and_tag_moves_nothing(jane, snowflake):
    layout = Layout(jane.directory / "layout")
    amd64 = layout.image([noise(100_000, 9)])
    index = layout.index([amd64, layout.attestation(amd64)])
    layout.write(index)
    push(jane, f"oci:{layout.directory}", "DB.SCHEMA.REPO/origin:1", "--all-platforms")
    sent = uploads(snowflake)
    copied = jane.snowflake("copy", "DB.SCHEMA.REPO/origin:1", "DB.SCHEMA.REPO2/copied:2")
    assert copied.code == 0, copied.err
    assert digest_in(copied.out) == index["digest"]
    tagged = jane.snowflake("tag", "DB.SCHEMA.REPO2/copied:2", "3", "stable")
    assert tagged.code == 0, tagged.err
    assert uploads(snowflake) == sent
    assert manifest_of(jane, f"{HOST}/db/schema/repo2/copied:stable") == manifest_of(jane, f"{REPOSITORY}/origin:1")
    missing = jane.snowflake("copy", "DB.SCHEMA.REPO/origin:9", "DB.SCHEMA.REPO2/copied:9")
    assert missing.code == 1
    assert "has no image" in missing.err


def test_a_role_that_may_only_read_is_told_the_missing_grant(jane):
    archive = write_image(jane.directory / "image.tar", "app:1", noise(1000, 10))
    refused = jane.snowflake("push", f"docker-archive:{archive}", "DB.SCHEMA.REPO/denied:1", "--role", "READER")
    assert refused.code == 1
    assert "trying again" not in refused.out + refused.err and refused.err.count("cannot upload") + refused.err.count("denied the request") == 1, refused.err
    assert "have its owner run: GRANT WRITE ON IMAGE REPOSITORY DB.SCHEMA.REPO TO ROLE READER;" in refused.err


@pytest.mark.parametrize("arguments, status, words", [
    (["app:1"], 2, "which repository to push to"), (["oci:/nowhere", "DB.SCHEMA.REPO/a:1"], 1, "no directory"),
    (["docker-archive:/nowhere", "DB.SCHEMA.REPO/a:1"], 1, "cannot read '/nowhere'"),
    (["docker-archive:/etc/passwd", "DB.SCHEMA.REPO/a:1"], 1, "tar file"),
    (["oci:/tmp", "DB.SCHEMA.REPO"], 2, "is an image repository, not an image"),
    (["oci:/tmp", "DB.SCHEMA.REPO/a:1", "--parallel", "0"], 2, "--parallel"),
    (["oci:/tmp", "DB.SCHEMA.REPO/a@sha256:" + "0" * 64], 2, "digest")])
def test_what_cannot_be_pushed_is_explained(jane, arguments, status, words):
    result = jane.snowflake("push", *arguments)
    assert result.code == status, result.err
    assert words in result.err
    assert "Next: " in result.err


@pytest.mark.parametrize("what", ["config", "layer", "missing"])
def test_a_damaged_image_is_not_pushed(jane, what):
    layout = Layout(jane.directory / "layout")
    image = layout.image([noise(10_000, 11)])
    layout.write(image)
    manifest = json.loads((layout.directory / "blobs/sha256" / image["digest"][7:]).read_text())
    victim = manifest["config"] if what == "config" else manifest["layers"][0]
    path = layout.directory / "blobs/sha256" / victim["digest"][7:]
    if what == "missing":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:-1] + b"!")
    result = jane.snowflake("push", f"oci:{layout.directory}", "DB.SCHEMA.REPO/damaged:1")
    assert result.code == 1
    assert "damaged" in result.err
    assert "digest: " not in result.out


def test_progress_in_every_form(jane):
    archive = write_image(jane.directory / "image.tar", "app:1", noise(1000, 12))
    source = f"docker-archive:{archive}"
    quiet = push(jane, source, "DB.SCHEMA.REPO/words:1", "-q")
    assert quiet.out == f"{REPOSITORY}/words:1\n"
    events = [json.loads(line) for line in push(jane, source, "DB.SCHEMA.REPO/words:2", "--progress", "json").out.splitlines()]
    assert events[-1]["reference"] == f"{REPOSITORY}/words:2"
    assert events[-1]["digest"].startswith("sha256:")
    latest = push(jane, source, "DB.SCHEMA.REPO/words", "--progress", "tty")
    assert latest.out.startswith("Using default tag: latest\n")
    assert "\x1b[2K" in latest.out
    assert "\x1b" not in push(jane, source, "DB.SCHEMA.REPO/words:3").out


def test_copy_exports_an_image_to_files_and_imports_it(jane, snowflake):
    layout = Layout(jane.directory / "layout")
    amd64, arm64 = layout.image([noise(100_000, 31)]), layout.image([noise(50_000, 32)], "arm64")
    index = layout.index([amd64, arm64, layout.attestation(amd64)])
    layout.write(index)
    there = jane.snowflake("copy", f"oci:{layout.directory}", "DB.SCHEMA.REPO/files:1")
    assert there.code == 0, there.err
    assert digest_in(there.out) == index["digest"]
    out = jane.directory / "out"
    for target in (f"oci:{out}", f"oci:{out}:other", f"oci-archive:{out}.tar"):
        copied = jane.snowflake("copy", "DB.SCHEMA.REPO/files:1", target)
        assert copied.code == 0, copied.err
        assert digest_in(copied.out) == index["digest"]
    assert "Layer already exists" in jane.snowflake("copy", "DB.SCHEMA.REPO/files:1", f"oci:{out}").out
    assert (out / "blobs/sha256" / index["digest"][7:]).read_bytes() == (layout.directory / "blobs/sha256" / index["digest"][7:]).read_bytes()
    names = [entry["annotations"]["org.opencontainers.image.ref.name"]
             for entry in json.loads((out / "index.json").read_text())["manifests"]]
    assert names == ["other", "1"]
    inspected = jane.run(["skopeo", "inspect", "--raw", f"oci-archive:{out}.tar:1"])
    assert inspected.code == 0, inspected.err
    back = jane.snowflake("copy", f"oci-archive:{out}.tar", "DB.SCHEMA.REPO2/files:2")
    assert digest_in(back.out) == index["digest"], back.err
    assert [path.name for path in jane.directory.glob(".docker-snowflake*")] == []


def test_a_layer_of_another_size_than_its_manifest_says_is_not_copied(jane, snowflake):
    layer, config = b"layer" * 10, b"{}"

    def described(content, kind, size):
        return {"mediaType": f"application/vnd.oci.image.{kind}", "digest": f"sha256:{hashlib.sha256(content).hexdigest()}", "size": size}

    manifest = json.dumps({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
                           "config": described(config, "config.v1+json", len(config)),
                           "layers": [described(layer, "layer.v1.tar+gzip", 5000)]}).encode()

    def answer(exchange):
        path = exchange.request_record.path
        if "/app/manifests/" in path:
            exchange.send(200, {"Content-Type": "application/vnd.oci.image.manifest.v1+json"}, manifest)
        elif "/app/blobs/" in path:
            exchange.send(200, {"Content-Type": "application/octet-stream"}, config if described(config, "", 0)["digest"] in path else layer)
        else:
            return False
        return True

    snowflake.faults.add("registry", before=answer, times=1000)
    copied = jane.snowflake("copy", "DB.SCHEMA.REPO/app:1", f"oci:{jane.directory / 'out'}")
    assert copied.code == 1 and "has a different size than the manifest says" in copied.err, copied


@pytest.mark.parametrize("source, target", [
    ("oci:/tmp", "oci:/tmp/other"), ("DB.SCHEMA.REPO/a:1", "docker-archive:/tmp/a"), ("DB.SCHEMA.REPO/a:1", "-")])
def test_what_cannot_be_copied_is_explained(jane, source, target):
    result = jane.snowflake("copy", source, target)
    assert result.code == 2, result.err
    assert "oci-archive:FILE" in result.err


def screen_of(text):
    """Returns the lines of a terminal after escape sequences that move up and erase."""
    lines, row = [""], 0
    for piece in re.findall(r"\x1b\[\d*[A-Za-z]|\r?\n|\r|[^\x1b\r\n]+", text):
        if piece.endswith("\n"):
            row += 1
            lines += [""] * (row == len(lines))
        elif piece[0] != "\x1b":
            lines[row] = piece if piece != "\r" else lines[row]
        elif piece[-1] == "A":
            row = max(0, row - int(piece[2:-1]))
        elif piece[-1] == "K":
            lines[row] = ""
        elif piece[-1] == "J":
            lines[row:] = [""]
    return lines


def test_questions_and_warnings_are_not_erased_by_the_progress(jane):
    jane.write_config(CONNECTION.replace('password = "Correct Horse 1!"\n', ""))
    layout = Layout(jane.directory / "layout")
    layout.write(layout.image([b"x"], "arm64"))
    with AtTerminal(jane, ["docker-snowflake", "push", f"oci:{layout.directory}", "DB.SCHEMA.REPO/asked:1"], env={"TERM": "xterm"}) as terminal:
        terminal.wait_for("Password of jane")
        drawn = len(terminal.screen)
        with pytest.raises(AssertionError):
            terminal.wait_until(lambda: len(terminal.screen) > drawn, timeout=0.5)
        assert screen_of(terminal.screen)[-1].startswith("Password of jane")
        terminal.type("Correct Horse 1!\n")
        result = terminal.end()
    assert result.code == 0, result.out
    lines = screen_of(result.out)
    assert [line for line in lines if line.startswith("Password of jane")], lines
    assert [line for line in lines if line.startswith("Warning: the image is for linux/arm64")], lines
    assert [line for line in lines if line.startswith("1: digest: ")], lines


def test_a_terminal_without_cursor_control_gets_lines(jane):
    archive = write_image(jane.directory / "image.tar", "app:1", noise(1000, 14))
    push(jane, f"docker-archive:{archive}", "DB.SCHEMA.REPO/dumb:1")
    for words in (["push", f"docker-archive:{archive}", "DB.SCHEMA.REPO/dumb:2"], ["copy", "DB.SCHEMA.REPO/dumb:1", "DB.SCHEMA.REPO2/dumb:1"]):
        with AtTerminal(jane, ["docker-snowflake", *words], env={"TERM": "dumb"}) as terminal:
            result = terminal.end()
        assert result.code == 0 and "\x1b" not in result.out, result.out


def test_an_image_id_is_not_accepted_as_a_name(jane):
    for source in ("sha256:" + "5f70bf18a086" * 5 + "abcd", "sha256:5f70bf18a086"):
        result = jane.snowflake("push", source, "DB.SCHEMA.REPO")
        assert result.code == 2 and "is an image repository, not an image" in result.err, result.err


def test_an_image_cannot_be_selected_by_name_in_a_pipe(jane, tmp_path):
    config = b'{"rootfs": {"diff_ids": []}}'
    archive = tmp_path / "two.tar"
    manifest = json.dumps([{"Config": "c.json", "RepoTags": [name], "Layers": []} for name in ("a:1", "b:1")]).encode()
    with tarfile.open(archive, "w") as tar:
        for name, data in (("manifest.json", manifest), ("c.json", config)):
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))
    piped = jane.snowflake("push", "-", "DB.SCHEMA.REPO/two:1", stdin=archive.read_bytes())
    assert piped.code == 1 and "has several images" in piped.err and "save one image alone" in piped.err, piped.err
    named = jane.snowflake("push", f"docker-archive:{archive}", "DB.SCHEMA.REPO/two:1")
    assert named.code == 1 and "name one of them after a colon" in named.err, named.err


def test_the_reason_why_a_client_cannot_be_started_is_shown(jane):
    programs = jane.directory / "programs"
    programs.mkdir()
    (programs / "docker").write_text("no program")
    (programs / "docker").chmod(0o755)
    result = jane.snowflake("push", "app:1", "DB.SCHEMA.REPO/app:1", env={"PATH": f"{programs}:{jane.environment['PATH']}"})
    assert result.code == 1 and "docker cannot be started: Exec format error" in result.err, result.err
