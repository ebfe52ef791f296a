# SPDX-License-Identifier: Apache-2.0
"""A strict fake of Snowflake and its image registry.

An independent implementation of the protocol, so that a misunderstanding in our programs is noticed. It refuses what the real
server refuses, and records protocol violations that the real server accepts.
"""

from .server import FakeSnowflake

__all__ = ["FakeSnowflake"]
