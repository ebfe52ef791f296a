# SPDX-License-Identifier: Apache-2.0
"""Commands that run while faults are injected, and the requirements that hold for every fault:

* the program exits with a documented status, never by a signal;
* it prints a complete credential issued by Snowflake, or an error message, and no other secret;
* settings and files of other programs are unchanged or completely changed;
* no temporary files or locks remain;
* the next run without the fault works, and a fault does not cause additional logins."""

import collections
import dataclasses
import json
import re

from world.fixtures import HOST, make_jane
from world.user import CONNECTION

PASSWORD = "Correct Horse 1!"
SETTINGS = ".config/docker-snowflake/config.toml"
OWN_SETTINGS = '# mine\nstore = "auto"\n'
COUNTS = collections.Counter()
# Files that the test itself creates, and directories in which programs keep their state.
EXPECTED_FILES = re.compile(r"/(trace|\.snowflake/config\.toml|\.docker/config\.json|\.config/docker-snowflake/config\.toml"
                            r"|\.config/containers/.*|\.local/state/.*|\.cache/.*|run/.*)$")
TEMPORARY = re.compile(r"\.(tmp|new|part|temp|[A-Za-z0-9]{6})$")


@dataclasses.dataclass(frozen=True)
class Scenario:
    name: str
    words: tuple
    stdin: str = ""
    cached: bool = False  # a token is cached beforehand
    gives_token: bool = False
    statuses: tuple = (0, 1)
    logins: int = 1  # at most


SCENARIOS = [
    Scenario("cached get", ("docker-credential-snowflake", "get"), HOST, cached=True, gives_token=True),
    Scenario("cold get", ("docker-credential-snowflake", "get"), HOST, gives_token=True),
    Scenario("login", ("docker-snowflake", "login")),
    Scenario("config set", ("docker-snowflake", "config", "set", "store", "none"), logins=0),
    Scenario("logout", ("docker-snowflake", "logout"), cached=True),
    Scenario("setup", ("docker-snowflake", "setup", "--yes"), logins=1),
]


def prepare(world, scenario):
    """Resets the world and creates a user for the scenario."""
    world.reset()
    jane = make_jane(world)
    jane.write_settings(OWN_SETTINGS)
    if scenario.cached:
        assert jane.helper("get", HOST).code == 0
        world.snowflake.record.clear()
    return jane


def run(jane, scenario, prefix=(), **options):
    return jane.run([*prefix, *scenario.words], scenario.stdin, **options)


def find_problems(world, jane, scenario, result, silent=False):
    """Returns the violated requirements. `silent`: the program could not print."""
    found = []
    if result.code not in scenario.statuses:
        found.append(f"exit status {result.code}")
    elif scenario.gives_token and result.code == 0:
        try:
            answer = json.loads(result.out)
            if json.loads(answer["Secret"])["token"] not in world.snowflake.sessions.issued:
                found.append("a token that Snowflake did not issue")
        except (ValueError, KeyError, TypeError):
            if not silent:
                found.append(f"no credential, and exit status 0: {result.out[:200]!r}")
    elif result.code != 0 and not silent and not (result.out + result.err).strip():
        found.append("an error without a word")
    said = result.err + ("" if scenario.gives_token and result.code == 0 else result.out)
    found += [f"prints {name}" for name, text in secrets(world) if text in said]
    found += [f"terminate: {result.err[:200]!r}"] * ("terminate called" in result.err)
    logins = world.snowflake.count("login")
    if logins > scenario.logins:
        found.append(f"{logins} logins")
    found += find_file_problems(jane)
    return found


def secrets(world):
    yield "the password", PASSWORD
    yield from (("a token", token) for token in world.snowflake.sessions.issued)


def find_file_problems(jane):
    """Returns damaged settings and leftover files."""
    found = []
    if (jane.home / ".snowflake/config.toml").read_text() != CONNECTION:
        found.append("the Snowflake CLI's file was changed")
    settings = (jane.home / SETTINGS).read_text()
    if not settings.startswith("# mine\n") or settings.count("store") != 1 or not settings.endswith("\n"):
        found.append(f"settings lost: {settings!r}")
    try:
        docker = json.loads((jane.home / ".docker/config.json").read_text())
        if docker["credHelpers"].get(HOST) != "snowflake":
            found.append("Docker's settings lost their helper")
    except (ValueError, KeyError, OSError) as error:
        found.append(f"Docker's settings are broken: {error}")
    for path, _ in jane.files():
        if TEMPORARY.search(path.name) and not EXPECTED_FILES.search(str(path)):
            found.append(f"left behind: {path.relative_to(jane.directory)}")
    return found


def find_next_get_problems(jane):
    """Runs a `get` without a fault, and returns its problems."""
    after = jane.helper("get", HOST)
    return [] if after.code == 0 and '"Secret"' in after.out else [f"afterwards, exit status {after.code}: {after.out}{after.err}"]
