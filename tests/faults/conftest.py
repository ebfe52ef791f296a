# SPDX-License-Identifier: Apache-2.0
"""The fixtures of world/fixtures.py, and the figures that a run of this directory ends with."""

import pathlib
import sys

TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TESTS), str(TESTS / "faults")]

from scenarios import FIGURES  # noqa: E402
from world.fixtures import jane, shared_world, snowflake, world  # noqa: E402, F401


def pytest_terminal_summary(terminalreporter):
    for name, number in sorted(FIGURES.items()):
        terminalreporter.write_line(f"{name}: {number}")
