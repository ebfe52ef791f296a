# SPDX-License-Identifier: Apache-2.0
"""Reads the real registry with tokens of the front end."""

import dataclasses
import http.client
import json


@dataclasses.dataclass
class Image:
    name: str
    tag: str
    digest: str
    created_on: float


MANIFESTS = ", ".join([
    "application/vnd.docker.distribution.manifest.v2+json", "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json", "application/vnd.oci.image.index.v1+json"])


class Upstream:
    def __init__(self, address: tuple[str, int] | None, tokens, clock):
        self.address, self.tokens, self.clock = address, tokens, clock
        self.created_on = None  # fixed creation time of all images, for comparisons
        self._seen: dict[str, float] = {}  # tag and digest -> time of the first listing

    def _get(self, path, access, method="GET", accept="application/json"):
        connection = http.client.HTTPConnection(*self.address, timeout=30)
        try:
            connection.request(method, path, headers={
                "Authorization": "Bearer " + self.tokens.sign(access), "Accept": accept})
            response = connection.getresponse()
            return response.status, dict(response.getheaders()), response.read()
        finally:
            connection.close()

    def read(self, name, rest):
        """Returns status, headers and body of GET /v2/<name>/<rest>."""
        return self._get(f"/v2/{name}/{rest}", [{"type": "repository", "name": name, "actions": ["pull"]}], accept=MANIFESTS)

    def _names(self):
        """Returns all image names. A page has at most 1,000."""
        names, last = [], ""
        while True:
            _, _, body = self._get(f"/v2/_catalog?n=1000&last={last}", [{"type": "registry", "name": "catalog", "actions": ["*"]}])
            page = json.loads(body)["repositories"]
            names += page
            if len(page) < 1000:
                return names
            last = page[-1]

    def images(self, repository_path: str) -> list[Image]:
        if self.address is None:
            return []
        images = []
        for name in self._names():
            if not name.startswith(repository_path + "/"):
                continue
            pull = [{"type": "repository", "name": name, "actions": ["pull"]}]
            status, _, body = self._get(f"/v2/{name}/tags/list", pull)
            for tag in sorted(json.loads(body).get("tags") or []) if status == 200 else []:
                status, headers, _ = self._get(f"/v2/{name}/manifests/{tag}", pull, "HEAD", MANIFESTS)
                if status == 200:
                    digest = headers["Docker-Content-Digest"]
                    created = self._seen.setdefault(f"{name}:{tag}@{digest}", self.clock.now())
                    images.append(Image(name[len(repository_path) + 1:], tag, digest, self.created_on or created))
        return images
