#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A scripted browser for the variable BROWSER: browser.py STEPS URL

Opens the page and follows it until it leads to a listener on this machine. Then runs each step (STEPS are joined by '+') against
the listener, and finally sends the request of the page, unless a step is 'stop'. Writes the text that the user would see at the
end to ~/browser.out."""

import html
import http.client
import json
import pathlib
import re
import socket
import sys
import time
import urllib.error
import urllib.parse
import urllib.request


class SingleSegmentConnection(http.client.HTTPConnection):
    """Sends the headers and a small body in one segment, like Chromium: Snowflake's Python connector reads a request only once."""

    def connect(self):
        super().connect()
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 1)

    def getresponse(self):
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 0)
        return super().getresponse()


class Loopback(urllib.request.HTTPHandler):
    def http_open(self, request):
        return self.do_open(SingleSegmentConnection, request)


class NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *arguments):
        return None


def fetch(url, method="GET", body=None, headers=None):
    """Returns status, headers and text. Does not raise HTTPError."""
    request = urllib.request.Request(url, method=method, data=body, headers={"User-Agent": "Mozilla/5.0", **(headers or {})})
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), Loopback, NoRedirects)
    try:
        with opener.open(request, timeout=10) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read().decode()


class Callback:
    """Sends the request of the page to the listener on this machine, and other requests before it."""

    def __init__(self, address, fields, ending, site):
        self.address, self.fields, self.ending, self.site = address, fields, ending, site
        parts = urllib.parse.urlsplit(address)
        self.root = f"http://{parts.netloc}"
        self.host, self.port = parts.hostname, parts.port
        self.connections = []

    def with_fields(self, **changes):
        return self.address + "?" + urllib.parse.urlencode({**self.fields, **changes})

    # Steps

    def favicon(self):
        assert fetch(self.root + "/favicon.ico")[0] == 404

    def stray(self):
        assert fetch(self.address)[0] == 400

    def garbage(self):
        with socket.create_connection((self.host, self.port)) as connection:
            connection.sendall(b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n")
            connection.recv(4096)

    def slow(self):
        connection = socket.create_connection((self.host, self.port))
        connection.sendall(b"GET /?tok")
        self.connections.append(connection)

    def crowd(self):
        self.connections += [socket.create_connection((self.host, self.port)) for _ in range(80)]

    def endless(self):
        with socket.create_connection((self.host, self.port)) as connection:
            try:
                for _ in range(100):
                    connection.sendall(b"GET /?" + b"a" * 10000)
            except OSError:
                pass

    def rebinding(self):
        assert fetch(self.with_fields(token="stolen"), headers={"Host": "evil.example"})[0] == 421

    def image(self):
        assert fetch(self.with_fields(token="stolen"), headers={"Sec-Fetch-Mode": "no-cors"})[0] == 403

    def frame(self):
        headers = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}
        assert fetch(self.with_fields(token="stolen"), headers=headers)[0] == 403

    def evil_post(self):
        headers = {"Origin": "https://evil.example", "Content-Type": "text/plain"}
        assert fetch(self.address, "POST", json.dumps({**self.fields, "token": "stolen"}).encode(), headers)[0] == 403
        assert "Access-Control-Allow-Origin" not in fetch(
            self.address, "OPTIONS", headers={**headers, "Access-Control-Request-Method": "POST"})[1]

    def wrong_state(self):
        assert fetch(self.with_fields(code="stolen", state="guessed"))[0] == 400
        assert fetch(self.with_fields(error="access_denied", state="guessed"))[0] == 400

    def ipv6(self):
        self.address = self.address.replace("localhost", "[::1]").replace("127.0.0.1", "[::1]")

    def late(self):
        time.sleep(3)

    # The request of the page

    def send(self):
        if self.ending == "redirect":
            return fetch(self.with_fields())[2]
        origin = {"Origin": self.site}
        if self.ending == "form":
            return fetch(self.address, "POST", urllib.parse.urlencode(self.fields).encode(), {**origin, "Sec-Fetch-Mode": "navigate"})[2]
        asked = {**origin, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
        status, headers, _ = fetch(self.address, "OPTIONS", headers=asked)
        assert status == 200 and headers["Access-Control-Allow-Origin"] == self.site
        assert headers["Access-Control-Allow-Headers"] == "content-type"
        _, headers, text = fetch(self.address, "POST", json.dumps(self.fields).encode(),
                                 {**origin, "Content-Type": "application/json", "Sec-Fetch-Mode": "cors"})
        assert headers["Access-Control-Allow-Origin"] == self.site
        return text


def open_page(address):
    """Opens a page. Returns the Callback to which it leads, or None, and the text of the page."""
    parts = urllib.parse.urlsplit(address)
    site = f"{parts.scheme}://{parts.hostname}"
    status, headers, text = fetch(address)
    if status in (301, 302, 303, 307):
        target, _, query = headers["Location"].partition("?")
        return Callback(target, dict(urllib.parse.parse_qsl(query)), "redirect", site), text
    if found := re.search(r'data-address="([^"]+)">(.*?)</script>', text):
        return Callback(found[1], json.loads(found[2]), "fetch", site), text
    if found := re.search(r'action="([^"]+)">(.*?)</form>', text):
        inputs = re.findall(r'name="([^"]+)" value="([^"]*)"', found[2])
        return Callback(found[1], {name: html.unescape(value) for name, value in inputs}, "form", site), text
    return None, text


def main():
    steps, address = sys.argv[1].split("+"), sys.argv[2]
    out = pathlib.Path.home() / "browser.out"
    out.write_text("")
    callback, text = open_page(address)
    for step in steps if callback else []:
        if step == "stop":
            return
        if step != "follow":
            getattr(callback, step)()
    out.write_text(callback.send() if callback else text)


if __name__ == "__main__":
    main()
