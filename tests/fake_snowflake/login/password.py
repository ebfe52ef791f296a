# SPDX-License-Identifier: Apache-2.0
"""User and password (snowflake-protocol.md 2.4.1). Five failures lock the user for a quarter of an hour."""

from ..errors import Refused

LOCK_SECONDS = 900


def check(fake, account, data):
    user = account.users.get(str(data.get("LOGIN_NAME", "")).upper())
    now = fake.clock.now()
    if user is not None and now < user.locked_until:
        raise Refused("390102", "User temporarily locked. Try again later, or contact your local system administrator.")
    if user is None or user.password is None or data.get("PASSWORD") != user.password:
        if user is not None:
            user.failures += 1
            if user.failures >= 5:
                user.locked_until, user.failures = now + LOCK_SECONDS, 0
        raise Refused("390100", "Incorrect username or password was specified.",
                      {"nextAction": "RETRY_LOGIN", "authnMethod": "USERNAME_PASSWORD", "signInOptions": {}})
    user.failures = 0
    return user, None
