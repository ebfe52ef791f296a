# SPDX-License-Identifier: Apache-2.0
"""Ours refuses the configuration files that a kubelet refuses, and no others: tests/kubelet/record.py asked the kubelet's
own code, and kubelet-install is asked here."""

import json
import pathlib
import sys

TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.path.append(str(TESTS / "kubelet"))

import record  # noqa: E402


def test_kubelet_install_says_what_a_kubelet_says(jane):
    recorded = json.loads((TESTS / "kubelet" / "verdicts.json").read_text())["verdicts"]
    assert [one["config"] for one in recorded] == list(dict.fromkeys(record.configurations())), "record them again"
    folder = jane.home / "node"
    folder.mkdir()
    record.make_bin_dir(folder / "bin")
    wrong = []
    for one in recorded:
        if not one["config"].strip() or one["config"].startswith("#"):
            continue
        config = folder / "config.yaml"
        config.write_text(one["config"])
        command = ["docker-credential-snowflake", "kubelet-install", "--config", config, "--bin-dir", folder / "bin"]
        result = jane.run(command)
        if (result.code == 0) != one["accepted"]:
            wrong.append((one, result))
        if result.code == 0:
            assert jane.run(["docker-credential-snowflake", "kubelet-undo", *command[2:]]).code == 0
        assert config.read_text() == one["config"]
    assert wrong == []
