# SPDX-License-Identifier: Apache-2.0
"""Sets up the namespaces of the test world: addresses, host names, trusted certificate authorities, an empty /run."""

import os
import pathlib
import shutil
import subprocess

from . import certificates

SNOWFLAKE = "198.51.100.10"  # RFC 5737: reserved for documentation
OTHER_REGISTRY = "198.51.100.20"
CLOUDS = "198.51.100.40"
# The clouds' metadata services: instances, AWS containers, and Azure apps.
METADATA = ("169.254.169.254", "169.254.170.2", "169.254.170.23", "169.254.130.4")
IDENTITY_PROVIDER = "198.51.100.30"
DIRECTORY_VARIABLE = "DCS_WORLD_DIRECTORY"
BUNDLE = "/etc/ssl/certs/ca-certificates.crt"

ACCOUNTS = [("myorg-myacct", "com"), ("other-acct", "com"), ("myorg-china", "cn")]


def snowflake_hosts():
    for label, tld in ACCOUNTS:
        for middle in ("", ".registry", ".privatelink", ".registry.privatelink"):
            yield f"{label}{middle}.snowflakecomputing.{tld}"
    yield "my_org-my_acct.snowflakecomputing.com"
    yield "my-org-my-acct.registry.snowflakecomputing.com"


def other_hosts():
    yield "registry.example"


def cloud_hosts():
    yield from ("sts.eu-central-1.amazonaws.com", "sts.cn-north-1.amazonaws.com.cn", "iamcredentials.googleapis.com",
                "login.microsoftonline.com", "run-actions-1.actions.githubusercontent.com", "dev.azure.com",
                "agent.buildkite.com", "myorg.okta.com", "other.okta.com")


def identity_provider_hosts():
    yield "idp.example"


def prepare():
    run("mount", "--make-rprivate", "/")
    run("ip", "link", "set", "lo", "up")
    for address in (SNOWFLAKE, OTHER_REGISTRY, IDENTITY_PROVIDER, CLOUDS, *METADATA):
        run("ip", "address", "add", address + "/32", "dev", "lo")
    run("mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", "/run")
    run("mount", "-t", "tmpfs", "-o", "mode=1777", "tmpfs", "/dev/shm")
    # On a tmpfs, which disappears with the namespace even if all processes are killed.
    directory = pathlib.Path("/run/world")
    directory.mkdir()
    os.environ[DIRECTORY_VARIABLE] = str(directory)
    hosts = ["127.0.0.1 localhost", "::1 localhost"]
    hosts += [f"{SNOWFLAKE} {name}" for name in snowflake_hosts()]
    hosts += [f"{OTHER_REGISTRY} {name}" for name in other_hosts()]
    hosts += [f"{CLOUDS} {name}" for name in cloud_hosts()] + [f"{METADATA[0]} metadata.google.internal"]
    hosts += [f"{IDENTITY_PROVIDER} {name}" for name in identity_provider_hosts()]
    replace(directory, "/etc/hosts", "\n".join(hosts) + "\n")
    replace(directory, "/etc/resolv.conf", "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")
    authority = certificates.Authority(directory)
    authority.issue("snowflake", list(snowflake_hosts()))
    authority.issue("other", list(other_hosts()))
    authority.issue("clouds", list(cloud_hosts()))
    authority.issue("identity_provider", list(identity_provider_hosts()))
    authority.issue("expired", list(snowflake_hosts()), expired=True)
    authority.issue("misnamed", ["elsewhere.example"])
    trust(directory, authority)


def trust(directory, authority):
    """Adds the authority to the bundle file and to the hashed directory, because programs use one or the other."""
    trusted = directory / "certs"
    shutil.copytree(pathlib.Path(BUNDLE).parent, trusted, symlinks=True)
    bundle = trusted / pathlib.Path(BUNDLE).name
    content = bundle.read_bytes()
    bundle.unlink()
    bundle.write_bytes(content + authority.pem())
    (trusted / "world.pem").write_bytes(authority.pem())
    subject = subprocess.run(["/usr/bin/openssl", "x509", "-hash", "-noout", "-in", str(trusted / "world.pem")],
                             check=True, capture_output=True, text=True).stdout.strip()
    (trusted / f"{subject}.0").symlink_to("world.pem")
    run("mount", "--bind", str(trusted), str(pathlib.Path(BUNDLE).parent))


def replace(directory, path, content):
    """Mounts a file with `content` over `path`."""
    target = pathlib.Path(path).resolve()
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        target.touch()
    copy = directory / target.name
    copy.write_text(content)
    run("mount", "--bind", str(copy), str(target))


def run(*command):
    subprocess.run(command, check=True, env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"})
