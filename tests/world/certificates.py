# SPDX-License-Identifier: Apache-2.0
"""The certificate authority of the test world."""

import datetime
import pathlib

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def _name(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _write_key(path, key):
    path.touch(mode=0o600)
    path.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                       serialization.NoEncryption()))


class Authority:
    def __init__(self, directory: pathlib.Path, name="Test certificate authority"):
        self.directory = directory
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _name(name)
        self._certificate = self._sign(self._name, self._key.public_key(), [
            (x509.BasicConstraints(ca=True, path_length=0), True)])

    def _sign(self, subject, public_key, extensions, not_after=None):
        now = datetime.datetime.utcnow()
        not_after = not_after or now + datetime.timedelta(days=30)
        builder = (x509.CertificateBuilder().subject_name(subject).issuer_name(self._name).public_key(public_key)
                   .serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(days=400))
                   .not_valid_after(not_after))
        for extension, critical in extensions:
            builder = builder.add_extension(extension, critical)
        return builder.sign(self._key, hashes.SHA256())

    def pem(self) -> bytes:
        return self._certificate.public_bytes(serialization.Encoding.PEM)

    def issue(self, file_name, hosts, expired=False):
        """Writes <file_name>.pem (the certificate) and <file_name>.key into the directory."""
        key = ec.generate_private_key(ec.SECP256R1())
        not_after = datetime.datetime.utcnow() - datetime.timedelta(days=1) if expired else None
        certificate = self._sign(_name(hosts[0][:64]), key.public_key(), [
            (x509.SubjectAlternativeName([x509.DNSName(host) for host in hosts]), False)], not_after)
        (self.directory / f"{file_name}.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        _write_key(self.directory / f"{file_name}.key", key)
