# SPDX-License-Identifier: Apache-2.0
"""POST /session/token-request: ISSUE and RENEW (common/snowflake/PROTOCOL.md 4)."""

from .errors import Refused


def handle(fake, account, request):
    body = request.body if isinstance(request.body, dict) else {}
    kind = body.get("requestType")
    old = body.get("oldSessionToken")
    if request.headers.get("accept") not in ("application/json", "application/snowflake"):
        fake.record.violation("a token request must accept application/json or application/snowflake")
    if not isinstance(old, str) or kind not in ("ISSUE", "RENEW"):
        raise Refused("390400", "Bad request: oldSessionToken and requestType are required.")
    session = fake.sessions.of_master_token(fake.header_token(request), old)
    if session.account is not account:
        fake.record.violation(f"a master token of {session.account.name} was sent to {account.name}")
        raise Refused("390115", "Master token invalid.")
    if kind == "RENEW":
        fake.sessions.renew(session)
        return {"sessionToken": session.session_token, "validityInSecondsST": account.session_lifetime,
                "masterToken": session.master_token, "validityInSecondsMT": account.master_lifetime,
                "sessionId": session.number}
    if fake.expired_sessions_cannot_issue and fake.clock.now() >= session.session_expires_at:
        raise Refused("390112", "Your session has expired.")
    token = fake.sessions.issue(session)
    # It is not known whether ISSUE returns masterToken and sessionId (14.3), so the fake does not.
    return {"sessionToken": token.value, "validityInSecondsST": account.registry_token_lifetime}
