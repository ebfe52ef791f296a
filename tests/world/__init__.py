# SPDX-License-Identifier: Apache-2.0
"""The test world: real programs and a fake Snowflake, with the real host names and real TLS."""
