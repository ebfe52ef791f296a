# SPDX-License-Identifier: Apache-2.0
"""Faults between a client and the registry. Each applies to the next `times` requests of a step; the real registry is unchanged."""

import collections
import re
import threading
import time
import urllib.parse

from ..exchange import ClientDisconnected
from . import proxy

STEPS = {
    "post": ("POST", r".*/blobs/uploads/"),
    "patch": ("PATCH", r".*/blobs/uploads/.+"),
    "put": ("PUT", r".*/blobs/uploads/.+"),
    "status": ("GET", r".*/blobs/uploads/.+"),
    "head": ("HEAD", r".*/blobs/sha256:.*"),
    "blob": ("GET", r".*/blobs/sha256:.*"),
    "manifest": ("PUT", r".*/manifests/.*"),
}


def chunk_offset(headers):
    """Returns the offset of the first byte of a chunk, or None."""
    found = re.match(r"(\d+)-", headers.get("Content-Range", headers.get("content-range", "")))
    return int(found[1]) if found else None


class RegistryFaults:
    """Injects faults into the registry of a fake Snowflake."""

    def __init__(self, fake):
        self.fake = fake
        self._lock = threading.Lock()
        self._faults = []
        fake.faults.add("registry", before=self._apply, times=10**9)

    def on(self, step, function, times=1, begin=None):
        """Calls function(exchange) for requests of `step`, or only for a chunk that begins at the offset `begin`. If it returns
        True, the request has been answered."""
        with self._lock:
            self._faults.append({"step": STEPS[step], "function": function, "times": times, "begin": begin})

    def _apply(self, exchange):
        path = exchange.request_record.path
        with self._lock:
            for fault in self._faults:
                method, pattern = fault["step"]
                if exchange.command != method or fault["times"] == 0 or not re.fullmatch(pattern, path):
                    continue
                if fault["begin"] is not None and chunk_offset(exchange.headers) != fault["begin"]:
                    continue
                fault["times"] -= 1
                break
            else:
                return False
        return fault["function"](exchange)

    # Common faults

    def status(self, step, status, headers=None, body=b"", **options):
        def answer(exchange):
            exchange.read_body()
            exchange.send(status, headers or {}, body)
            return True
        self.on(step, answer, **options)

    def cut(self, step, bytes_before=0, **options):
        """Resets the connection after so many bytes of the body. The registry gets none of them."""
        def cut(exchange):
            left = min(bytes_before, int(exchange.headers.get("Content-Length", 0)))
            while left > 0:
                piece = exchange.rfile.read(min(left, 1 << 16))
                if not piece:
                    break
                left -= len(piece)
            exchange.reset()
            return True
        self.on(step, cut, **options)

    def cut_after_forwarding(self, step, bytes_before, **options):
        """Resets the connection after so many bytes of the body. The registry gets them."""
        def pieces(exchange):
            left = bytes_before
            for piece in exchange.body_pieces():
                yield piece[:left]
                left -= len(piece)
                if left <= 0:
                    raise ClientDisconnected

        def cut(exchange):
            dropped = _DroppedAnswer(exchange)
            dropped.body_pieces = lambda: pieces(exchange)
            try:
                proxy.forward(self.fake, dropped, self.fake.front)
            except ClientDisconnected:
                pass
            exchange.reset()
            return True
        self.on(step, cut, **options)

    def slow(self, step, seconds, **options):
        """Forwards the headers at once, and the body after a delay."""
        def pieces(exchange):
            time.sleep(seconds)
            yield from exchange.body_pieces()

        def forward(exchange):
            slow = _ReplacedBody(exchange, lambda: pieces(exchange))
            proxy.forward(self.fake, slow, self.fake.front)
            return True
        self.on(step, forward, **options)

    def slow_connection(self, bytes_a_second, bytes_between_cuts):
        """Limits the rate, and resets the current connection each time so many bytes have come over all connections. The registry
        gets only complete bodies, as behind a buffering proxy."""
        lock, passed = threading.Lock(), [0]

        def forward(exchange):
            body = bytearray()
            for piece in exchange.body_pieces():
                time.sleep(len(piece) / bytes_a_second)
                body += piece
                with lock:
                    passed[0] += len(piece)
                    is_cut = passed[0] >= bytes_between_cuts
                    passed[0] %= bytes_between_cuts
                if is_cut:
                    exchange.reset()
                    return True
            whole = _ReplacedBody(exchange, lambda: iter([bytes(body)]))
            proxy.forward(self.fake, whole, self.fake.front)
            return True
        for step in ("patch", "put"):
            self.on(step, forward, times=10**9)

    def lose_answer(self, step, **options):
        """Forwards the request, and resets the connection instead of sending the answer."""
        def forward(exchange):
            proxy.forward(self.fake, _DroppedAnswer(exchange), self.fake.front)
            exchange.reset()
            return True
        self.on(step, forward, **options)

    def behave_like_version_3(self):
        """Emulates version 3 of the registry: a chunk counts only if it is complete, and an upload is found at every Location that
        it had. Version 2.8 loses the upload in both cases."""
        newest, locks = {}, collections.defaultdict(threading.Lock)

        def patch(exchange):
            body = exchange.read_body()
            dropped = _DroppedAnswer(exchange)
            dropped.body_pieces = lambda: iter([body])
            # A status request waits until the chunk is stored.
            with locks[exchange.request_record.path]:
                proxy.forward(self.fake, dropped, self.fake.front)
                if "Location" in dropped.answer:
                    newest[exchange.request_record.path] = dropped.answer["Location"]
            exchange.send(dropped.status, dropped.answer, b"")
            return True

        def status(exchange):
            with locks[exchange.request_record.path]:
                parts = urllib.parse.urlsplit(newest.get(exchange.request_record.path, exchange.path))
                exchange.path = f"{parts.path}?{parts.query}"
                proxy.forward(self.fake, exchange, self.fake.front)
            return True
        self.on("patch", patch, times=10**9)
        self.on("status", status, times=10**9)

    def discard_uploads(self):
        """Accepts and discards all uploads, for images that are larger than the disk."""
        def post(exchange):
            exchange.send(202, {"Location": exchange.request_record.path + "1"}, b"")
            return True

        def patch(exchange):
            for _ in exchange.body_pieces():
                pass
            last = exchange.headers["Content-Range"].split("-")[1]
            exchange.send(202, {"Location": exchange.request_record.path, "Range": f"0-{last}"}, b"")
            return True

        def put(exchange):
            exchange.read_body()
            exchange.send(201, {}, b"")
            return True
        for step, function in (("post", post), ("patch", patch), ("put", put), ("manifest", put)):
            self.on(step, function, times=10**9)

    def change(self, step, change, **options):
        """Calls change(headers), which changes the headers of the registry's answer in place."""
        def forward(exchange):
            dropped = _DroppedAnswer(exchange)
            proxy.forward(self.fake, dropped, self.fake.front)
            change(dropped.answer)
            exchange.send(dropped.status, dropped.answer, b"")
            return True
        self.on(step, forward, **options)


class _ReplacedBody:
    """An exchange with another request body."""

    def __init__(self, exchange, body_pieces):
        self._exchange, self.body_pieces = exchange, body_pieces

    def __getattr__(self, name):
        return getattr(self._exchange, name)


class _DroppedAnswer:
    """An exchange whose answer is recorded instead of sent."""

    def __init__(self, exchange):
        self._exchange = exchange
        self.status, self.answer = 0, {}
        self.wfile = self

    def __getattr__(self, name):
        return getattr(self._exchange, name)

    def send_response(self, status):
        self.status = status

    def send_header(self, name, value):
        self.answer[name] = value

    def end_headers(self):
        pass

    def write(self, data):
        pass

    def flush(self):
        pass
