# SPDX-License-Identifier: Apache-2.0
"""A fresh Debian 12 in a directory, to install packages in. It is made once with debootstrap, from the mirror that this
machine is set up for, and then unpacked for each run."""

import contextlib
import os
import pathlib
import shutil
import subprocess
import tempfile

RELEASE = "bookworm"


class Impossible(Exception):
    """Why there can be no such thing here."""


def mirror():
    """Where apt of this machine finds the release, and the key that signs it; None when it does not."""
    targets = subprocess.run(["apt-get", "indextargets", "--format", "$(REPO_URI) $(CODENAME) $(ORIGIN)", "Created-By: Packages"],
                             capture_output=True, text=True, check=False).stdout
    found = [words[0] for words in map(str.split, targets.splitlines()) if words[1:] == [RELEASE, "Debian"]]
    return found[0] if found else None


def require_root():
    if os.geteuid() != 0:
        raise Impossible("only root can make a chroot")
    trial = subprocess.run(["unshare", "--mount", "--pid", "--fork", "true"], capture_output=True, check=False)
    if trial.returncode != 0:
        raise Impossible("no namespaces can be made here")
    if not shutil.which("debootstrap"):
        raise Impossible("debootstrap is not installed")
    if not mirror():
        raise Impossible(f"apt of this machine knows no mirror of Debian {RELEASE}")


def image(cache: pathlib.Path):
    """The archive of a fresh system; made when there is none in `cache`, which takes a minute."""
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
            raise Impossible("debootstrap failed: " + (made.stdout + made.stderr)[-500:])
        # What the packages need lies ready, so that later runs ask no network.
        shutil.copytree("/etc/apt/apt.conf.d", root / "etc/apt/apt.conf.d", dirs_exist_ok=True,
                        ignore=shutil.ignore_patterns("docker-*"))
        system = System(root)
        for words in (["update"], ["install", "--download-only", "libcurl4", "libssl3", "zlib1g", "man-db"]):
            done = system.apt(*words)
            if done.returncode != 0:
                raise Impossible("apt-get in the new system failed: " + done.stderr[-500:])
        packed = pathlib.Path(directory) / "image.tar"
        subprocess.run(["tar", "-C", str(root), "-cf", str(packed), "."], check=True)
        packed.rename(archive)
    return archive


class System:
    """Runs programs inside of `root`, with processes of its own: none is left when one ends."""

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
        """Every path there is, but for what programs keep of their own doings."""
        ignored = {"proc", "var/cache", "var/lib/apt", "var/lib/dpkg", "var/log", "tmp"}
        for directory, directories, names in os.walk(self.root):
            inside = pathlib.Path(directory).relative_to(self.root)
            directories[:] = [name for name in directories if str(inside / name) not in ignored]
            yield from (str(inside / name) for name in directories + names)


@contextlib.contextmanager
def fresh(cache: pathlib.Path):
    """A system that is gone afterwards. Throws `Impossible`."""
    require_root()
    archive = image(cache)
    with tempfile.TemporaryDirectory(prefix="debian-", dir=cache) as directory:
        root = pathlib.Path(directory)
        subprocess.run(["tar", "-C", directory, "-xpf", str(archive)], check=True)
        yield System(root)
