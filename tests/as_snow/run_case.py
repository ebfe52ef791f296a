# SPDX-License-Identifier: Apache-2.0
"""Runs a case with the Snowflake CLI or the plugin, against a fake Snowflake with fixed tokens and times."""

import itertools
import re
import shlex

from world import inside
from world.image import write_image
from world.user import CONNECTION

from . import setups

HOST = "myorg-myacct.registry.snowflakecomputing.com"
CREATED = 1_729_000_000.125
QUIET = 'disable_ocsp_checks = true\n[cli]\nignore_new_version_warning = true\n[cli.logs]\nsave_logs = false\n'
SET_RESULT_FORMAT = "alter session set PYTHON_CONNECTOR_QUERY_RESULT_FORMAT = 'json'"


def prepare(world, case):
    world.reset()
    numbers = itertools.count(1)
    world.snowflake.sessions.make_token = lambda: f"ver:1-hint:{next(numbers):010}-ETMs" + "+/Az09==" * 28
    for repository in world.account.repositories.values():
        repository.created_on = CREATED
    world.snowflake.upstream.created_on = CREATED
    if case.setup:
        getattr(setups, case.setup)(world)


def make_user(world, case):
    user = world.user()
    if case.config:
        # The first key of QUIET belongs to the last table of the config; then [cli] follows.
        user.write_config(case.config + QUIET)
    for name, content in case.more.items():
        user.write(name, content)
    return user


def push_images(world):
    """Pushes the images of the cases; they stay in the registry across resets."""
    user = world.user()
    user.write_config(CONNECTION)
    user.use_helper_for(HOST)
    archive = write_image(user.directory / "image.tar", "app:1")
    for tag in ("app:1", "app:2", "other:latest"):
        pushed = user.run(["skopeo", "copy", "--quiet", f"docker-archive:{archive}", f"docker://{HOST}/db/schema/repo/{tag}"])
        assert pushed.code == 0, pushed.err


def login_of(world):
    """Returns the first login request, without fields that differ in each run."""
    for request in world.snowflake.requests:
        if request.kind == "login":
            data = {key: value for key, value in request.body["data"].items() if key not in ("CLIENT_ENVIRONMENT", "SESSION_PARAMETERS")}
            query = {key: value for key, value in request.query.items() if key not in ("request_id", "request_guid", "requestId")}
            return {"data": data, "query": query}
    return None


def statements_of(world, case):
    """Returns the statements, without the one with which the Snowflake CLI prepares a session for registry tokens."""
    keep_all = case.words.startswith("image-registry token")
    return [sql for sql in world.snowflake.statements if keep_all or sql != SET_RESULT_FORMAT]


def panel_text(err):
    """Returns the text inside the frame that the Snowflake CLI draws around errors."""
    lines = [line.strip("│|").strip() for line in err.splitlines() if line[:1] in "│|"]
    return re.sub(r"\s+", " ", " ".join(lines)).strip()


def run_case(world, case, program):
    prepare(world, case)
    user = make_user(world, case)
    words = shlex.split(case.words)
    if program == "docker-snowflake":
        command = [program, *words]
    else:
        command = [program, *([] if words[0] == "object" else ["spcs"]), *words]
    result = user.run(command, env={"REQUESTS_CA_BUNDLE": inside.BUNDLE, **case.env})
    answer = {"code": result.code, "out": result.out, "err": result.err, "statements": statements_of(world, case), "login": login_of(world)}
    if program != "docker-snowflake":
        answer["err"] = panel_text(result.err)
    return answer
