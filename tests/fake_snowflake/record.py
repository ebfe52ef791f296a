# SPDX-License-Identifier: Apache-2.0
"""Records all requests, statements and protocol violations."""

import collections
import dataclasses
import threading


@dataclasses.dataclass
class Request:
    kind: str  # "login", "issue", "renew", "query", "registry", ...
    method: str
    host: str
    path: str
    query: dict
    headers: dict  # names in lower case
    body: object  # parsed JSON, or bytes
    connection: int  # number of the TCP connection
    status: int = 0
    seconds: float = 0.0  # until the answer


class Record:
    def __init__(self):
        self._lock = threading.Lock()
        self.requests: list[Request] = []
        self.statements: list[str] = []
        self.violations: list[str] = []

    def add(self, request: Request) -> None:
        with self._lock:
            self.requests.append(request)

    def violation(self, text: str) -> None:
        with self._lock:
            self.violations.append(text)

    def count(self, kind: str) -> int:
        with self._lock:
            return sum(1 for request in self.requests if request.kind == kind)

    def counts(self) -> dict[str, int]:
        with self._lock:
            return dict(collections.Counter(request.kind for request in self.requests))

    def clear(self) -> None:
        with self._lock:
            self.requests.clear()
            self.statements.clear()
            self.violations.clear()
