# SPDX-License-Identifier: Apache-2.0
"""OpenID Connect issuers, which sign and verify tokens (RFC 7515, RFC 7519)."""

import json
import time

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from fake_snowflake import base64url


def unverified(token: str) -> dict:
    return json.loads(base64url.decode(token.split(".")[1]))


class Issuer:
    def __init__(self, url: str):
        self.url = url
        self._key = ec.generate_private_key(ec.SECP256R1())

    def token(self, subject: str, audience: str, lifetime=300, **more) -> str:
        now = int(time.time())
        claims = {"iss": self.url, "sub": subject, "aud": audience, "iat": now, "exp": now + lifetime, **more}
        signed = ".".join(base64url.encode(json.dumps(part).encode()) for part in ({"alg": "ES256", "typ": "JWT"}, claims))
        r, s = decode_dss_signature(self._key.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
        return f"{signed}.{base64url.encode(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"

    def claims(self, token: str, audience: str) -> dict:
        """Returns the claims of a valid token. Raises ValueError for another issuer or audience, or an expired token."""
        try:
            signed, mark = token.rsplit(".", 1)
            signature = base64url.decode(mark)
            r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
            self._key.public_key().verify(encode_dss_signature(r, s), signed.encode(), ec.ECDSA(hashes.SHA256()))
        except InvalidSignature:
            raise ValueError("invalid signature") from None
        claims = unverified(token)
        if claims["iss"] != self.url or claims["aud"] != audience or claims["exp"] <= time.time():
            raise ValueError("wrong issuer or audience, or expired")
        return claims
