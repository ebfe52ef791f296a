# SPDX-License-Identifier: Apache-2.0
"""Accounts with their users, roles, privileges and image repositories."""

import dataclasses
import re
import time

from .single_sign_on import SingleSignOn


@dataclasses.dataclass
class User:
    name: str  # upper case
    password: str | None = None
    default_role: str = "PUBLIC"
    roles: set = dataclasses.field(default_factory=set)
    public_key: object = None  # a public key of the package cryptography
    locked_until: float = 0
    failures: int = 0
    database: str | None = None
    schema: str | None = None
    second_factor: object = None  # login.duo.Device


@dataclasses.dataclass
class Token:
    """A programmatic access token, or an OAuth access token."""

    user: User
    role: str | None = None
    expires_at: float = float("inf")


@dataclasses.dataclass
class Service:
    """A service of Snowpark Container Services; `roles` are those that can see it."""

    database: str
    schema: str
    name: str
    images: list  # as in the specification of the service
    status: str = "RUNNING"
    roles: tuple = ("PUSHER",)


@dataclasses.dataclass
class Repository:
    database: str
    schema: str
    name: str
    owner: str = "SYSADMIN"
    comment: str = ""
    created_on: float = dataclasses.field(default_factory=time.time)

    @property
    def qualified(self) -> str:
        return f"{self.database}.{self.schema}.{self.name}"

    @property
    def path(self) -> str:
        return self.qualified.lower().replace(".", "/")


class Account:
    def __init__(self, name: str, hosts=(), registry_hosts=(), private_link=False, tld="com"):
        self.name = name
        label = name.lower().replace("_", "-")
        self.hosts = {f"{name.lower()}.snowflakecomputing.{tld}", f"{label}.snowflakecomputing.{tld}", *hosts}
        self.registry_host = f"{label}.registry.snowflakecomputing.{tld}"
        self.private_link_host = f"{label}.registry.privatelink.snowflakecomputing.{tld}" if private_link else None
        self.private_link_value = None  # "host" or "null" instead of the URL
        self.registry_hosts = {self.registry_host, *registry_hosts}
        if self.private_link_host:
            self.registry_hosts.add(self.private_link_host)
            self.hosts.add(f"{label}.privatelink.snowflakecomputing.{tld}")
        self.users: dict[str, User] = {}
        self.pats: dict[str, Token] = {}
        self.oauth_tokens: dict[str, Token] = {}
        self.workloads: dict[tuple, User] = {}  # ("AWS", arn) or (provider, issuer, subject) -> user
        self.okta_host: str | None = None
        self.databases = {"SNOWFLAKE": {"IMAGES"}}
        self.repositories: dict[str, Repository] = {}
        self.services: list[Service] = []
        self.rights: dict[str, dict[str, set]] = {}  # role -> {"pull": {qualified}, "push": {qualified}}
        # Lifetimes in answers; tests may set any JSON value.
        self.session_lifetime = 3600
        self.master_lifetime = 14400
        self.registry_token_lifetime = 3600
        self.allow_client_mfa_caching = True
        self.mfa_token_lifetime = 14400
        self.timezone = "America/Los_Angeles"
        self.deny_login: tuple[str, str] | None = None
        self.single_sign_on = SingleSignOn()
        self.identity_provider = None  # an IdentityProvider

    def add_user(self, name, password=None, default_role="PUBLIC", roles=(), public_key=None, **more) -> User:
        user = User(name.upper(), password, default_role, {"PUBLIC", default_role, *roles}, public_key, **more)
        self.users[user.name] = user
        return user

    def add_database(self, database: str, *schemas: str) -> None:
        self.databases.setdefault(database, set()).update({"PUBLIC", *schemas})

    def add_repository(self, database, schema, name, **more) -> Repository:
        self.add_database(database, schema)
        repository = Repository(database, schema, name, **more)
        self.repositories[repository.qualified] = repository
        return repository

    def role_may(self, role, pull=(), push=()) -> None:
        rights = self.rights.setdefault(role.upper(), {"pull": set(), "push": set()})
        rights["pull"].update(pull, push)
        rights["push"].update(push)

    def may(self, role: str, action: str, qualified: str) -> bool:
        if role == "ACCOUNTADMIN":
            return True
        repository = self.repositories.get(qualified)
        return qualified in self.rights.get(role, {}).get(action, ()) or (
            repository is not None and repository.owner == role)

    def is_own_host(self, host: str) -> bool:
        return host in self.hosts

    def matches_name(self, name: str) -> bool:
        """Compares case-insensitively, with hyphens equal to underscores (common/snowflake/PROTOCOL.md 1.1)."""
        return re.sub("_", "-", name or "").lower() == re.sub("_", "-", self.name).lower()
