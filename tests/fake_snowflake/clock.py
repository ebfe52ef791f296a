# SPDX-License-Identifier: Apache-2.0
"""The server's own clock, which tests move."""

import time


class Clock:
    """Real time plus what a test added. Seconds since the epoch, UTC."""

    def __init__(self):
        self.offset = 0.0

    def now(self) -> float:
        return time.time() + self.offset

    def advance(self, seconds: float) -> None:
        self.offset += seconds
