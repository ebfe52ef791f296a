# SPDX-License-Identifier: Apache-2.0
"""Forwards requests to the real registry, and streams the answers."""

import http.client
import re

from ..exchange import HOP_BY_HOP


def forward(fake, exchange, front):
    request = exchange.request_record
    connection = http.client.HTTPConnection(*fake.upstream.address, timeout=60)
    # Docker sends one Accept header for each manifest type.
    headers = {name: ", ".join(exchange.headers.get_all(name))
               for name in exchange.headers if name.lower() not in HOP_BY_HOP}
    headers["Authorization"] = front.upstream_authorization(request)
    headers["X-Forwarded-Proto"] = exchange.base_url.split(":")[0]
    if not headers["Authorization"]:
        del headers["Authorization"]
    chunked = "chunked" in exchange.headers.get("Transfer-Encoding", "").lower()
    if not chunked and exchange.headers.get("Content-Length"):
        headers["Content-Length"] = exchange.headers["Content-Length"]
    try:
        try:
            connection.request(exchange.command, exchange.path, headers=headers, encode_chunked=chunked,
                               body=exchange.body_pieces() if chunked or "Content-Length" in headers else None)
        except (BrokenPipeError, ConnectionResetError):
            pass  # the registry answered before the end of the body
        try:
            response = connection.getresponse()
        except (OSError, http.client.HTTPException) as failure:
            fake.record.violation(f"the registry does not answer to {exchange.command} {request.path}: {failure!r}")
            exchange.close_connection = True
            exchange.send(502, {}, b"the registry does not answer")
            return
        _answer(exchange, front, response)
        request.status = response.status
    finally:
        connection.close()


def _answer(exchange, front, response):
    exchange.answered = True
    exchange.send_response(response.status)
    length = response.getheader("Content-Length")
    for name, value in response.getheaders():
        if name.lower() == "www-authenticate":
            scope = re.search(r'scope="([^"]*)"', value)
            value = front.challenge(exchange, scope and scope[1])
        if name.lower() not in HOP_BY_HOP:
            exchange.send_header(name, value)
    no_body = exchange.command == "HEAD" or response.status in (204, 304)
    if length is not None:
        exchange.send_header("Content-Length", length)
    elif no_body:
        exchange.send_header("Content-Length", "0")
    else:
        exchange.send_header("Transfer-Encoding", "chunked")
    exchange.end_headers()
    while not no_body:
        piece = response.read(1 << 16)
        if not piece:
            break
        exchange.wfile.write(piece if length is not None else b"%x\r\n%s\r\n" % (len(piece), piece))
    if length is None and not no_body:
        exchange.wfile.write(b"0\r\n\r\n")
    exchange.wfile.flush()
