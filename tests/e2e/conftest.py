# SPDX-License-Identifier: Apache-2.0
"""Every test has a fresh person at a Snowflake account that is as it was at the beginning."""

import os
import pathlib
import sys

import pytest

TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TESTS), str(TESTS / "e2e")]

from world.engine import EngineUnavailable  # noqa: E402
from world.person import CONNECTION  # noqa: E402, F401
from world.world import World  # noqa: E402

HOST = "myorg-myacct.registry.snowflakecomputing.com"


@pytest.fixture(scope="session")
def one_world():
    world = World(os.environ["DCS_BIN_DIR"])
    yield world
    world.stop()


@pytest.fixture
def world(one_world):
    one_world.reset()
    yield one_world
    violations = [*one_world.snowflake.violations, *one_world.clouds.violations, *one_world.other_registry.violations]
    one_world.reset()
    assert violations == []


@pytest.fixture
def snowflake(world):
    return world.snowflake


@pytest.fixture
def jane(world):
    """Somebody without a desktop, whose connection file is in order."""
    person = world.person()
    person.write_config(CONNECTION)
    person.use_helper_for(HOST)
    return person


@pytest.fixture
def engine(world):
    try:
        return world.engine()
    except EngineUnavailable as reason:
        pytest.skip(f"no Docker engine can run here: {reason}")
