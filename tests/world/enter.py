#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs a command in a world of its own: enter.py COMMAND [ARGUMENT ...]

New namespaces for mounts, network, processes, host name and IPC. In there the real host names of Snowflake resolve to
addresses of this machine that only exist there, an authority made for this run is trusted by every program, and /run is
empty, so that nothing of this machine's own Docker, keyrings or buses can be touched. All of it is gone with the
command, whatever way that ends. Needs root, or a kernel that lets users make user namespaces."""

import os
import shutil
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
INSIDE = "DCS_INSIDE_WORLD"


def enter(command):
    flags = ["--mount", "--net", "--pid", "--uts", "--ipc", "--fork", "--kill-child", "--mount-proc"]
    if os.geteuid() != 0:
        flags += ["--user", "--map-root-user"]
    unshare = shutil.which("unshare", path="/usr/bin:/bin")
    environment = {**os.environ, INSIDE: "1"}
    os.execve(unshare, [unshare, *flags, "--", sys.executable, os.path.join(HERE, "enter.py"), *command], environment)


def main():
    command = sys.argv[1:]
    if not command:
        sys.exit(__doc__)
    if INSIDE not in os.environ:
        enter(command)
    sys.path.insert(0, os.path.dirname(HERE))
    from world import inside

    inside.prepare()
    os.execvp(command[0], command)


if __name__ == "__main__":
    main()
