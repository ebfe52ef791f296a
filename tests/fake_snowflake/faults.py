# SPDX-License-Identifier: Apache-2.0
"""Faults that tests inject: each applies to the next `times` requests of a kind."""

import dataclasses
import json
import threading
import time


@dataclasses.dataclass
class Fault:
    kind: str  # of the request, as in Record; "*" for any
    before: object = None  # called with the exchange first; returns True if it has answered
    after: object = None  # called with (exchange, status, headers, body); returns the changed answer, or None to send nothing
    times: int = 1


class Faults:
    def __init__(self):
        self._lock = threading.Lock()
        self._faults: list[Fault] = []

    def add(self, kind, before=None, after=None, times=1):
        with self._lock:
            self._faults.append(Fault(kind, before, after, times))

    def take(self, kind) -> Fault | None:
        with self._lock:
            for fault in self._faults:
                if fault.kind in (kind, "*") and fault.times > 0:
                    fault.times -= 1
                    return fault
        return None

    def clear(self):
        with self._lock:
            self._faults.clear()

    # Common faults

    def status(self, kind, status, body=b"", headers=None, times=1):
        self.add(kind, before=lambda exchange: exchange.send(status, headers or {}, body) or True, times=times)

    def html(self, kind, status=200, times=1):
        self.status(kind, status, b"<html><body><h1>Sign in to the network</h1></body></html>", {"Content-Type": "text/html"}, times)

    def refuse(self, kind, code, message, data=None, times=1):
        body = json.dumps({"success": False, "code": code, "message": message, "data": data, "headers": None}).encode()
        self.status(kind, 200, body, {"Content-Type": "application/json"}, times)

    def answer(self, kind, body: bytes, times=1):
        self.status(kind, 200, body, {"Content-Type": "application/json"}, times)

    def reset_before(self, kind, times=1):
        """Resets the connection before the request is handled."""
        self.add(kind, before=lambda exchange: exchange.reset() or True, times=times)

    def reset_after(self, kind, times=1):
        """Resets the connection instead of sending the answer."""
        self.add(kind, after=lambda exchange, *answer: exchange.reset(), times=times)

    def truncate(self, kind, keep=40, times=1):
        self.add(kind, after=lambda exchange, status, headers, body: (status, headers, body[:keep]), times=times)

    def delay(self, kind, seconds, times=1):
        self.add(kind, before=lambda exchange: time.sleep(seconds), times=times)

    def change(self, kind, function, times=1):
        """Calls function(data), which changes the `data` of the answer in place."""
        def after(exchange, status, headers, body):
            answer = json.loads(body)
            function(answer["data"])
            return status, headers, json.dumps(answer).encode()
        self.add(kind, after=after, times=times)
