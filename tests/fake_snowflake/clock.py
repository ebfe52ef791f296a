# SPDX-License-Identifier: Apache-2.0
"""The clock of the server, which tests can advance."""

import time


class Clock:
    """Real time plus an offset, in seconds since the epoch (UTC)."""

    def __init__(self):
        self.offset = 0.0

    def now(self) -> float:
        return time.time() + self.offset

    def advance(self, seconds: float) -> None:
        self.offset += seconds
