# SPDX-License-Identifier: Apache-2.0
"""Pushes images with the plugin, and inspects the requests and the registry."""

import random

from world.fixtures import HOST

REPOSITORY = f"{HOST}/db/schema/repo"
CHUNK = 16 << 20  # bytes; the size in which the plugin uploads layers


def noise(size, seed=0):
    """Returns random bytes, which are the same for each seed."""
    return random.Random(seed).randbytes(size)


def requests(snowflake, method, part):
    """Returns the registry requests with this method and part of the path."""
    return [r for r in snowflake.requests if r.kind == "registry" and r.method == method and part in r.path]


def uploads(snowflake):
    """Returns the number of chunks that were uploaded."""
    return len(requests(snowflake, "PATCH", "/blobs/uploads/"))


def digest_in(out):
    """Returns the digest in the output of a push."""
    return next(line.split()[2] for line in out.splitlines() if ": digest: " in line)


def manifest_of(user, image):
    """Returns the manifest of an image in the registry as text."""
    shown = user.run(["skopeo", "inspect", "--raw", f"docker://{image}"])
    assert shown.code == 0, shown.err
    return shown.out


def push(user, *arguments, **options):
    """Runs `docker snowflake push`, which must succeed."""
    result = user.snowflake("push", *arguments, **options)
    assert result.code == 0, result.out + result.err
    return result
