# SPDX-License-Identifier: Apache-2.0
"""Single sign-on in a browser: the login page, the proof key and ID tokens (common/snowflake/PROTOCOL.md 3.5)."""

import base64
import html
import json
import os
import urllib.parse

from .errors import HttpError, Refused
from .sessions import opaque_token

ID_TOKEN_LIFE = 4 * 3600


class SingleSignOn:
    """Single sign-on for one account. Tests set the user in the browser, and how the last page sends the token."""

    def __init__(self):
        self.browser_user = None  # the User who logs in in the browser; None: the user of LOGIN_NAME
        self.ending = "redirect"  # or "form", "fetch", "attacked": how the page sends the token
        self.consent = True  # sent by the page with "fetch"
        self.address = None  # URL instead of the login page
        self.id_tokens_allowed = True
        self.id_token_life = ID_TOKEN_LIFE  # in answers; any JSON value
        self._flows: dict[str, tuple] = {}  # ID of the login page -> (port, proof key, login name)
        self._proofs: dict[str, tuple] = {}  # token -> (proof key, user); removed when used
        self._id_tokens: dict[str, tuple] = {}  # token -> (user, expires at)

    # In the browser

    def begin(self, port, proof_key, login_name) -> str:
        flow = os.urandom(12).hex()
        self._flows[flow] = (port, proof_key, login_name)
        return flow

    def page(self, account, flow):
        """Answers the browser with (status, headers, body)."""
        if flow not in self._flows:
            raise HttpError(404, b"<html><body>This page has expired.</body></html>", {"Content-Type": "text/html"})
        port, proof_key, login_name = self._flows.pop(flow)
        user = self.browser_user or account.users.get(login_name)
        token = opaque_token() + "+/ %"  # characters that must be escaped
        self._proofs[token] = (proof_key, user)
        return callback_page(self.ending, f"http://localhost:{port}/", {"token": token}, self.consent)

    # In a login request

    def redeem(self, token, proof_key):
        if token not in self._proofs:
            raise Refused("390139", "SAML response is invalid or was used before.")
        expected, user = self._proofs.pop(token)
        if not proof_key or proof_key != expected:
            raise Refused("390139", "The proof key does not belong to this login.")
        return user

    def give_id_token(self, user, now):
        token = opaque_token()
        self._id_tokens[token] = (user, now + ID_TOKEN_LIFE)
        return token

    def user_of_id_token(self, token, now):
        user, expires_at = self._id_tokens.get(token, (None, 0))
        if user is None or now >= expires_at:
            raise Refused("390195", "The provided ID Token is invalid.")
        return user

    def revoke_id_tokens(self):
        self._id_tokens.clear()


def callback_page(ending, address, fields, consent=True):
    """Returns a page that sends `fields` to `address` in the way that `ending` names."""
    if ending == "redirect":
        return 302, {"Location": address + "?" + urllib.parse.urlencode(fields)}, b""
    if ending == "form":
        inputs = "".join(f'<input name="{name}" value="{html.escape(value)}">' for name, value in fields.items())
        body = f'<form id="form" method="post" action="{address}">{inputs}</form><script>document.forms[0].submit()</script>'
    elif ending == "attacked":
        # The page of an attacker knows the port, and sends its request first.
        stolen = address + "?" + urllib.parse.urlencode({name: "stolen" for name in fields})
        good = json.dumps(address + "?" + urllib.parse.urlencode(fields))
        body = (f'<img src="{stolen}"><script src="{stolen}"></script><iframe src="{stolen}"></iframe>'
                f'<iframe sandbox="allow-scripts allow-forms" srcdoc=\'<form method="post" action="{address}"><input name="token" '
                'value="stolen"></form><script>document.forms[0].submit()</script>\'></iframe>'
                f'<script>setTimeout(() => {{ location = {good} }}, 1000)</script>')
    else:
        data = json.dumps({**fields, "consent": consent})
        body = (f'<p id="end">working</p><script id="data" type="application/json" data-address="{address}">{data}</script><script>'
                'const data = document.getElementById("data"), end = document.getElementById("end");'
                'fetch(data.dataset.address, {method: "POST", headers: {"Content-Type": "application/json"}, body: data.textContent})'
                '.then(answer => answer.json()).then(answer => { end.textContent = "consent: " + answer.consent; })'
                '.catch(error => { end.textContent = "failed: " + error; });</script>')
    return 200, {"Content-Type": "text/html; charset=utf-8"}, f"<!DOCTYPE html><body>{body}</body>".encode()


# Requests

def authenticator_request(fake, account, request):
    data = request.body.get("data", {}) if isinstance(request.body, dict) else {}
    if request.headers.get("accept") not in ("application/json", "application/snowflake"):
        fake.record.violation("an authenticator-request must accept JSON")
    if str(data.get("AUTHENTICATOR", "")).upper() != "EXTERNALBROWSER":
        raise Refused("390101", "Authenticator is not supported.")
    if not account.matches_name(str(data.get("ACCOUNT_NAME", ""))):
        raise HttpError(403, b"<html><body>403 Forbidden</body></html>", {"Content-Type": "text/html"})
    port = int(data.get("BROWSER_MODE_REDIRECT_PORT") or 0)
    if not 1024 <= port <= 65535:
        raise Refused("390400", "Bad request: BROWSER_MODE_REDIRECT_PORT.")
    login_name = str(data.get("LOGIN_NAME") or "").upper()
    if login_name not in account.users:
        raise Refused("390190", "There was an error related to the SAML Identity Provider account parameter. "
                                "Contact Snowflake support.")
    proof_key = base64.b64encode(os.urandom(32)).decode()
    sso = account.single_sign_on
    flow = sso.begin(port, proof_key, login_name)
    return {"tokenUrl": None, "ssoUrl": sso.address or f"https://{request.host}/sso/{flow}", "proofKey": proof_key}


def sso_page(fake, account, request):
    return account.single_sign_on.page(account, request.path.rsplit("/", 1)[-1])


def console_page(fake, account, request):
    query = request.query
    if len(base64.b64decode(query.get("proof_key", ""), validate=True)) != 32:
        raise HttpError(400)
    sso = account.single_sign_on
    return sso.page(account, sso.begin(int(query["browser_mode_redirect_port"]), query["proof_key"],
                                       query["login_name"].upper()))
