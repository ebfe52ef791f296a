# SPDX-License-Identifier: Apache-2.0
"""Fixtures of the end-to-end tests, in addition to those of world/fixtures.py."""

import os
import pathlib
import sys
import time

import pytest

TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TESTS), str(TESTS / "e2e")]

pytest.register_assert_rewrite("credentials", "kubelet_node", "pushes", "registry_clients", "relay", "world.waiting")

from fake_snowflake.registry.faults import RegistryFaults  # noqa: E402
from pushes import CHUNK, noise  # noqa: E402
from world.engine import EngineUnavailable  # noqa: E402, F401
from world.fixtures import CONNECTION, HOST, engine, jane, shared_world, snowflake, world  # noqa: E402, F401
from world.image import Layout  # noqa: E402

SNOW = os.environ.get("DCS_SNOW", "")
# Cross-compiled programs run in QEMU.
needs_keyring = pytest.mark.skipif(bool(os.environ.get("DCS_EMULATOR")), reason="QEMU's user mode has no keyctl")


def complete(jane, *words):
    """Returns what completion offers after these words of a command line."""
    lines = jane.snowflake("__complete", *words, "").out.splitlines()[:-1]
    return [line.split("\t")[0] for line in lines]


@pytest.fixture
def commands(jane):
    """All commands, as {tuple of words: words after [OPTIONS] in the usage line}."""
    found = {}
    pending = [[word] for word in complete(jane)]
    while pending:
        words = pending.pop()
        usage = next(line for line in jane.snowflake(*words, "--help").out.splitlines() if line.startswith("Usage: "))
        if "SUBCOMMAND" in usage or "COMMAND" in usage.split():
            pending += [[*words, word] for word in complete(jane, *words)]
        found[tuple(words)] = usage.split("[OPTIONS]")[-1].split()
    return found


@pytest.fixture
def snow_program():
    """The path of the Snowflake CLI."""
    if not pathlib.Path(SNOW).is_file():
        pytest.skip("DCS_SNOW is not a program")
    return SNOW


@pytest.fixture
def snow_python(snow_program):
    """The path of the Python with Snowflake's connector."""
    return str(pathlib.Path(snow_program).with_name("python"))


@pytest.fixture
def faults(snowflake):
    """Faults of the registry. Tests may change the lifetime of its bearer tokens."""
    yield RegistryFaults(snowflake)
    snowflake.bearer.lifetime = 60


@pytest.fixture
def large(jane):
    """An OCI layout with a new layer of three chunks, and its digest."""
    layout = Layout(jane.directory / "large")
    image = layout.image([noise(2 * CHUNK + 1000, time.time_ns())])
    return layout.write(image), image["digest"]
