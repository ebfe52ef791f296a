# SPDX-License-Identifier: Apache-2.0
"""Imports the fixtures of world/fixtures.py, and prints how many faults were tried."""

import pathlib
import sys

TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TESTS), str(TESTS / "faults")]

from scenarios import COUNTS  # noqa: E402
from world.fixtures import engine, jane, shared_world, snowflake, world  # noqa: E402, F401


def pytest_terminal_summary(terminalreporter):
    for name, number in sorted(COUNTS.items()):
        terminalreporter.write_line(f"{name}: {number}")
