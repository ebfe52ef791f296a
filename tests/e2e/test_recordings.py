# SPDX-License-Identifier: Apache-2.0
"""The recordings in README.md match the output of the programs. DCS_NEW_RECORDINGS=1 updates them."""

import os
import pathlib
import re
import xml.etree.ElementTree

import pytest
import recordings

DIRECTORY = pathlib.Path(__file__).resolve().parent.parent.parent / "packaging/doc"


def without_docker_version(text):
    return re.sub(r"Docker version [^<]*", "Docker version", text)


@pytest.mark.parametrize("record", [recordings.push, recordings.doctor], ids=lambda record: record.__name__)
def test_a_recording_is_what_is_printed_today(world, engine, record):
    made = record(world)
    assert xml.etree.ElementTree.fromstring(made).tag.endswith("svg")
    file = DIRECTORY / f"{record.__name__}.svg"
    if os.environ.get("DCS_NEW_RECORDINGS"):
        file.write_text(made)
    assert without_docker_version(made) == without_docker_version(file.read_text()), file
    assert f"packaging/doc/{file.name}" in (DIRECTORY.parent.parent / "README.md").read_text()
