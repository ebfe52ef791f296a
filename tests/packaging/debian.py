# SPDX-License-Identifier: Apache-2.0
"""Provides a fresh Debian 12 in a directory. debootstrap creates it once from the mirror of this machine; each run unpacks it."""

import contextlib
import os
import pathlib
import shutil
import subprocess
import tempfile

RELEASE = "bookworm"


class Unavailable(Exception):
    """The system cannot be created or used on this machine."""


def mirror():
    """Returns the URL from which apt of this machine installs the release, or None."""
    targets = subprocess.run(["apt-get", "indextargets", "--format", "$(REPO_URI) $(CODENAME) $(ORIGIN)", "Created-By: Packages"],
                             capture_output=True, text=True, check=False).stdout
    found = [words[0] for words in map(str.split, targets.splitlines()) if words[1:] == [RELEASE, "Debian"]]
    return found[0] if found else None


def require_root():
    if os.geteuid() != 0:
        raise Unavailable("only root can make a chroot")
    trial = subprocess.run(["unshare", "--mount", "--pid", "--fork", "true"], capture_output=True, check=False)
    if trial.returncode != 0:
        raise Unavailable("namespaces cannot be created here")
    if not shutil.which("debootstrap"):
        raise Unavailable("debootstrap is not installed")
    if not mirror():
        raise Unavailable(f"apt of this machine has no mirror of Debian {RELEASE}")


def image(cache: pathlib.Path):
    """Returns the archive of a fresh system in `cache`. Creates it if needed, which takes a minute."""
    archive = cache / f"debian-{RELEASE}.tar"
    if archive.exists():
        return archive
    require_root()
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="debian-", dir=cache) as directory:
        root = pathlib.Path(directory) / "root"
        made = subprocess.run(["debootstrap", "--variant=minbase", RELEASE, str(root), mirror()],
                              capture_output=True, text=True, check=False)
        if made.returncode != 0:
            raise Unavailable("debootstrap failed: " + (made.stdout + made.stderr)[-500:])
        # Downloads the dependencies of our packages, so later runs need no network.
        shutil.copytree("/etc/apt/apt.conf.d", root / "etc/apt/apt.conf.d", dirs_exist_ok=True,
                        ignore=shutil.ignore_patterns("docker-*"))
        system = System(root)
        for words in (["update"], ["install", "--download-only", "libcurl4", "libssl3", "zlib1g", "man-db"]):
            done = system.apt(*words)
            if done.returncode != 0:
                raise Unavailable("apt-get in the new system failed: " + done.stderr[-500:])
        packed = pathlib.Path(directory) / "image.tar"
        subprocess.run(["tar", "-C", str(root), "-cf", str(packed), "."], check=True)
        packed.rename(archive)
    return archive


class System:
    """Runs programs in `root`, in a PID namespace that ends with the program."""

    def __init__(self, root: pathlib.Path):
        self.root = root

    def run(self, *words, check=False):
        command = ["unshare", "--mount", "--pid", "--fork", "--kill-child", f"--mount-proc={self.root}/proc",
                   "chroot", str(self.root), *words]
        environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "LANG": "C.UTF-8",
                       "DEBIAN_FRONTEND": "noninteractive"}
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=check, stdin=subprocess.DEVNULL)

    def apt(self, *words):
        return self.run("apt-get", "-y", "-q", "--no-install-recommends", *words)

    def files(self):
        """Yields every path, except for caches, logs and the package database."""
        ignored = {"proc", "var/cache", "var/lib/apt", "var/lib/dpkg", "var/log", "tmp"}
        for directory, directories, names in os.walk(self.root):
            inside = pathlib.Path(directory).relative_to(self.root)
            directories[:] = [name for name in directories if str(inside / name) not in ignored]
            yield from (str(inside / name) for name in directories + names)


@contextlib.contextmanager
def fresh_system(cache: pathlib.Path):
    """A temporary system. Raises Unavailable."""
    require_root()
    archive = image(cache)
    with tempfile.TemporaryDirectory(prefix="debian-", dir=cache) as directory:
        root = pathlib.Path(directory)
        subprocess.run(["tar", "-C", directory, "-xpf", str(archive)], check=True)
        yield System(root)
