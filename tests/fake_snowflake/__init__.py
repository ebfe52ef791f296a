# SPDX-License-Identifier: Apache-2.0
"""A strict stand-in for Snowflake and the front of its image registry.

A second reading of Snowflake's protocol, in another language than the programs it tests, so that a mistake would have
to be made twice to go unnoticed. It refuses what the real server would refuse, and writes down what no client should do.
"""

from .server import FakeSnowflake

__all__ = ["FakeSnowflake"]
