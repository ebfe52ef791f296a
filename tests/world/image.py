# SPDX-License-Identifier: Apache-2.0
"""Writes small images: archives as of 'docker image save', and OCI layouts."""

import gzip
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


def write_image(path, reference, content=b"hello\n", program=b"", more_layers=()):
    """Writes an archive. `program` is the program of the container; `more_layers` are the contents of files, one layer each."""
    layers = [_tar([("hello.txt", content, 0o644)] + ([("hello", program, 0o755)] if program else []))]
    layers += [_tar([(f"more{number}", more, 0o644)]) for number, more in enumerate(more_layers)]
    config = json.dumps({
        "architecture": "amd64", "os": "linux", "config": {"Cmd": ["/hello"]}, "history": [{"created_by": "a test"}],
        "rootfs": {"type": "layers", "diff_ids": ["sha256:" + hashlib.sha256(layer).hexdigest() for layer in layers]}}).encode()
    name = hashlib.sha256(config).hexdigest() + ".json"
    names = [f"layer{number}.tar" for number in range(len(layers))]
    manifest = json.dumps([{"Config": name, "RepoTags": [reference], "Layers": names}]).encode()
    parts = [(name, config), *zip(names, layers), ("manifest.json", manifest)]
    path.write_bytes(_tar([(part, content, 0o644) for part, content in parts]))
    return path


def _gzip(data: bytes, level=1) -> bytes:
    return gzip.compress(data, level, mtime=0)


class Layout:
    """An OCI image layout in `directory`, in the form that buildx writes."""

    def __init__(self, directory):
        self.directory = directory
        (directory / "blobs/sha256").mkdir(parents=True)
        (directory / "oci-layout").write_text('{"imageLayoutVersion":"1.0.0"}')
        self.entries = []

    def blob(self, content: bytes, media_type) -> dict:
        digest = hashlib.sha256(content).hexdigest()
        (self.directory / "blobs/sha256" / digest).write_bytes(content)
        return {"mediaType": media_type, "digest": f"sha256:{digest}", "size": len(content)}

    def image(self, contents, architecture="amd64", level=1, **members) -> dict:
        """Adds an image with one layer for each of `contents`, compressed with `level`. `members` are added to the descriptor of
        each layer. Returns the descriptor of its manifest."""
        layers = [_tar([("data.bin", content, 0o644)]) for content in contents]
        config = {"architecture": architecture, "os": "linux", "config": {}, "rootfs": {
            "type": "layers", "diff_ids": ["sha256:" + hashlib.sha256(layer).hexdigest() for layer in layers]}}
        manifest = {
            "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "config": self.blob(json.dumps(config).encode(), "application/vnd.oci.image.config.v1+json"),
            "layers": [{**self.blob(_gzip(layer, level), "application/vnd.oci.image.layer.v1.tar+gzip"), **members} for layer in layers]}
        descriptor = self.blob(json.dumps(manifest).encode(), manifest["mediaType"])
        return {**descriptor, "platform": {"os": "linux", "architecture": architecture}}

    def attestation(self, subject) -> dict:
        descriptor = self.image([b"statement"], "unknown")
        return {**descriptor, "platform": {"os": "unknown", "architecture": "unknown"}, "annotations": {
            "vnd.docker.reference.type": "attestation-manifest", "vnd.docker.reference.digest": subject["digest"]}}

    def index(self, entries) -> dict:
        media_type = "application/vnd.oci.image.index.v1+json"
        return self.blob(json.dumps({"schemaVersion": 2, "mediaType": media_type, "manifests": entries}).encode(), media_type)

    def write(self, *entries):
        (self.directory / "index.json").write_text(json.dumps({"schemaVersion": 2, "manifests": entries}))
        return self.directory

    def archive(self, path):
        with tarfile.open(path, "w") as archive:
            archive.add(self.directory, arcname=".")
        return path
