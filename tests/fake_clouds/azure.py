# SPDX-License-Identifier: Apache-2.0
"""Azure: the metadata service of virtual machines, the identity endpoint of apps, and Entra."""

from .answers import as_json, form_of, json_error, require

TENANT = "11111111-2222-3333-4444-555555555555"
ISSUER = f"https://sts.windows.net/{TENANT}/"
CLUSTER = "https://germanywestcentral.oic.prod-aks.azure.com/cluster"
SNOWFLAKE = "api://fd3f753b-eed3-462c-b6a7-a4b5bb650aad"
EXCHANGE = "api://AzureADTokenExchange"
APP_HEADER = "853b9a84-5bfa-4b22-a3f3-0b9a43d9ad8a"


class Azure:
    def __init__(self, clouds):
        self.clouds = clouds
        self.identities: dict[str, str] = {}  # client id ("" for the system-assigned identity) -> object id
        self.federated: dict[str, str] = {}  # subject of the federated token -> client id

    def _token(self, client, audience):
        identity = self.identities.get(client)
        require(identity, 400, {"error": "invalid_request", "error_description": "Identity not found"})
        return as_json({"access_token": self.clouds.issuer(ISSUER).token(identity, audience, tid=TENANT), "token_type": "Bearer",
                        "expires_in": "3599", "resource": audience})

    # 169.254.169.254

    def instance(self, request):
        require(request.method == "GET" and request.headers.get("metadata") == "true")
        require(request.path == "/metadata/identity/oauth2/token", 404)
        require(request.query.get("api-version") == "2018-02-01")
        return self._token(request.query.get("client_id", ""), request.query.get("resource"))

    # IDENTITY_ENDPOINT of App Service and Functions

    def app(self, request):
        require(request.headers.get("x-identity-header") == APP_HEADER, 401, {"statusCode": 401, "message": "Unauthorized"})
        require(request.path == "/msi/token" and request.query.get("api-version") == "2019-08-01")
        return self._token(request.query.get("client_id", ""), request.query.get("resource"))

    # login.microsoftonline.com

    def entra(self, request):
        form = form_of(request)
        require(request.path == f"/{TENANT}/oauth2/v2.0/token" and request.method == "POST", 404)
        require(form["grant_type"] == "client_credentials")
        require(form["client_assertion_type"] == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
        require(form["scope"].endswith("/.default"))
        try:
            claims = self.clouds.claims(form["client_assertion"], EXCHANGE)
        except ValueError:
            raise json_error(401, {"error": "invalid_client",
                                   "error_description": "AADSTS700027: Client assertion failed signature validation."}) from None
        require(self.federated.get(claims["sub"]) == form["client_id"], 401, {
            "error": "invalid_client", "error_description": "AADSTS70021: No matching federated identity record found."})
        return self._token(form["client_id"], form["scope"].removesuffix("/.default"))
