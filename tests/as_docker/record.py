#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Records which credential helper the installed docker runs for a registry, for each file of odd_configs.py.

Usage: record.py [DOCKER]

Writes recorded.json, with which the unit tests compare our parser."""

import json
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from as_docker.odd_configs import HOST, odd_configs  # noqa: E402

RECORDED = pathlib.Path(__file__).with_name("recorded.json")
# The helper that Docker uses if config.json names none.
DEFAULT = "secretservice"


class Docker:
    """A docker with its own config directory and helpers that log their requests."""

    def __init__(self, program, directory, helpers=("a", "b", "snowflake", DEFAULT)):
        self.program = program
        self.directory = pathlib.Path(directory)
        self.log = self.directory / "log"
        (self.directory / "bin").mkdir()
        for name in helpers:
            helper = self.directory / "bin" / f"docker-credential-{name}"
            helper.write_text(f'#!/bin/sh\nread -r host\necho "{name} $host" >>"{self.log}"\n')
            helper.chmod(0o755)

    def ask(self, config):
        """Returns the helper that Docker runs for HOST ("" if it reads the file itself), and whether Docker prints a warning."""
        (self.directory / "config.json").write_bytes(config)
        self.log.write_text("")
        # `docker logout` runs the helper's `erase`, and needs no daemon.
        result = subprocess.run([self.program, "--config", str(self.directory), "logout", HOST], capture_output=True, text=True, timeout=60,
                                env={"PATH": f"{self.directory}/bin", "HOME": str(self.directory)})
        asked = {line.split(" ")[0] for line in self.log.read_text().splitlines() if line.endswith(f" {HOST}")}
        assert len(asked) < 2, asked
        return asked.pop() if asked else "", "WARNING: Error" in result.stderr


def verdicts(program):
    with tempfile.TemporaryDirectory() as directory:
        docker = Docker(program, directory)
        return {name: docker.ask(config) for name, config in odd_configs().items()}


def main():
    configs = odd_configs()
    # latin-1: each byte is one character.
    rows = [{"name": name, "text": configs[name].decode("latin-1"), "helper": helper, "warns": warns}
            for name, (helper, warns) in verdicts(sys.argv[1] if len(sys.argv) > 1 else "/usr/bin/docker").items()]
    RECORDED.write_text("[\n" + ",\n".join(map(json.dumps, rows)) + "\n]\n")
    print(f"{len(rows)} files")


if __name__ == "__main__":
    main()
