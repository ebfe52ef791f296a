# SPDX-License-Identifier: Apache-2.0
"""Service account tokens of a Kubernetes cluster (kubernetes.io/docs, "Managing Service Accounts"): RS256 with a key ID, a list of
audiences, and the pod and node that they are bound to. Verified with the public JWKS only."""

import hashlib
import json
import time

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from fake_snowflake import base64url


class Cluster:
    def __init__(self, url: str):
        self.url = url
        self.is_published = True  # whether the JWKS is public
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        der = self._key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        self.key_id = base64url.encode(hashlib.sha256(der).digest())

    def token(self, namespace, account, audience="snowflakecomputing.com", lifetime=3600, **more) -> str:
        now = int(time.time())
        claims = {"aud": [audience], "exp": now + lifetime, "iat": now, "iss": self.url, "jti": f"{now}-{account}",
                  "kubernetes.io": {"namespace": namespace, "node": {"name": "node-1", "uid": "uid-of-node"},
                                    "pod": {"name": "pod", "uid": "uid-of-pod"},
                                    "serviceaccount": {"name": account, "uid": f"uid-of-{namespace}-{account}"}},
                  "nbf": now, "sub": f"system:serviceaccount:{namespace}:{account}", **more}
        header = {"alg": "RS256", "kid": self.key_id}
        signed = ".".join(base64url.encode(json.dumps(part, separators=(",", ":")).encode()) for part in (header, claims))
        return f"{signed}.{base64url.encode(self._key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256()))}"

    def jwks(self) -> dict:
        numbers = self._key.public_key().public_numbers()
        modulus = numbers.n.to_bytes((numbers.n.bit_length() + 7) // 8, "big")
        return {"keys": [{"use": "sig", "kty": "RSA", "kid": self.key_id, "alg": "RS256", "n": base64url.encode(modulus),
                          "e": base64url.encode(numbers.e.to_bytes(3, "big"))}]}

    def claims(self, token: str, audience: str) -> dict:
        """Returns the claims of a valid token. Raises ValueError for another issuer or audience, or an expired token."""
        if not self.is_published:
            raise ValueError("the issuer cannot be reached")
        head, body, mark = token.split(".")
        header = json.loads(base64url.decode(head))
        key = next((key for key in self.jwks()["keys"] if key["kid"] == header.get("kid")), None)
        if key is None or header.get("alg") != key["alg"]:
            raise ValueError("unknown key")
        number = rsa.RSAPublicNumbers(*(int.from_bytes(base64url.decode(key[part]), "big") for part in ("e", "n")))
        try:
            number.public_key().verify(base64url.decode(mark), f"{head}.{body}".encode(), padding.PKCS1v15(), hashes.SHA256())
        except InvalidSignature:
            raise ValueError("invalid signature") from None
        claims = json.loads(base64url.decode(body))
        now = time.time()
        if claims["iss"] != self.url or audience not in claims["aud"] or not claims["nbf"] - 60 <= now < claims["exp"]:
            raise ValueError("wrong issuer or audience, or expired")
        return claims
