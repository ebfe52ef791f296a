# SPDX-License-Identifier: Apache-2.0
"""A program that is killed at any moment leaves nothing half done, and nothing in the way of the next one."""

import os
import random
import signal
import time

import pytest
from journeys import FIGURES, JOURNEYS, does_not_work_afterwards, lost, prepare

KILLS = 200 if os.environ.get("DCS_FAULTS") == "all" else 8


@pytest.mark.parametrize("journey", JOURNEYS, ids=lambda journey: journey.name)
def test_a_program_that_is_killed_leaves_nothing_half_done(world, journey):
    jane = prepare(world, journey)
    started = time.monotonic()
    jane.finish(jane.start(journey.words), journey.stdin)
    whole = time.monotonic() - started
    chance = random.Random(journey.name)
    failures = []
    for _ in range(KILLS):
        jane.stop()
        jane = prepare(world, journey)
        moment = chance.uniform(0, whole)
        process = jane.start(journey.words)
        jane.tell(process, journey.stdin)
        time.sleep(moment)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        FIGURES["kills"] += 1
        failures += [f"killed after {moment:.3f} s: {what}" for what in [*lost(jane), *does_not_work_afterwards(jane)]]
    assert not failures, "\n".join(failures)
