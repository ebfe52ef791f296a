# SPDX-License-Identifier: Apache-2.0
"""Okta: exchanges user and password for a one-time token, and that for a page with a SAML assertion."""

import base64
import html
import json
import secrets

from .answers import as_json, json_error, require

APP = "/app/snowflake/exk1/sso/saml"


class Okta:
    def __init__(self, clouds):
        self.clouds = clouds
        self.users: dict[str, str] = {}
        self.accepts_any_encoding = False  # like the real Okta
        self.needs = None  # status instead of SUCCESS: MFA_REQUIRED, PASSWORD_EXPIRED
        self.destination = "https://myorg-myacct.snowflakecomputing.com:443/fed/login"
        self.assertions: dict[str, dict] = {}  # by ID; removed when used
        self._one_time: dict[str, str] = {}

    def handle(self, request):
        return self._authn(request) if request.path == "/api/v1/authn" else self._saml(request)

    def _authn(self, request):
        require(request.method == "POST" and request.headers.get("content-type") == "application/json")
        # A Content-Encoding that does not match the body is an error.
        require("content-encoding" not in request.headers or self.accepts_any_encoding, 500)
        body = json.loads(request.body)
        if self.users.get(body["username"]) != body["password"]:
            raise json_error(401, {"errorCode": "E0000004", "errorSummary": "Authentication failed", "errorLink": "E0000004"})
        if self.needs:
            return as_json({"stateToken": "00" + secrets.token_hex(8), "status": self.needs})
        self._one_time[token := "2011" + secrets.token_hex(20)] = body["username"]
        return as_json({"expiresAt": "2099-01-01T00:00:00.000Z", "status": "SUCCESS", "sessionToken": token})

    def _saml(self, request):
        require(request.method == "GET" and request.path == APP and request.query.get("RelayState") == "/some/deep/link", 404)
        user = self._one_time.pop(request.query.get("onetimetoken"), None)
        if user is None:
            self.clouds.record.violation("a one-time token was used a second time, or made up")
            raise json_error(403, {"errorSummary": "Invalid session"})
        number = secrets.token_hex(16)
        self.assertions[number] = {"user": user, "destination": self.destination, "okta": request.host}
        response = base64.b64encode(f'<saml2p:Response ID="{number}" Destination="{self.destination}"/>'.encode()).decode()
        escaped = "".join(f"&#x{ord(c):x};" if not c.isalnum() else c for c in self.destination)
        page = (f'<!DOCTYPE html>\n<html><head><title>Okta</title></head><body>\n'
                f'<form id="appForm" action="{escaped}" method="POST">\n'
                f'<input name="SAMLResponse" type="hidden" value="{html.escape(response)}"/>\n'
                '<input name="RelayState" type="hidden" value="&#x2f;some&#x2f;deep&#x2f;link"/></form></body></html>')
        return {"Content-Type": "text/html;charset=utf-8"}, page.encode()
