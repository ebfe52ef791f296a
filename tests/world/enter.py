#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs a command in the test world: enter.py COMMAND [ARGUMENT ...]

Creates namespaces for mounts, network, processes, host name and IPC, which end with the command. Inside, Snowflake's host names
resolve to local addresses, all programs trust a new certificate authority, and /run is empty, so tests cannot reach the
Docker engine, keyrings or buses of this machine. Needs root, sudo without a password, or user namespaces (then without a
Docker engine)."""

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
            variables = [f"{name}={value}" for name, value in environment.items() if name.startswith(("DCS_", "PYTHON", "ASAN_"))]
            words = ["/usr/bin/sudo", "-n", "/usr/bin/env", *variables, *words]
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
