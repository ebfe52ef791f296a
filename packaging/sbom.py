#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the programs are made of, as SPDX 2.3 JSON: sbom.py VERSION FILE... >sbom.spdx.json

FILES are the packages that were built here. Libraries that are compiled in are listed with the version of Debian's package,
which must be installed; those that are opened at run time with their names: whatever version the machine has is used."""

import datetime
import hashlib
import json
import os
import pathlib
import subprocess
import sys

NAME = "docker-credential-snowflake"
ADDRESS = f"https://github.com/{NAME}/{NAME}"
# Debian's package -> (name, license). The compiler's library has two packages, of which one is installed.
COMPILED_IN = {
    "nlohmann-json3-dev": ("nlohmann-json", "MIT"), "libtomlplusplus-dev": ("tomlplusplus", "MIT"), "libcli11-dev": ("CLI11", "BSD-3-Clause"),
    "libyaml-cpp-dev": ("yaml-cpp", "MIT"), "libutf8proc-dev": ("utf8proc", "MIT"), "libstdc++-12-dev|libstdc++-12-dev-arm64-cross": ("libstdc++", "GPL-3.0-or-later WITH GCC-exception-3.1")}
OPENED = {"libarchive.so.13": "BSD-2-Clause", "libc.so.6": "LGPL-2.1-or-later", "libcrypto.so.3": "Apache-2.0", "libcurl.so.4": "curl", "libisal.so.2": "BSD-3-Clause",
          "libmicrohttpd.so.12": "LGPL-2.1-or-later", "libsecret-1.so.0": "LGPL-2.1-or-later", "libssl.so.3": "Apache-2.0", "libz.so.1": "Zlib"}


def version_of(packages):
    """For any architecture. The line of a package that is known and not installed has no version."""
    found = subprocess.run(["dpkg-query", "-W", "-f", "${Version}\\n", *packages.split("|")], capture_output=True, text=True, check=False)
    versions = found.stdout.split()
    if not versions:
        sys.exit(f"Error: {packages.replace('|', ' or ')} is not installed\nNext: run this where the packages were built")
    return versions[0]


def package(name, version, license_id, **more):
    return {"SPDXID": "SPDXRef-" + "".join(c if c.isalnum() else "-" for c in name), "name": name, "versionInfo": version,
            "licenseConcluded": license_id, "licenseDeclared": license_id, "copyrightText": "NOASSERTION",
            "downloadLocation": "NOASSERTION", "filesAnalyzed": False, **more}


def document(version, files):
    own = package(NAME, version, "Apache-2.0", downloadLocation=f"{ADDRESS}/releases/tag/v{version}")
    made = [package(path.name, version, "Apache-2.0", checksums=[
        {"algorithm": "SHA256", "checksumValue": hashlib.sha256(path.read_bytes()).hexdigest()}]) for path in files]
    compiled = [package(name, version_of(source), license_id) for source, (name, license_id) in COMPILED_IN.items()]
    opened = [package(name, "NOASSERTION", license_id) for name, license_id in OPENED.items()]
    related = [("SPDXRef-DOCUMENT", "DESCRIBES", own), *((own["SPDXID"], "CONTAINS", part) for part in compiled),
               *((own["SPDXID"], "DYNAMIC_LINK", part) for part in opened),
               *((part["SPDXID"], "GENERATED_FROM", own) for part in made)]
    time = datetime.datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH", 0)) or datetime.datetime.now().timestamp(), datetime.timezone.utc)
    # Unique, although a release has one such document for each architecture (SPDX 2.3, 6.5).
    contents = hashlib.sha256("".join(part["checksums"][0]["checksumValue"] for part in made).encode()).hexdigest()[:16]
    return {"spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT", "name": f"{NAME}-{version}",
            "documentNamespace": f"{ADDRESS}/releases/download/v{version}/sbom-{contents}",
            "creationInfo": {"created": time.strftime("%Y-%m-%dT%H:%M:%SZ"), "creators": [f"Organization: {NAME}"]},
            "packages": [own, *made, *compiled, *opened],
            "relationships": [{"spdxElementId": one, "relationshipType": kind, "relatedSpdxElement": other["SPDXID"]} for one, kind, other in related]}


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    json.dump(document(sys.argv[1], [pathlib.Path(name) for name in sys.argv[2:]]), sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
