# SPDX-License-Identifier: Apache-2.0
"""Verifies AWS Signature Version 4."""

import datetime
import hashlib
import hmac
import re
import time
import urllib.parse

AUTHORIZATION = re.compile(r"AWS4-HMAC-SHA256 Credential=([A-Z0-9]+)/(\d{8})/([a-z0-9-]+)/([a-z]+)/aws4_request, "
                           r"SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})")


class BadSignature(ValueError):
    pass


def _mac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def _query(query: str) -> str:
    pairs = urllib.parse.parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query))
    quoted = sorted((urllib.parse.quote(name, safe="-_.~"), urllib.parse.quote(value, safe="-_.~")) for name, value in pairs)
    return "&".join(f"{name}={value}" for name, value in quoted)


def check(keys, method, url, headers, body, region, must_sign=()):
    """Verifies a request. `keys` maps access key IDs to objects with `secret` and `token`. Returns the key. Raises BadSignature."""
    headers = {name.lower(): " ".join(value.split()) for name, value in headers.items()}
    found = AUTHORIZATION.fullmatch(headers.get("authorization", ""))
    if not found:
        raise BadSignature("Authorization is not Signature Version 4")
    key_id, day, its_region, service, signed, signature = found.groups()
    key = keys.get(key_id)
    names = signed.split(";")
    if key is None:
        raise BadSignature("The security token included in the request is invalid.")
    if (its_region, service) != (region, "sts"):
        raise BadSignature("Credential should be scoped to a valid region.")
    if names != sorted(names) or not {"host", "x-amz-date", *must_sign} <= set(names):
        raise BadSignature("a required header is not signed")
    if key.token and ("x-amz-security-token" not in names or headers["x-amz-security-token"] != key.token):
        raise BadSignature("The security token included in the request is invalid.")
    parts = urllib.parse.urlsplit(url)
    date = headers["x-amz-date"]
    at = datetime.datetime.strptime(date, "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.timezone.utc)
    if abs(at.timestamp() - time.time()) > 15 * 60 or not date.startswith(day):
        raise BadSignature("Signature expired, or not yet current.")
    if headers["host"] != parts.netloc:
        raise BadSignature("the signed host differs")
    canonical = "\n".join([method, parts.path or "/", _query(parts.query), *(f"{name}:{headers[name]}" for name in names), "",
                           signed, hashlib.sha256(body).hexdigest()])
    text = "\n".join(["AWS4-HMAC-SHA256", date, f"{day}/{region}/sts/aws4_request", hashlib.sha256(canonical.encode()).hexdigest()])
    secret = ("AWS4" + key.secret).encode()
    for part in (day, region, "sts", "aws4_request"):
        secret = _mac(secret, part)
    if not hmac.compare_digest(_mac(secret, text).hex(), signature):
        raise BadSignature("The request signature we calculated does not match the signature you provided.")
    return key
