# SPDX-License-Identifier: Apache-2.0
"""Runs a Docker engine in the test world."""

import pathlib
import subprocess
import time


class EngineUnavailable(Exception):
    pass


class Engine:
    """A running dockerd without container networks. Raises EngineUnavailable with the last line of its log."""

    def __init__(self, directory: pathlib.Path):
        directory.mkdir(parents=True, exist_ok=True)
        self.socket = directory / "docker.sock"
        self.log_path = directory / "dockerd.log"
        with open(self.log_path, "wb") as log:
            try:
                self.process = subprocess.Popen(
                    ["/usr/sbin/dockerd", "--bridge=none", "--iptables=false", "--ip6tables=false", "--ip-forward=false",
                     "--ip-masq=false", "--userland-proxy=false", "--storage-driver=vfs", f"--data-root={directory}/data",
                     f"--exec-root={directory}/exec", f"--pidfile={directory}/dockerd.pid", f"--host=unix://{self.socket}",
                     "--group=root"],
                    stdout=log, stderr=log, env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": str(directory)})
            except FileNotFoundError:
                raise EngineUnavailable("dockerd is not installed") from None
        end = time.monotonic() + 40
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > end:
                self.stop()
                raise EngineUnavailable(self._last_log_line())
            time.sleep(0.05)

    def _answers(self):
        return self.socket.exists() and subprocess.run(
            ["/usr/bin/docker", "-H", f"unix://{self.socket}", "version"], capture_output=True, check=False).returncode == 0

    def _last_log_line(self):
        lines = self.log_path.read_text(errors="replace").strip().splitlines()
        return lines[-1] if lines else "dockerd wrote no log"

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
