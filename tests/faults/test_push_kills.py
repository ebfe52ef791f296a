# SPDX-License-Identifier: Apache-2.0
"""A push that is killed at any moment is continued by the same command, and sends little twice."""

import os
import random
import signal
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "e2e"))

from fake_snowflake.registry.faults import RegistryFaults  # noqa: E402
from journeys import FIGURES  # noqa: E402
from world.fixtures import HOST  # noqa: E402
from world.image import Layout  # noqa: E402

KILLS = 100 if os.environ.get("DCS_FAULTS") == "all" else 8
CHUNK = 16 << 20
SIZES = (CHUNK + 1000, 2 * CHUNK + 1000)


def start(jane, layout, tag):
    return jane.start(["docker-snowflake", "push", f"oci:{layout.folder}", f"DB.SCHEMA.REPO/killed:{tag}"])


def sent(snowflake):
    return sum(int(r.headers["content-length"]) for r in snowflake.requests
               if r.kind == "registry" and r.method == "PATCH" and "/blobs/uploads/" in r.path)


def test_a_push_that_is_killed_is_continued_by_the_same_command(jane, snowflake):
    RegistryFaults(snowflake).as_distribution_3()
    chance = random.Random(13)
    failures, whole = [], 0
    for number in range(KILLS + 1):
        layout = Layout(jane.folder / f"layout{number}")
        image = layout.image([chance.randbytes(size) for size in SIZES])
        layout.write(image)
        total = sum(path.stat().st_size for path in (layout.folder / "blobs/sha256").iterdir())
        snowflake.record.clear()
        started = time.monotonic()
        process = start(jane, layout, number)
        if number == 0:  # how long it takes
            assert jane.finish(process).code == 0
            whole = time.monotonic() - started
            continue
        moment = chance.uniform(0, whole)
        time.sleep(moment)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        FIGURES["pushes killed"] += 1
        result = jane.finish(start(jane, layout, number))
        name = f"killed after {moment:.3f} s"
        if result.code != 0:
            failures.append(f"{name}: {result.err}")
            continue
        if image["digest"] not in result.out:
            failures.append(f"{name}: another digest: {result.out}")
        if sent(snowflake) > total + len(SIZES) * CHUNK:
            failures.append(f"{name}: {sent(snowflake)} bytes were sent of {total}")
        copied = jane.run(["skopeo", "copy", f"docker://{HOST}/db/schema/repo/killed:{number}", f"dir:{jane.folder}/copy"])
        if copied.code != 0:
            failures.append(f"{name}: {copied.err}")
    assert not failures, "\n".join(failures)
