# SPDX-License-Identifier: Apache-2.0
"""Makes system calls fail with strace's fault injection: the first and the last call of each kind after those of the loader. With
DCS_FAULTS=all every call."""

import collections
import os
import re

import pytest
from scenarios import COUNTS, SCENARIOS, find_next_get_problems, find_problems, prepare, run

# The errors that occur in practice. Other calls do not fail, or only when the process ends anyway.
ERRORS = {
    "openat": ["EMFILE", "EACCES"], "open": ["EMFILE"], "read": ["EIO"], "pread64": ["EIO"], "write": ["ENOSPC", "EPIPE"],
    "writev": ["ENOSPC"], "fstat": ["EIO"], "newfstatat": ["EACCES"], "stat": ["EACCES"], "access": ["EACCES"],
    "mmap": ["ENOMEM"], "keyctl": ["EDQUOT", "EKEYREVOKED"], "add_key": ["EDQUOT"], "request_key": ["ENOKEY"],
    "socket": ["EMFILE", "EAFNOSUPPORT"], "connect": ["ENETUNREACH"], "sendto": ["ECONNRESET"], "sendmsg": ["ECONNRESET"],
    "recvfrom": ["ECONNRESET"], "recvmsg": ["ECONNRESET"], "poll": ["EINTR"], "ppoll": ["EINTR"], "flock": ["ENOLCK"],
    "rename": ["EACCES", "EXDEV"], "renameat2": ["EINVAL"], "unlink": ["EACCES"], "mkdir": ["ENOSPC"],
    "fsync": ["EIO"], "fdatasync": ["EIO"], "ftruncate": ["EFBIG"], "fchmod": ["EPERM"], "getrandom": ["ENOSYS"],
    "clone": ["EAGAIN"], "clone3": ["EAGAIN"], "pipe2": ["EMFILE"], "eventfd2": ["EMFILE"], "getdents64": ["EIO"],
    "uname": ["EFAULT"], "prctl": ["EINVAL"], "prlimit64": ["EPERM"], "getcwd": ["ENOENT"], "readlink": ["EACCES"],
}
CALL = re.compile(r"^(?:\[pid +\d+\] |\d+ +)?(\w+)\(")


def calls(trace):
    """Returns {kind: (calls of the loader, all calls)}."""
    loader, count = collections.Counter(), collections.Counter()
    loading = True
    for line in trace.splitlines():
        found = CALL.match(line)
        if not found:
            continue
        count[found[1]] += 1
        # At the end, the loader unmaps ld.so.cache.
        if loading:
            loader[found[1]] += 1
            loading = found[1] != "munmap"
    return {kind: (loader[kind], number) for kind, number in count.items()}


def selected(first, last):
    numbers = range(first + 1, last + 1)
    if os.environ.get("DCS_FAULTS") == "all" or len(numbers) <= 2:
        return list(numbers)
    return [numbers[0], numbers[-1]]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_a_system_call_that_fails_breaks_nothing(world, scenario):
    jane = prepare(world, scenario)
    trace = jane.home / "trace"
    # strace runs inside nsenter, whose calls are not traced.
    traced = run(jane, scenario, ["strace", "-qq", "-o", trace])
    assert traced.code == 0, traced.out + traced.err
    survived, failures = 0, []
    for kind, (loader, number) in sorted(calls(trace.read_text(errors="replace")).items()):
        for error in ERRORS.get(kind, []):
            for when in selected(loader, number):
                jane.stop()
                jane = prepare(world, scenario)
                result = run(jane, scenario, ["strace", "-qq", "-o", "/dev/null", "-e", f"inject={kind}:error={error}:when={when}"])
                found = find_problems(world, jane, scenario, result, silent=kind in ("write", "writev"))
                world.snowflake.faults.clear()
                found += find_next_get_problems(jane)
                COUNTS["faults tried"] += 1
                survived += not found
                failures += [f"{kind} {when}: {error}: {what}" for what in found]
    COUNTS["faults survived"] += survived
    assert not failures, "\n".join(failures)
