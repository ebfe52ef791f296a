# SPDX-License-Identifier: Apache-2.0
"""Private keys as PEM files."""

from cryptography.hazmat.primitives import serialization


def pem(key, form=serialization.PrivateFormat.PKCS8, passphrase=None):
    """Returns a private key as PEM, encrypted if there is a passphrase."""
    protection = serialization.BestAvailableEncryption(passphrase) if passphrase else serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, form, protection).decode()
