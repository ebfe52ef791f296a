# SPDX-License-Identifier: Apache-2.0
"""One server for all fake providers, which are distinguished by host name or address."""

import ssl
import threading

from fake_snowflake.errors import HttpError
from fake_snowflake.faults import Faults
from fake_snowflake.record import Record
from fake_snowflake.server import Server

from . import aws, azure, ci, gcp, okta
from .issuer import Issuer, unverified
from .kubernetes import Cluster

SNOWFLAKE_AUDIENCE = "snowflakecomputing.com"


class FakeClouds:
    def __init__(self):
        self._servers = []
        self._issuers: dict[str, Issuer] = {}
        self.reset()

    def reset(self):
        self.record = Record()
        self.faults = Faults()
        self.aws = aws.Aws(self)
        self.azure = azure.Azure(self)
        self.gcp = gcp.Gcp(self)
        self.ci = ci.Ci(self)
        self.okta = okta.Okta(self)
        self.count = self.record.count
        self.requests = self.record.requests
        self.violations = self.record.violations

    def issuer(self, url) -> Issuer:
        return self._get_or_create(url, Issuer)

    def cluster(self, url) -> Cluster:
        """Returns the Kubernetes cluster with this issuer URL."""
        return self._get_or_create(url, Cluster)

    def _get_or_create(self, url, kind):
        # Shared by all tests, because creating a key takes a second.
        if url not in self._issuers:
            self._issuers[url] = kind(url)
        return self._issuers[url]

    def claims(self, token: str, audience=SNOWFLAKE_AUDIENCE) -> dict:
        """Verifies a token with the keys of its issuer, and returns its claims. Raises ValueError."""
        issuer = self._issuers.get(unverified(token)["iss"])
        if issuer is None:
            raise ValueError("unknown issuer")
        return issuer.claims(token, audience)

    def start(self, metadata_addresses, address, certificate, key):
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(certificate, key)
        for ip in metadata_addresses:
            self._serve((ip, 8081 if ip.startswith("169.254.130") else 80), None)
        self._serve((address, 443), tls)

    def _serve(self, address, tls):
        server = Server(address, self, tls)
        self._servers.append(server)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def stop(self):
        for server in self._servers:
            server.shutdown()
            server.server_close()

    def _handler(self, request):
        path, host = request.path, request.host
        if host == "169.254.169.254":
            return self.azure.instance if path.startswith("/metadata/") else self.aws.instance
        handlers = {
            "metadata.google.internal": self.gcp.instance, "169.254.170.2": self.aws.container,
            "169.254.170.23": self.aws.container, "169.254.130.4": self.azure.app,
            "login.microsoftonline.com": self.azure.entra, "iamcredentials.googleapis.com": self.gcp.credentials,
            "dev.azure.com": self.ci.azure_pipelines, "agent.buildkite.com": self.ci.buildkite,
            "run-actions-1.actions.githubusercontent.com": self.ci.github,
            "myorg.okta.com": self.okta.handle, "other.okta.com": self.okta.handle}
        return handlers.get(host) or (self.aws.sts if host.startswith("sts.") else None)

    def route(self, exchange):
        """Answers a request with its handler, a function(request) -> (headers, body)."""
        request = exchange.request_record
        request.body = exchange.read_body()
        handler = self._handler(request)
        request.kind = handler.__name__ if handler else "unknown"
        self.record.add(request)
        fault = self.faults.take(request.kind)
        if fault and fault.before and fault.before(exchange):
            return
        if exchange.answered:
            return
        try:
            if handler is None:
                raise HttpError(404)
            status, (headers, body) = 200, handler(request)
        except HttpError as error:
            status, headers, body = error.status, error.headers, error.body
        if fault and fault.after:
            changed = fault.after(exchange, status, headers, body)
            if changed is None:
                return
            status, headers, body = changed
        exchange.send(status, headers, body)
