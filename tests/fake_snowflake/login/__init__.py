# SPDX-License-Identifier: Apache-2.0
"""Authenticators, one file each: function(fake, account, data) -> (User, role restriction)."""

from . import external_browser, access_token, key_pair, okta, password, workload_identity

AUTHENTICATORS = {
    "": password.check,
    "SNOWFLAKE": password.check,
    "USERNAME_PASSWORD_MFA": password.check,
    "SNOWFLAKE_JWT": key_pair.check,
    "PROGRAMMATIC_ACCESS_TOKEN": access_token.check_pat,
    "OAUTH": access_token.check_oauth,
    "WORKLOAD_IDENTITY": workload_identity.check,
    "EXTERNALBROWSER": external_browser.check,
    "ID_TOKEN": external_browser.check_id_token,
}


def find_authenticator(data):
    """Returns the function for a login request, or None. A SAML assertion (common/snowflake/PROTOCOL.md 3.9) and an OAuth token of
    Snowflake's Go driver (13) come without AUTHENTICATOR."""
    if "RAW_SAML_RESPONSE" in data:
        return okta.check
    name = str(data.get("AUTHENTICATOR", "")).upper()
    if not name and "TOKEN" in data and "PASSWORD" not in data:
        return access_token.check_oauth
    return AUTHENTICATORS.get(name)
