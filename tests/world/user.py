# SPDX-License-Identifier: Apache-2.0
"""A user of the machine, with a home directory, environment, kernel keyring and optional desktop keyring."""

import dataclasses
import glob
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import time

from .bus import SecretService

REFUSE_KEYCTL = pathlib.Path(__file__).with_name("refuse_keyctl.py")
CONNECTION = """default_connection_name = "dev"
[connections.dev]
account = "myorg-myacct"
user = "jane"
password = "Correct Horse 1!"
role = "PUSHER"
database = "DB"
schema = "SCHEMA"
"""
BROWSER = pathlib.Path(__file__).with_name("browser.py")
CHROMIUM = pathlib.Path(__file__).with_name("chromium.py")
# Prefix of a command that runs as root without capabilities.
UNPRIVILEGED = ["/usr/bin/setpriv", "--bounding-set=-all"]
FAKETIME = next(iter(glob.glob("/usr/lib/*/faketime/libfaketime.so.1")), "")


def later(seconds):
    """Returns variables with which a program's clock is `seconds` ahead. The monotonic clock, which timeouts use, is unchanged."""
    return {"LD_PRELOAD": FAKETIME, "FAKETIME": f"{seconds:+d}s", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}


def speed_up(times):
    """Returns variables with which a program's clock runs `times` as fast."""
    return {"LD_PRELOAD": FAKETIME, "FAKETIME": f"+0 x{times}"}


@dataclasses.dataclass
class Result:
    code: int
    out: str
    err: str

    def json(self):
        return json.loads(self.out)


class User:
    """`secret_service` is a state of bus.SecretService; `keyctl` the name of an error that all kernel keyring calls return."""

    def __init__(self, world, secret_service=None, keyctl=None):
        self.world = world
        self.keyctl = keyctl
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="user-", dir=world.directory))
        self.home = self.directory / "home"
        self.runtime = self.directory / "run"
        for directory in (self.home, self.runtime):
            directory.mkdir(mode=0o700)
        self.environment = {
            "HOME": str(self.home), "XDG_RUNTIME_DIR": str(self.runtime), "LANG": "C.UTF-8",
            "PATH": f"{world.bin}:/usr/sbin:/usr/bin:/sbin:/bin", "DOCKER_HOST": f"unix://{world.docker_socket}"}
        # ASAN_OPTIONS and others, for builds with sanitizers.
        self.environment.update({name: value for name, value in os.environ.items() if name.endswith("SAN_OPTIONS")})
        # A user namespace has an empty kernel keyring. This process keeps it open.
        self._holder = subprocess.Popen(["unshare", "--user", "--map-root-user", "sh", "-c", "echo; exec sleep infinity"],
                                        stdout=subprocess.PIPE)
        if not self._holder.stdout.readline():
            raise RuntimeError("no user namespace can be made here (inside a chroot, for one)")
        self.bus = SecretService(self, secret_service) if secret_service else None

    def stop(self):
        if self.bus:
            self.bus.stop()
        self._holder.kill()
        self._holder.wait()
        shutil.rmtree(self.directory, ignore_errors=True)

    # Running programs

    def command(self, arguments):
        prefix = ["/usr/bin/nsenter", f"--user=/proc/{self._holder.pid}/ns/user", "--preserve-credentials"]
        if self.keyctl:
            prefix += ["/usr/bin/python3", str(REFUSE_KEYCTL), self.keyctl]
        return [*prefix, *map(str, arguments)]

    def start(self, arguments, env=None, **options):
        options = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
        return subprocess.Popen(self.command(arguments), env={**self.environment, **(env or {})}, cwd=self.home, **options)

    @staticmethod
    def finish(process, stdin="", timeout=120) -> Result:
        data = stdin.encode() if isinstance(stdin, str) else stdin
        out, err = process.communicate(data, timeout=timeout)
        return Result(process.returncode, out.decode(errors="replace"), err.decode(errors="replace"))

    @staticmethod
    def send_stdin(process, stdin):
        """Writes and closes the standard input, without waiting for the process."""
        process.stdin.write(stdin.encode())
        process.stdin.close()
        process.stdin = None

    def run_concurrently(self, arguments, count, stdin="") -> list[Result]:
        processes = [self.start(arguments) for _ in range(count)]
        for process in processes:
            self.send_stdin(process, stdin)
        return [self.finish(process) for process in processes]

    def run(self, arguments, stdin="", env=None, timeout=120) -> Result:
        return self.finish(self.start(arguments, env), stdin, timeout)

    def helper(self, action, stdin="", **options) -> Result:
        return self.run(["docker-credential-snowflake", action], stdin, **options)

    def docker(self, *arguments, **options) -> Result:
        self.world.engine()
        return self.run(["/usr/bin/docker", *arguments], **options)

    def snowflake(self, *arguments, **options) -> Result:
        return self.run(["docker-snowflake", *arguments], **options)

    def log_in(self, *arguments, **options) -> Result:
        """Runs `docker snowflake login`, which must succeed."""
        result = self.snowflake("login", *arguments, **options)
        assert result.code == 0, result.err
        return result

    def use_browser(self, steps="follow"):
        """Sets BROWSER to browser.py with these steps."""
        self.environment["BROWSER"] = f"/usr/bin/python3 {BROWSER} {steps} %s"

    def use_chromium(self):
        self.environment["BROWSER"] = f"/usr/bin/python3 {CHROMIUM} %s"

    def browser_text(self, timeout=10):
        """Waits until the browser shows a text, and returns it."""
        page = self.home / "browser.out"
        end = time.monotonic() + timeout
        while not (page.exists() and page.read_text()):
            assert time.monotonic() < end, "the browser shows nothing"
            time.sleep(0.02)
        return page.read_text()

    # Files

    def write(self, name, content, mode=0o600) -> pathlib.Path:
        path = self.home / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(content)
        path.chmod(mode)
        return path

    def write_config(self, toml):
        return self.write(".snowflake/config.toml", toml)

    def write_settings(self, toml):
        return self.write(".config/docker-snowflake/config.toml", toml)

    def use_helper_for(self, *hosts):
        self.write(".docker/config.json", json.dumps({"credHelpers": {host: "snowflake" for host in hosts}}, indent=1))
        plugins = self.home / ".docker/cli-plugins"
        plugins.mkdir(exist_ok=True)
        link = plugins / "docker-snowflake"
        if not link.exists():
            link.symlink_to(pathlib.Path(self.world.bin) / "docker-snowflake")

    def files(self):
        """Yields path and content of every file in the home and runtime directories."""
        for root in (self.home, self.runtime):
            for directory, _, names in os.walk(root):
                for name in names:
                    path = pathlib.Path(directory) / name
                    if path.is_file() and not path.is_symlink():
                        yield path, path.read_bytes()
