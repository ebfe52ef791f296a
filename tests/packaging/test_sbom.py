# SPDX-License-Identifier: Apache-2.0
"""sbom.py, which writes the software bill of materials of a release."""

import hashlib
import json
import pathlib
import re
import subprocess
import sys

SOURCES = pathlib.Path(__file__).resolve().parent.parent.parent


def sbom(*files):
    made = subprocess.run([sys.executable, SOURCES / "packaging/sbom.py", "1.2.3", *files], capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    return json.loads(made.stdout)


def test_every_library_that_the_programs_are_built_with_or_open_is_listed():
    listed = {package["name"]: package for package in sbom()["packages"]}
    opened = {name for directory in ("common", "plugin", "helper") for path in (SOURCES / directory).rglob("*.cpp")
              for name in re.findall(r'"(lib[\w-]+\.so\.\d+)"', path.read_text())}
    assert len(opened) > 5 and opened <= set(listed)
    for name in ("nlohmann-json", "tomlplusplus", "CLI11", "yaml-cpp", "utf8proc", "libstdc++"):
        assert re.match(r"\d+\.\d", listed[name]["versionInfo"]), listed[name]


def test_each_package_has_its_checksum(tmp_path):
    file = tmp_path / "a.deb"
    file.write_bytes(b"a package")
    (found,) = [package for package in sbom(file)["packages"] if package["name"] == "a.deb"]
    assert found["checksums"] == [{"algorithm": "SHA256", "checksumValue": hashlib.sha256(b"a package").hexdigest()}]
    assert found["versionInfo"] == "1.2.3"


def test_each_document_has_a_namespace_of_its_own(tmp_path):
    files = [tmp_path / name for name in ("amd64.deb", "arm64.deb")]
    for file in files:
        file.write_text(file.name)
    assert len({sbom(file)["documentNamespace"] for file in files}) == 2
