# SPDX-License-Identifier: Apache-2.0
"""The fake server: listens, routes requests and answers them."""

import json
import re
import ssl
import threading
from http.server import ThreadingHTTPServer

from . import identity_provider, login_request, rest, single_sign_on, token_request
from .login import okta
from .accounts import Account, Token
from .clock import Clock
from .errors import HttpError, Refused
from .exchange import Exchange
from .faults import Faults
from .queries.request import Queries
from .record import Record
from .registry import bearer, proxy
from .registry.front import Front, json_error
from .registry.upstream import Upstream
from .sessions import Sessions

KINDS = [
    ("login", "POST", r"/session/v1/login-request"),
    ("token", "POST", r"/session/token-request"),
    ("query", "POST", r"/queries/v1/query-request"),
    ("poll", "GET", r"/queries/[^/]+/result"),
    ("abort", "POST", r"/queries/v1/abort-request"),
    ("heartbeat", "POST", r"/session/heartbeat"),
    ("telemetry", "POST", r"/telemetry/send"),
    ("delete", "POST", r"/session"),
    ("chunk", "GET", r"/chunks/.*"),
    ("rest", "GET", r"/api/v2/.*"),
    ("rest", "POST", r"/api/v2/.*"),
    ("authenticator", "POST", r"/session/authenticator-request"),
    ("sso", "GET", r"/sso/[0-9a-f]+"),
    ("console", "GET", r"/console/login"),
    ("authorize", "GET", r"/oauth/authorize|/authorize"),
    ("oauth-token", "POST", r"/oauth/token-request|/token"),
]

# Requests without a JSON envelope: function(fake, account, request) -> (status, headers, body)
WITHOUT_ENVELOPE = {
    "sso": single_sign_on.sso_page,
    "console": single_sign_on.console_page,
    "authorize": identity_provider.authorize_page,
    "oauth-token": identity_provider.token_answer,
}


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256
    allow_reuse_address = True

    def __init__(self, address, fake, tls):
        super().__init__(address, Exchange)
        self.fake, self.tls = fake, tls
        self._connections = 0

    def next_connection(self):
        self._connections += 1
        return self._connections

    def get_request(self):
        connection, address = super().get_request()
        if self.tls:
            # The first read does the handshake, in the thread of the connection.
            connection = self.tls.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        return connection, address

    def handle_error(self, request, client_address):
        pass  # tests interrupt clients


