# SPDX-License-Identifier: Apache-2.0
"""The fixtures of world/fixtures.py, for the end-to-end tests."""

import os
import pathlib
import sys

import pytest

TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TESTS), str(TESTS / "e2e")]

from world.engine import EngineUnavailable  # noqa: E402, F401
from world.fixtures import CONNECTION, HOST, engine, jane, shared_world, snowflake, world  # noqa: E402, F401

# For programs that the build cross-compiled.
needs_keyring = pytest.mark.skipif(bool(os.environ.get("DCS_EMULATOR")), reason="QEMU's user mode has no keyctl")
