# SPDX-License-Identifier: Apache-2.0
"""What the real Snowflake CLI answered (as_snow/recorded.json) against what the plugin answers to the same words."""

import json
import os
import pathlib
import re

import pytest
from as_snow.cases import CASES
from as_snow.play import play, push_images

HERE = pathlib.Path(__file__).resolve().parent
RECORDED = json.loads(pathlib.Path(os.environ.get("DCS_RECORDED", HERE.parent / "as_snow/recorded.json")).read_text())


@pytest.fixture(scope="module")
def pushed(one_world):
    push_images(one_world)
    return one_world


def words_of(text):
    return re.sub(r"\s+", " ", text).strip()


def said(err):
    """The sentence of an error, without the file and line that only we name."""
    found = re.search(r"^Error: (.*?)(?=^Next: |\Z)", err, re.S | re.M)
    return re.sub(r"^snowflake(\.local)?\.yml(:\d+)?: ", "", words_of(found[1])) if found else ""


def same_core(ours, theirs):
    """Ours may leave out what theirs adds around the sentence, and the folds of their frame."""
    plain = [re.sub(r"[\s'\"`]", "", re.sub(r"person-\w+", "person", text)) for text in (ours, theirs)]
    if plain[0] in plain[1] or plain[1] in plain[0]:
        return True
    # Theirs has a state, a host or other words between Snowflake's code and its sentence.
    code = re.match(r"(\d{6}):(.*)", plain[0])
    return code is not None and code[1] in plain[1] and code[2] in plain[1]


def core(ours):
    """Of an error at sign-in: Snowflake's own words, whatever stands around them."""
    ours = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}: ", "", ours)  # theirs has it when it writes a log
    return re.sub(r" \(connection '[^']*'\)$| \(next attempt in .*$", "", ours)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_plugin_answers_as_the_snowflake_cli(pushed, case):
    theirs = RECORDED[case.name]
    ours = play(pushed, case, "docker-snowflake")
    pushed.snowflake.record.violations.clear()
    if case.differs:
        assert ours["code"] == case.code, ours["err"]
        assert case.says in ours["out"] + ours["err"]
        if case.out is not None:
            assert ours["out"] == case.out
        return
    assert ours["code"] == theirs["code"], ours["out"] + ours["err"]
    assert ours["out"] == theirs["out"]
    assert ours["statements"] == theirs["statements"]
    if ours["code"] != 0:
        assert said(ours["err"]), "an error has a sentence"
        assert "Next: " in ours["err"], "and a next step"
        assert same_core(core(said(ours["err"])), theirs["err"]), (said(ours["err"]), theirs["err"])
    if ours["code"] == 0 or theirs["statements"]:
        assert ours["sign_in"] == theirs["sign_in"]
