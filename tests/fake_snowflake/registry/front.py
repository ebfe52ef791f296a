# SPDX-License-Identifier: Apache-2.0
"""The front end of the registry: authentication, tokens and /login. Other requests go to the real registry."""

import base64
import binascii
import dataclasses
import json
import re

from ..errors import HttpError

SCOPE = re.compile(r"repository:(?P<name>[a-z0-9._/-]+):(?P<actions>[a-z,*]+)")


def json_error(status, code, message, headers=None):
    body = json.dumps({"errors": [{"code": code, "message": message}]}).encode()
    return HttpError(status, body, {"Content-Type": "application/json", **(headers or {})})


@dataclasses.dataclass
class PatUser:
    """The user of a programmatic access token that is sent as a password."""

    account: object
    role: str


class Front:
    def __init__(self, fake, bearer):
        self.fake, self.bearer = fake, bearer
        self.login_bearers: dict[str, object] = {}  # tokens of /login -> session
        self.requires_python_connector = True
        self.requires_json_results = True
        self.accepts_pats = False

    def basic_credentials(self, request):
        header = request.headers.get("authorization", "")
        if not header.startswith("Basic "):
            return None
        try:
            user, _, password = base64.b64decode(header[6:], validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return None
        return user, password

    def session_of(self, account, request):
        """Returns the session of a Basic credential (10.2). Raises HttpError with the message of the registry (10.3)."""
        refused = json_error(401, "UNAUTHORIZED", "Authentication Failure: Failed to authenticate.")
        credentials = self.basic_credentials(request)
        if credentials is None:
            raise refused
        user, password = credentials
        if user != "0sessiontoken":
            token = account.pats.get(password)
            if self.accepts_pats and token is not None and user.upper() == token.user.name and self.fake.clock.now() < token.expires_at:
                return PatUser(account, token.role or token.user.default_role)
            known = account.users.get(user.upper())
            if known is not None:
                self.fake.record.violation(f"user name and password of {user} were sent to the registry")
            raise json_error(401, "UNKNOWN", "Failure: Failed to perform repository operation.")
        try:
            value = json.loads(password)["token"]
        except (ValueError, KeyError, TypeError):
            raise refused from None
        token = self.fake.sessions.issued.get(value)
        if token is None or token.revoked or self.fake.clock.now() >= token.expires_at:
            raise refused
        session = token.session
        if session.account is not account:
            self.fake.record.violation(f"a token of {session.account.name} was sent to the registry of {account.name}")
            raise refused
        version = re.fullmatch(r"\d+(\.\d+)*", session.app_version)
        if session.dead or (self.requires_python_connector and (session.app_id != "PythonConnector" or not version)):
            raise refused
        if self.requires_json_results and session.result_format != "JSON":
            raise refused
        return session

    def granted(self, session, scopes):
        access = []
        for scope in scopes:
            found = SCOPE.fullmatch(scope)
            if not found:
                continue
            pieces = found["name"].split("/")
            qualified = ".".join(pieces[:3]).upper()
            if len(pieces) < 4 or qualified not in session.account.repositories:
                continue
            may_push = session.account.may(session.role, "push", qualified)
            may_pull = may_push or session.account.may(session.role, "pull", qualified)
            actions = [a for a in found["actions"].split(",") if (a == "pull" and may_pull) or (a in ("push", "*", "delete") and may_push)]
            if actions:
                access.append({"type": "repository", "name": found["name"], "actions": actions})
        return access

    def token_realm(self, account, exchange):
        """Issues a bearer token. Supports only GET; clients that try POST first continue with GET (7.1)."""
        if exchange.command != "GET":
            raise HttpError(404)
        session = self.session_of(account, exchange.request_record)
        scopes = [scope for value in exchange.all_query.get("scope", []) for scope in value.split(" ")]
        token = self.bearer.sign(self.granted(session, scopes))
        return {"token": token, "access_token": token, "expires_in": self.bearer.lifetime}

    def login(self, account, request):
        session = self.session_of(account, request)
        token = self.bearer.sign([])
        self.login_bearers[token] = session
        return {"token": token}

    def upstream_authorization(self, request):
        """Returns the Authorization for the real registry. A token of /login has no scope, so it is replaced with one that has."""
        header = request.headers.get("authorization", "")
        session = self.login_bearers.get(header.removeprefix("Bearer "))
        path = re.fullmatch(r"/v2/(?P<name>.+)/(?:manifests|blobs|tags)/.*", request.path)
        if session is None or path is None:
            return header
        return "Bearer " + self.bearer.sign(self.granted(session, [f"repository:{path['name']}:pull"]))

    def challenge(self, exchange, scope=None):
        text = f'Bearer realm="{exchange.base_url}/v2/token",service="{exchange.host_header}"'
        return text + (f',scope="{scope}"' if scope else "")
