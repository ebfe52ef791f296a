# SPDX-License-Identifier: Apache-2.0
"""A Kubernetes node that runs the image credential provider as a kubelet does: as root, with only PATH in the environment."""

import json
import os
import shutil

from world.fixtures import HOST

IMAGE = f"{HOST}/db/schema/repo/app"
ISSUER = "https://oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLE"
SUBJECT = "system:serviceaccount:shop:app"
V1 = "credentialprovider.kubelet.k8s.io/v1"
PROGRAM = "docker-credential-snowflake"
WORD = "kubelet-credential-provider"
# Sanitizers must allow LD_PRELOAD, which changes the clock.
SANITIZER = {name: value for name, value in os.environ.items() if name.startswith("ASAN_")}
KEYS = '''
[connections.node]
account = "myorg-myacct"
user = "jane"
password = "Correct Horse 1!"
'''


def request(image=IMAGE, token=None, annotations=None, version=V1, **more):
    asked = {"kind": "CredentialProviderRequest", "apiVersion": version, "image": image}
    if token is not None:
        asked["serviceAccountToken"] = token
    if annotations is not None:
        asked["serviceAccountAnnotations"] = annotations
    return json.dumps({**asked, **more}, separators=(",", ":")) + "\n"


class Node:
    """A node of a cluster. `no_delay` are variables with which the provider does not delay its logins."""

    def __init__(self, jane, world, no_delay=None):
        self.jane, self.world, self.no_delay = jane, world, no_delay or {}
        self.cluster = world.clouds.cluster(ISSUER)
        shutil.rmtree("/run/docker-credential-snowflake", ignore_errors=True)

    def knows(self, subject=SUBJECT, issuer=ISSUER, user=None):
        self.world.account.workloads[("OIDC", issuer, subject)] = user or self.world.jane

    def command(self, args=(WORD,), env=None, program=PROGRAM):
        variables = {"PATH": self.jane.environment["PATH"], **SANITIZER, **self.no_delay, **(env or {})}
        return ["env", "-i", *(f"{name}={value}" for name, value in variables.items()), program, *args]

    def run(self, stdin, **options):
        return self.jane.run(self.command(**options), stdin)

    def answer(self, stdin, **options):
        result = self.run(stdin, **options)
        assert (result.code, result.err) == (0, ""), result.err
        assert result.out.endswith("}\n") and result.out.count("\n") == 1
        return json.loads(result.out)

    def token(self, stdin, host=HOST, **options):
        entry = self.answer(stdin, **options)["auth"][host]
        assert set(entry) == {"username", "password"} and entry["username"] == "0sessiontoken"
        return json.loads(entry["password"])["token"]

    def fails(self, stdin, *words, secrets=(), **options):
        result = self.run(stdin, **options)
        assert (result.code, result.out) == (1, "")
        assert result.err.startswith("docker-credential-snowflake: ") and result.err.count("\n") == 1
        for word in words:
            assert word in result.err, result.err
        for secret in secrets:
            for at in range(0, len(secret) - 12):
                assert secret[at:at + 12] not in result.err
        return result.err


def logins(snowflake):
    return [r for r in snowflake.requests if r.kind == "login"]
