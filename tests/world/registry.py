# SPDX-License-Identifier: Apache-2.0
"""Runs Docker's registry: version 2.8 from Debian, or version 3 if registry/build.sh has built it."""

import os
import pathlib
import socket
import subprocess
import time


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for_port(address, process, timeout=20.0):
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"{process.args[0]} ended with status {process.returncode}")
        try:
            socket.create_connection(address, timeout=1).close()
            return
        except OSError:
            time.sleep(0.02)
    raise RuntimeError(f"nothing listens at {address}")


VERSION_2 = "/usr/bin/docker-registry"
VERSION_3 = os.environ.get("DCS_REGISTRY", "")


class Registry:
    """A running registry with its files in `directory`. `auth` and `tls` are sections of its configuration."""

    def __init__(self, directory: pathlib.Path, address=None, auth=None, tls=None, program=VERSION_2):
        directory.mkdir(parents=True, exist_ok=True)
        self.address = address or ("127.0.0.1", free_port())
        lines = ["version: 0.1", "log: {level: error, accesslog: {disabled: true}}",
                 f"storage: {{filesystem: {{rootdirectory: {directory}/data}}, delete: {{enabled: true}}}}",
                 "http:", f"  addr: {self.address[0]}:{self.address[1]}", "  relativeurls: true"]
        if tls:
            lines.append(f"  tls: {{certificate: {tls[0]}, key: {tls[1]}}}")
        if auth:
            lines += ["auth:", "  token:", *(f"    {key}: {value}" for key, value in auth.items())]
        (directory / "registry.yml").write_text("\n".join(lines) + "\n")
        self.log = open(directory / "registry.log", "wb")
        self.process = subprocess.Popen(
            [program, "serve", str(directory / "registry.yml")], stdout=self.log, stderr=self.log,
            env={"PATH": "/usr/bin:/bin", "HOME": str(directory), "OTEL_TRACES_EXPORTER": "none"})
        wait_for_port(self.address, self.process)

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.log.close()
