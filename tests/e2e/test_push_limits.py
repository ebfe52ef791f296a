# SPDX-License-Identifier: Apache-2.0
"""docker snowflake push with layers that are larger than the memory or the disk."""

import hashlib
import json
import os
import re
import subprocess
import time

import pytest

from fake_snowflake.registry.faults import RegistryFaults
from pushes import noise, requests
from world.image import Layout, write_image

GIGABYTES = int(os.environ.get("DCS_SPARSE_GIGABYTES", "1"))
MAX_RESIDENT = 64 << 20
SANITIZED = bool(os.environ.get("DCS_SANITIZED"))


def sparse_layout(directory, size):
    """Writes an image with one layer of zeros as a sparse file."""
    layout = Layout(directory)
    hole = directory / "hole"
    with open(hole, "wb") as file:
        file.truncate(size)
    digest = hashlib.sha256()
    zeros = bytes(1 << 24)
    for _ in range(size // len(zeros)):
        digest.update(zeros)
    hole.rename(directory / "blobs/sha256" / digest.hexdigest())
    config = {"architecture": "amd64", "os": "linux", "config": {},
              "rootfs": {"type": "layers", "diff_ids": ["sha256:" + digest.hexdigest()]}}
    manifest = {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
                "config": layout.blob(json.dumps(config).encode(), "application/vnd.oci.image.config.v1+json"),
                "layers": [{"mediaType": "application/vnd.oci.image.layer.v1.tar", "size": size,
                            "digest": "sha256:" + digest.hexdigest()}]}
    layout.write(layout.blob(json.dumps(manifest).encode(), manifest["mediaType"]))
    return layout.directory


def peak_memory(process):
    """Returns the peak memory of the program in bytes, or -1 if it ended too soon."""
    peak = -1
    while process.poll() is None:
        try:
            status = open(f"/proc/{process.pid}/status").read()
        except OSError:
            break
        if "docker-snow" in status.split("\n")[0] and "VmHWM:" in status:
            peak = max(peak, int(status.split("VmHWM:")[1].split()[0]) << 10)
        time.sleep(0.02)
    return peak


@pytest.mark.skipif(SANITIZED, reason="sanitizers need more memory")
def test_memory_does_not_grow_with_the_layer(jane, snowflake):
    RegistryFaults(snowflake).discard_uploads()
    directory = sparse_layout(jane.directory / "sparse", GIGABYTES << 30)
    process = jane.start(["docker-snowflake", "push", f"oci:{directory}", "DB.SCHEMA.REPO/sparse:1"])
    peak = peak_memory(process)
    result = jane.finish(process)
    assert result.code == 0, result.err
    print(f"{peak / (1 << 20):.1f} MiB for a layer of {GIGABYTES} GiB")
    assert 0 < peak <= MAX_RESIDENT


@pytest.fixture
def small_disk(jane):
    directory = jane.directory / "small"
    directory.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(directory)], check=True)
    yield directory
    subprocess.run(["umount", str(directory)], check=True)


def test_a_disk_that_becomes_full_is_an_error_and_nothing_is_left(jane, small_disk):
    archive = write_image(jane.directory / "image.tar", "app:1", noise(20_000_000, 21))
    result = jane.run(["sh", "-c", f"cat {archive} | docker-snowflake push - DB.SCHEMA.REPO/full:1"], env={"TMPDIR": str(small_disk)})
    assert result.code == 1
    assert "No space left on device" in result.err
    assert "TMPDIR" in result.err
    assert list(small_disk.iterdir()) == []


def test_free_space_is_checked_before_a_layer_is_compressed(jane, snowflake, small_disk):
    archive = write_image(jane.directory / "image.tar", "app:1", noise(20_000_000, 22))
    result = jane.snowflake("push", f"docker-archive:{archive}", "DB.SCHEMA.REPO/full:2", env={"TMPDIR": str(small_disk)})
    assert result.code == 1
    assert re.search(r"Error: \d[\d.]*[MG]B are needed in .* and \d[\d.]*[kMG]?B are free", result.err), result.err
    assert not requests(snowflake, "PATCH", "uploads")


def test_an_archive_that_is_redirected_is_not_copied(jane, small_disk):
    layout = Layout(jane.directory / "layout")
    layout.write(layout.image([noise(20_000_000, 23)]))
    archive = layout.archive(jane.directory / "layout.tar")
    result = jane.run(["sh", "-c", f"docker-snowflake push - DB.SCHEMA.REPO/redirected:1 < {archive}"], env={"TMPDIR": str(small_disk)})
    assert result.code == 0, result.err
