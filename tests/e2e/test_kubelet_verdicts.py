# SPDX-License-Identifier: Apache-2.0
"""kubelet-install refuses exactly the configuration files that a kubelet refuses. tests/kubelet/record.py recorded the answers of
kubelet 1.34.4; those of 1.37.2 are the same. unit/kubelet/provider_rules_test.cpp checks all files, this test every tenth."""

import json
import pathlib
import sys

TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.path.append(str(TESTS / "kubelet"))

import record  # noqa: E402

RECORDED = json.loads((TESTS / "kubelet" / "verdicts.json").read_text())


def test_the_recording_covers_the_current_questions():
    assert [one["config"] for one in RECORDED["verdicts"]] == list(dict.fromkeys(record.configurations())), "record them again"
    assert [(one["pattern"], one["image"]) for one in RECORDED["matches"]] == [(pattern, image) for pattern in record.PATTERNS
                                                                               for image in record.IMAGES], "record them again"


def test_kubelet_install_agrees_with_a_kubelet(jane):
    directory = jane.home / "node"
    directory.mkdir()
    record.make_bin_dir(directory / "bin")
    wrong = []
    for one in RECORDED["verdicts"][::10]:
        if not one["config"].strip() or one["config"].startswith("#"):
            continue
        config = directory / "config.yaml"
        config.write_text(one["config"])
        command = ["docker-credential-snowflake", "kubelet-install", "--config", config, "--bin-dir", directory / "bin"]
        result = jane.run(command)
        if (result.code == 0) != one["accepted"]:
            wrong.append((one, result))
        if result.code == 0:
            assert jane.run(["docker-credential-snowflake", "kubelet-undo", *command[2:]]).code == 0
        assert config.read_text() == one["config"]
    assert wrong == []
