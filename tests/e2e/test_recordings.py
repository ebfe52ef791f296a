# SPDX-License-Identifier: Apache-2.0
"""The recordings in README.md are what the programs print today. DCS_NEW_RECORDINGS=1 writes them."""

import os
import pathlib
import re
import xml.etree.ElementTree

import pytest
import recordings

DIRECTORY = pathlib.Path(__file__).resolve().parent.parent.parent / "packaging/doc"


def without_docker_version(text):
    return re.sub(r"Docker version [^<]*", "Docker version", text)


@pytest.mark.parametrize("play", [recordings.push, recordings.doctor], ids=lambda play: play.__name__)
def test_a_recording_is_what_is_printed_today(world, engine, play):
    made = play(world)
    assert xml.etree.ElementTree.fromstring(made).tag.endswith("svg")
    file = DIRECTORY / f"{play.__name__}.svg"
    if os.environ.get("DCS_NEW_RECORDINGS"):
        file.write_text(made)
    assert without_docker_version(made) == without_docker_version(file.read_text()), file
    assert f"packaging/doc/{file.name}" in (DIRECTORY.parent.parent / "README.md").read_text()
