# SPDX-License-Identifier: Apache-2.0
"""Fixtures with the packages of the tested build, and a fresh Debian system to install them in."""

import os
import pathlib
import subprocess
import sys

import pytest

HERE = pathlib.Path(__file__).resolve().parent
SOURCES = HERE.parent.parent
sys.path.insert(0, str(HERE))

import debian  # noqa: E402


@pytest.fixture(scope="session")
def build():
    return pathlib.Path(os.environ["DCS_BUILD_DIR"])


@pytest.fixture(scope="session")
def packages(build, tmp_path_factory):
    """The packages, as {"deb": path, "rpm": path, "tar.gz": path}."""
    directory = tmp_path_factory.mktemp("packages")
    subprocess.run(["cpack", "--config", build / "CPackConfig.cmake", "-B", directory], check=True, capture_output=True,
                   env={**os.environ, "SOURCE_DATE_EPOCH": "1700000000"})
    found = {kind: list(directory.glob(f"*.{kind}")) for kind in ("deb", "rpm", "tar.gz")}
    assert all(len(files) == 1 for files in found.values()), found
    return {kind: files[0] for kind, files in found.items()}


@pytest.fixture(scope="session")
def system():
    try:
        with debian.fresh_system(SOURCES / "build/tools") as fresh:
            yield fresh
    except debian.Unavailable as reason:
        pytest.skip(str(reason))
