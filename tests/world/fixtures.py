# SPDX-License-Identifier: Apache-2.0
"""Shared fixtures: every test has a new user and a Snowflake account in its initial state, and fails when one of our programs
sent something that Snowflake would not accept."""

import os

import pytest

from .engine import EngineUnavailable
from .person import CONNECTION
from .world import World

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


def make_jane(world):
    """A user without a desktop, with a valid connection file."""
    person = world.person()
    person.write_config(CONNECTION)
    person.use_helper_for(HOST)
    return person


@pytest.fixture
def jane(world):
    return make_jane(world)


@pytest.fixture
def engine(world):
    try:
        return world.engine()
    except EngineUnavailable as reason:
        pytest.skip(f"no Docker engine can run here: {reason}")
