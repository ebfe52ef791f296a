# SPDX-License-Identifier: Apache-2.0
"""docker snowflake doctor finds the first cause of each fault, and shows no secret."""

import base64
import json
import pathlib
import platform
import socket
import ssl
import stat

import pytest
from conftest import CONNECTION, HOST
from cryptography.hazmat.primitives.asymmetric import rsa
from kubelet_node import ISSUER, KEYS, PROGRAM, Node
from world import certificates, inside
from world.keys import pem
from world.proxy import Proxy
from world.user import later

ACCOUNT = "myorg-myacct.snowflakecomputing.com"
REPOSITORY = "DB.SCHEMA.REPO"
LISTENERS = []  # kept open

# Secrets of all kinds, which must not appear in any output.
SECRETS = {
    "password": "Correct Horse 1!", "pat": "pat-2f61c8e7d0", "passphrase": "open-sesame-31", "proxy": "proxypass77",
    "auths": base64.b64encode(b"0sessiontoken:old-token-5521").decode(), "ci": "ci-job-token-9912", "header": "header-value-4413"}


@pytest.fixture(autouse=True)
def docker_engine(engine):
    """Starts the engine, because doctor checks Docker's daemon."""


def docker_config(user, **keys):
    user.write(".docker/config.json", json.dumps({"credHelpers": {HOST: "snowflake"}, **keys}))


def login_of(text="0sessiontoken:old-token-5521"):
    return {"auth": base64.b64encode(text.encode()).decode()}


def connection(more="", **fields):
    fields = {"account": "myorg-myacct", "user": "jane", "password": SECRETS["password"], "role": "PUSHER", **fields}
    lines = "".join(f'{key} = {json.dumps(value)}\n' for key, value in fields.items() if value is not None)
    return f'default_connection_name = "dev"\n[connections.dev]\n{lines}{more}'


def doctor(user, *words, env=None, timeout=110):
    return user.snowflake("doctor", *words, env=env, timeout=timeout)


def states(report):
    return {check["id"]: check["state"] for check in report["checks"]}


# Faults: functions that cause them, with the expected first cause and parts of its message.

FAULTS = {}


def fault(cause, *words, state="failed", target=(REPOSITORY,), **user_options):
    def register(plant):
        FAULTS[plant.__name__] = (plant, cause, words, state, target, user_options)
        return plant

    return register


def program(user, name, text):
    path = user.directory / "first" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("#!/bin/sh\n" + text + "\n")
    path.chmod(0o755)
    return {"PATH": f"{path.parent}:{user.environment['PATH']}"}


@fault("docker", "not on the PATH")
def docker_missing(user, world):
    directory = user.directory / "bin"
    directory.mkdir()
    for name in ("docker-credential-snowflake", "docker-snowflake"):
        (directory / name).symlink_to(f"{world.bin}/{name}")
    return {"PATH": str(directory)}


@fault("docker", "could not be found in this WSL 2 distro", "WSL integration")
def docker_is_a_stub(user, world):
    return {"WSL_DISTRO_NAME": "Debian", **program(
        user, "docker", "echo \"The command 'docker' could not be found in this WSL 2 distro.\"; exit 1")}


@fault("docker", "unable to parse docker host", "correct or unset DOCKER_HOST: docker works without it")
def docker_host_that_docker_refuses(user, world):
    return {"DOCKER_HOST": "npipe://x", **program(user, "docker", """test -z "$DOCKER_HOST" || { echo "unable to parse docker host" >&2; exit 1; }
echo "Docker version 28.2.2, build e6534b4\"""")}


@fault("docker", "no answer in 5 seconds", "correct or unset DOCKER_HOST, DOCKER_TLS_VERIFY: docker works without them")
def docker_host_that_never_answers(user, world):
    return {"DOCKER_HOST": "unix:///run/silent.sock", "DOCKER_TLS_VERIFY": "1",
            **program(user, "docker", 'test -z "$DOCKER_HOST" || exec sleep 100; echo "Docker version 28.2.2, build e6534b4"')}


@fault("docker", "does not work: cannot read it", "docker works without its configuration")
def docker_that_cannot_read_its_configuration(user, world):
    return program(user, "docker", 'test "$1" = --config || { echo cannot read it >&2; exit 1; }; echo "Docker version 28.2.2, build e6534b4"')


@fault("docker", "is built for", "this machine is")
def docker_for_another_processor(user, world):
    return {**program(user, "docker", ""), **program_for_another_processor(user, "docker")}


