# SPDX-License-Identifier: Apache-2.0
"""Errors that the server answers with (common/snowflake/PROTOCOL.md 2.3, 5.4)."""


class Refused(Exception):
    """HTTP 200 with success:false."""

    def __init__(self, code: str, message: str, data: dict | None = None):
        super().__init__(f"{code}: {message}")
        self.code, self.message, self.data = code, message, data


class SqlError(Refused):
    def __init__(self, code: str, sql_state: str, message: str):
        super().__init__(code, message, {
            "internalError": False, "unredactedFromSecureObject": False, "errorCode": code, "age": 0,
            "sqlState": sql_state, "queryId": "01b2c3d4-0000-0000-0000-00000000feed", "line": -1, "pos": -1,
            "type": "COMPILATION"})


class HttpError(Exception):
    def __init__(self, status: int, body: bytes = b"", headers: dict | None = None):
        super().__init__(str(status))
        self.status, self.body, self.headers = status, body, headers or {}
