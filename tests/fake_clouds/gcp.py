# SPDX-License-Identifier: Apache-2.0
"""Google Cloud: the metadata service, and impersonation of service accounts."""

import json
import secrets

from fake_snowflake.errors import HttpError

from .answers import as_json, json_error, require

ISSUER = "https://accounts.google.com"
ACCOUNT = "/computeMetadata/v1/instance/service-accounts/default/"


class Gcp:
    def __init__(self, clouds):
        self.clouds = clouds
        self.accounts: dict[str, str] = {}  # e-mail address -> number
        self.attached = None  # e-mail address of the machine's account
        self.may_impersonate: set[tuple[str, str]] = set()
        self._access_tokens: dict[str, str] = {}

    # metadata.google.internal

    def instance(self, request):
        if request.headers.get("metadata-flavor") != "Google" or request.method != "GET":
            raise HttpError(403, b"Missing Metadata-Flavor:Google header.")
        if self.attached is None:
            raise HttpError(404)
        if request.path == ACCOUNT + "token":
            token = "ya29." + secrets.token_urlsafe(40)
            self._access_tokens[token] = self.attached
            return as_json({"access_token": token, "expires_in": 3599, "token_type": "Bearer"})
        if request.path != ACCOUNT + "identity" or not request.query.get("audience"):
            raise HttpError(404)
        token = self.clouds.issuer(ISSUER).token(self.accounts[self.attached], request.query["audience"])
        return {"Content-Type": "text/html", "Metadata-Flavor": "Google"}, token.encode()

    # iamcredentials.googleapis.com

    def credentials(self, request):
        caller = self._access_tokens.get(request.headers.get("authorization", "").removeprefix("Bearer "))
        require(caller, 401, {"error": {"code": 401, "message": "Request had invalid authentication credentials.", "status": "UNAUTHENTICATED"}})
        prefix = "/v1/projects/-/serviceAccounts/"
        path = request.path.replace("%40", "@")
        require(request.method == "POST" and path.startswith(prefix) and path.endswith(":generateIdToken"), 404)
        require(request.headers.get("content-type") == "application/json")
        body = json.loads(request.body)
        last = path[len(prefix):].removesuffix(":generateIdToken")
        chain = [caller, *(name.removeprefix("projects/-/serviceAccounts/") for name in body.get("delegates", [])), last]
        for pair in zip(chain, chain[1:]):
            if pair not in self.may_impersonate:
                raise json_error(403, {"error": {"code": 403, "message": "Permission 'iam.serviceAccounts.getOpenIdToken' denied on resource.",
                                                 "status": "PERMISSION_DENIED"}})
        return as_json({"token": self.clouds.issuer(ISSUER).token(self.accounts[last], body["audience"])})
