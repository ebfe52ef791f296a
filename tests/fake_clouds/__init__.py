# SPDX-License-Identifier: Apache-2.0
"""The identity providers besides Snowflake: clouds and their metadata services, CI systems, Okta. Each is
written from its own documentation, and strict."""

from .server import FakeClouds

__all__ = ["FakeClouds"]
