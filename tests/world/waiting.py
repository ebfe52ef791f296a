# SPDX-License-Identifier: Apache-2.0
"""Waits for a condition."""

import time


def wait_for(condition, timeout=60, describe=lambda: "waited in vain"):
    """Calls `condition` until it is true, and fails with the text of `describe` after `timeout` seconds."""
    end = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < end, describe()
        time.sleep(0.02)
