# SPDX-License-Identifier: Apache-2.0
"""The supported SQL statements (common/snowflake/PROTOCOL.md 5.6)."""

import json
import re

from ..accounts import Repository
from ..errors import SqlError
from . import names, results

NAME = names.QUALIFIED
LIKE = r"(?:\s+like\s+'(?P<like>(?:[^'\\]|''|\\.)*)')?"
RULES = []


def rule(pattern):
    compiled = re.compile(pattern, re.IGNORECASE | re.DOTALL)

    def register(function):
        RULES.append((compiled, function))
        return function

    return register


def run(fake, session, sql: str):
    """Runs a statement, and returns (columns, rows). Raises SqlError."""
    text = sql.strip().rstrip(";").strip()
    for pattern, function in RULES:
        found = pattern.fullmatch(text)
        if found:
            return function(fake, session, found)
    raise SqlError("001003", "42000", f"SQL compilation error:\nsyntax error line 1 at position 0 unexpected '{text.split(' ')[0]}'.")


@rule(r"alter\s+session\s+set\s+(?P<name>\w+)\s*=\s*'?(?P<value>[^']*)'?")
def alter_session(fake, session, found):
    session.parameters[found["name"].upper()] = found["value"]
    return results.status("Statement executed successfully.")


@rule(rf"use\s+(?P<kind>role|warehouse|database|schema)\s+(?P<name>{NAME})")
def use(fake, session, found):
    kind, name = found["kind"].lower(), names.parts(found["name"])
    if kind == "role":
        if name[-1] not in session.user.roles:
            raise SqlError("003013", "42501", f"Requested role '{name[-1]}' is not assigned to the executing user.")
        session.role = name[-1]
    elif kind == "schema":
        session.database = name[0] if len(name) == 2 else session.database
        session.schema = name[-1]
    else:
        setattr(session, kind, name[-1])
    return results.status("Statement executed successfully.")


CURRENT = r'(current_\w+)\(\)(?:\s+as\s+"([^"]+)")?'


@rule(rf"select\s+(?P<what>{CURRENT}(?:\s*,\s*{CURRENT})*)")
def select_current(fake, session, found):
    organization, _, account = session.account.name.upper().partition("-")
    granted = ",".join(sorted(session.user.roles - {session.role, "PUBLIC"})) if session.secondary_roles == "ALL" else ""
    values = {"CURRENT_USER": session.user.name, "CURRENT_ROLE": session.role, "CURRENT_ACCOUNT": "XY12345",
              "CURRENT_ORGANIZATION_NAME": organization, "CURRENT_ACCOUNT_NAME": account,
              "CURRENT_REGION": "AWS_US_WEST_2", "CURRENT_VERSION": "9.30.2",
              "CURRENT_SECONDARY_ROLES": json.dumps({"roles": granted, "value": session.secondary_roles or ""}),
              "CURRENT_DATABASE": session.database, "CURRENT_SCHEMA": session.schema, "CURRENT_WAREHOUSE": session.warehouse}
    wanted = [(name.upper(), alias) for name, alias in re.findall(CURRENT, found["what"], re.IGNORECASE)]
    for name, _ in wanted:
        if name not in values:
            raise SqlError("002141", "42601", f"SQL compilation error:\nUnknown function {name}.")
    return [results.column(alias or f"{name}()") for name, alias in wanted], [[values[name] for name, _ in wanted]]


def _visible(session):
    account = session.account
    return [repository for key, repository in sorted(account.repositories.items())
            if account.may(session.role, "pull", key) or account.may(session.role, "push", key)]


REPOSITORY_COLUMNS = [
    results.column("created_on", *results.TIMESTAMP), results.column("name"), results.column("database_name"),
    results.column("schema_name"), results.column("repository_url"), results.column("owner"),
    results.column("owner_role_type"), results.column("comment"), results.column("encryption")]


def repository_row(account, repository: Repository):
    row = [results.timestamp(repository.created_on), repository.name, repository.database, repository.schema,
           f"{account.registry_host}/{repository.path}", repository.owner, "ROLE", repository.comment, "SNOWFLAKE_SSE"]
    if account.private_link_host:
        values = {"host": account.private_link_host, "null": None}
        row.append(values.get(account.private_link_value, f"{account.private_link_host}/{repository.path}"))
    return row


@rule(rf"show\s+(?P<terse>terse\s+)?image\s+repositories{LIKE}"
      rf"(?:\s+in\s+(?:(?P<account>account)|(?P<kind>database|schema)(?:\s+(?P<scope>{NAME}))?))?"
      r"(?:\s+starts\s+with\s+'(?P<starts>[^']*)')?(?:\s+limit\s+(?P<limit>\d+)(?:\s+from\s+'(?P<after>[^']*)')?)?")