class FakeSnowflake:
    def __init__(self, registry_upstream: tuple[str, int] | None = None):
        self._servers: list[Server] = []
        self.bearer = bearer.BearerTokens()
        self.clock = Clock()
        self.upstream = Upstream(registry_upstream, self.bearer, self.clock)
        self.clouds = None  # FakeClouds that verify workload identities
        self.accounts: dict[str, Account] = {}
        self.reset()

    def reset(self):
        """Removes accounts, sessions and records. The server keeps listening."""
        self._cancel_waiting_logins()
        self.clock.offset = 0.0
        self.upstream.created_on = None
        self.record = Record()
        self.faults = Faults()
        self.sessions = Sessions(self.clock)
        self.queries = Queries(self)
        self.front = Front(self, self.bearer)
        self.accounts = {}
        self.identity_providers: dict[str, identity_provider.IdentityProvider] = {}  # external ones, by host
        self.expired_sessions_cannot_issue = True
        # Shortcuts for tests
        self.count = self.record.count
        self.requests = self.record.requests
        self.statements = self.record.statements
        self.violations = self.record.violations

    def _cancel_waiting_logins(self):
        """Lets logins that wait for a second factor fail, so that they do not open a session later."""
        for account in self.accounts.values():
            for user in account.users.values():
                if user.second_factor:
                    user.second_factor.answer = "ignore"
                    user.second_factor.answered.set()

    def add_account(self, name, **options) -> Account:
        self.accounts[name] = account = Account(name, **options)
        return account

    @staticmethod
    def token(user, role=None, expires_at=float("inf")) -> Token:
        return Token(user, role, expires_at)

    def serve(self, ip="127.0.0.1", port=0, tls: ssl.SSLContext | None = None):
        server = Server((ip, port), self, tls)
        self._servers.append(server)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return server.server_address

    def stop(self):
        for server in self._servers:
            server.shutdown()
            server.server_close()

    def header_token(self, request) -> str:
        found = re.fullmatch(r'Snowflake Token="([^"]*)"', request.headers.get("authorization", ""))
        if not found:
            self.record.violation(f"{request.path}: Authorization is not Snowflake Token=\"...\"")
            raise HttpError(401)
        return found[1]

    def chunk_url(self, request, query_id, number):
        scheme = "https" if request.headers["host"].endswith(":443") or ":" not in request.headers["host"] else "http"
        return f"{scheme}://{request.headers['host']}/chunks/{query_id}/{number}"

    # Routing

    def route(self, exchange):
        request = exchange.request_record
        account = next((a for a in self.accounts.values() if request.host in a.registry_hosts), None)
        if account and (request.path.startswith("/v2/") or request.path in ("/v2", "/login")):
            return self._registry(account, exchange)
        account = next((a for a in self.accounts.values() if a.is_own_host(request.host)), None)
        self._snowflake(account, exchange)

    def _kind(self, request):
        for kind, method, pattern in KINDS:
            if request.method == method and re.fullmatch(pattern, request.path):
                if kind == "token" and isinstance(request.body, dict):
                    return str(request.body.get("requestType", "token")).lower()
                if kind == "delete" and request.query.get("delete") != "true":
                    return "unknown"
                return kind
        return "unknown"

    def _snowflake(self, account, exchange):
        request = exchange.request_record
        request.body = exchange.read_json()
        request.kind = self._kind(request)
        self.record.add(request)
        for name, value in request.query.items():
            if "ETMs" in value or "password" in name.lower():
                self.record.violation(f"{request.path}: the parameter {name} holds a secret")
        if request.method == "POST" and request.kind in ("login", "issue", "renew", "query"):
            if request.headers.get("content-type", "").split(";")[0] != "application/json":
                self.record.violation(f"{request.path}: Content-Type is not application/json")
        fault = self.faults.take(request.kind)
        if fault and fault.before and fault.before(exchange):
            return
        if exchange.answered:
            return
        status, headers, body = self._answer(account, request)
        if fault and fault.after:
            changed = fault.after(exchange, status, headers, body)
            if changed is None:
                return
            status, headers, body = changed
        exchange.send(status, headers, body)

    def _answer(self, account, request):
        envelope = {"success": True, "code": None, "message": None, "data": None}
        try:
            if account is None and request.kind != "chunk" and request.host not in self.identity_providers:
                raise HttpError(403, b"<html><body>403 Forbidden</body></html>", {"Content-Type": "text/html"})
            if request.kind == "chunk":
                return 200, {"Content-Type": "application/octet-stream"}, self.queries.chunk(request)
            if request.kind == "rest":
                return 200, {"Content-Type": "application/json"}, json.dumps(rest.handle(self, account, request)).encode()
            if request.kind in WITHOUT_ENVELOPE:
                return WITHOUT_ENVELOPE[request.kind](self, account, request)
            envelope["data"] = self._handle(account, request)
        except Refused as refused:
            envelope = {"success": refused.code in ("333333", "333334"), "code": refused.code, "message": refused.message,
                        "data": refused.data, "headers": None}
        except HttpError as error:
            return error.status, error.headers, error.body
        return 200, {"Content-Type": "application/json"}, json.dumps(envelope).encode()

    def _handle(self, account, request):
        match request.kind:
            case "login":
                return login_request.handle(self, account, request)
            case "issue" | "renew" | "clone" | "token":
                return token_request.handle(self, account, request)
            case "authenticator":
                data = request.body.get("data") or {}
                of_okta = str(data.get("AUTHENTICATOR", "")).lower().startswith("https://")
                return (okta if of_okta else single_sign_on).authenticator_request(self, account, request)
            case "query":
                return self.queries.handle(self, account, request)
            case "poll":
                return self.queries.poll(self, account, request)
            case "heartbeat" | "abort":
                self.sessions.of_session_token(self.header_token(request))
                return None
            case "delete":
                self.sessions.of_session_token(self.header_token(request))
                self.sessions.delete(self.header_token(request))
                return None
            case "telemetry":
                return "Log Received"
        raise HttpError(404, b"404 Not Found")

    def _registry(self, account, exchange):
        request = exchange.request_record
        request.kind = "registry-token" if request.path == "/v2/token" else "registry"
        self.record.add(request)
        fault = self.faults.take(request.kind)
        if fault and fault.before and fault.before(exchange):
            return
        try:
            if request.path == "/v2/token":
                answer = self.front.token_realm(account, exchange)
            elif request.path == "/login":
                answer = self.front.login(account, request)
            elif request.path == "/v2/_catalog":
                raise json_error(401, "UNAUTHORIZED", "authentication required")
            else:
                if self.upstream.address is None:
                    raise HttpError(503)
                proxy.forward(self, exchange, self.front)
                return
            exchange.send(200, {"Content-Type": "application/json"}, json.dumps(answer).encode())
        except HttpError as error:
            if not exchange.answered:
                exchange.read_body()
                exchange.send(error.status, error.headers, error.body)
