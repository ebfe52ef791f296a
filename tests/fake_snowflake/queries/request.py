# SPDX-License-Identifier: Apache-2.0
"""Queries, polling for their results, and chunks of results (common/snowflake/PROTOCOL.md 5.1, 5.3)."""

import threading
import uuid

from ..errors import HttpError, Refused, SqlError
from . import results, statements


class Queries:
    def __init__(self, fake):
        self.fake = fake
        self._lock = threading.Lock()
        self._by_request_id: dict[str, tuple[str, dict]] = {}
        self._pending: dict[str, tuple[int, dict]] = {}
        self._chunks: dict[str, bytes] = {}
        self.pending_polls = 0  # how often the next queries answer "still running"
        self.rows_per_chunk = 0  # 0: no chunks
        self.refuse = lambda sql: False  # predicate for statements to refuse

    def handle(self, fake, account, request):
        session = fake.sessions.of_session_token(fake.header_token(request))
        if session.account is not account:
            fake.record.violation(f"a session token of {session.account.name} was sent to {account.name}")
            raise Refused("390104", "Session token invalid.")
        body = request.body if isinstance(request.body, dict) else {}
        sql = body.get("sqlText")
        if not isinstance(sql, str):
            raise Refused("390400", "Bad request: sqlText is required.")
        request_id = request.query.get("requestId", "")
        with self._lock:
            known = self._by_request_id.get(request_id)
        if known:
            if known[0] != sql:
                fake.record.violation(f"request id {request_id} came again with another statement")
            return known[1]
        fake.record.statements.append(sql)
        if self.refuse(sql):
            raise SqlError("002003", "02000", "SQL compilation error:\nObject does not exist or not authorized.")
        columns, rows = statements.run(fake, session, sql)
        query_id = str(uuid.uuid4())
        data = results.data_of(session, columns, rows, query_id)
        formats = {session.result_format, str((body.get("parameters") or {}).get("PYTHON_CONNECTOR_QUERY_RESULT_FORMAT", "")).upper()}
        if sql.lstrip().lower().startswith("select") and "JSON" not in formats:
            results.convert_to_arrow(data)
        if self.rows_per_chunk and len(rows) > self.rows_per_chunk:
            bodies = results.split_into_chunks(data, self.rows_per_chunk, lambda n: fake.chunk_url(request, query_id, n))
            data["chunkHeaders"] = {"x-amz-server-side-encryption-customer-key": "secret-key", "x-amz-server-side-encryption-customer-key-md5": "md5"}
            with self._lock:
                for number, content in enumerate(bodies):
                    self._chunks[f"/chunks/{query_id}/{number}"] = content
        with self._lock:
            self._by_request_id[request_id] = (sql, data)
            if self.pending_polls:
                self._pending[query_id] = (self.pending_polls, data)
                raise StillRunning(query_id)
        return data

    def poll(self, fake, account, request):
        fake.sessions.of_session_token(fake.header_token(request))
        query_id = request.path.split("/")[2]
        with self._lock:
            left, data = self._pending.get(query_id, (0, None))
            if data is None:
                raise Refused("000605", "Query not executing.")
            if left > 1:
                self._pending[query_id] = (left - 1, data)
                raise StillRunning(query_id)
        return data

    def chunk(self, request):
        if "authorization" in request.headers:
            self.fake.record.violation("a Snowflake token was sent to the storage host of a result")
            raise HttpError(400, b"authorization not allowed")
        if request.headers.get("x-amz-server-side-encryption-customer-key") != "secret-key":
            raise HttpError(403, b"wrong key")
        with self._lock:
            body = self._chunks.get(request.path)
        if body is None:
            raise HttpError(404)
        return body


class StillRunning(Refused):
    def __init__(self, query_id):
        super().__init__("333333", "", {"getResultUrl": f"/queries/{query_id}/result", "queryAbortsAfterSecs": 300,
                                        "progressDesc": None})


