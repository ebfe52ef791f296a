# SPDX-License-Identifier: Apache-2.0
"""Ways to sign in, one file each: name in AUTHENTICATOR -> function(fake, account, data) -> (User, role restriction)."""

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
    """An assertion comes without the name of an authenticator (snowflake-protocol.md 2.4.10)."""
    return okta.check if "RAW_SAML_RESPONSE" in data else WAYS.get(str(data.get("AUTHENTICATOR", "")).upper())
