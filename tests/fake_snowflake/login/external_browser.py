# SPDX-License-Identifier: Apache-2.0
"""Single sign-on with the token from the browser, or with a cached ID token (common/snowflake/PROTOCOL.md 3.5)."""

from ..errors import Refused


def check(fake, account, data):
    user = account.single_sign_on.redeem(data.get("TOKEN"), data.get("PROOF_KEY"))
    if user is None or str(data.get("LOGIN_NAME", "")).upper() != user.name:
        raise Refused("390191", "The user you were trying to authenticate as differs from the user currently logged in at the IDP.")
    return user, None


def check_id_token(fake, account, data):
    if "PROOF_KEY" in data:
        fake.record.violation("an ID token is sent with a proof key")
    user = account.single_sign_on.user_of_id_token(data.get("TOKEN"), fake.clock.now())
    if str(data.get("LOGIN_NAME", "")).upper() != user.name:
        raise Refused("390195", "The provided ID Token is invalid.")
    return user, None


def id_token(fake, account, user, data, parameters):
    """Returns the fields of an answer with an ID token, if the client requests one and the account allows it."""
    sso = account.single_sign_on
    wanted = str(parameters.get("CLIENT_STORE_TEMPORARY_CREDENTIAL", "")).lower() == "true"
    by_browser = str(data.get("AUTHENTICATOR", "")).upper() in ("EXTERNALBROWSER", "ID_TOKEN")
    if not (wanted and by_browser and sso.id_tokens_allowed):
        return {"idToken": None, "idTokenValidityInSeconds": 0}
    return {"idToken": sso.give_id_token(user, fake.clock.now()), "idTokenValidityInSeconds": sso.id_token_life}
