# SPDX-License-Identifier: Apache-2.0
"""Sessions and their tokens: session, master and registry tokens."""

import base64
import dataclasses
import itertools
import os
import threading

from .errors import Refused


def opaque_token() -> str:
    """Returns a token in the form of Snowflake's, which clients must not interpret (common/snowflake/PROTOCOL.md 2.2)."""
    return f"ver:1-hint:{int.from_bytes(os.urandom(4), 'big')}-ETMs" + base64.b64encode(b"\xfb\xef" + os.urandom(160)).decode()


@dataclasses.dataclass
class Session:
    account: object
    user: object
    role: str
    app_id: str
    app_version: str
    number: int
    parameters: dict
    database: str | None = None
    schema: str | None = None
    warehouse: str | None = None
    secondary_roles: str | None = None
    session_token: str = ""
    session_expires_at: float = 0
    master_token: str = ""
    master_expires_at: float = 0
    dead: bool = False

    @property
    def result_format(self) -> str:
        return str(self.parameters.get("PYTHON_CONNECTOR_QUERY_RESULT_FORMAT", "ARROW")).upper()


@dataclasses.dataclass
class RegistryToken:
    value: str
    session: Session
    expires_at: float
    revoked: bool = False


def real_seconds(value) -> float:
    """Returns the actual lifetime of a token if a test sets an unusual value for the answer."""
    try:
        return min(float(value), 10 * 365 * 86400.0)
    except (TypeError, ValueError):
        return 3600.0


class Sessions:
    def __init__(self, clock):
        self.clock = clock
        self.make_token = opaque_token
        self._numbers = itertools.count(1172562260498)
        self._lock = threading.RLock()
        self.by_session_token: dict[str, Session] = {}
        self.by_master_token: dict[str, Session] = {}
        self.replaced: set[str] = set()  # session tokens replaced by a RENEW
        self.issued: dict[str, RegistryToken] = {}
        self.all: list[Session] = []

    def open(self, **fields) -> Session:
        with self._lock:
            session = Session(number=next(self._numbers), **fields)
            self.all.append(session)
            self._create_tokens(session)
            return session

    def _create_tokens(self, session: Session) -> None:
        now = self.clock.now()
        session.session_token, session.master_token = self.make_token(), self.make_token()
        session.session_expires_at = now + real_seconds(session.account.session_lifetime)
        session.master_expires_at = now + real_seconds(session.account.master_lifetime)
        self.by_session_token[session.session_token] = session
        self.by_master_token[session.master_token] = session

    def of_session_token(self, token: str) -> Session:
        """Returns the session of a token in a query or similar request. Raises Refused."""
        with self._lock:
            if token in self.replaced:
                raise Refused("390112", "Session token has expired.")
            if token in self.issued:
                issued = self.issued[token]
                if issued.revoked or issued.session.dead:
                    raise Refused("390111", "Session no longer exists. New login required to access the service.")
                return issued.session
            session = self.by_session_token.get(token)
            if session is None:
                raise Refused("390104", "Session token invalid.")
            if session.dead:
                raise Refused("390111", "Session no longer exists. New login required to access the service.")
            if self.clock.now() >= session.session_expires_at:
                raise Refused("390112", "Your session has expired.")
            return session

    def of_master_token(self, token: str, old_session_token: str) -> Session:
        """Returns the session of a RENEW or ISSUE request. Raises Refused."""
        with self._lock:
            if token in self.by_session_token or token in self.issued:
                raise Refused("390115", "Master token invalid.")
            session = self.by_master_token.get(token)
            if session is None:
                raise Refused("390113", "Master token not found.")
            if session.dead:
                raise Refused("390111", "Session no longer exists. New login required to access the service.")
            if self.clock.now() >= session.master_expires_at:
                raise Refused("390114", "Authentication token has expired.  The user must authenticate again.")
            if self.by_session_token.get(old_session_token) is not session:
                raise Refused("390104", "Session token invalid.")
            if session.master_token != token:
                raise Refused("390115", "Master token invalid.")
            return session

    def renew(self, session: Session) -> None:
        with self._lock:
            self.replaced.add(session.session_token)
            self._create_tokens(session)

    def issue(self, session: Session) -> RegistryToken:
        with self._lock:
            lifetime = real_seconds(session.account.registry_token_lifetime)
            token = RegistryToken(self.make_token(), session, self.clock.now() + lifetime)
            self.issued[token.value] = token
            return token

    def delete(self, token: str) -> None:
        with self._lock:
            issued = self.issued.get(token)
            session = issued.session if issued else self.by_session_token.get(token)
            if session is not None:
                session.dead = True
