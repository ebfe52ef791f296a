# SPDX-License-Identifier: Apache-2.0
"""Result sets (common/snowflake/PROTOCOL.md 5.2, 5.5): every cell is a string or null."""

import gzip
import json


def column(name, kind="text", scale=None):
    return {"name": name, "database": "", "schema": "", "table": "", "nullable": True, "type": kind,
            "length": 16777216 if kind == "text" else None, "byteLength": 16777216 if kind == "text" else None,
            "precision": None if kind == "text" else 0, "scale": scale, "collation": None}


TIMESTAMP = ("timestamp_ltz", 3)


def timestamp(seconds: float) -> str:
    return f"{seconds:.3f}"


def status(text: str):
    return [column("status")], [[text]]


def data_of(session, columns, rows, query_id):
    return {
        "parameters": [{"name": "TIMEZONE", "value": session.account.timezone}],
        "rowtype": columns, "rowset": rows, "total": len(rows), "returned": len(rows), "queryId": query_id,
        "sqlState": "00000", "databaseProvider": None, "finalDatabaseName": session.database,
        "finalSchemaName": session.schema, "finalWarehouseName": session.warehouse, "finalRoleName": session.role,
        "numberOfBinds": 0, "arrayBindSupported": False, "statementTypeId": 4096, "version": 1,
        "sendResultTime": 1711111111111, "queryResultFormat": "json", "queryContext": {"entries": []}}


def convert_to_arrow(data):
    """Replaces the rows with an empty Arrow stream, in which only SELECT results are sent (4.3)."""
    data["queryResultFormat"], data["rowset"], data["rowsetBase64"] = "arrow", None, "/////w=="


def split_into_chunks(data, rows_per_chunk, make_url):
    """Keeps the first rows in `data`, and returns the others as gzip-compressed chunks of JSON without the outer brackets."""
    rows = data["rowset"]
    data["rowset"], rest = rows[:rows_per_chunk], rows[rows_per_chunk:]
    chunks, bodies = [], []
    for start in range(0, len(rest), rows_per_chunk):
        piece = rest[start:start + rows_per_chunk]
        plain = ",".join(json.dumps(row) for row in piece).encode()
        body = gzip.compress(plain)
        bodies.append(body)
        chunks.append({"url": make_url(len(bodies) - 1), "rowCount": len(piece), "uncompressedSize": len(plain),
                       "compressedSize": len(body)})
    data["chunks"] = chunks
    return bodies
