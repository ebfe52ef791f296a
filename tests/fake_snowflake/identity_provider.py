# SPDX-License-Identifier: Apache-2.0
"""An OAuth 2.0 authorization server: Snowflake's own or an external one (common/snowflake/PROTOCOL.md 3.6, 3.7; RFC 6749, RFC 7636,
RFC 8252)."""

import base64
import hashlib
import json
import os
import re
import urllib.parse

from .accounts import Token
from .errors import HttpError
from .single_sign_on import callback_page

CODE_LIFE = 60
REFRESH_LIFE = 7 * 86400


class OAuthError(Exception):
    def __init__(self, error, description, status=400):
        super().__init__(error)
        self.error, self.description, self.status = error, description, status


class IdentityProvider:
    """Issues tokens that `account` accepts. A `secret` of None is that of a public client."""

    def __init__(self, account, clock, client="LOCAL_APPLICATION", secret="LOCAL_APPLICATION", refresh_scope="refresh_token"):
        self.account, self.clock = account, clock
        self.clients = {client: secret}
        self.refresh_scope = refresh_scope
        self.browser_user = None  # the User who logs in in the browser
        self.service = None  # the User of client credentials
        self.redirect_uris = None  # the registered ones; None: any loopback address
        self.denial = None  # (error, description) that answers every request
        self.needs_challenge = True
        self.access_life = 600  # expires_in of answers; any JSON value
        self.grants: list[str] = []  # grant types that were used
        self.reused: list[str] = []  # codes and single-use refresh tokens that were sent twice
        self._codes: dict[str, dict] = {}
        self._refresh: dict[str, dict] = {}
        self._used: set[str] = set()

    # Requests of the browser

    def authorize(self, request):
        query = request.query
        uri = query.get("redirect_uri", "")
        if query.get("client_id") not in self.clients:
            raise _page("The client is unknown.")
        if not (uri in self.redirect_uris if self.redirect_uris is not None else re.match(r"http://(127\.0\.0\.1|localhost|\[::1\]):\d+", uri)):
            raise _page("The redirect URI is not registered.")
        if query.get("response_type") != "code" or len(query.get("state", "")) < 32:
            raise _page("The request is not for a code, or its state is too short.")
        challenge = query.get("code_challenge")
        if self.needs_challenge or challenge is not None:
            if query.get("code_challenge_method") != "S256" or not re.fullmatch(r"[A-Za-z0-9_-]{43}", challenge or ""):
                raise _page("There is no S256 code challenge.")
        answer = {"state": query["state"]}
        try:
            self._check_scope(query.get("scope", ""))
            if self.denial:
                raise OAuthError(*self.denial)
            answer["code"] = code = "code/" + os.urandom(16).hex()
            self._codes[code] = {"uri": uri, "challenge": challenge, "client": query["client_id"], "scope": query.get("scope", ""),
                                 "expires": self.clock.now() + CODE_LIFE}
        except OAuthError as error:
            answer |= {"error": error.error, "error_description": error.description}
        return callback_page("redirect", uri, answer)

    # Requests of the program

    def token(self, fake, request):
        try:
            answer, status = self._token(fake, request), 200
        except OAuthError as error:
            answer, status = {"error": error.error, "error_description": error.description}, error.status
        return status, {"Content-Type": "application/json", "Cache-Control": "no-store"}, json.dumps(answer).encode()

    def _token(self, fake, request):
        if request.headers.get("content-type", "").split(";")[0] != "application/x-www-form-urlencoded" or request.query:
            raise OAuthError("invalid_request", "Parameters come as a form.")
        if request.headers.get("accept") != "application/json":
            fake.record.violation("a token request must accept application/json")
        form = dict(urllib.parse.parse_qsl(request.body.decode(), strict_parsing=True))
        client = self._client(fake, request, form)
        if self.denial:
            raise OAuthError(*self.denial)
        match form.get("grant_type"):
            case "authorization_code":
                scope, single_use = self._redeem_code(form, client), form.get("enable_single_use_refresh_tokens") == "true"
                user = self.browser_user
            case "refresh_token":
                scope, single_use, user = self._redeem_refresh_token(form, client)
            case "client_credentials" if self.service is not None:
                scope, single_use, user = form.get("scope", ""), False, self.service
                self._check_scope(scope)
            case _:
                raise OAuthError("unsupported_grant_type", "That grant is not supported.")
        self.grants.append(form["grant_type"])
        return self._tokens(scope, user, client, single_use, form["grant_type"])

    def _tokens(self, scope, user, client, single_use, grant):
        access = "access." + base64.urlsafe_b64encode(os.urandom(40)).decode()
        role = next((word.split(":", 2)[2].upper() for word in scope.split() if word.startswith("session:role:")), None)
        life = self.access_life if isinstance(self.access_life, int) and self.access_life > 0 else 600
        self.account.oauth_tokens[access] = Token(user, role, self.clock.now() + life)
        answer = {"access_token": access, "token_type": "Bearer", "expires_in": self.access_life, "scope": scope, "idpInitiated": False}
        if self.refresh_scope in scope.split() and (grant == "authorization_code" or single_use):
            answer["refresh_token"] = refresh = "refresh." + base64.urlsafe_b64encode(os.urandom(40)).decode()
            answer["refresh_token_expires_in"] = REFRESH_LIFE
            self._refresh[refresh] = {"scope": scope, "user": user, "client": client, "single_use": single_use,
                                      "expires": self.clock.now() + REFRESH_LIFE}
        return answer

    def _client(self, fake, request, form):
        header = request.headers.get("authorization", "")
        if header.startswith("Basic "):
            client, _, secret = base64.b64decode(header[6:], validate=True).decode().partition(":")
            if "client_secret" in form:
                # Forbidden by RFC 6749, 2.3, but the Python connector does it, and providers accept it.
                fake.record.violation("a client authenticates in two ways at once")
        else:
            client, secret = form.get("client_id"), form.get("client_secret")
        if client not in self.clients or self.clients[client] != secret:
            raise OAuthError("invalid_client", "Client authentication failed.", 401)
        return client

    def _redeem_code(self, form, client):
        code = form.get("code", "")
        if code in self._used:
            self.reused.append(code)
        grant = self._codes.pop(code, None)
        self._used.add(code)
        if grant is None or grant["client"] != client or self.clock.now() >= grant["expires"]:
            raise OAuthError("invalid_grant", "The authorization code is unknown, expired or was used before.")
        if form.get("redirect_uri") != grant["uri"]:
            raise OAuthError("invalid_grant", "The redirect URI differs from the one of the authorization.")
        verifier = form.get("code_verifier")
        if grant["challenge"] is not None:
            digest = hashlib.sha256((verifier or "").encode()).digest()
            if not re.fullmatch(r"[A-Za-z0-9._~-]{43,128}", verifier or "") or (
                    base64.urlsafe_b64encode(digest).decode().rstrip("=") != grant["challenge"]):
                raise OAuthError("invalid_grant", "The code verifier does not fit the challenge.")
        elif verifier is not None:
            raise OAuthError("invalid_grant", "There was no challenge.")
        return grant["scope"]

    def _redeem_refresh_token(self, form, client):
        token = form.get("refresh_token", "")
        if token in self._used:
            self.reused.append(token)
        grant = self._refresh.get(token)
        if grant is None or grant["client"] != client or self.clock.now() >= grant["expires"]:
            raise OAuthError("invalid_grant", "The refresh token is unknown, expired or was used before.")
        if not set(form.get("scope", "").split()) <= set(grant["scope"].split()):
            raise OAuthError("invalid_scope", "A refresh cannot widen the scope.")
        if grant["single_use"]:
            del self._refresh[token]
            self._used.add(token)
        return grant["scope"], grant["single_use"], grant["user"]

    def _check_scope(self, scope):
        other = "offline_access" if self.refresh_scope == "refresh_token" else "refresh_token"
        if other in scope.split():
            raise OAuthError("invalid_scope", f"The scope {other} is not supported.")

    def revoke_refresh_tokens(self):
        self._refresh.clear()


def _page(text):
    return HttpError(400, f"<html><body>{text}</body></html>".encode(), {"Content-Type": "text/html"})


def _provider(fake, account, request) -> IdentityProvider:
    provider = fake.identity_providers.get(request.host) or (account and account.identity_provider)
    if provider is None:
        raise HttpError(404)
    return provider


def authorize_page(fake, account, request):
    return _provider(fake, account, request).authorize(request)


def token_answer(fake, account, request):
    return _provider(fake, account, request).token(fake, request)
