#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs a command for which all keyring calls fail: refuse_keyctl.py ERRNO-NAME COMMAND [ARGUMENT ...]

Uses a seccomp filter, as container runtimes do."""

import ctypes
import errno
import os
import struct
import sys

PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 38, 22, 2
RETURN_ERRNO, RETURN_ALLOW = 0x00050000, 0x7FFF0000
LOAD, JUMP_EQUAL, RETURN = 0x20, 0x15, 0x06
KEY_CALLS = {"x86_64": (248, 249, 250), "aarch64": (217, 218, 219)}  # add_key, request_key, keyctl


def refuse(error):
    calls = KEY_CALLS[os.uname().machine]
    program = [(LOAD, 0, 0, 0)]
    for index, number in enumerate(calls):
        program.append((JUMP_EQUAL, len(calls) - index, 0, number))
    program += [(RETURN, 0, 0, RETURN_ALLOW), (RETURN, 0, 0, RETURN_ERRNO | error)]
    instructions = b"".join(struct.pack("HBBI", *instruction) for instruction in program)
    buffer = ctypes.create_string_buffer(instructions)
    header = struct.pack("HxxxxxxP", len(program), ctypes.addressof(buffer))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, header, 0, 0):
        raise OSError(ctypes.get_errno(), "seccomp")


if __name__ == "__main__":
    refuse(getattr(errno, sys.argv[1]))
    os.execvp(sys.argv[2], sys.argv[2:])
