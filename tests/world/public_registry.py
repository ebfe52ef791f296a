# SPDX-License-Identifier: Apache-2.0
"""A registry that is not Snowflake's, with anonymous tokens like Docker Hub's."""

import base64
import http.server
import json
import ssl
import threading
import urllib.parse

from fake_snowflake.registry import bearer

from .registry import Registry

TOKEN_PORT = 8443


class PublicRegistry:
    """Issues tokens without credentials. `violations` lists requests that contain a Snowflake token."""

    def __init__(self, directory, host, address, tls):
        directory.mkdir()
        self.violations = []
        self.bearer = bearer.BearerTokens()
        bundle = directory / "tokens.pem"
        bundle.write_bytes(self.bearer.bundle())
        self._serve_tokens((address, TOKEN_PORT), tls)
        self._registry = Registry(directory / "registry", address=(address, 443), tls=tls, auth={
            "realm": f"https://{host}:{TOKEN_PORT}/token", "service": bearer.SERVICE, "issuer": bearer.ISSUER,
            "rootcertbundle": bundle})

    def _serve_tokens(self, address, tls):
        registry = self

        class Tokens(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                registry.check_request(self.headers.get("Authorization", ""))
                query = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
                self.answer(200, {"token": registry.token([s for value in query.get("scope", []) for s in value.split()])})

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                registry.check_request(self.headers.get("Authorization", ""), body)
                self.answer(404, {})

            def answer(self, status, value):
                body = json.dumps(value).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *arguments):
                pass

        self._tokens = http.server.ThreadingHTTPServer(address, Tokens)
        self._tokens.daemon_threads = True
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*tls)
        self._tokens.socket = context.wrap_socket(self._tokens.socket, server_side=True)
        threading.Thread(target=self._tokens.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def check_request(self, authorization, body=""):
        text = authorization + base64.b64decode(authorization.removeprefix("Basic ") + "==", validate=False).decode("latin-1")
        if "0sessiontoken" in text + body or "ETMs" in text + body:
            self.violations.append("a registry token of Snowflake was sent to another registry")

    def token(self, scopes):
        access = []
        for scope in scopes:
            kind, name, actions = scope.split(":")
            access.append({"type": kind, "name": name, "actions": actions.split(",")})
        return self.bearer.sign(access)

    def stop(self):
        self._registry.stop()
        self._tokens.shutdown()
        self._tokens.server_close()
