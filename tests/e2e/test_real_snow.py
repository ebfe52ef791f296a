# SPDX-License-Identifier: Apache-2.0
"""The Snowflake CLI uses the fake Snowflake, which verifies the fake."""

import json

import pytest
from conftest import CONNECTION, HOST
from fake_clouds import ci
from world import inside
from world.image import write_image


@pytest.fixture
def snow(jane, snowflake, snow_program):
    """A function that runs `snow spcs`."""
    jane.write_config(CONNECTION + "disable_ocsp_checks = true\n[cli]\nignore_new_version_warning = true\n[cli.logs]\nsave_logs = false\n")

    def run(*arguments, code=0):
        result = jane.run([snow_program, "spcs", *arguments], env={"REQUESTS_CA_BUNDLE": inside.BUNDLE})
        assert result.code == code, result.out + result.err
        return result

    yield run
    # The Snowflake CLI closes its sessions and sends telemetry.
    snowflake.record.violations.clear()


def test_the_registry_commands_work(snow, jane, snowflake):
    token = json.loads(snow("image-registry", "token", "--format", "JSON").out)
    assert token["expires_in"] == 3600
    assert token["token"] in snowflake.sessions.issued
    assert snow("image-registry", "url").out.strip() == HOST
    archive = write_image(jane.directory / "image.tar", "app:1")
    pushed = jane.run(["skopeo", "copy", "--quiet", f"docker-archive:{archive}", f"docker://{HOST}/db/schema/repo/snow:1",
                       "--dest-creds", "0sessiontoken:" + json.dumps(token)])
    assert pushed.code == 0, pushed.err


def test_the_repository_commands_work(snow, jane, snowflake):
    created = json.loads(snow("image-repository", "create", "made_here", "--format", "JSON").out)
    assert created == {"status": "Image Repository MADE_HERE successfully created."}
    assert "already exists" in snow("image-repository", "create", "made_here", code=1).err
    names = [row["name"] for row in json.loads(snow("image-repository", "list", "--format", "JSON").out)]
    assert names == ["MADE_HERE", "REPO", "REPO2"]
    assert snow("image-repository", "url", "made_here").out.strip() == f"{HOST}/db/schema/made_here"
    archive = write_image(jane.directory / "image.tar", "app:1")
    target = f"docker://{HOST}/db/schema/made_here/app:7"
    assert jane.run(["skopeo", "copy", "--quiet", f"docker-archive:{archive}", target]).code == 0
    images = json.loads(snow("image-repository", "list-images", "made_here", "--format", "JSON").out)
    assert [image["image_path"] for image in images] == ["db/schema/made_here/app:7"]
    assert images[0]["digest"].startswith("sha256:")
    assert "successfully dropped" in snow("image-repository", "drop", "made_here").out


def test_a_github_job_logs_in(snow, jane, world):
    world.account.workloads["OIDC", ci.GITHUB, "the-job"] = world.jane
    jane.environment.update(world.clouds.ci.github_job())
    token = json.loads(snow("image-registry", "token", "--format", "JSON", "-x", "--account", "myorg-myacct",
                            "--authenticator", "WORKLOAD_IDENTITY", "--workload-identity-provider", "OIDC").out)
    assert token["token"] in world.snowflake.sessions.issued
    assert world.clouds.requests[0].query["audience"] == ci.SNOWFLAKE


def test_both_programs_log_in_alike(snow, jane, snowflake):
    snow("image-registry", "token")
    theirs = next(r for r in snowflake.requests if r.kind == "login")
    issue_of_theirs = next(r for r in snowflake.requests if r.kind == "issue")
    snowflake.requests.clear()
    assert jane.helper("get", HOST).code == 0
    ours = next(r for r in snowflake.requests if r.kind == "login")
    issue = next(r for r in snowflake.requests if r.kind == "issue")
    assert set(ours.query) == set(theirs.query)
    for field in ("CLIENT_APP_ID", "CLIENT_APP_VERSION", "ACCOUNT_NAME", "LOGIN_NAME", "PASSWORD", "SVN_REVISION"):
        assert ours.body["data"][field] == theirs.body["data"][field], field
    assert set(ours.body["data"]) <= set(theirs.body["data"])
    assert set(issue.query) == set(issue_of_theirs.query)
    assert set(issue.body) == set(issue_of_theirs.body)
    for header in ("accept", "content-type"):
        assert ours.headers[header] == theirs.headers[header]
        assert issue.headers[header] == issue_of_theirs.headers[header]
