# SPDX-License-Identifier: Apache-2.0
"""The plugin interprets config.json in the same way as the installed docker, including unusual files."""

import json

from as_docker.odd_configs import odd_configs
from as_docker.record import RECORDED, Docker, verdicts
from conftest import CONNECTION

DOCKER = "/usr/bin/docker"


def test_the_recorded_verdicts_are_those_of_this_docker():
    recorded = {row["name"]: (row["helper"], row["warns"]) for row in json.loads(RECORDED.read_text())}
    ours = verdicts(DOCKER)
    assert len(ours) > 250
    # Newer versions check the type of "features".
    assert {name for name in recorded if recorded[name] != ours.get(name)} <= {'features is {"x":true}'}


def test_setup_makes_docker_ask_our_helper_and_undo_restores_every_file(world, tmp_path):
    user = world.user()
    user.write_config(CONNECTION)
    docker = Docker(DOCKER, tmp_path)
    refused = 0
    # The unit tests use every file.
    for name, text in list(odd_configs().items())[::5]:
        path = user.write(".docker/config.json", "")
        path.write_bytes(text)
        result = user.snowflake("setup", "--yes", "--no-login", "--keep-logins")
        if result.code != 0:
            assert "Error: " in result.err and "Next: " in result.err and path.read_bytes() == text, name
            refused += 1
            continue
        assert docker.ask(path.read_bytes())[0] == "snowflake", name
        result = user.snowflake("setup", "--undo", "--yes")
        assert result.code == 0 and path.read_bytes() == text, (name, result.err)
    assert 5 < refused < 30
