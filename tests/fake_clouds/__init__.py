# SPDX-License-Identifier: Apache-2.0
"""Fake identity providers: clouds and their metadata services, CI systems and Okta. Each is strict, and written from the provider's
documentation."""

from .server import FakeClouds

__all__ = ["FakeClouds"]
