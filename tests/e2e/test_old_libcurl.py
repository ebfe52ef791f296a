# SPDX-License-Identifier: Apache-2.0
"""The programs work with the older libcurl of Ubuntu 22.04 and RHEL 9, which lacks some options."""

import pathlib
import platform
import re
import subprocess

import pytest
from conftest import HOST
from credentials import token_of

SOURCE = pathlib.Path(__file__).resolve().parent.parent / "old_libcurl/libcurl.cpp"


@pytest.fixture(scope="module")
def old_libcurl(tmp_path_factory):
    """A directory with a libcurl that refuses newer options."""
    directory = tmp_path_factory.mktemp("old")
    subprocess.run(["g++", "-std=c++20", "-shared", "-fPIC", f'-DREAL_LIBCURL="{real_libcurl()}"', SOURCE, "-o", directory / "libcurl.so.4"], check=True)
    directory.chmod(0o755)
    return directory


def real_libcurl():
    machine = {"x86_64": "x86-64", "aarch64": "AArch64"}[platform.machine()]
    listed = subprocess.run(["/sbin/ldconfig", "-p"], capture_output=True, text=True, check=True).stdout
    return re.search(rf"^\s*libcurl\.so\.4 \(libc6,{machine}\) => (\S+)$", listed, re.M)[1]


def test_an_old_libcurl_is_enough(jane, snowflake, old_libcurl):
    old = {"LD_LIBRARY_PATH": str(old_libcurl)}
    token_of(jane.helper("get", HOST, env=old))
    for words in (["images"], ["whoami"], ["login"]):
        result = jane.snowflake(*words, env=old)
        assert result.code == 0, result.err
    assert snowflake.count("login") == 2
