# SPDX-License-Identifier: Apache-2.0
"""Programmatic access tokens and OAuth access tokens."""

from ..errors import Refused


def _same_user(token, data, code, message):
    name = str(data.get("LOGIN_NAME") or "")
    if name and name.upper() != token.user.name:
        raise Refused(code, message)
    return token.user, token.role


def check_pat(fake, account, data):
    token = account.pats.get(data.get("TOKEN"))
    if token is None or fake.clock.now() >= token.expires_at:
        raise Refused("394400", "Programmatic access token is invalid.",
                      {"nextAction": "RETRY_LOGIN", "authnMethod": "PAT", "signInOptions": {}})
    return _same_user(token, data, "394400", "Programmatic access token is invalid.")


def check_oauth(fake, account, data):
    token = account.oauth_tokens.get(data.get("TOKEN"))
    if token is None:
        raise Refused("390303", "Invalid OAuth access token.")
    if fake.clock.now() >= token.expires_at:
        raise Refused("390318", "OAuth access token expired.")
    return _same_user(token, data, "390309", "The user you were trying to authenticate as differs from the user tied to the access token.")