def program_for_another_processor(user, name):
    """Writes the beginning of an ELF file for another processor, and returns a PATH with it."""
    path = user.directory / "first" / name
    path.parent.mkdir(exist_ok=True)
    machine = 243 if platform.machine() != "riscv64" else 183
    path.write_bytes(b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x02\x00" + machine.to_bytes(2, "little") + bytes(100))
    path.chmod(0o755)
    return {"PATH": f"{path.parent}:{user.environment['PATH']}"}


@fault("helper", "is built for riscv64", "this machine is")
def helper_for_another_processor(user, world):
    return program_for_another_processor(user, "docker-credential-snowflake")


@fault("daemon", "Cannot connect to the Docker daemon", "unset DOCKER_HOST")
def daemon_down(user, world):
    return {"DOCKER_HOST": "unix:///run/nowhere/docker.sock"}


@fault("daemon", "permission denied", "usermod -aG docker jane")
def daemon_socket_forbidden(user, world):
    return {"USER": "jane", **program(user, "docker", """case "$*" in
--version) echo "Docker version 28.2.2, build e6534b4";;
*) echo "permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock" >&2; exit 1;;
esac""")}


@fault("daemon", "it does not work: Cannot connect to the Docker daemon", "start")
def daemon_down_behind_a_warning(user, world):
    return program(user, "docker", """case "$*" in
--version) echo "Docker version 28.2.2, build e6534b4";;
*) echo "WARNING: Error loading config file: open /home/jane/.docker/config.json: permission denied" >&2
echo "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?" >&2; exit 1;;
esac""")


@fault("daemon", "does not answer")
def daemon_hangs(user, world):
    return program(user, "docker", 'test "$1" = --version || exec sleep 100; echo "Docker version 28.2.2, build e6534b4"')


@fault("other-helpers", "docker-credential-gone is not on the PATH", 'remove "credsStore" from', state="warning")
def store_of_docker_is_gone(user, world):
    docker_config(user, credsStore="gone")


@fault("other-helpers", "docker-credential-broken does not work: no keyring today", state="warning")
def store_of_docker_does_not_work(user, world):
    docker_config(user, credsStore="broken")
    return program(user, "docker-credential-broken", "echo no keyring today; exit 1")


@fault("other-helpers", "docker-credential-gone is not on the PATH", state="warning")
def helper_of_another_registry_is_gone(user, world):
    docker_config(user, credHelpers={HOST: "snowflake", "registry.example": "gone"})


@fault("connection-files", "SNOWFLAKE_HOME is the file", "export SNOWFLAKE_HOME=")
def snowflake_home_is_a_file(user, world):
    return {"SNOWFLAKE_HOME": str(user.home / ".snowflake/config.toml")}


@fault("connection-files", "exists without connections", "are not read")
def empty_directory_hides_the_connections(user, world):
    (user.home / ".config").mkdir(exist_ok=True)
    (user.home / ".snowflake").rename(user.home / ".config/snowflake")
    (user.home / ".snowflake").mkdir()


@fault("connection-keys", "proxy_hots", "databse (did you mean database?)", state="warning")
def keys_without_effect(user, world):
    user.write_config(connection(databse="DB", proxy_hots="proxy.example"))


@fault("connection", "251001", "acount (did you mean account?)")
def account_misspelled(user, world):
    user.write_config(connection(account=None, acount="myorg-myacct"))


@fault("connection", "no Snowflake CLI connection", "check the spelling", target=("myorg-myact.registry.snowflakecomputing.com",))
def host_with_a_typo(user, world):
    pass


@fault("token", "refused the cached token", "repeat", state="warning", target=())
def registry_refuses_a_cached_token(user, world):
    assert user.helper("get", HOST).code == 0
    world.snowflake.faults.status("registry-token", 401, b'{"errors":[{"code":"UNAUTHORIZED","message":"no"}]}')


@fault("repository", "did you mean DB.SCHEMA.REPO2?", target=("DB.SCHEMA.REPOZ2",))
def repository_misspelled(user, world):
    pass


@fault("docker", "snap", state="warning")
def docker_from_a_snap(user, world):
    directory = user.directory / "snap/bin"
    directory.mkdir(parents=True)
    (directory / "docker").symlink_to("/usr/bin/docker")
    return {"PATH": f"{directory}:{user.environment['PATH']}"}


@fault("helper", "not on the PATH")
def helper_missing(user, world):
    directory = user.directory / "bin"
    directory.mkdir()
    (directory / "docker-snowflake").symlink_to(f"{world.bin}/docker-snowflake")
    (directory / "docker").symlink_to("/usr/bin/docker")
    return {"PATH": str(directory)}


@fault("helper", "version 0.0.9", "this is", state="warning")
def helper_of_another_version(user, world):
    return program(user, "docker-credential-snowflake", 'echo "docker-credential-snowflake (https://example) 0.0.9"')


@fault("helper", "another program")
def helper_that_is_another_program(user, world):
    return program(user, "docker-credential-snowflake", "echo something else; exit 3")


@fault("helper", "does not report its version")
def helper_that_hangs(user, world):
    return program(user, "docker-credential-snowflake", "exec sleep 100")


@fault("helper", "is not executable", "chmod 755")
def helper_without_permission(user, world):
    variables = docker_missing(user, world)
    directory = user.directory / "bin"
    (directory / "docker").symlink_to("/usr/bin/docker")
    (directory / "docker-credential-snowflake").unlink()
    (directory / "docker-credential-snowflake").write_text("")
    return variables


@fault("helper", "directory of Docker plugins", "rm ", state="warning")
def helper_among_plugins(user, world):
    (user.home / ".docker/cli-plugins/docker-credential-snowflake").symlink_to(f"{world.bin}/docker-credential-snowflake")


@fault("plugin", "unknown to Docker", state="warning")
def plugin_unknown_to_docker(user, world):
    (user.home / ".docker/cli-plugins/docker-snowflake").unlink()


@fault("docker-config", "not valid JSON", "config.json:3:1", "correct the file")
def docker_config_broken(user, world):
    user.write(".docker/config.json", '{\n "credHelpers": {}\n"auths": {}}')


@fault("docker-config", "config.json")
def docker_config_is_a_directory(user, world):
    (user.home / ".docker/config.json").unlink()
    (user.home / ".docker/config.json").mkdir()


@fault("docker-auth-config", "instead of asking the helper", "unset DOCKER_AUTH_CONFIG")
def docker_auth_config(user, world):
    return {"DOCKER_AUTH_CONFIG": json.dumps({"auths": {HOST: login_of()}})}


@fault("cred-helpers", "myorg_myacct", "looks for exactly")
def helper_for_an_underscore(user, world):
    docker_config(user, credHelpers={"myorg_myacct.registry.snowflakecomputing.com": "snowflake"})


@fault("cred-helpers", "MYORG", "looks for exactly")
def helper_for_capitals(user, world):
    docker_config(user, credHelpers={HOST.upper(): "snowflake"})


@fault("cred-helpers", "https://")
def helper_for_an_address(user, world):
    docker_config(user, credHelpers={f"https://{HOST}": "snowflake"})


@fault("cred-helpers", "instead of the helper", f"docker snowflake setup --host {HOST}")
def old_login_shadows(user, world):
    docker_config(user, credHelpers={}, auths={HOST: login_of()})


@fault("docker-logins", "in plain text", "docker logout", state="warning")
def old_login_beside_the_helper(user, world):
    docker_config(user, auths={HOST: login_of()})


@fault("cred-helpers", "does not know", "docker snowflake setup")
def helper_not_named(user, world):
    docker_config(user, credHelpers={"registry.example": "pass"})


@fault("cred-helpers", "other logins are not stored", 'remove "credsStore" from', state="warning")
def helper_for_every_registry(user, world):
    docker_config(user, credsStore="snowflake")


@fault("cred-helpers", "docker-credential-pass")
def another_helper_named(user, world):
    docker_config(user, credHelpers={HOST: "pass"})


@fault("buildx", "and not Docker's own", state="warning")
def buildx_has_its_own(user, world):
    user.write(f".docker/buildx/config/{HOST}/config.json", "{}")


@fault("containers", "podman logout", state="warning")
def podman_has_a_login(user, world):
    user.write(".config/containers/auth.json", json.dumps({"auths": {HOST: login_of()}}))


@fault("settings", "config.toml:1")
def settings_broken(user, world):
    user.write_settings("store = \n")


@fault("connection-files", "too wide permissions", "chmod 0600")
def connections_open_to_all(user, world):
    user.write(".snowflake/config.toml", CONNECTION, mode=0o644)


@fault("connection-files", "config.toml:2")
def connections_broken(user, world):
    user.write_config("a = 1\n[connections.dev\n")


@fault("connection", "no Snowflake connection yet")
def no_connection(user, world):
    user.write_config("")


@fault("connection", "check the spelling", target=("myorg-myact.registry.snowflakecomputing.com",))
def connection_for_another_host(user, world):
    docker_config(user, credHelpers={"myorg-myact.registry.snowflakecomputing.com": "snowflake"})


@fault("authenticator", "251007", "CARRIER_PIGEON")
def authenticator_unknown(user, world):
    user.write_config(connection(authenticator="CARRIER_PIGEON"))


@fault("authenticator", "does not exist", "private_key_file")
def key_missing(user, world):
    user.write_config(connection(authenticator="SNOWFLAKE_JWT", private_key_file="~/no.p8", password=None))


@fault("authenticator", "passphrase")
def key_with_another_passphrase(user, world):
    key = pem(rsa.generate_private_key(65537, 2048), passphrase=b"the right one")
    user.write("key.p8", key)
    user.write_config(connection(authenticator="SNOWFLAKE_JWT", private_key_file="~/key.p8", password=None,
                                   private_key_passphrase=SECRETS["passphrase"]))


@fault("authenticator", "Password is empty")
def password_missing(user, world):
    user.write_config(connection(password=None))


@fault("secret-service", "locked", state="warning", secret_service="locked")
def keyring_locked(user, world):
    pass


@fault("secret-service", "no answer within two seconds", state="warning", secret_service="silent")
def keyring_silent(user, world):
    pass


@fault("kernel-keyring", "does not let this process", state="warning", keyctl="EPERM")
def kernel_refuses_keyrings(user, world):
    pass


@fault("stored", "store no tokens", state="warning")
def storing_is_disabled(user, world):
    user.write_settings('store = "none"\n')


@fault("host", "lower case", f"write {HOST}", target=("MyOrg_MyAcct.registry.snowflakecomputing.com",))
def host_misspelled(user, world):
    pass


@fault("host", "locator", target=("xy12345.registry.snowflakecomputing.com",))
def host_of_a_locator(user, world):
    user.write_settings('[registries."xy12345.registry.snowflakecomputing.com"]\nconnection = "dev"\n')
    user.write_config(connection(account="xy12345"))
    docker_config(user, credHelpers={"xy12345.registry.snowflakecomputing.com": "snowflake"})


@fault("dns", "could not resolve the host name no-such-account")
def name_unknown(user, world):
    user.write_config(connection(host="no-such-account.snowflakecomputing.com"))


@fault("dns", "could not resolve the host name myorg-myacct.no-such-1.", 'check region = "no-such-1" in ')
def region_is_mistyped(user, world):
    user.write_config(connection(region="no-such-1"))


@fault("dns", "could not resolve the host name no-such.", 'check account = "no-such" in ', "config.toml:3", target=())
def account_is_mistyped_and_docker_is_not_set_up(user, world):
    user.write_config(connection(account="no-such"))
    docker_config(user, credHelpers={})


@fault("cred-helpers", "Docker does not know", f"docker snowflake setup --host {HOST}")
def neither_the_user_nor_docker_is_set_up(user, world):
    user.write_config(connection(authenticator="externalbrowser"))
    docker_config(user, credHelpers={})


@fault("connection-files", "its connections are ignored because of", "move them there: dev", "delete them in", state="warning")
def connections_are_hidden_by_another_file(user, world):
    text = connection()
    user.write(".snowflake/connections.toml", text[text.index("[connections.dev]"):].replace("connections.dev", "prod"))


@fault("tcp", "could not connect to", "port 444")
def server_is_not_there(user, world):
    user.write_config(connection(host=ACCOUNT, port=444))


@fault("proxy", "127.0.0.1:9", "HTTPS_PROXY")
def proxy_unreachable(user, world):
    return {"HTTPS_PROXY": f"http://jane:{SECRETS['proxy']}@127.0.0.1:9"}


@fault("proxy", "requires a user name", "set https_proxy to")
def proxy_wants_a_password(user, world):
    return {"https_proxy": Proxy("407 Proxy Authentication Required").url(f"jane:{SECRETS['proxy']}@")}


@fault("proxy", "does not connect to", "403")
def proxy_refuses(user, world):
    return {"https_proxy": Proxy("403 Forbidden").url(f"jane:{SECRETS['proxy']}@")}


@fault("proxy", "(proxy_host of the connection) requires a user name", "set proxy_user and proxy_password in the connection")
def proxy_of_the_connection_wants_a_password(user, world):
    proxy = Proxy("407 Proxy Authentication Required")
    user.write_config(connection(proxy_host="127.0.0.1", proxy_port=proxy.port, proxy_user="jane", proxy_password=SECRETS["proxy"]))
    return {"https_proxy": "http://127.0.0.1:9"}


@fault("connection", "proxy_host without proxy_port")
def half_a_proxy(user, world):
    user.write_config(connection(proxy_host="proxy.example"))


def serve_with(user, world, directory, name):
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(directory / f"{name}.pem", directory / f"{name}.key")
    server = world.snowflake.serve(inside.SNOWFLAKE, 0, tls)
    user.write_config(connection(host=ACCOUNT, port=server[1]))


@fault("tls", "Example Corp inspection", "does not trust", "SSL_CERT_FILE")
def proxy_opens_tls(user, world):
    certificates.Authority(user.directory, "Example Corp inspection").issue("strange", list(inside.snowflake_hosts()))
    serve_with(user, world, user.directory, "strange")


@fault("tls", "expired on", "Test certificate authority")
def certificate_expired(user, world):
    serve_with(user, world, world.directory, "expired")


@fault("tls", "for another host")
def certificate_of_another_host(user, world):
    serve_with(user, world, world.directory, "misnamed")


@fault("tls", "timed out", "firewall")
def server_says_nothing(user, world):
    listener = socket.create_server((inside.SNOWFLAKE, 0))
    LISTENERS.append(listener)
    user.write_config(connection(host=ACCOUNT, port=listener.getsockname()[1]))


@fault("clock", "2 hours ahead", "timedatectl", state="warning")
def clock_ahead(user, world):
    # Half a minute more, because rounding would sometimes give 119 minutes.
    return later(7230)


@fault("clock", "400 days behind", "timedatectl", state="warning", target=())
def clock_of_last_year(user, world):
    return later(-400 * 86400 - 30)


@fault("clock", "2 hours ahead", "timedatectl")
def clock_ahead_of_a_key(user, world):
    key = rsa.generate_private_key(65537, 2048)
    world.jane.public_key = key.public_key()
    user.write("key.p8", pem(key))
    user.write_config(connection(authenticator="SNOWFLAKE_JWT", private_key_file="~/key.p8", password=None))
    return later(7230)


@fault("clock", "behind", state="warning")
def clock_a_little_behind(user, world):
    return later(-100)


@fault("login", "390100")
def password_wrong(user, world):
    user.write_config(connection(password="wrong-" + SECRETS["password"]))


@fault("login", "390100", "next attempt in")
def refused_a_moment_ago(user, world):
    world.account.deny_login = ("390100", "Incorrect username or password was specified.")
    assert user.helper("get", HOST).code == 1
    world.account.deny_login = None


@fault("login", "a user may have to approve", "docker snowflake login -c dev")
def login_needs_a_user(user, world):
    user.write_config(connection(authenticator="USERNAME_PASSWORD_MFA"))


@fault("login", "docker snowflake login -c dev")
def login_needs_a_browser(user, world):
    user.write_config(connection(authenticator="externalbrowser"))


@fault("login", "390189", "role")
def role_not_granted(user, world):
    user.write_config(connection(role="STRANGER"))


@fault("login", "390422", "network policy")
def network_policy(user, world):
    world.account.deny_login = ("390422", "Incoming request with IP/Token 198.51.100.10 is not allowed to access Snowflake.")


@fault("login", "403", "there is no account", 'check account = "myorg-myacct" in ', "config.toml:3", "VPN")
def account_unknown(user, world):
    docker_config(user, credHelpers={})
    world.snowflake.faults.status("login", 403, times=9)


@fault("registry", "failed: HTTP status", "503")
def registry_in_trouble(user, world):
    world.snowflake.faults.add("registry", times=99, before=lambda exchange: exchange.send(503, {}, b"") or True)


@fault("registry", "does not answer as a registry", "200")
def registry_behind_a_portal(user, world):
    world.snowflake.faults.html("registry", times=9)


@fault("registry", "wants the token sent to", "evil.example")
def registry_sends_elsewhere(user, world):
    challenge = {"WWW-Authenticate": 'Bearer realm="https://evil.example/v2/token",service="x"'}
    world.snowflake.faults.status("registry", 401, headers=challenge, times=9)


@fault("token", "does not accept the token", "401")
def registry_refuses_the_token(user, world):
    world.snowflake.faults.status("registry-token", 401, b'{"errors":[{"code":"UNAUTHORIZED","message":"no"}]}', times=9)


@fault("repository", "sees no image repository", "DB.SCHEMA.NOWHERE", target=("DB.SCHEMA.NOWHERE",))
def repository_missing(user, world):
    pass


@fault("repository", "sees no schema", "GRANT USAGE ON DATABASE", target=("NODB.SCHEMA.REPO",))
def database_missing(user, world):
    pass


@fault("repository", "GRANT READ ON IMAGE REPOSITORY DB.SCHEMA.REPO2 TO ROLE READER;", target=("DB.SCHEMA.REPO2",))
def no_right_at_all(user, world):
    user.write_config(connection(role="READER"))


@fault("pull", "may not pull", "GRANT READ ON IMAGE REPOSITORY DB.SCHEMA.REPO TO ROLE PUSHER;")
def read_missing(user, world):
    world.snowflake.front.granted = lambda session, scopes: []


@fault("push", "may not push", "GRANT WRITE ON IMAGE REPOSITORY DB.SCHEMA.REPO TO ROLE READER;")
def write_missing(user, world):
    user.write_config(connection(role="READER"))


def healthy_user(world, **user_options):
    world.engine()
    user = world.user(**{"secret_service": "unlocked", **user_options})
    user.write_config(CONNECTION)
    user.use_helper_for(HOST)
    return user


@pytest.mark.parametrize("name", FAULTS)
def test_the_first_cause_is_found(world, name):
    plant, cause, words, state, target, user_options = FAULTS[name]
    user = healthy_user(world, **user_options)
    env = plant(user, world) or {}
    result = doctor(user, *target, "--json", env=env)
    report = json.loads(result.out)
    verdict = report["verdict"]
    assert (verdict["cause"], verdict["state"]) == (cause, state), verdict
    for word in words:
        assert word in verdict["sentence"] + " " + verdict["next"]
    assert verdict["next"], "there is always something to do"
    assert result.code == (1 if state == "failed" else 0)
    assert not any(secret in result.out + result.err for secret in SECRETS.values())


def test_there_are_enough_faults():
    assert len(FAULTS) >= 25


def test_a_working_installation_passes_every_check(world, snowflake):
    user = healthy_user(world)
    result = doctor(user, REPOSITORY)
    assert result.code == 0, result.out + result.err
    lines = result.out.splitlines()
    assert all(line.startswith("✓ ") for line in lines if line), result.out
    assert lines[0] == f"✓ Everything works: you may push to and pull from {REPOSITORY}" and len(lines) <= 10
    assert doctor(user, "--pull-only", REPOSITORY).out.startswith(f"✓ Everything works: you may pull from {REPOSITORY}\n")
    every = doctor(user, REPOSITORY, "--verbose").out
    assert "\n  ✓ DNS " in every and len(every.splitlines()) > 35
    assert "\n- " not in doctor(user).out
    assert snowflake.count("login") == 1
    again = doctor(user, f"{HOST}/db/schema/repo/app:1", "--json").json()
    assert states(again)["push"] == "ok" and snowflake.count("login") == 1, "the cached session is used"
    uploads = [request.method for request in snowflake.requests if "/blobs/uploads" in request.path]
    assert uploads == ["POST", "DELETE"] * 3
    for words in ([], [HOST], ["-c", "dev"], [f"https://{HOST}/v2/"]):
        result = doctor(user, *words, "--format", "json")
        assert (result.code, result.json()["verdict"]["state"], result.json()["host"]) == (0, "ok", HOST), words
    assert doctor(user, "--format", "csv").out.startswith("id,state,sentence,next")


def test_podman_installed_as_docker_is_recognized_and_every_step_can_be_typed(world):
    user = healthy_user(world)
    docker_config(user, credHelpers={})
    env = program(user, "docker", "echo podman version 4.9.3")
    report = doctor(user, "--json", env=env).json()
    checks = {check["id"]: check for check in report["checks"]}
    assert checks["docker"]["state"] == "ok" and "is podman" in checks["docker"]["sentence"]
    assert checks["daemon"]["state"] == checks["plugin"]["state"] == "skipped"
    assert report["verdict"]["next"] == f"docker-snowflake setup --host {HOST}"


def test_fix_runs_what_helps_after_asking(world):
    user = healthy_user(world)
    docker_config(user, credHelpers={})
    (user.home / ".snowflake/config.toml").chmod(0o644)
    refused = doctor(user, "--fix")
    assert refused.code == 2 and "add --yes, or run: chmod 600 " in refused.err
    assert doctor(user, "--fix", "--json").code == 2
    fixed = doctor(user, "--fix", "--yes")
    assert fixed.code == 0 and "Everything works" in fixed.out, fixed.out + fixed.err
    assert "Running: chmod 600 " in fixed.err and f"Running: docker snowflake setup --host {HOST}" in fixed.err
    assert doctor(user, "--fix", "--yes").err == ""
    user.write_config(connection(password="wrong"))
    assert "No command fixes this" in doctor(user, "--fix", "--yes").err


def test_a_check_whose_prerequisite_failed_is_skipped_with_the_reason(world):
    user = healthy_user(world)
    user.write_config(connection(host=ACCOUNT, port=444))
    report = doctor(user, REPOSITORY, "--json").json()
    after = {check["id"]: check["sentence"] for check in report["checks"]}
    for name in ("tls", "clock", "login", "session", "registry", "token", "repository", "pull", "push"):
        assert after[name] == "skipped: because of TCP", name


def test_with_pull_only_a_role_that_may_pull_is_enough(world):
    user = healthy_user(world)
    user.write_config(connection(role="READER"))
    assert doctor(user, REPOSITORY).code == 1
    assert doctor(user, REPOSITORY, "--pull-only").code == 0


def test_a_wrong_command_line_has_its_own_status(world):
    user = healthy_user(world)
    for word in ("evil.example-x", f"{HOST}/db", "a-b.snowflakecomputing.com", "DB.SCHEMA.*"):
        result = doctor(user, word)
        assert result.code == 2 and "Next: " in result.err and result.out == "", word
    assert "did you mean a-b.registry.snowflakecomputing.com?" in doctor(user, "a-b.snowflakecomputing.com").err


def test_a_token_never_goes_to_the_registry_of_another_account(world, snowflake):
    snowflake.add_account("other-acct")
    other = "other-acct.registry.snowflakecomputing.com"
    user = healthy_user(world)
    user.use_helper_for(HOST, other)
    result = doctor(user, other, "-c", "dev", "--json")
    assert result.code == 1 and result.json()["verdict"]["cause"] == "connection"
    assert not [request for request in snowflake.requests if "authorization" in request.headers]


def test_no_phone_rings_and_no_browser_opens(world, snowflake):
    user = healthy_user(world)
    for authenticator in ("USERNAME_PASSWORD_MFA", "EXTERNALBROWSER", "OAUTH_AUTHORIZATION_CODE"):
        user.write_config(connection(authenticator=authenticator))
        assert doctor(user).code == 1
    assert snowflake.count("login") == 0


def user_with_secrets(world):
    """Creates a user with secrets in files and variables. Returns the user and the variables."""
    user = healthy_user(world)
    user.write("key.p8", "not a key")
    user.write_config(connection(
        f'[connections.other]\naccount = "x-y"\ntoken = "{SECRETS["pat"]}"\nprivate_key_passphrase = "{SECRETS["passphrase"]}"\n'))
    docker_config(user, auths={HOST: {"auth": SECRETS["auths"]}, "x.example": login_of("u:p-1234567")},
                  HttpHeaders={"X-Key": SECRETS["header"]},
                  proxies={"default": {"httpsProxy": f"http://u:{SECRETS['proxy']}@proxy.example"}})
    env = {"CI_JOB_TOKEN": SECRETS["ci"], "SNOWFLAKE_TOKEN": SECRETS["pat"], "PRIVATE_KEY_PASSPHRASE": SECRETS["passphrase"],
           "HTTPS_PROXY": f"http://u:{SECRETS['proxy']}@127.0.0.1:9", "NO_PROXY": ".snowflakecomputing.com"}
    return user, env


def test_a_support_bundle_contains_no_secret(world, snowflake):
    user, env = user_with_secrets(world)
    file = user.home / "support.json"
    result = doctor(user, REPOSITORY, "--bundle", file, env=env)
    assert "support.json" in result.err
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    bundle = file.read_text()
    sessions = snowflake.sessions
    tokens = [*sessions.by_session_token, *sessions.by_master_token, *sessions.issued]
    assert tokens
    for secret in [*SECRETS.values(), "old-token-5521", "p-1234567", *tokens]:
        assert secret not in bundle + result.out + result.err
    read = json.loads(bundle)
    assert read["variables"]["CI_JOB_TOKEN"] == "(set)" and read["variables"]["HOME"] == str(user.home)
    assert read["connection"]["account"] == "myorg-myacct" and read["connection"]["password"] == "(set)"
    assert read["docker config"]["auths"][HOST] == ["auth"]
    assert read["docker config"]["credHelpers"] == {HOST: "snowflake"}
    assert {stored["kind"] for stored in read["stored"]} >= {"session", "registry-token"}
    assert 3000 < {stored["kind"]: stored["seconds left"] for stored in read["stored for the connection"]}["registry-token"] <= 3600
    assert read["report"]["verdict"]["cause"] == "docker-logins" and read["system"]["kernel"]


def test_a_support_bundle_replaces_no_file(world):
    user = healthy_user(world)
    file = user.write("mine", "mine")
    result = doctor(user, "--bundle", file)
    assert result.code == 2 and "--force" in result.err and file.read_text() == "mine"
    assert doctor(user, "--bundle", file, "--force").code == 0
    assert json.loads(file.read_text())["report"]


def test_a_secret_that_a_server_repeats_is_masked(world):
    user = healthy_user(world)
    world.account.deny_login = ("390100", f"wrong: {SECRETS['password']}")
    result = doctor(user)
    assert "wrong: ***" in result.out and SECRETS["password"] not in result.out


def test_it_fits_the_terminal_and_the_locale(world):
    user = healthy_user(world)
    user.write_config(connection(role="READER"))
    script = f"script -qec 'stty cols 50; docker-snowflake doctor {REPOSITORY}' /dev/null"
    shown = user.run(["sh", "-c", script], env={"TERM": "xterm", "SHELL": "/bin/sh"})
    assert "\x1b[31m✗\x1b[0m" in shown.out
    plain = user.run(["sh", "-c", script], env={"TERM": "xterm", "SHELL": "/bin/sh", "NO_COLOR": "1"})
    # The progress indicator of slow checks is erased.
    shown = plain.out.replace("\r\x1b[K", "")
    assert "\x1b" not in shown and "✗" in shown
    assert max(len(line.rstrip("\r")) for line in shown.split("\n")) <= 50
    for width in (1, 20, 21, 22, 30):
        narrow = user.run(["sh", "-c", script.replace("50", str(width))], env={"TERM": "xterm", "SHELL": "/bin/sh"})
        assert "push" in narrow.out and "Error" not in narrow.out
    in_ascii = doctor(user, REPOSITORY, env={"LANG": "C"})
    assert in_ascii.out.isascii() and in_ascii.out.startswith("x It does not work: the role READER may not push") and "\nx Repository\n  x push " in in_ascii.out


def test_after_a_second_it_shows_what_it_waits_for(world):
    user = healthy_user(world)
    assert any("Waiting" not in doctor(user).err for _ in range(3))
    env = program(user, "docker-credential-snowflake", f"sleep 2; exec {world.bin}/docker-credential-snowflake \"$@\"")
    assert "Waiting: checking: helper" in doctor(user, env=env).err


def test_docker_runs_doctor(jane, world):
    result = jane.snowflake("--config", str(jane.home / ".docker"), "snowflake", "doctor", "--json",
                            env={"DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND": "docker"})
    assert result.json()["verdict"]["state"] == "ok"


# Kubernetes nodes

@pytest.fixture
def node(jane, world):
    """A node whose kubelet logs in with a connection file."""
    node = Node(jane, world)
    node.bin = jane.home / "node/bin"
    node.bin.mkdir(parents=True)
    node.program = node.bin / PROGRAM
    node.program.write_bytes((pathlib.Path(world.bin) / PROGRAM).read_bytes())
    node.program.chmod(0o755)
    node.config = jane.home / "node/config.yaml"
    node.directory = jane.write("snow/config.toml", KEYS).parent
    node.config.write_text(node_config(jane, "1.32") + f"    env: [{{name: SNOWFLAKE_HOME, value: {node.directory}}}]\n")
    return node


def node_config(jane, version):
    return jane.snowflake("kubernetes", "provider-config", "--kubernetes-version", version).out


def doctor_on(node, *words, env=None):
    return node.jane.snowflake("doctor", "--kubernetes", HOST, "--kubelet-config", node.config, "--kubelet-bin-dir", node.bin, *words,
                               env=env)


def cause_on(node, *words, env=None):
    result = doctor_on(node, "--json", *words, env=env)
    verdict = result.json()["verdict"]
    assert result.code == (verdict["state"] == "failed") and verdict["next"], verdict
    return verdict["cause"], f"{verdict['sentence']} {verdict['next']}"


def test_on_a_node_the_credential_provider_of_the_kubelet_is_run_and_returns_a_token(node, snowflake):
    result = doctor_on(node)
    assert result.code == 0, result.out
    assert result.out.startswith(f"✓ Everything works: the kubelet of this node logs in to {HOST}")
    report = doctor_on(node, "--json").json()
    assert set(states(report).values()) == {"ok"} and "docker" not in states(report)
    assert snowflake.count("login") == 1


def test_on_a_node_the_first_cause_is_found(node):
    good = node.config.read_text()
    for old, new, cause, words in (
            ("*.registry.snowflakecomputing.com", "*.snowflakecomputing.com", "provider", "has 4 labels"),
            ("defaultCacheDuration", "cacheDuration", "provider", "unknown field"),
            (PROGRAM, "other", "provider", "did not exist"),
            ("*.registry.snowflakecomputing.com", "other.registry.snowflakecomputing.com", "provider-token", "matchImages")):
        node.config.write_text(good.replace(old, new))
        found, text = cause_on(node)
        assert found == cause and words in text, text
    node.config.write_text(node_config(node.jane, "1.32").replace(PROGRAM, "other").replace("kubelet-credential-provider", "get"))
    (node.bin / "other").symlink_to("/bin/true")
    assert f"kubelet-install --config {node.config} --bin-dir {node.bin}" in cause_on(node)[1]
    node.config.write_text(good)
    (node.directory / "config.toml").write_text(KEYS.replace("Horse", "Cow"))
    found, text = cause_on(node)
    assert found == "provider-token" and "390100" in text and "Cow" not in text
    (node.directory / "config.toml").chmod(0o644)
    assert "chmod 0600" in cause_on(node)[1]
    node.program.chmod(0o644)
    assert "not an executable file" in cause_on(node)[1]
    node.program.write_text("#!/bin/sh\nexit 3\n")
    node.program.chmod(0o755)
    assert cause_on(node)[0] == "provider-program"
    node.config.unlink()
    assert "there is no file" in cause_on(node)[1]


def test_on_a_node_a_service_account_is_tried_with_a_token_that_kubectl_makes(node):
    node.config.write_text(node_config(node.jane, "1.34"))
    assert "skipped" in json.dumps(doctor_on(node, "--json").json()["checks"][-1])
    token = node.cluster.token("shop", "app")
    kubectl = node.jane.write("first/kubectl", f"#!/bin/sh\necho \"$@\" >{node.jane.home}/asked\necho {token}\n", mode=0o755)
    env = {"PATH": f"{kubectl.parent}:{node.jane.environment['PATH']}"}
    found, text = cause_on(node, "--service-account", "shop/app", env=env)
    assert found == "provider-token" and "390144" in text and "system:serviceaccount:shop:app" in text and token[:30] not in text
    assert (node.jane.home / "asked").read_text() == "create token app --namespace shop --audience snowflakecomputing.com\n"
    node.world.account.workloads[("OIDC", ISSUER, "system:serviceaccount:shop:app")] = node.world.jane
    # The refusal is cached, so another service account is used.
    other = node.cluster.token("shop", "web")
    node.world.account.workloads[("OIDC", ISSUER, "system:serviceaccount:shop:web")] = node.world.jane
    kubectl.write_text(f"#!/bin/sh\necho {other}\n")
    result = doctor_on(node, "--verbose", "--service-account", "shop/web", env=env)
    assert result.code == 0 and "for pods of shop/web" in result.out, result.out
    kubectl.write_text("#!/bin/sh\necho 'error: forbidden' >&2; exit 1\n")
    assert "forbidden" in cause_on(node, "--service-account", "shop/web", env=env)[1]


def test_options_for_kubernetes_require_the_kubernetes_argument(jane):
    for words in (["--kubernetes"], ["--service-account", "a/b"], ["--kubernetes", HOST, "--service-account", "a"],
                  ["--kubernetes", HOST, "--service-account", "a/-"], ["--kubernetes", HOST, "--kubelet-config", "/x"]):
        result = doctor(jane, *words)
        assert result.code == 2 and "Next: " in result.err and result.out == "", words
    assert jane.snowflake("doctor", "--kubernetes", HOST, "--json").json()["verdict"]["cause"] == "kubelet"


def test_a_connection_in_the_settings_that_does_not_exist_fails_here_as_it_fails_a_push(jane):
    jane.write_settings(f'[registries."{HOST}"]\nconnection = "nope"\n')
    assert jane.helper("get", HOST).code == 1
    assert "nope" in jane.snowflake("status").out and jane.snowflake("status").code == 1
    report = json.loads(doctor(jane, "--json").out)
    assert report["verdict"]["state"] == "failed" and "nope" in report["verdict"]["sentence"], report["verdict"]
