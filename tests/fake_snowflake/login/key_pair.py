# SPDX-License-Identifier: Apache-2.0
"""Key pair authentication with a JWT (common/snowflake/PROTOCOL.md 3.3, RFC 7515, RFC 7518)."""

import base64
import hashlib
import json

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from .. import base64url
from ..errors import Refused

MAX_LIFETIME = 3600
CLOCK_SLACK = 60


def fingerprint(public_key) -> str:
    der = public_key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return "SHA256:" + base64.b64encode(hashlib.sha256(der).digest()).decode()


def _verify(public_key, algorithm, signature, signed):
    if isinstance(public_key, rsa.RSAPublicKey) and algorithm == "RS256":
        public_key.verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())
        return
    curves = {"ES256": ("secp256r1", hashes.SHA256()), "ES384": ("secp384r1", hashes.SHA384()),
              "ES512": ("secp521r1", hashes.SHA512())}
    if isinstance(public_key, ec.EllipticCurvePublicKey) and algorithm in curves:
        name, digest = curves[algorithm]
        size = (public_key.key_size + 7) // 8
        if public_key.curve.name != name or len(signature) != 2 * size:
            raise Refused("394305", "JWT token has an invalid signature algorithm.")
        r, s = int.from_bytes(signature[:size], "big"), int.from_bytes(signature[size:], "big")
        public_key.verify(encode_dss_signature(r, s), signed, ec.ECDSA(digest))
        return
    raise Refused("394305", "JWT token has an invalid signature algorithm.")


def check(fake, account, data):
    token = data.get("TOKEN")
    try:
        head, body, mark = str(token).split(".")
        header, claims = json.loads(base64url.decode(head)), json.loads(base64url.decode(body))
        signature = base64url.decode(mark)
        issuer, subject = claims["iss"], claims["sub"]
        issued_at, expires_at = claims["iat"], claims["exp"]
        if not all(isinstance(number, int) for number in (issued_at, expires_at)):
            raise ValueError("not whole seconds")
    except (ValueError, KeyError, TypeError):
        raise Refused("394306", "JWT token has an invalid format.") from None

    account_name = account.name.upper().split(".")[0]
    name = subject[len(account_name) + 1:] if subject.startswith(account_name + ".") else ""
    user = account.users.get(name)
    login_name = str(data.get("LOGIN_NAME") or "").upper()
    if user is None or user.public_key is None or (login_name and login_name != name):
        raise Refused("390144", "JWT token is invalid. [0ce9eb56-821d-4ca9-a774-04ae89a0cf5a]")
    if issuer != f"{subject}.{fingerprint(user.public_key)}":
        raise Refused("394304", "JWT token has a public key fingerprint mismatch.")
    now = fake.clock.now()
    if issued_at > now + CLOCK_SLACK or claims.get("nbf", 0) > now + CLOCK_SLACK:
        raise Refused("394302", "JWT token was issued in the future.")
    if expires_at <= now - CLOCK_SLACK:
        raise Refused("394301", "JWT token has expired.")
    if expires_at - issued_at > MAX_LIFETIME or expires_at <= issued_at:
        raise Refused("394303", "JWT token has an invalid expiration time.")
    try:
        _verify(user.public_key, header.get("alg"), signature, f"{head}.{body}".encode())
    except InvalidSignature:
        raise Refused("390144", "JWT token is invalid. [0ce9eb56-821d-4ca9-a774-04ae89a0cf5a]") from None
    if header.get("typ") != "JWT":
        raise Refused("394306", "JWT token has an invalid format.")
    return user, None
