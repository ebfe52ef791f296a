# SPDX-License-Identifier: Apache-2.0
"""The servers of the test world: Snowflake and its registry, another registry, clouds, a Docker engine."""

import os
import pathlib
import ssl

from fake_clouds import FakeClouds
from fake_snowflake import FakeSnowflake
from fake_snowflake.registry import bearer

from . import inside
from .engine import Engine, EngineUnavailable
from .public_registry import PublicRegistry
from .user import User
from .registry import VERSION_3, Registry


class World:
    """Starts the servers. Must run inside enter.py."""

    def __init__(self, bin_directory):
        self.directory = pathlib.Path(os.environ[inside.DIRECTORY_VARIABLE])
        self.bin = str(pathlib.Path(bin_directory).resolve())
        self.docker_socket = self.directory / "engine" / "docker.sock"
        self._engine = None
        self._users = []
        self._start_servers()

    def _start_servers(self):
        bundle = self.directory / "tokens.pem"
        self.snowflake = FakeSnowflake()
        bundle.write_bytes(self.snowflake.bearer.bundle())
        self._auth = {"realm": "https://replaced.by.the.front/v2/token", "service": bearer.SERVICE,
                      "issuer": bearer.ISSUER, "rootcertbundle": bundle}
        self._registry = Registry(self.directory / "registry", auth=self._auth)
        self._registry_3 = None
        self.clouds = self.snowflake.clouds = FakeClouds()
        self.clouds.start(inside.METADATA, inside.CLOUDS, self.directory / "clouds.pem", self.directory / "clouds.key")
        self.snowflake.serve(inside.SNOWFLAKE, 443, self._tls("snowflake"))
        self.snowflake.serve(inside.IDENTITY_PROVIDER, 443, self._tls("identity_provider"))
        self.other_registry = PublicRegistry(self.directory / "other", "registry.example", inside.OTHER_REGISTRY,
                                             tls=(self.directory / "other.pem", self.directory / "other.key"))
        self.reset()

    def _tls(self, name):
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(self.directory / f"{name}.pem", self.directory / f"{name}.key")
        return tls

    def reset(self):
        """Restores the initial state, except for images in the registry."""
        for user in self._users:
            user.stop()
        self._users.clear()
        self.snowflake.reset()
        self.snowflake.upstream.address = self._registry.address
        if os.environ.get("DCS_REGISTRY_VERSION") == "3" and not self.use_registry_3():
            raise RuntimeError(f"there is no registry at '{VERSION_3}'")
        self.clouds.reset()
        self.other_registry.violations.clear()
        self.account = self.snowflake.add_account("myorg-myacct")
        self.jane = self.account.add_user("JANE", password="Correct Horse 1!", default_role="PUSHER", roles=["READER"])
        self.account.add_repository("DB", "SCHEMA", "REPO")
        self.account.add_repository("DB", "SCHEMA", "REPO2")
        self.account.role_may("PUSHER", push=["DB.SCHEMA.REPO", "DB.SCHEMA.REPO2"])
        self.account.role_may("READER", pull=["DB.SCHEMA.REPO"])

    def use_registry_3(self) -> bool:
        """Uses version 3 of the registry until the next reset. Returns False if it was not built."""
        if not os.path.exists(VERSION_3):
            return False
        if self._registry_3 is None:
            self._registry_3 = Registry(self.directory / "registry3", auth=self._auth, program=VERSION_3)
        self.snowflake.upstream.address = self._registry_3.address
        return True

    def engine(self) -> Engine:
        """Starts the Docker engine if needed. Raises EngineUnavailable if it cannot run."""
        if self._engine is None:
            if os.environ.get("DCS_NO_ENGINE"):
                raise EngineUnavailable("DCS_NO_ENGINE is set")
            self._engine = Engine(self.docker_socket.parent)
        return self._engine

    def user(self, **options) -> User:
        user = User(self, **options)
        self._users.append(user)
        return user

    def stop(self):
        self.reset()
        if self._engine:
            self._engine.stop()
        self.snowflake.stop()
        self.clouds.stop()
        self._registry.stop()
        if self._registry_3:
            self._registry_3.stop()
        self.other_registry.stop()
