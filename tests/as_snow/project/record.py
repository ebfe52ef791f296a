# SPDX-License-Identifier: Apache-2.0
"""Records which repository the Snowflake CLI's `deploy` would create for each case of cases.py.

Usage: build/tools/snow/bin/python tests/as_snow/project/record.py

Writes recorded.json. Calls the functions of the Snowflake CLI that read snowflake.yml, because `deploy` itself needs a
connection.
"""
import contextlib
import importlib.metadata
import io
import json
import os
import pathlib
import re
import tempfile

import cases

HERE = pathlib.Path(__file__).parent
HOME = tempfile.mkdtemp()
os.environ["SNOWFLAKE_HOME"] = HOME

import click  # noqa: E402
from snowflake.cli.api.cli_global_context import get_cli_context_manager  # noqa: E402
from snowflake.cli.api.commands.utils import parse_key_value_variables  # noqa: E402
from snowflake.cli.api.constants import ObjectType  # noqa: E402
from snowflake.cli.api.project.definition_helper import get_entity_from_project_definition  # noqa: E402


def answer(case, directory):
    for name, text in case["files"].items():
        path = directory / name
        path.write_bytes(text.encode("utf-8", "surrogateescape"))
    context = get_cli_context_manager()
    context.reset()
    os.environ.clear()
    os.environ.update(case["environment"])
    os.environ["SNOWFLAKE_HOME"] = HOME
    try:
        overrides = {v.key: v.value for v in parse_key_value_variables(case["overrides"])}
        context.project_path_arg = str(directory)
        context.project_is_optional = False
        context.project_env_overrides_args = overrides
        with contextlib.redirect_stdout(io.StringIO()):
            entity = get_entity_from_project_definition(ObjectType.IMAGE_REPOSITORY, case["entity"])
        return {"name": entity.fqn.identifier}
    except click.ClickException as error:
        return {"error": error.format_message().replace(str(directory), "<project>"), "exit": error.exit_code}
    except Exception as error:  # the Snowflake CLI reports it as unexpected
        return {"unexpected": type(error).__name__}


def main():
    recorded = []
    for case in cases.ALL:
        with tempfile.TemporaryDirectory() as directory:
            result = answer(case, pathlib.Path(directory))
        # JSON cannot contain bytes that are not UTF-8.
        files = {name: text.encode("utf-8", "surrogateescape").hex() for name, text in case["files"].items()} \
            if case["binary"] else case["files"]
        recorded.append({**case, "files": files, "snow": result})
    version = importlib.metadata.version("snowflake-cli")
    lines = ",\n".join(re.sub(r" at 0x[0-9a-f]+", "", json.dumps(case)) for case in recorded)
    (HERE / "recorded.json").write_text(f'{{"snowflake-cli": "{version}", "cases": [\n{lines}\n]}}\n')
    print(f"{len(recorded)} cases of snowflake-cli {version}")


main()
