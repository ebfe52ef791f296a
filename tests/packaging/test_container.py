# SPDX-License-Identifier: Apache-2.0
"""Builds the container image with packaging/container/build.sh and runs it, without a daemon. Its base is the fresh Debian of the
other tests, so no registry is needed."""

import os
import shutil
import subprocess

import debian
import pytest
import yaml
from conftest import SOURCES

BASE = "docker.io/library/debian:12-slim"
IMAGE = "localhost/docker-credential-snowflake:test"
PROGRAM = "docker-credential-snowflake"
NO_NETWORK = ("Temporary failure resolving", "Unable to fetch", "Failed to fetch", "Could not connect")
CONFIG = """apiVersion: kubelet.config.k8s.io/v1
kind: CredentialProviderConfig
providers:
  - name: acr-credential-provider
    apiVersion: credentialprovider.kubelet.k8s.io/v1
    matchImages: ["*.azurecr.io"]
    defaultCacheDuration: 10m
"""


class Container:
    def __init__(self, environment):
        self.environment = environment
        self.name = self.buildah("from", IMAGE).stdout.strip()

    def buildah(self, *words, check=True):
        return subprocess.run(["buildah", *map(str, words)], env=self.environment, capture_output=True, text=True, check=check)

    def run(self, *words, user=None, volumes=()):
        options = [*(["--user", user] if user else []), *(word for volume in volumes for word in ("--volume", volume))]
        return self.buildah("run", *options, self.name, "--", *words, check=False)

    def prints(self, *words, **options):
        result = self.run(*words, **options)
        assert result.returncode == 0, result.stdout + result.stderr
        return result.stdout


@pytest.fixture(scope="module")
def container(packages, tmp_path_factory):
    if not shutil.which("buildah"):
        pytest.skip("buildah is not installed")
    directory = tmp_path_factory.mktemp("container")
    try:
        debian.require_root()
        archive = debian.image(SOURCES / "build/tools")
    except debian.Unavailable as reason:
        pytest.skip(str(reason))
    (directory / "storage.conf").write_text(f'[storage]\ndriver = "vfs"\ngraphroot = "{directory}/storage"\nrunroot = "{directory}/run"\n')
    environment = {**os.environ, "CONTAINERS_STORAGE_CONF": str(directory / "storage.conf"), "BUILDAH_ISOLATION": "chroot"}

    def buildah(*words):
        return subprocess.run(["buildah", *words], env=environment, capture_output=True, text=True, check=True).stdout.strip()

    base = buildah("from", "scratch")
    buildah("add", "--quiet", base, str(archive), "/")
    buildah("commit", "--quiet", "--rm", base, BASE)
    # With the script from the package, as users do.
    subprocess.run(["dpkg-deb", "-x", packages["deb"], directory / "package"], check=True)
    packaged_script = directory / "package/usr/share/docker-credential-snowflake/container/build.sh"
    built = subprocess.run([packaged_script, packages["deb"], IMAGE], env=environment, capture_output=True,
                           text=True, check=False)
    words = built.stdout + built.stderr
    if built.returncode and any(reason in words for reason in NO_NETWORK):
        pytest.skip("the mirror of Debian cannot be reached: " + words[-300:])
    assert built.returncode == 0, words[-2000:]
    yield Container(environment)
    # tmp_path_factory cannot remove files of other users or read-only files.
    subprocess.run(["rm", "-rf", directory / "storage", directory / "run"], check=False)


def test_the_programs_run_as_a_user_without_rights(container):
    assert container.prints("id", "-u").strip() == "65532"
    assert PROGRAM in container.prints(PROGRAM, "version")
    assert "Usage: docker-snowflake" in container.prints("docker-snowflake", "--help")
    assert container.run("touch", "/usr/bin/written").returncode != 0


def test_it_trusts_the_public_authorities_and_contains_no_build_leftovers(container):
    assert int(container.prints("grep", "-c", "BEGIN CERTIFICATE", "/etc/ssl/certs/ca-certificates.crt")) > 100
    assert container.prints("find", "/tmp", "/var/lib/apt/lists", "-type", "f", user="0") == ""


def test_it_contains_the_script_of_the_cronjob(container):
    result = container.run("renew-pull-secrets")
    assert result.returncode != 0 and "usage: renew-pull-secrets" in result.stderr


def test_the_daemonsets_command_installs_a_program_that_runs_on_the_node(container, tmp_path):
    daemonset = yaml.safe_load(container.prints("docker-snowflake", "kubernetes", "daemonset", "--platform", "kubeadm", "--image", IMAGE))
    init = daemonset["spec"]["template"]["spec"]["initContainers"][0]
    command = [word.replace(" --restart", "") for word in (*init["command"], *init["args"])]  # there is no kubelet
    directories = {mount["mountPath"]: tmp_path / mount["name"] for mount in init["volumeMounts"]}
    for directory in directories.values():
        directory.mkdir()
    paths = {option: command[command.index(option) + 1] for option in ("--config", "--bin-dir")}
    config = directories[os.path.dirname(paths["--config"])] / os.path.basename(paths["--config"])
    config.write_text(CONFIG)
    other = directories[paths["--bin-dir"]] / "acr-credential-provider"
    other.write_text("#!/bin/sh\n")
    other.chmod(0o755)
    volumes = [f"{directory}:{path}" for path, directory in directories.items()]
    assert "installed" in container.prints(*command, user="0", volumes=volumes)
    assert [one["name"] for one in yaml.safe_load(config.read_text())["providers"]] == ["acr-credential-provider", PROGRAM]
    program = directories[paths["--bin-dir"]] / PROGRAM
    assert PROGRAM in subprocess.run([program, "version"], capture_output=True, text=True, check=True).stdout
    node = ["--config", config, "--bin-dir", program.parent]
    subprocess.run([program, "kubelet-check", *node], check=True, capture_output=True)
    subprocess.run([program, "kubelet-undo", *node], check=True, capture_output=True)
    assert config.read_text() == CONFIG and not program.exists()
