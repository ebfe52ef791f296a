# SPDX-License-Identifier: Apache-2.0
"""Runs the steps of packaging/action/action.yml as a GitHub job does, with a release on a local web server."""

import os
import subprocess

import pytest
import yaml
from test_get_script import NAME, PACKAGING, get, release  # noqa: F401

ACTION = yaml.safe_load((PACKAGING / "action/action.yml").read_text())
HOST = "myorg-myacct.registry.snowflakecomputing.com"


@pytest.fixture
def job(get, tmp_path):  # noqa: F811
    """Returns a function that runs a step by its name. `docker` only logs its arguments."""
    directory = tmp_path / "job"
    directory.mkdir()
    docker = directory / "docker"
    docker.write_text(f'#!/bin/sh\necho "$*" >>"{directory}/docker.log"\n')
    docker.chmod(0o755)
    address = get.address

    def run(name, **inputs):
        (step,) = [step for step in ACTION["runs"]["steps"] if step["name"] == name]
        values = {f"inputs.{key}": definition.get("default", "") for key, definition in ACTION["inputs"].items()}
        values.update({f"inputs.{key}": value for key, value in inputs.items()})
        values["github.action_path"] = str(PACKAGING / "action")
        variables = {key: expression for key, expression in step["env"].items()}
        for key, value in values.items():
            variables = {name: text.replace("${{ " + key + " }}", value) for name, text in variables.items()}
        assert not any("${{" in text for text in variables.values()) and "${{" not in step["run"]
        environment = {"HOME": str(get.home), "PATH": f"{directory}:/usr/bin:/bin", "GITHUB_PATH": str(directory / "path"),
                       "DOCKER_SNOWFLAKE_DOWNLOAD": address, **variables}
        # The command of GitHub's `shell: sh`.
        return subprocess.run(["sh", "-e", "-c", step["run"]], capture_output=True, text=True, check=False, env=environment)

    run.directory = directory
    run.home = get.home
    return run


def test_the_action_installs_a_release_and_sets_up_its_host(job):
    installed = job("Install")
    assert installed.returncode == 0, installed.stderr
    (added,) = (job.directory / "path").read_text().splitlines()
    assert os.access(f"{added}/{NAME}", os.X_OK)
    assert (job.home / ".docker/cli-plugins/docker-snowflake").is_file()
    assert job("Set up", host=HOST).returncode == 0
    assert (job.directory / "docker.log").read_text() == f"snowflake setup --yes --host {HOST}\n"


def test_an_input_is_a_value_and_never_a_command(job):
    words = f'x"; touch {job.directory}/written; "'
    assert job("Set up", host=words).returncode == 0
    job("Install", version=words)
    assert not (job.directory / "written").exists()
