# SPDX-License-Identifier: Apache-2.0
"""Fixtures of the tests in the test world: each test has a new user and a Snowflake account in its initial state, and fails if a
program sent a request that violates the protocol."""

import os

import pytest

from .engine import EngineUnavailable
from .user import CONNECTION
from .world import World

HOST = "myorg-myacct.registry.snowflakecomputing.com"


@pytest.fixture(scope="session")
def shared_world():
    world = World(os.environ["DCS_BIN_DIR"])
    yield world
    world.stop()


@pytest.fixture
def world(shared_world):
    shared_world.reset()
    yield shared_world
    violations = [*shared_world.snowflake.violations, *shared_world.clouds.violations, *shared_world.other_registry.violations]
    shared_world.reset()
    assert violations == []


@pytest.fixture
def snowflake(world):
    return world.snowflake


def make_jane(world):
    """Creates a user with a connection file, Docker configured for the helper, and no desktop keyring."""
    user = world.user()
    user.write_config(CONNECTION)
    user.use_helper_for(HOST)
    return user


@pytest.fixture
def jane(world):
    return make_jane(world)


@pytest.fixture
def engine(world):
    try:
        return world.engine()
    except EngineUnavailable as reason:
        pytest.skip(f"no Docker engine can run here: {reason}")
