# SPDX-License-Identifier: Apache-2.0
"""What may go wrong between a client and a registry while blobs go up. Each fault hits the next requests that it is
meant for, as often as it is told; the real registry behind stays as it is."""

import collections
import re
import threading
import time
import urllib.parse

from ..exchange import BrokenOff
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


def begin_of(headers):
    """The first byte of a chunk; absent when the request has none."""
    found = re.match(r"(\d+)-", headers.get("Content-Range", headers.get("content-range", "")))
    return int(found[1]) if found else None


class RegistryFaults:
    """Put in front of the registry of a fake Snowflake."""

    def __init__(self, fake):
        self.fake = fake
        self._lock = threading.Lock()
        self._faults = []
        fake.faults.add("registry", before=self._look_at, times=10**9)

    def on(self, step, function, times=1, begin=None):
        """Calls function(exchange) instead of handling a request of `step`; of chunks, only one that begins at this byte
        if `begin` says so. It returns True when the request is done with."""
        with self._lock:
            self._faults.append({"step": STEPS[step], "function": function, "times": times, "begin": begin})

    def _look_at(self, exchange):
        path = exchange.request_record.path
        with self._lock:
            for fault in self._faults:
                method, pattern = fault["step"]
                if exchange.command != method or fault["times"] == 0 or not re.fullmatch(pattern, path):
                    continue
                if fault["begin"] is not None and begin_of(exchange.headers) != fault["begin"]:
                    continue
                fault["times"] -= 1
                break
            else:
                return False
        return fault["function"](exchange)

    # The usual ones.

    def status(self, step, status, headers=None, body=b"", **options):
        def answer(exchange):
            exchange.read_body()
            exchange.send(status, headers or {}, body)
            return True
        self.on(step, answer, **options)

    def cut(self, step, bytes_before=0, **options):
        """The connection breaks after so many bytes of the body, of which the registry sees none."""
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

    def cut_through(self, step, bytes_before, **options):
        """The connection breaks after so many bytes of the body, and the registry sees those."""
        def pieces(exchange):
            left = bytes_before
            for piece in exchange.body_pieces():
                yield piece[:left]
                left -= len(piece)
                if left <= 0:
                    raise BrokenOff

        def cut(exchange):
            deaf = _Deaf(exchange)
            deaf.body_pieces = lambda: pieces(exchange)
            try:
                proxy.forward(self.fake, deaf, self.fake.front)
            except BrokenOff:
                pass
            exchange.reset()
            return True
        self.on(step, cut, **options)

    def slow(self, step, seconds, **options):
        """The registry looks at the head of the request at once, and its body takes so long."""
        def pieces(exchange):
            time.sleep(seconds)
            yield from exchange.body_pieces()

        def forward(exchange):
            slow = _Slow(exchange, lambda: pieces(exchange))
            proxy.forward(self.fake, slow, self.fake.front)
            return True
        self.on(step, forward, **options)

    def line(self, bytes_a_second, bytes_between_cuts):
        """Bodies come at this rate, and the connection breaks each time when so many bytes have come, over however many
        connections. The registry sees a body when all of it has come, as behind a proxy that collects bodies."""
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
            whole = _Slow(exchange, lambda: iter([bytes(body)]))
            proxy.forward(self.fake, whole, self.fake.front)
            return True
        for step in ("patch", "put"):
            self.on(step, forward, times=10**9)

    def lose_answer(self, step, **options):
        """The registry does what it was asked, and the client does not hear of it."""
        def forward(exchange):
            proxy.forward(self.fake, _Deaf(exchange), self.fake.front)
            exchange.reset()
            return True
        self.on(step, forward, **options)

    def as_distribution_3(self):
        """A chunk counts when all of it has come, and an upload is found at every Location that it has had, as version 3
        of the registry has it; version 2.8 loses an upload in both cases."""
        newest, turns = {}, collections.defaultdict(threading.Lock)

        def patch(exchange):
            body = exchange.read_body()
            deaf = _Deaf(exchange)
            deaf.body_pieces = lambda: iter([body])
            # Who asks where the upload is while a chunk is stored, waits until it is.
            with turns[exchange.request_record.path]:
                proxy.forward(self.fake, deaf, self.fake.front)
                if "Location" in deaf.answer:
                    newest[exchange.request_record.path] = deaf.answer["Location"]
            exchange.send(deaf.status, deaf.answer, b"")
            return True

        def status(exchange):
            with turns[exchange.request_record.path]:
                parts = urllib.parse.urlsplit(newest.get(exchange.request_record.path, exchange.path))
                exchange.path = f"{parts.path}?{parts.query}"
                proxy.forward(self.fake, exchange, self.fake.front)
            return True
        self.on("patch", patch, times=10**9)
        self.on("status", status, times=10**9)

    def swallow(self):
        """Whatever is sent is taken and forgotten, for images that are larger than this machine."""
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
        """change(headers) changes the headers of the registry's answer in place."""
        def forward(exchange):
            deaf = _Deaf(exchange)
            proxy.forward(self.fake, deaf, self.fake.front)
            change(deaf.answer)
            exchange.send(deaf.status, deaf.answer, b"")
            return True
        self.on(step, forward, **options)


class _Slow:
    """An exchange whose body comes from somewhere else."""

    def __init__(self, exchange, body_pieces):
        self._exchange, self.body_pieces = exchange, body_pieces

    def __getattr__(self, name):
        return getattr(self._exchange, name)


class _Deaf:
    """An exchange whose answer goes nowhere."""

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
