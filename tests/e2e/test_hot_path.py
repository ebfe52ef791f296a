# SPDX-License-Identifier: Apache-2.0
"""A cached `get`, and one for another registry, open no file or library, start no thread and send no request."""

import os
import re

import pytest
from conftest import HOST
from credentials import NOT_FOUND, token_of

SANITIZED = bool(os.environ.get("DCS_SANITIZED"))
LOADER = re.compile(r"/etc/ld\.so\.cache|/libc\.so|^/proc/self/|^/sys/" + SANITIZED * r"|/lib(m|stdc\+\+|gcc_s|asan|ubsan|tsan)\.so")


def trace(user, stdin):
    log = user.directory / "trace"
    result = user.run(["strace", "-f", "-qq", "-o", str(log), "docker-credential-snowflake", "get"], stdin)
    return result, log.read_text()


def opened_files(text):
    return [path for path in re.findall(r'open(?:at)?\([^"]*"([^"]+)"', text) if not LOADER.search(path)]


@pytest.mark.skipif(SANITIZED, reason="sanitizers open files and start threads")
@pytest.mark.parametrize("settings", [None, '[registries."127.0.0.1:5055"]\nconnection = "dev"\n'])
def test_a_cached_answer_opens_no_file_and_no_library(jane, snowflake, settings):
    if settings:
        jane.write_settings(settings)
    token = token_of(jane.helper("get", HOST))
    result, text = trace(jane, HOST)
    assert token_of(result) == token
    assert opened_files(text) == []
    assert len(re.findall(r"keyctl\(", text)) <= 2
    for call in ("socket(", "connect(", "clone(", "clone3(", "flock("):
        assert call not in text


@pytest.mark.skipif(SANITIZED, reason="sanitizers open files and start threads")
def test_a_foreign_host_causes_a_look_for_the_settings_and_nothing_else(jane):
    result, text = trace(jane, "docker.io")
    assert result.out == NOT_FOUND
    assert opened_files(text) == [str(jane.home / ".config/docker-snowflake/config.toml")]
    for call in ("keyctl(", "socket(", "clone(", "clone3(", "flock("):
        assert call not in text


def test_a_cached_answer_and_a_foreign_host_need_no_library_that_may_be_missing(jane, snowflake):
    token = token_of(jane.helper("get", HOST))
    nothing = jane.directory / "nothing.so"
    nothing.write_bytes(b"")
    # Empty files are mounted over all copies of libcurl, OpenSSL, libsecret and GLib.
    script = ("for f in /usr/lib/*-linux-gnu/lib{curl,ssl,crypto,secret-1,gio-2.0,glib-2.0}.so.*; do "
              f"mount --bind {nothing} $(readlink -f $f) || exit 9; done; echo '%s' | docker-credential-snowflake get")
    hidden = ["unshare", "--mount", "bash", "-c"]
    result = jane.run([*hidden, script % HOST])
    assert token_of(result) == token
    assert jane.run([*hidden, script % "docker.io"]).out == NOT_FOUND
    jane.helper("erase", HOST)
    without = jane.run([*hidden, script % HOST])
    assert without.code == 1 and "could not load the library" in without.out and "apt-get install" in without.out
