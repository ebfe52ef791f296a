# SPDX-License-Identifier: Apache-2.0
"""Ways to log in, one file each: name in AUTHENTICATOR -> function(fake, account, data) -> (User, role restriction)."""

from . import external_browser, given_token, key_pair, okta, password, workload_identity

WAYS = {
    "": password.check,
    "SNOWFLAKE": password.check,
    "USERNAME_PASSWORD_MFA": password.check,
    "SNOWFLAKE_JWT": key_pair.check,
    "PROGRAMMATIC_ACCESS_TOKEN": given_token.check_pat,
    "OAUTH": given_token.check_oauth,
    "WORKLOAD_IDENTITY": workload_identity.check,
    "EXTERNALBROWSER": external_browser.check,
    "ID_TOKEN": external_browser.check_id_token,
}


def way(data):
    """An assertion comes without the name of an authenticator (common/snowflake/PROTOCOL.md 3.9), and so does the token that
    Snowflake's Go driver fetched by itself (13)."""
    if "RAW_SAML_RESPONSE" in data:
        return okta.check
    name = str(data.get("AUTHENTICATOR", "")).upper()
    if not name and "TOKEN" in data and "PASSWORD" not in data:
        return given_token.check_oauth
    return WAYS.get(name)
