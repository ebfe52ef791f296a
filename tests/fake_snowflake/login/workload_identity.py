# SPDX-License-Identifier: Apache-2.0
"""Workload identity: attestations that the fake clouds verify (common/snowflake/PROTOCOL.md 3.8)."""

import base64
import binascii
import json

from ..errors import Refused

AZURE_AUDIENCES = ("api://fd3f753b-eed3-462c-b6a7-a4b5bb650aad", "api://my-own-resource")


def _of_aws(clouds, token):
    if token.count(".") == 2:
        return "AWS", clouds.claims(token)["sub"]
    description = json.loads(base64.b64decode(token, validate=True))
    if set(description) != {"url", "method", "headers"}:
        raise ValueError("not a request")
    headers = {name.lower(): value for name, value in description["headers"].items()}
    if headers.get("x-snowflake-audience") != "snowflakecomputing.com":
        raise ValueError("made for another audience")
    return "AWS", clouds.aws.verify_signer(description["method"], description["url"], headers, ["x-snowflake-audience"])


def _of_issuer(provider, audiences):
    def identity(clouds, token):
        for audience in audiences:
            try:
                claims = clouds.claims(token, audience)
                return provider, claims["iss"], claims["sub"]
            except ValueError as error:
                reason = error
        raise reason
    return identity


PROVIDERS = {
    "AWS": _of_aws,
    "AZURE": _of_issuer("AZURE", AZURE_AUDIENCES),
    "GCP": _of_issuer("GCP", ["snowflakecomputing.com"]),
    # Snowflake users can be configured with other audiences, which Azure Pipelines needs.
    "OIDC": _of_issuer("OIDC", ["snowflakecomputing.com", "api://AzureADTokenExchange", "my-audience"]),
}


def check(fake, account, data):
    try:
        identity = PROVIDERS[data.get("PROVIDER")](fake.clouds, data["TOKEN"])
    except (ValueError, KeyError, IndexError, TypeError, binascii.Error):
        raise Refused("390144", "Workload identity token is invalid.") from None
    user = account.workloads.get(identity)
    if user is None:
        raise Refused("390144", "No user has this workload identity.")
    return user, None
