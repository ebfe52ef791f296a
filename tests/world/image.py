# SPDX-License-Identifier: Apache-2.0
"""A tiny image made of nothing, as 'docker load' and 'skopeo copy docker-archive:' take it."""

import hashlib
import io
import json
import tarfile


def _tar(files) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, content, mode in files:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            info.mode = mode
            archive.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def write_image(path, reference, content=b"hello\n", program=b""):
    """`program` is what a container of it runs."""
    layer = _tar([("hello.txt", content, 0o644)] + ([("hello", program, 0o755)] if program else []))
    config = json.dumps({
        "architecture": "amd64", "os": "linux", "config": {"Cmd": ["/hello"]}, "history": [{"created_by": "a test"}],
        "rootfs": {"type": "layers", "diff_ids": ["sha256:" + hashlib.sha256(layer).hexdigest()]}}).encode()
    name = hashlib.sha256(config).hexdigest() + ".json"
    manifest = json.dumps([{"Config": name, "RepoTags": [reference], "Layers": ["layer.tar"]}]).encode()
    parts = [(name, config), ("layer.tar", layer), ("manifest.json", manifest)]
    path.write_bytes(_tar([(part, content, 0o644) for part, content in parts]))
    return path
