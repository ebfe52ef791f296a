#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Records which configuration files a kubelet accepts: record.py ORACLE >verdicts.json

ORACLE is built by build.sh from the kubelet's own code. The unit tests of common/kubelet and e2e/test_kubelet_verdicts.py compare
our programs with the recording."""

import json
import pathlib
import subprocess
import sys
import tempfile

GOOD = """apiVersion: kubelet.config.k8s.io/v1
kind: CredentialProviderConfig
providers:
  - name: other-provider
    apiVersion: credentialprovider.kubelet.k8s.io/v1
    matchImages: ["*.azurecr.io"]
    defaultCacheDuration: "10m"
"""
TOKENS = """    tokenAttributes:
      serviceAccountTokenAudience: audience
      cacheType: ServiceAccount
      requireServiceAccount: true
"""


def configurations():
    change = GOOD.replace
    yield from (GOOD, "", "# nothing\n", "---\n" + GOOD, GOOD + "...\n", json.dumps({"kind": "CredentialProviderConfig"}))
    yield change("*.azurecr.io", "*.azurecr.io\", \"registry.example:5000/a/b")
    for pattern in ("127.0.0.1:*", "[gx]cr.io", "https://host.example", "O-A.Example", "*", "*.*.example/path", "a b.example"):
        yield change("*.azurecr.io", pattern)
    for duration in ('"0s"', "0s", '"1h30m"', '"-1s"', "10", '"10"', '"10 m"', '"1.5h"', '".5h"', '"10d"', '""', "null", '"0"', '"100us"'):
        yield change('"10m"', duration)
    for name in ("a/b", '"a b"', ".", "..", "nowhere", "not-executable", "5", '""', "null", "~"):
        yield change("other-provider", name)
    for field in ("apiVersion: credentialprovider.kubelet.k8s.io/v1", 'matchImages: ["*.azurecr.io"]', 'defaultCacheDuration: "10m"'):
        yield change(f"    {field}\n", "")
    for version in ("v1beta1", "v1alpha1", "v2"):
        yield change("credentialprovider.kubelet.k8s.io/v1", f"credentialprovider.kubelet.k8s.io/{version}")
        yield change("kubelet.config.k8s.io/v1", f"kubelet.config.k8s.io/{version}")
        yield (GOOD + TOKENS).replace("kubelet.config.k8s.io/v1", f"kubelet.config.k8s.io/{version}", 1)
    yield change("kind: CredentialProviderConfig\n", "")
    yield change("CredentialProviderConfig", "KubeletConfiguration")
    yield GOOD[:GOOD.index("  - name")]
    yield GOOD[:GOOD.index("\n  - name")] + " []\n"
    yield GOOD + "more: true\n"
    yield GOOD + "    more: true\n"
    yield GOOD + '    defaultCacheDuration: "5m"\n'
    yield GOOD + GOOD[GOOD.index("  - name"):]
    yield GOOD + '    args: ["a", "b"]\n    env: [{name: A, value: "b"}]\n'
    yield GOOD + "    args: [5]\n"
    yield GOOD + "    args: true\n"
    yield GOOD + "    env: [{name: A, value: 5}]\n"
    yield GOOD + "    env: [{name: A, other: b}]\n"
    yield GOOD + TOKENS
    for line in TOKENS.splitlines(keepends=True)[1:]:
        yield GOOD + TOKENS.replace(line, "")
    for old, new in (("ServiceAccount\n", "Token\n"), ("ServiceAccount\n", "Pod\n"), ("true", "false"), ("true", '"true"'), ("audience\n", '""\n')):
        yield GOOD + TOKENS.replace(old, new)
    yield (GOOD + TOKENS).replace("credentialprovider.kubelet.k8s.io/v1", "credentialprovider.kubelet.k8s.io/v1beta1")
    required, optional = "      requiredServiceAccountAnnotationKeys: ", "      optionalServiceAccountAnnotationKeys: "
    for keys in ('["a.b/c"]', '["c"]', '["a/b/c"]', '["-a"]', '["A.B/c"]', '["a", "a"]', "[]", '[""]'):
        yield GOOD + TOKENS + optional + keys + "\n"
        yield GOOD + TOKENS + required + keys + "\n"
    yield GOOD + TOKENS + required + '["a"]\n' + optional + '["a"]\n'
    yield GOOD + TOKENS.replace("true", "false") + required + '["a"]\n'
    yield GOOD + TOKENS + "      more: 1\n"


def make_bin_dir(directory):
    directory.mkdir()
    for name, mode in (("other-provider", 0o755), ("not-executable", 0o644)):
        (directory / name).write_text("#!/bin/sh\n")
        (directory / name).chmod(mode)
    return directory


def verdict(oracle, directory, text):
    file = directory / "config.yaml"
    file.write_text(text)
    result = subprocess.run([oracle, file, directory / "bin"], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    words = "" if result.returncode == 0 else result.stderr.strip().splitlines()[-1].replace(str(directory), "")
    return {"accepted": result.returncode == 0, "words": words, "config": text}


PATTERNS = (
    "*.registry.snowflakecomputing.com", "*.snowflakecomputing.com", "*.*.snowflakecomputing.com", "o-*.registry.snowflakecomputing.com",
    "*.registry.snowflakecomputing.*", "*.registry.privatelink.snowflakecomputing.com", "o-a.registry.snowflakecomputing.com/db/schema",
    "o-a.registry.snowflakecomputing.com/db/schema/", "o-a.registry.snowflakecomputing.com/*/schema", "o-a.registry.snowflakecomputing.com:443",
    "O-A.registry.snowflakecomputing.com", "https://o-a.registry.snowflakecomputing.com", "127.0.0.1:5055", "*")
IMAGES = (
    "o-a.registry.snowflakecomputing.com/db/schema/r/i", "o-a.registry.snowflakecomputing.com/db/schema2/r/i",
    "o-a.registry.snowflakecomputing.com:443/db/schema/r/i", "o_a.registry.snowflakecomputing.com/db/schema/r/i",
    "o-a.registry.snowflakecomputing.cn/db/schema/r/i", "o-a.registry.privatelink.snowflakecomputing.com/db/schema/r/i",
    "O-A.registry.snowflakecomputing.com/db/schema/r/i", "127.0.0.1:5055/a/b")


def matches(oracle, directory, pattern):
    """Records for which images the kubelet runs a provider with this pattern."""
    config = {"apiVersion": "kubelet.config.k8s.io/v1", "kind": "CredentialProviderConfig", "providers": [
        {"name": "logs-requests", "apiVersion": "credentialprovider.kubelet.k8s.io/v1", "matchImages": [pattern], "defaultCacheDuration": "0s"}]}
    (directory / "config.yaml").write_text(json.dumps(config))
    requests = directory / "requests"
    requests.write_text("")
    program = directory / "bin" / "logs-requests"
    program.write_text(f"#!/bin/sh\ncat >>{requests}\nexit 1\n")
    program.chmod(0o755)
    lookups = "".join(json.dumps({"image": image}) + "\n" for image in IMAGES)
    subprocess.run([oracle, directory / "config.yaml", directory / "bin"], input=lookups, capture_output=True, text=True, check=True)
    asked = {json.loads(line)["image"] for line in requests.read_text().splitlines()}
    return [{"pattern": pattern, "image": image, "matched": image in asked} for image in IMAGES]


def main():
    with tempfile.TemporaryDirectory() as name:
        directory = pathlib.Path(name)
        make_bin_dir(directory / "bin")
        verdicts = [verdict(sys.argv[1], directory, text) for text in dict.fromkeys(configurations())]
        matched = [one for pattern in PATTERNS for one in matches(sys.argv[1], directory, pattern)]
    json.dump({"oracle": pathlib.Path(sys.argv[1]).name, "verdicts": verdicts, "matches": matched}, sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
