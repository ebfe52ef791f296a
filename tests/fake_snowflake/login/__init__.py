# SPDX-License-Identifier: Apache-2.0
"""Ways to sign in, one file each: name in AUTHENTICATOR -> function(fake, account, data) -> (User, role restriction)."""

from . import external_browser, given_token, key_pair, password

WAYS = {
    "": password.check,
    "SNOWFLAKE": password.check,
    "SNOWFLAKE_JWT": key_pair.check,
    "PROGRAMMATIC_ACCESS_TOKEN": given_token.check_pat,
    "OAUTH": given_token.check_oauth,
    "EXTERNALBROWSER": external_browser.check,
    "ID_TOKEN": external_browser.check_id_token,
}
