# SPDX-License-Identifier: Apache-2.0
"""A program that is killed at a random moment leaves no damage, and the next run works."""

import os
import random
import signal
import time

import pytest
from scenarios import COUNTS, SCENARIOS, find_file_problems, find_next_get_problems, prepare

KILLS = 200 if os.environ.get("DCS_FAULTS") == "all" else 8


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_a_program_that_is_killed_leaves_nothing_half_done(world, scenario):
    jane = prepare(world, scenario)
    started = time.monotonic()
    jane.finish(jane.start(scenario.words), scenario.stdin)
    duration = time.monotonic() - started
    rng = random.Random(scenario.name)
    failures = []
    for _ in range(KILLS):
        jane.stop()
        jane = prepare(world, scenario)
        moment = rng.uniform(0, duration)
        process = jane.start(scenario.words)
        jane.send_stdin(process, scenario.stdin)
        time.sleep(moment)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        COUNTS["kills"] += 1
        failures += [f"killed after {moment:.3f} s: {what}" for what in [*find_file_problems(jane), *find_next_get_problems(jane)]]
    assert not failures, "\n".join(failures)
