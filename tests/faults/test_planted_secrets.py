# SPDX-License-Identifier: Apache-2.0
"""Secrets in every setting, file and variable, including wrong ones, never appear in output, support bundles, other files, or the
arguments and environment of other programs."""

import base64
import itertools
import json

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from world.fixtures import HOST
from world.keys import pem

COMMANDS = [
    ["docker-credential-snowflake", "get"], ["docker-credential-snowflake", "list"], ["docker-snowflake"],
    ["docker-snowflake", "status"], ["docker-snowflake", "status", "--json"], ["docker-snowflake", "login"],
    ["docker-snowflake", "url"], ["docker-snowflake", "whoami"], ["docker-snowflake", "images"],
    ["docker-snowflake", "doctor", "--verbose"], ["docker-snowflake", "doctor", "--json"],
    ["docker-snowflake", "setup", "--dry-run"]]


class Planter:
    """Creates distinct secrets, and remembers them."""

    def __init__(self):
        self.secrets = []
        self.numbers = itertools.count(1)

    def new(self, kind="pw"):
        self.secrets.append(f"{kind}-Planted{next(self.numbers):02}x7Qz9")
        return self.secrets[-1]

    def key(self):
        text = pem(rsa.generate_private_key(65537, 2048))
        # No part of the key may be shown.
        body = "".join(text.splitlines()[1:-1])
        self.secrets += [body[at:at + 24] for at in range(0, len(body) - 24, 24)]
        return text


def toml(**fields):
    lines = {"account": "myorg-myacct", "user": "jane", "role": "PUSHER", **fields}
    return 'default_connection_name = "dev"\n[connections.dev]\n' + "".join(
        f"{key} = {json.dumps(value)}\n" for key, value in lines.items())


SCENARIOS = {}


def scenario(plant):
    SCENARIOS[plant.__name__] = plant
    return plant


@scenario
def every_secret_field(user, planter):
    user.write_config(toml(**{field: planter.new(field) for field in (
        "password", "token", "private_key_raw", "private_key_passphrase", "passcode", "oauth_client_secret", "a_new_key", "proxy_password")}))


