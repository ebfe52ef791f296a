# SPDX-License-Identifier: Apache-2.0
"""The REST API for image repositories (common/snowflake/PROTOCOL.md 7)."""

import json
import re
import urllib.parse

from .errors import HttpError, Refused, SqlError
from .queries import statements

PATH = re.compile(r"/api/v2(?:/databases/(?P<database>[^/]+)(?:/schemas/(?P<schema>[^/]+))?)?(?P<objects>/image-repositories/)?")


def refusal(status, code, message):
    body = {"message": message, "code": code, "error_code": code, "request_id": "01b2c3d4-0000-0000-0000-00000000feed"}
    return HttpError(status, json.dumps(body).encode(), {"Content-Type": "application/json"})


def handle(fake, account, request):
    try:
        session = fake.sessions.of_session_token(fake.header_token(request))
    except Refused as refused:
        raise refusal(401, refused.code, refused.message) from None
    if session.account is not account:
        fake.record.violation(f"a session token of {session.account.name} was sent to {account.name}")
    found = PATH.fullmatch(request.path)
    if not found:
        raise HttpError(404)
    database, schema = (urllib.parse.unquote(found[name] or "") for name in ("database", "schema"))
    if database and database not in account.databases:
        raise refusal(404, "002043", "Database does not exist or not authorized.")
    if not found["objects"] and database and not schema:
        return {"name": database}
    if not found["objects"] or not schema:
        raise HttpError(404)  # repositories exist in schemas only
    if schema not in account.databases[database]:
        raise refusal(404, "002043", "Schema does not exist or not authorized.")
    if request.method == "GET":
        return [{"name": r.name, "database_name": database, "schema_name": schema} for r in account.repositories.values()
                if (r.database, r.schema) == (database, schema)]
    return create(fake, session, database, schema, request)


def create(fake, session, database, schema, request):
    body = request.body if isinstance(request.body, dict) else {}
    if not isinstance(body.get("name"), str) or set(body) - {"name"}:
        raise refusal(400, "391900", "Bad request: Invalid definition of an image repository.")
    mode = request.query.get("createMode", "errorIfExists")
    words = {"orReplace": "create or replace image repository", "ifNotExists": "create image repository if not exists",
             "errorIfExists": "create image repository"}
    if mode not in words:
        raise refusal(400, "391900", f"Bad request: unknown createMode {mode}.")
    try:
        _, rows = statements.run(fake, session, f"{words[mode]} {database}.{schema}.{body['name']}")
    except SqlError as error:
        status = {"002002": 409, "003001": 403}.get(error.code, 400)
        raise refusal(status, error.code, error.message) from None
    return {"status": rows[0][0]}
