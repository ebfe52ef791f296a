# SPDX-License-Identifier: Apache-2.0
"""Everybody besides Snowflake who vouches for somebody: clouds and their metadata services, CI systems, Okta. Each is
written from its own documentation, and strict."""

from .server import FakeClouds

__all__ = ["FakeClouds"]
