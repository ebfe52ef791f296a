# SPDX-License-Identifier: Apache-2.0
"""Shared fixtures: every test has a new user and a Snowflake account in its initial state, and fails when one of our programs
sent something that Snowflake would not accept."""

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
    """A user without a desktop, with a valid connection file."""
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
