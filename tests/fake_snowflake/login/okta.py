# SPDX-License-Identifier: Apache-2.0
"""Native Okta authentication (common/snowflake/PROTOCOL.md 3.9)."""

import base64
import binascii
import re
from html.parser import HTMLParser

from ..errors import Refused


class _Inputs(HTMLParser):
    def __init__(self):
        super().__init__()
        self.values = {}

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "input":
            self.values[attrs.get("name")] = attrs.get("value")


def authenticator_request(fake, account, request):
    """Returns the URLs of the account's Okta. Snowflake's Go driver sends no user name in this request."""
    data = request.body.get("data") or {}
    if not account.matches_name(str(data.get("ACCOUNT_NAME", ""))):
        raise Refused("390400", "Bad request.")
    host = re.fullmatch(r"https://([^/]+)/?", str(data.get("AUTHENTICATOR", "")))
    if account.okta_host is None or host is None:
        raise Refused("390139", "The specified authenticator is not accepted by your Snowflake account configuration.")
    return {"tokenUrl": f"https://{account.okta_host}/api/v1/authn",
            "ssoUrl": f"https://{account.okta_host}/app/snowflake/exk1/sso/saml", "proofKey": None}


def check(fake, account, data):
    inputs = _Inputs()
    inputs.feed(str(data["RAW_SAML_RESPONSE"]))
    try:
        response = base64.b64decode(inputs.values["SAMLResponse"], validate=True).decode()
        # An assertion can be used once.
        assertion = fake.clouds.okta.assertions.pop(re.search(r'ID="([0-9a-f]+)"', response)[1])
    except (KeyError, ValueError, TypeError, binascii.Error):
        raise Refused("390139", "SAML response is invalid or was used already.") from None
    destinations = {f"https://{host}{port}/fed/login" for host in account.hosts for port in ("", ":443")}
    user = account.users.get(assertion["user"].upper())
    if assertion["destination"] not in destinations or assertion["okta"] != account.okta_host or user is None:
        raise Refused("390139", "SAML response is for another user.")
    return user, None
