#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs a command in its own test world: enter.py COMMAND [ARGUMENT ...]

New namespaces for mounts, network, processes, host name and IPC. In there the real host names of Snowflake resolve to
addresses of this machine that only exist there, an authority made for this run is trusted by every program, and /run is
empty, so that nothing of this machine's own Docker, keyrings or buses can be touched. All of it is gone with the
command, whatever way that ends. Needs root, or sudo without a question, or (then without a Docker engine) a kernel that
lets users make user namespaces."""

import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
INSIDE = "DCS_INSIDE_WORLD"


def enter(command):
    flags = ["--mount", "--net", "--pid", "--uts", "--ipc", "--fork", "--kill-child", "--mount-proc"]
    words = ["/usr/bin/unshare", *flags, "--", sys.executable, os.path.join(HERE, "enter.py"), *command]
    environment = {**os.environ, INSIDE: "1"}
    if os.geteuid() != 0:
        if may_sudo():
            kept = [f"{name}={value}" for name, value in environment.items() if name.startswith(("DCS_", "PYTHON", "ASAN_"))]
            words = ["/usr/bin/sudo", "-n", "/usr/bin/env", *kept, *words]
        else:
            words[1:1] = ["--user", "--map-root-user"]
    os.execve(words[0], words, environment)


def may_sudo():
    return os.path.exists("/usr/bin/sudo") and subprocess.run(
        ["/usr/bin/sudo", "-n", "true"], stderr=subprocess.DEVNULL, check=False).returncode == 0


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
