# SPDX-License-Identifier: Apache-2.0
"""Helpers for requests with forms and answers with JSON or text."""

import json
import urllib.parse

from fake_snowflake.errors import HttpError


def as_json(data):
    return {"Content-Type": "application/json"}, json.dumps(data).encode()


def as_text(text):
    return {"Content-Type": "text/plain"}, text.encode()


def json_error(status, data):
    headers, body = as_json(data)
    return HttpError(status, body, headers)


def form_of(request) -> dict:
    if request.headers.get("content-type", "").split(";")[0] != "application/x-www-form-urlencoded":
        raise HttpError(415)
    return dict(urllib.parse.parse_qsl(request.body.decode(), strict_parsing=True))


def require(condition, status=400, data=None):
    if not condition:
        raise json_error(status, data or {"error": "invalid_request"})