def show_image_repositories(fake, session, found):
    account = session.account
    chosen = _visible(session)
    if not found["account"]:
        kind = (found["kind"] or "").lower()
        if found["scope"]:
            scope = names.parts(found["scope"])
        elif kind == "schema":
            scope = [session.database, session.schema]
        else:
            scope = [session.database] if session.database else []
            kind = "database"
        if kind == "schema" and len(scope) == 1:
            if session.database is None:
                raise SqlError("090105", "22000", "Cannot perform SHOW. This session does not have a current database.")
            scope = [session.database, *scope]
        if scope:
            database, schema = scope[0], scope[1] if len(scope) > 1 else None
            exists = database in account.databases and (schema is None or schema in account.databases[database])
            if not exists:
                raise SqlError("002043", "02000", "SQL compilation error:\nObject does not exist, or operation cannot be performed.")
            chosen = [r for r in chosen if r.database == database and schema in (None, r.schema)]
    if found["like"] is not None:
        matches = names.like(names.literal(found["like"]))
        chosen = [r for r in chosen if matches(r.name)]
    if found["starts"]:
        chosen = [r for r in chosen if r.name.startswith(found["starts"])]
    if found["after"]:
        chosen = [r for r in chosen if r.name > found["after"]]
    if found["limit"]:
        chosen = chosen[: int(found["limit"])]
    columns = list(REPOSITORY_COLUMNS)
    if account.private_link_host:
        columns.append(results.column("privatelink_repository_url"))
    rows = [repository_row(account, repository) for repository in chosen]
    if found["terse"]:
        keep = [index for index, c in enumerate(columns) if c["name"] in ("created_on", "name", "database_name", "schema_name")]
        columns, rows = [columns[i] for i in keep], [[row[i] for i in keep] for row in rows]
    return columns, rows


def _repository(session, name, action="pull"):
    database, schema, simple = names.resolve(session, name)
    qualified = f"{database}.{schema}.{simple}"
    account = session.account
    if qualified not in account.repositories or not (
            account.may(session.role, action, qualified) or account.may(session.role, "push", qualified)):
        raise SqlError("002003", "02000",
                       f"SQL compilation error:\nImage Repository '{qualified}' does not exist or not authorized.")
    return account.repositories[qualified]


@rule(rf"show\s+images{LIKE}\s+in\s+image\s+repository\s+(?P<name>{NAME})")
def show_images(fake, session, found):
    repository = _repository(session, found["name"])
    matches = names.like(names.literal(found["like"])) if found["like"] is not None else lambda text: True
    rows = [[results.timestamp(image.created_on), image.name, image.tag, image.digest,
             f"{repository.path}/{image.name}:{image.tag}"]
            for image in fake.upstream.images(repository.path) if matches(image.name)]
    return [results.column("created_on", *results.TIMESTAMP), results.column("image_name"), results.column("tags"),
            results.column("digest"), results.column("image_path")], rows


@rule(r"show\s+services\s+in\s+account")
def show_services(fake, session, found):
    rows = [[service.name, service.status, service.database, service.schema]
            for service in session.account.services if session.role in service.roles]
    return [results.column(name) for name in ("name", "status", "database_name", "schema_name")], rows


@rule(rf"show\s+service\s+containers\s+in\s+service\s+(?P<name>{NAME})")
def show_service_containers(fake, session, found):
    qualified = tuple(names.resolve(session, found["name"]))
    service = next((s for s in session.account.services if (s.database, s.schema, s.name) == qualified and session.role in s.roles), None)
    if service is None:
        raise SqlError("002003", "02000", f"SQL compilation error:\nService '{'.'.join(qualified)}' does not exist or not authorized.")
    return [results.column(name) for name in ("service_name", "service_status", "container_name", "image_name")], [
        [service.name, service.status, f"main{number}", image] for number, image in enumerate(service.images)]


@rule(rf"create\s+(?P<replace>or\s+replace\s+)?image\s+repository\s+(?P<lenient>if\s+not\s+exists\s+)?(?P<name>{NAME})")
def create_image_repository(fake, session, found):
    database, schema, name = names.resolve(session, found["name"])
    account = session.account
    if schema not in account.databases.get(database, ()):
        raise SqlError("002003", "02000", f"SQL compilation error:\nSchema '{database}.{schema}' does not exist or not authorized.")
    if session.role == "PUBLIC":
        raise SqlError("003001", "42501", f"SQL access control error:\nInsufficient privileges to operate on schema '{schema}'.")
    qualified = f"{database}.{schema}.{name}"
    if qualified in account.repositories and not found["replace"]:
        if found["lenient"]:
            return results.status(f"{name} already exists, statement succeeded.")
        raise SqlError("002002", "42710", f"SQL compilation error:\nObject '{qualified}' already exists.")
    account.add_repository(database, schema, name, owner=session.role, created_on=fake.clock.now())
    return results.status(f"Image Repository {name} successfully created.")


@rule(rf"drop\s+image\s+repository\s+(?P<lenient>if\s+exists\s+)?(?:identifier\('(?P<quoted>{NAME})'\)|(?P<name>{NAME}))")
def drop_image_repository(fake, session, found):
    name = found["quoted"] or found["name"]
    try:
        repository = _repository(session, name)
    except SqlError as error:
        if found["lenient"] and error.code == "002003":
            return results.status("Drop statement executed successfully (" + names.parts(name)[-1] + " already dropped).")
        raise
    if repository.owner != session.role and session.role != "ACCOUNTADMIN":
        raise SqlError("003001", "42501", f"SQL access control error:\nInsufficient privileges to operate on image_repository '{repository.name}'.")
    del session.account.repositories[repository.qualified]
    return results.status(f"{repository.name} successfully dropped.")