@scenario
def every_secret_variable(user, planter):
    user.write_config(toml())
    return {name: planter.new() for name in (
        "SNOWFLAKE_PASSWORD", "SNOWFLAKE_TOKEN", "SNOWFLAKE_PRIVATE_KEY_RAW", "PRIVATE_KEY_PASSPHRASE", "SNOWFLAKE_OAUTH_CLIENT_SECRET",
        "SNOWFLAKE_CONNECTIONS_DEV_PASSWORD", "SNOWFLAKE_CONNECTIONS_DEV_PASSCODE", "SNOWFLAKE_SESSION_TOKEN", "SNOWFLAKE_MASTER_TOKEN",
        "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "CI_JOB_TOKEN", "GITHUB_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_TOKEN")}


@scenario
def a_key_in_the_place_of_its_path(user, planter):
    user.write_config(toml(authenticator="SNOWFLAKE_JWT", private_key_file=planter.key()))


@scenario
def a_key_in_the_variable_of_its_path(user, planter):
    user.write_config(toml(authenticator="SNOWFLAKE_JWT"))
    return {"SNOWFLAKE_PRIVATE_KEY_FILE": planter.key()}


@scenario
def the_body_of_a_key_in_the_place_of_its_path(user, planter):
    user.write_config(toml(authenticator="SNOWFLAKE_JWT", private_key_path="".join(planter.key().splitlines()[1:-1])))


@scenario
def a_token_in_the_place_of_its_path(user, planter):
    user.write_config(toml(authenticator="PROGRAMMATIC_ACCESS_TOKEN", token_file_path=planter.new("pat")))


@scenario
def a_token_in_the_variable_of_its_path(user, planter):
    user.write_config(toml(authenticator="OAUTH"))
    return {"SNOWFLAKE_TOKEN_FILE_PATH": planter.new("pat")}


@scenario
def logins_in_addresses(user, planter):
    user.write_config(toml(authenticator=f"https://jane:{planter.new()}@okta.example/", password=planter.new(),
                           oauth_redirect_uri=f"http://jane:{planter.new()}@127.0.0.1:8001"))
    return {"HTTPS_PROXY": f"http://jane:{planter.new()}@127.0.0.1:9", "DOCKER_HOST": f"tcp://jane:{planter.new()}@127.0.0.1:9"}


@scenario
def comments_and_broken_lines(user, planter):
    user.write_config(toml(password=planter.new()) + f"# old: {planter.new()}\npassword = {planter.new()}\n")
    user.write_settings(f'store = "{planter.new()}"\n# {planter.new()}\n')


@scenario
def files_of_docker(user, planter):
    user.write_config(toml(password=planter.new()))
    login = base64.b64encode(f"0sessiontoken:{planter.new()}".encode()).decode()
    planter.secrets.append(login)
    user.write(".docker/config.json", json.dumps({
        "auths": {HOST: {"auth": login}, f"https://jane:{planter.new()}@{HOST}": {"identitytoken": planter.new()}},
        "credHelpers": {f"jane:{planter.new()}@{HOST}": "snowflake"}, "HttpHeaders": {"X-Key": planter.new()},
        "proxies": {"default": {"httpsProxy": f"http://u:{planter.new()}@proxy.example"}}}))
    user.write(".config/containers/auth.json", json.dumps({"auths": {HOST: {"auth": login}}}))


@scenario
def broken_files_of_docker(user, planter):
    user.write_config(toml(password=planter.new()))
    user.write(".docker/config.json", '{"auths": {"' + HOST + '": {"auth": "' + planter.new() + '" x ' + planter.new())
    return {"DOCKER_AUTH_CONFIG": '{"auths": ' + planter.new()}


@scenario
def key_and_token_files_that_are_broken(user, planter):
    user.write("key.p8", f"-----BEGIN PRIVATE KEY-----\n{planter.new()}\n-----END PRIVATE KEY-----\n")
    user.write("token", planter.new())
    user.write_config(toml(authenticator="SNOWFLAKE_JWT", private_key_file="~/key.p8", token_file_path="~/token"))


RECORDER = """#!/bin/sh
{ echo "$0 $*"; env; } >> "%s/children"
exec /usr/bin/docker "$@"
"""


@pytest.mark.parametrize("name", SCENARIOS)
def test_no_planted_secret_is_shown_or_passed_on(world, engine, name):
    user = world.user()
    user.use_helper_for(HOST)
    planter = Planter()
    env = SCENARIOS[name](user, planter) or {}
    planted = {path: content for path, content in user.files()}
    tools = user.directory / "tools"
    tools.mkdir()
    (tools / "docker").write_text(RECORDER % user.directory)
    (tools / "docker").chmod(0o755)
    env = {"PATH": f"{tools}:{user.environment['PATH']}", **env}
    seen = {}
    for command in COMMANDS:
        result = user.run(command, HOST if command[-1] == "get" else "", env=env)
        seen[" ".join(command)] = result.out + result.err
    bundle = user.home / "support.json"
    seen["doctor --bundle"] = "".join(user.snowflake("doctor", "--bundle", bundle, env=env).__dict__[stream] for stream in ("out", "err"))
    for path, content in user.files():
        if planted.get(path) != content:
            seen[str(path)] = content.decode(errors="replace")
    assert str(bundle) in seen
    own = {key: value for key, value in env.items() if not key.startswith(("SNOWFLAKE_", "PRIVATE_KEY_"))}
    children = (user.directory / "children").read_text()
    seen["children"] = "\n".join(line for line in children.splitlines() if line.split("=")[0] not in own)
    leaks = [(where, secret) for where, text in seen.items() for secret in planter.secrets if secret in text]
    assert leaks == []


def test_there_are_enough_secrets(world):
    planter = Planter()
    user = world.user()
    for plant in SCENARIOS.values():
        plant(user, planter)
    assert len(planter.secrets) >= 60
