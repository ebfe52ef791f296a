# SPDX-License-Identifier: Apache-2.0
"""A program that is killed at any moment leaves nothing half done, and nothing in the way of the next one."""

import os
import random
import signal
import time

import pytest
from scenarios import FIGURES, SCENARIOS, does_not_work_afterwards, lost, prepare

KILLS = 200 if os.environ.get("DCS_FAULTS") == "all" else 8


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_a_program_that_is_killed_leaves_nothing_half_done(world, scenario):
    jane = prepare(world, scenario)
    started = time.monotonic()
    jane.finish(jane.start(scenario.words), scenario.stdin)
    whole = time.monotonic() - started
    chance = random.Random(scenario.name)
    failures = []
    for _ in range(KILLS):
        jane.stop()
        jane = prepare(world, scenario)
        moment = chance.uniform(0, whole)
        process = jane.start(scenario.words)
        jane.tell(process, scenario.stdin)
        time.sleep(moment)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        FIGURES["kills"] += 1
        failures += [f"killed after {moment:.3f} s: {what}" for what in [*lost(jane), *does_not_work_afterwards(jane)]]
    assert not failures, "\n".join(failures)
