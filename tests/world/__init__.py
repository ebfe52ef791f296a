# SPDX-License-Identifier: Apache-2.0
"""The stand-in world: real programs around a fake Snowflake, under the real host names, over real TLS."""
