# SPDX-License-Identifier: Apache-2.0
"""Compares the answers of the plugin with those recorded from the Snowflake CLI (as_snow/recorded.json)."""

import json
import os
import pathlib
import re

import pytest
from as_snow.cases import CASES
from as_snow.errors import differences
from as_snow.run_case import push_images, run_case

HERE = pathlib.Path(__file__).resolve().parent
RECORDED = json.loads(pathlib.Path(os.environ.get("DCS_RECORDED", HERE.parent / "as_snow/recorded.json")).read_text())


@pytest.fixture(scope="module")
def pushed(shared_world):
    push_images(shared_world)
    return shared_world


# With sanitizers, programs start slowly, so only a third of the cases run.
@pytest.mark.parametrize("case", CASES[:: 3 if os.environ.get("DCS_SANITIZED") else 1], ids=lambda case: case.name)
def test_the_plugin_answers_like_the_snowflake_cli(pushed, case):
    theirs = RECORDED[case.name]
    ours = run_case(pushed, case, "docker-snowflake")
    assert pushed.snowflake.violations == []
    if case.differs:
        assert ours["code"] == case.code, ours["err"]
        assert case.says in ours["out"] + ours["err"]
        if case.out is not None:
            assert ours["out"] == case.out
        return
    assert ours["statements"] == theirs["statements"]
    if theirs["code"] == 0:
        assert ours["code"] == 0, ours["err"]
        # Up to two seconds may pass until a token is printed.
        assert re.sub(r"\b359[89]\b", "3600", ours["out"]) == theirs["out"]
    else:
        assert differences(case, theirs, ours) == [], (ours["err"], theirs["err"])
    if ours["code"] == 0 or theirs["statements"]:
        assert ours["login"] == theirs["login"]
