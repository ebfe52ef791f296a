# SPDX-License-Identifier: Apache-2.0
"""An HTTP/1.1 request and its answer."""

import gzip
import json
import socket
import struct
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler

from .record import Request

HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "te", "trailer", "upgrade", "content-length"}


class ClientDisconnected(Exception):
    """The client closed the connection before the end of the body."""


class Exchange(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "fake-snowflake"
    disable_nagle_algorithm = True
    wbufsize = -1
    waits_for_continue = False

    def log_message(self, *args):
        pass

    def setup(self):
        super().setup()
        self.number = self.server.next_connection()

    def handle_expect_100(self):
        """Sends 100 Continue only when the body is read, so that a refusal can come before it."""
        self.waits_for_continue = True
        return True

    def __getattr__(self, name):
        if name.startswith("do_"):
            return self._handle
        raise AttributeError(name)

    def _handle(self):
        parts = urllib.parse.urlsplit(self.path)
        self.all_query = urllib.parse.parse_qs(parts.query, keep_blank_values=True)
        self.host_header = self.headers.get("Host", "")
        host = self.host_header.rsplit(":", 1)[0] if not self.host_header.endswith("]") else self.host_header
        self.request_record = Request(
            kind="", method=self.command, host=host.lower(), path=parts.path,
            query={name: values[-1] for name, values in self.all_query.items()},
            headers={name.lower(): value for name, value in self.headers.items()}, body=None, connection=self.number)
        self.base_url = f"{'https' if self.server.tls else 'http'}://{self.host_header}"
        self.answered = False
        begin = time.perf_counter()
        try:
            self.server.fake.route(self)
        except ClientDisconnected:
            self.close_connection = True
        finally:
            self.waits_for_continue = False
            self.request_record.seconds = time.perf_counter() - begin

    # Used by the router and the faults

    def read_body(self) -> bytes:
        return b"".join(self.body_pieces())

    def body_pieces(self):
        if self.waits_for_continue:
            self.waits_for_continue = False
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            self.wfile.flush()
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            while True:
                line = self.rfile.readline()
                if not line.endswith(b"\n"):
                    raise ClientDisconnected
                size = int(line.split(b";")[0], 16)
                piece = self.rfile.read(size)
                self.rfile.readline()
                if size == 0:
                    return
                yield piece
        left = int(self.headers.get("Content-Length", 0))
        while left > 0:
            piece = self.rfile.read(min(left, 1 << 16))
            if not piece:
                raise ClientDisconnected
            left -= len(piece)
            yield piece

    def read_json(self):
        body = self.read_body()
        if self.headers.get("Content-Encoding", "") == "gzip":
            body = gzip.decompress(body)
        try:
            return json.loads(body) if body else {}
        except ValueError:
            return body

    def send(self, status, headers, body):
        self.answered = True
        self.request_record.status = status
        self.send_response(status)
        for name, value in headers.items():
            if name.lower() not in HOP_BY_HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def reset(self):
        self.answered = True
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
