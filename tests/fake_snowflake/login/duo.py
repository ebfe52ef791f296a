# SPDX-License-Identifier: Apache-2.0
"""Duo: push notifications, passcodes and MFA tokens (common/snowflake/PROTOCOL.md 3.2)."""

import dataclasses
import threading
import uuid

from ..errors import Refused


@dataclasses.dataclass
class Device:
    """The second factor of a user, and how the user reacts."""

    answer: str = "approve"  # or "deny", "ignore"
    seconds: float = 0.0  # until the user answers, or the request times out
    answered: threading.Event = dataclasses.field(default_factory=threading.Event)  # set by a test: the user answers now
    push: bool = True  # False: disabled by an administrator
    app_only: bool = False  # an authenticator app with passcodes, no push notifications
    lists_methods: bool = True  # a login without a method gets the list of methods; otherwise the phone rings
    separate_confirmation: bool = True  # an approval needs a third request; otherwise it returns the session
    passcodes: set = dataclasses.field(default_factory=set)
    tokens: dict = dataclasses.field(default_factory=dict)  # MFA token -> expiry
    in_flight: dict = dataclasses.field(default_factory=dict)  # context -> (approved, data of the first request)
    rings: int = 0

    def ring(self):
        if not self.push:
            raise Refused("390132", "Duo push is disabled for this user.")
        self.rings += 1
        self.answered.wait(self.seconds)
        if self.answer == "deny":
            raise Refused("390120", "Duo Security authentication is denied.")
        if self.answer == "ignore":
            raise Refused("390126", "Duo Security authentication timed out.")

    def context(self, approved, data):
        context = f"{uuid.uuid4()}-ctx"
        self.in_flight[context] = (approved, data)
        return context


def check(fake, user, data, passcode):
    """Checks the second factor after a correct password. Raises Refused."""
    device, method = user.second_factor, data.get("EXT_AUTHN_DUO_METHOD")
    if "PASSCODE" in data and method != "passcode":
        fake.record.violation("a PASSCODE without EXT_AUTHN_DUO_METHOD passcode")
    if device is None or device.tokens.get(data.get("TOKEN"), 0) > fake.clock.now():
        return
    if method == "passcode":
        if passcode not in device.passcodes:
            raise Refused("390127", "Incorrect passcode was specified.")
        device.passcodes.remove(passcode)
    elif device.app_only:
        raise Refused("394508", "Failed to authenticate: MFA with TOTP is required.")
    elif method == "push" or (method is None and not device.lists_methods):
        device.ring()
    elif method is None:
        raise Refused("390124", "Duo Security authentication is required.",
                      {"nextAction": "EXT_AUTHN_DUO_ALL", "inFlightCtx": device.context(False, data)})
    else:
        raise Refused("390400", f"Bad request: {method} is no method of Duo.")


def continue_login(fake, account, request):
    """Handles a login request with inFlightCtx. Returns (data of the first request, user)."""
    data = request.body["data"]
    user = account.users.get(str(data.get("LOGIN_NAME", "")).upper())
    device = user.second_factor if user else None
    approved, first = device.in_flight.pop(request.body["inFlightCtx"], (None, None)) if device else (None, None)
    if first is None:
        raise Refused("390129", "The login is not in flight.")
    began = next(r for r in fake.requests if r.kind == "login" and r.body["data"] is first)
    if request.query.get("request_id") != began.query.get("request_id"):
        fake.record.violation("a second factor continues with another request_id")
    if approved:
        for field in ("PASSWORD", "SESSION_PARAMETERS", "PASSCODE", "TOKEN", "EXT_AUTHN_DUO_METHOD"):
            if field in data:
                fake.record.violation(f"{field} is sent again after the second factor")
        return first, user
    if {**data, "EXT_AUTHN_DUO_METHOD": None} != {**first, "EXT_AUTHN_DUO_METHOD": None}:
        fake.record.violation("a second factor continues with other data")
    if data.get("EXT_AUTHN_DUO_METHOD") != "push":
        raise Refused("390400", "Bad request: a method of Duo is required.")
    device.ring()
    if device.separate_confirmation:
        raise Refused("390128", "Duo Security authentication succeeded.",
                      {"nextAction": "EXT_AUTHN_SUCCESS", "inFlightCtx": device.context(True, first)})
    return first, user


def token_fields(fake, account, user, parameters):
    """Returns the fields of an answer with an MFA token, if the client requests one and the account allows it."""
    wanted = parameters.get("CLIENT_REQUEST_MFA_TOKEN") is True and account.allow_client_mfa_caching
    if user.second_factor is None or not wanted:
        return {"mfaToken": None, "mfaTokenValidityInSeconds": 0}
    token = fake.sessions.make_token()
    user.second_factor.tokens[token] = fake.clock.now() + account.mfa_token_lifetime
    return {"mfaToken": token, "mfaTokenValidityInSeconds": account.mfa_token_lifetime}
