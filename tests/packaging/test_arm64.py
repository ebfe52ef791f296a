# SPDX-License-Identifier: Apache-2.0
"""The toolchain file, preset, package lists and release workflow for arm64 agree with each other. Builds nothing."""

import json
import pathlib
import re

import yaml

SOURCES = pathlib.Path(__file__).resolve().parent.parent.parent
PRESETS = {preset["name"]: preset for preset in json.loads((SOURCES / "CMakePresets.json").read_text())["configurePresets"]}
TOOLCHAIN = SOURCES / PRESETS["arm64"]["toolchainFile"]


def packages(name):
    return set((SOURCES / f"tests/packages/{name}.txt").read_text().split())


def value(name):
    return re.search(rf"^set\({name} (\S+?)[ )]", TOOLCHAIN.read_text(), re.M)[1]


def test_the_names_of_the_architecture_are_those_of_dpkg_rpm_and_the_installer():
    machine = value("CMAKE_SYSTEM_PROCESSOR")
    assert value("CPACK_DEBIAN_PACKAGE_ARCHITECTURE") == "arm64" and value("CPACK_RPM_PACKAGE_ARCHITECTURE") == "${CMAKE_SYSTEM_PROCESSOR}"
    assert f"machine={machine} ;;" in (SOURCES / "packaging/get.sh").read_text()
    assert value("CMAKE_CXX_COMPILER") == f"{machine}-linux-gnu-g++"


def test_build_dependencies_are_installed_for_both_architectures():
    cross = packages("arm64")
    assert {"g++-aarch64-linux-gnu", "qemu-user-static", "catch2:arm64"} <= cross
    missing = {name for name in packages("build") - {"g++"} if not {name, f"{name}:arm64"} & cross}
    assert missing == set()


def test_a_release_builds_and_tests_every_architecture():
    jobs = yaml.safe_load((SOURCES / ".github/workflows/release.yml").read_text())["jobs"]
    built = jobs["build"]["strategy"]["matrix"]["include"]
    assert {job["preset"] for job in built} == {"release", "arm64"} <= set(PRESETS)
    assert all((SOURCES / f"tests/packages/{job['packages']}.txt").exists() or job["packages"] == "all" for job in built)
    steps = [step.get("run", "") for step in jobs["build"]["steps"]]
    assert any("ctest --preset arm64" in step for step in steps) and any("sbom.py" in step for step in steps)
    assert {"build", "arm64"} <= set(jobs["release"]["needs"])
    published = [str(step) for step in jobs["release"]["steps"]]
    assert any("SHA256SUMS" in step for step in published) and any("attest-build-provenance" in step for step in published)
