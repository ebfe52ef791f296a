# SPDX-License-Identifier: Apache-2.0
"""User and password (common/snowflake/PROTOCOL.md 3.1). Five failures lock the user for 15 minutes."""

from ..errors import Refused
from . import duo

LOCK_SECONDS = 900
PASSCODE_LENGTH = 6


def check(fake, account, data):
    user = account.users.get(str(data.get("LOGIN_NAME", "")).upper())
    now = fake.clock.now()
    if user is not None and now < user.locked_until:
        raise Refused("390102", "User temporarily locked. Try again later, or contact your local system administrator.")
    password, passcode = str(data.get("PASSWORD")), data.get("PASSCODE")
    if data.get("EXT_AUTHN_DUO_METHOD") == "passcode" and passcode is None:
        password, passcode = password[:-PASSCODE_LENGTH], password[-PASSCODE_LENGTH:]
    try:
        if user is None or user.password is None or password != user.password:
            raise Refused("390100", "Incorrect username or password was specified.",
                          {"nextAction": "RETRY_LOGIN", "authnMethod": "USERNAME_PASSWORD", "signInOptions": {}})
        duo.check(fake, user, data, passcode)
    except Refused as refused:
        if user is not None and refused.code in ("390100", "390127"):
            user.failures += 1
            if user.failures >= 5:
                user.locked_until, user.failures = now + LOCK_SECONDS, 0
        raise
    user.failures = 0
    return user, None
