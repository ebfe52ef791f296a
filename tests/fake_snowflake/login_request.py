# SPDX-License-Identifier: Apache-2.0
"""POST /session/v1/login-request (common/snowflake/PROTOCOL.md 2)."""

from . import login
from .errors import HttpError, Refused
from .login import duo


def handle(fake, account, request):
    data = request.body.get("data") if isinstance(request.body, dict) else None
    if not isinstance(data, dict):
        raise Refused("390400", "Bad request: no data.")
    if request.headers.get("accept") != "application/snowflake":
        fake.record.violation("a login must accept application/snowflake")
    if request.headers.get("authorization") not in (None, 'Snowflake Token="None"'):
        fake.record.violation("a login carries an Authorization that is neither absent nor None")
    if not account.matches_name(str(data.get("ACCOUNT_NAME", ""))):
        raise HttpError(403, b"<html><body>403 Forbidden</body></html>", {"Content-Type": "text/html"})
    if account.deny_login:
        raise Refused(*account.deny_login)

    authenticate = login.find_authenticator(data)
    if authenticate is None:
        raise Refused("390101", "Authenticator is not supported.")
    if "inFlightCtx" in request.body:
        data, user = duo.continue_login(fake, account, request)
        restriction = None
    else:
        user, restriction = authenticate(fake, account, data)

    role = request.query.get("roleName", "").upper() or restriction or user.default_role
    if role not in user.roles or (restriction and role != restriction):
        raise Refused("390189", f"Role '{role}' specified in the connect string does not exist or not authorized. "
                                "Contact your local system administrator, or attempt to login with another role.")
    database = request.query.get("databaseName", "").upper() or user.database
    schema = request.query.get("schemaName", "").upper() or user.schema
    if database not in account.databases:
        database = schema = None
    elif schema is None:
        schema = "PUBLIC"
    elif schema not in account.databases[database]:
        schema = None
    parameters = {str(name).upper(): value for name, value in (data.get("SESSION_PARAMETERS") or {}).items()}
    session = fake.sessions.open(
        account=account, user=user, role=role, app_id=str(data.get("CLIENT_APP_ID", "")),
        app_version=str(data.get("CLIENT_APP_VERSION", "")), parameters=parameters, database=database, schema=schema,
        warehouse=request.query.get("warehouse"))
    session.secondary_roles = data.get("SECONDARY_ROLES")
    return {
        "masterToken": session.master_token, "token": session.session_token,
        "validityInSeconds": account.session_lifetime, "masterValidityInSeconds": account.master_lifetime,
        "displayUserName": user.name, "serverVersion": "9.30.2", "firstLogin": False, "remMeToken": None,
        "remMeValidityInSeconds": 0, "healthCheckInterval": 45, "newClientForUpgrade": None,
        "sessionId": session.number,
        "parameters": [{"name": "TIMEZONE", "value": account.timezone},
                       {"name": "CLIENT_SESSION_KEEP_ALIVE", "value": False},
                       {"name": "CLIENT_PREFETCH_THREADS", "value": 4}],
        "sessionInfo": {"databaseName": database, "schemaName": schema, "warehouseName": session.warehouse,
                        "roleName": role},
        "responseData": None,
        **login.external_browser.id_token(fake, account, user, data, parameters),
        **duo.token_fields(fake, account, user, parameters)}
