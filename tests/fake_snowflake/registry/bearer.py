# SPDX-License-Identifier: Apache-2.0
"""Bearer tokens for Docker's registry: a JWT with its certificate in x5c (common/docker/PROTOCOL.md 4.2)."""

import base64
import datetime
import json
import time
import uuid

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.x509.oid import NameOID

from .. import base64url

ISSUER = "fake-snowflake"
SERVICE = "snowflake-registry"


class BearerTokens:
    def __init__(self):
        self._key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "fake snowflake tokens")])
        now = datetime.datetime.utcnow()
        self._certificate = (
            x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(self._key.public_key())
            .serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=30)).sign(self._key, hashes.SHA256()))
        self.lifetime = 60

    def bundle(self) -> bytes:
        return self._certificate.public_bytes(serialization.Encoding.PEM)

    def sign(self, access: list[dict]) -> str:
        der = self._certificate.public_bytes(serialization.Encoding.DER)
        header = {"typ": "JWT", "alg": "ES256", "x5c": [base64.b64encode(der).decode()]}
        now = int(time.time())
        # The registry accepts a token for another minute after it has expired.
        leeway = 60 if self.lifetime < 60 else 0
        claims = {"iss": ISSUER, "aud": SERVICE, "sub": "snowflake", "exp": now + self.lifetime - leeway, "nbf": now - 30, "iat": now,
                  "jti": str(uuid.uuid4()), "access": access}
        text = base64url.encode(json.dumps(header).encode()) + "." + base64url.encode(json.dumps(claims).encode())
        r, s = decode_dss_signature(self._key.sign(text.encode(), ec.ECDSA(hashes.SHA256())))
        return text + "." + base64url.encode(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
