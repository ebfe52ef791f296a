# SPDX-License-Identifier: Apache-2.0
"""The image credential provider, run as a kubelet does: as root, with only PATH in the environment."""

import json
import os
import pathlib
import re
import signal
import subprocess
import time

import pytest
from conftest import HOST
from fake_clouds import azure
from kubelet_node import ISSUER, KEYS, PROGRAM, SUBJECT, V1, WORD, Node, logins, request
from world.proxy import Proxy
from world.user import later



@pytest.fixture(scope="module")
def no_delay(tmp_path_factory):
    library = tmp_path_factory.mktemp("preloaded") / "no_delay.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-o", library, pathlib.Path(__file__).parent.parent / "world/no_delay.c"], check=True)
    library.parent.chmod(0o755)
    return {"LD_PRELOAD": str(library)}


@pytest.fixture
def node(jane, world, no_delay):
    return Node(jane, world, no_delay)


# Service accounts

def test_a_service_account_gets_a_token_with_nothing_configured_on_the_node(node, snowflake):
    node.knows()
    jwt = node.cluster.token("shop", "app")
    answer = node.answer(request(token=jwt))
    assert list(answer) == ["kind", "apiVersion", "cacheKeyType", "cacheDuration", "auth"]
    assert (answer["kind"], answer["apiVersion"], answer["cacheKeyType"]) == ("CredentialProviderResponse", V1, "Registry")
    assert answer["cacheDuration"] == "1500s"
    assert list(answer["auth"]) == [HOST]
    data = logins(snowflake)[0].body["data"]
    assert (data["AUTHENTICATOR"], data["PROVIDER"], data["TOKEN"]) == ("WORKLOAD_IDENTITY", "OIDC", jwt)


def test_the_next_image_and_the_next_pod_of_the_same_account_cost_no_login(node, snowflake):
    node.knows()
    first = node.token(request(token=node.cluster.token("shop", "app")))
    later_token = node.cluster.token("shop", "app", lifetime=720, jti="another")
    assert node.token(request(image=f"{HOST}/db/schema/repo2/other", token=later_token)) == first
    assert snowflake.count("login") == 1


def test_two_service_accounts_never_share_a_token(node, world, snowflake):
    node.knows()
    node.knows("system:serviceaccount:shop:other")
    tokens = {node.token(request(token=node.cluster.token("shop", name))) for name in ("app", "other")}
    assert len(tokens) == 2 and snowflake.count("login") == 2


def test_another_issuer_with_the_same_subject_is_another_identity(node, world, snowflake):
    node.knows()
    node.token(request(token=node.cluster.token("shop", "app")))
    other = world.clouds.cluster("https://oidc.example/id/OTHER")
    node.fails(request(token=other.token("shop", "app")), "390144", "https://oidc.example/id/OTHER", SUBJECT)


def test_a_cluster_with_the_same_issuer_and_another_key_gets_nothing_from_the_cache(node, world):
    node.knows()
    node.token(request(token=node.cluster.token("shop", "app")))
    double = type(node.cluster)(ISSUER)
    node.fails(request(token=double.token("shop", "app")), "390144")


def test_another_audience_gets_nothing_from_the_cache(node):
    node.knows()
    node.token(request(token=node.cluster.token("shop", "app")))
    node.fails(request(token=node.cluster.token("shop", "app", audience="sts.amazonaws.com")), "390144")


def test_a_busy_metadata_service_does_not_cost_a_token_that_is_still_valid(node, world):
    world.account.workloads[("AZURE", azure.ISSUER, "aaaa-bbbb")] = world.jane
    world.clouds.azure.identities[""] = "aaaa-bbbb"
    cloud = {"SNOWFLAKE_WORKLOAD_IDENTITY_PROVIDER": "AZURE"}
    first = node.token(request(), env=cloud)
    world.clouds.faults.status("instance", 429, times=9)
    assert node.token(request(), env={**cloud, **later(1900)}) == first
    node.fails(request(), "429", "Next: try again later", env={**cloud, **later(3700)})


@pytest.mark.parametrize("role", ["READER\nx", "R" * 5000])
def test_a_role_that_cannot_be_right_is_to_be_corrected_where_it_is_named(node, snowflake, role):
    node.knows()
    jwt = node.cluster.token("shop", "app")
    node.fails(request(token=jwt, annotations={"snowflake.com/role": role}), "role of the connection ", "Next: correct the role in the annotation")
    node.fails(request(token=jwt), "Next: correct the role in the annotation", env={"SNOWFLAKE_ROLE": role})
    assert snowflake.requests == []


def test_two_roles_never_share_a_token(node, snowflake):
    node.knows()
    jwt = node.cluster.token("shop", "app")
    tokens = [node.token(request(token=jwt)),
              node.token(request(token=jwt, annotations={"snowflake.com/role": "reader"})),
              node.token(request(token=jwt), env={"SNOWFLAKE_ROLE": "PUBLIC"})]
    assert len(set(tokens)) == 3
    assert [r.query.get("roleName") for r in logins(snowflake)] == [None, "reader", "PUBLIC"]
    assert node.token(request(token=jwt, annotations={"snowflake.com/role": "READER"})) == tokens[1]


def test_a_refused_service_account_never_gets_the_credential_of_the_node(node, world, snowflake):
    world.clouds.aws.instance_role = "node"
    world.account.workloads[("AWS", "arn:aws:iam::123456789012:role/node")] = world.jane
    home = node.jane.write("snow/config.toml", KEYS).parent
    for env in ({}, {"SNOWFLAKE_WORKLOAD_IDENTITY_PROVIDER": "AWS"}, {"SNOWFLAKE_HOME": str(home)}):
        node.token(request(), env=env)
        jwt = node.cluster.token("shop", "app")
        node.fails(request(token=jwt), ISSUER, SUBJECT, "ALTER USER <user> SET WORKLOAD_IDENTITY", secrets=[jwt], env=env)


def test_a_refusal_contains_no_part_of_a_token_even_when_snowflake_repeats_one(node, snowflake):
    jwt = node.cluster.token("shop", "app")
    snowflake.faults.refuse("login", "390144", f"Token {jwt} of {jwt[10:40]} is invalid.")
    for _ in range(2):  # the second refusal is cached
        node.fails(request(token=jwt), "390144", ISSUER, SUBJECT, secrets=[jwt])
    assert snowflake.count("login") == 1


def test_a_refused_registry_token_is_remembered_so_that_the_next_image_costs_no_login(node, snowflake):
    node.knows()
    jwt = node.cluster.token("shop", "app")
    snowflake.faults.refuse("issue", "003001", f"Insufficient privileges, token {jwt[20:60]}.", times=9)
    for _ in range(2):
        node.fails(request(token=jwt), "Insufficient privileges", SUBJECT, secrets=[jwt])
    assert snowflake.count("login") == snowflake.count("issue") == 1


def test_an_invalid_token_is_refused_before_anything_is_sent(node, snowflake):
    for text in ("x", "a.b.c", "e30.e30.e30", ""):
        node.fails(request(token=text), "serviceAccountToken")
    assert snowflake.requests == []


def test_the_host_determines_the_account_and_the_environment_does_not(node, snowflake):
    node.knows()
    node.token(request(token=node.cluster.token("shop", "app")),
               env={"SNOWFLAKE_ACCOUNT": "other-acct", "SNOWFLAKE_HOST": "other-acct.snowflakecomputing.com"})
    assert {r.host for r in snowflake.requests} == {"myorg-myacct.snowflakecomputing.com"}


def test_the_answer_names_exactly_the_host_of_the_image(node, world):
    node.knows()
    jwt = node.cluster.token("shop", "app")
    for host in (HOST, HOST + ":443", HOST.replace("myorg", "MyOrg"), HOST.replace("-", "_")):
        assert node.token(request(image=f"{host}/db/schema/repo/app", token=jwt), host=host)


def test_private_link_and_china(node, world, snowflake):
    world.account.hosts.add("myorg-myacct.privatelink.snowflakecomputing.com")
    node.knows()
    jwt = node.cluster.token("shop", "app")
    host = HOST.replace(".registry.", ".registry.privatelink.")
    node.token(request(image=f"{host}/db/schema/repo/app", token=jwt), host=host)
    assert snowflake.requests[0].host == "myorg-myacct.privatelink.snowflakecomputing.com"


# Lifetimes

@pytest.mark.parametrize("life, duration", [(720, "360s"), (3600, "1500s"), (14400, "1500s"), (90, "45s"), (1, "0s")])
def test_the_kubelet_may_use_a_token_for_half_of_its_life_at_most(node, world, life, duration):
    world.account.registry_token_lifetime = life
    node.knows()
    seconds = node.answer(request(token=node.cluster.token("shop", "app")))["cacheDuration"]
    assert int(duration[:-1]) - 2 <= int(seconds.rstrip("s")) <= int(duration[:-1])


def test_a_token_past_half_of_its_life_is_not_returned_again(node, snowflake):
    node.knows()
    jwt = node.cluster.token("shop", "app")
    first = node.token(request(token=jwt))
    assert node.token(request(token=jwt), env=later(1700)) == first
    assert node.token(request(token=jwt), env=later(1900)) != first


@pytest.mark.parametrize("skew", [-86400, 86400])
def test_a_node_whose_clock_is_wrong_lets_snowflake_judge(node, skew):
    node.knows()
    jwt = node.cluster.token("shop", "app")
    answer = node.answer(request(token=jwt), env=later(skew))
    assert answer["cacheDuration"] == "1500s"


# Concurrency and errors

def test_fifty_images_at_once_cost_one_login_for_each_identity(node, snowflake):
    names = ("app", "web", "jobs")
    for name in names:
        node.knows(f"system:serviceaccount:shop:{name}")
    tokens = {name: node.cluster.token("shop", name) for name in names}
    snowflake.faults.delay("login", 0.5, times=3)
    started = []
    for index in range(50):
        name = names[index % 3]
        process = node.jane.start(node.command())
        node.jane.send_stdin(process, request(image=f"{HOST}/db/schema/repo/app{index}", token=tokens[name]))
        started.append((name, process))
    found = {name: set() for name in names}
    for name, process in started:
        result = node.jane.finish(process)
        assert result.code == 0, result.err
        found[name].add(json.loads(result.out)["auth"][HOST]["password"].split(",")[0])
    assert [len(found[name]) for name in names] == [1, 1, 1]
    assert snowflake.count("login") == 3


def test_a_kubelet_that_kills_us_leaves_the_next_one_able_to_work(node, snowflake):
    node.knows()
    jwt = node.cluster.token("shop", "app")
    snowflake.faults.delay("login", 2.0)
    victim = node.jane.start(node.command())
    node.jane.send_stdin(victim, request(token=jwt))
    while not snowflake.count("login"):
        time.sleep(0.01)
    victim.send_signal(signal.SIGKILL)
    victim.wait()
    node.token(request(token=jwt))


def test_without_a_server_or_with_a_broken_one_there_is_a_clear_error(node, world, snowflake):
    node.knows()
    jwt = node.cluster.token("shop", "app")
    snowflake.faults.status("login", 500, times=20)
    node.fails(request(token=jwt), "HTTP status 500", secrets=[jwt])
    host = "nowhere-acct.registry.snowflakecomputing.com"
    node.fails(request(image=f"{host}/a/b/c", token=jwt), "nowhere-acct.snowflakecomputing.com", secrets=[jwt])


def test_a_standard_input_that_stays_open_and_a_server_that_hangs_end_within_45_seconds(node, snowflake):
    node.knows()
    read, write = os.pipe()
    waiting = node.jane.start(node.command(), stdin=read)
    snowflake.faults.delay("login", 60, times=5)
    hanging = node.jane.start(node.command())
    node.jane.send_stdin(hanging, request(token=node.cluster.token("shop", "app")))
    for process in (waiting, hanging):
        result = node.jane.finish(process, timeout=58)
        assert (result.code, result.out) == (1, "") and result.err.count("\n") == 1
    os.close(read)
    os.close(write)


@pytest.mark.parametrize("answer", ["ENOSYS", "EDQUOT"])
def test_without_a_kernel_keyring_each_request_logs_in(world, snowflake, no_delay, answer):
    node = Node(world.user(keyctl=answer), world, no_delay)
    node.knows()
    jwt = node.cluster.token("shop", "app")
    assert node.token(request(token=jwt)) != node.token(request(token=jwt))
    assert snowflake.count("login") == 2


def test_a_login_waits_less_than_two_seconds_at_random_and_a_cached_token_is_not_delayed(node):
    waits = []
    for number in range(6):
        node.knows(f"system:serviceaccount:shop:app{number}")
        jwt = node.cluster.token("shop", f"app{number}")
        for is_first in (True, False):
            trace = node.jane.home / "sleeps"
            result = node.jane.run(["strace", "-f", "-qq", "-o", trace, "-e", "trace=ppoll", *node.command(env={"LD_PRELOAD": ""})],
                                   request(token=jwt))
            if result.code == 127:
                pytest.skip("strace is not installed")
            assert result.code == 0, result.err
            found = re.findall(r"tv_sec=(\d+), tv_nsec=(\d+)}, ", trace.read_text())
            assert bool(found) or not is_first or waits, trace.read_text()
            if is_first:
                waits += [int(seconds) + int(nanoseconds) / 1e9 for seconds, nanoseconds in found[:1]]
            else:
                assert found == []
    assert len(set(waits)) > 3 and max(waits) < 2


def test_nothing_is_written_and_no_desktop_keyring_is_used(node):
    node.knows()
    jwt = node.cluster.token("shop", "app")
    before = dict(node.jane.files())
    trace = node.jane.run(["strace", "-f", "-o", "/dev/stdout", "-e", "trace=execve,connect,openat,creat,mkdir", *node.command()],
                          request(token=jwt))
    if trace.code == 127:
        pytest.skip("strace is not installed")
    assert dict(node.jane.files()) == before
    assert trace.out.count("execve(") == 2 and "/dbus" not in trace.out and "/root" not in trace.out
    written = [line for line in trace.out.splitlines() if "O_CREAT" in line or "mkdir(" in line]
    assert written and all("/run/docker-credential-snowflake" in line for line in written)
    for path in os.listdir("/run/docker-credential-snowflake"):
        content = open(f"/run/docker-credential-snowflake/{path}").read()
        assert jwt.split(".")[1] not in content


# Identity of the node, and connections

def test_the_identity_of_the_node_in_each_cloud_named_and_found(node, world, snowflake):
    role = "arn:aws:iam::123456789012:role/node"
    world.account.workloads[("AWS", role)] = world.jane
    world.account.workloads[("AZURE", azure.ISSUER, "aaaa-bbbb")] = world.jane
    world.clouds.aws.instance_role = "node"
    node.token(request(), env={"SNOWFLAKE_WORKLOAD_IDENTITY_PROVIDER": "aws"})
    node.token(request())
    world.clouds.aws.instance_role = None
    world.clouds.azure.identities[""] = "aaaa-bbbb"
    node.token(request(), env={"SNOWFLAKE_WORKLOAD_IDENTITY_PROVIDER": "AZURE"})
    assert [r.body["data"]["PROVIDER"] for r in logins(snowflake)] == ["AWS", "AWS", "AZURE"]
    node.fails(request(), "AWS, AZURE or GCP", env={"SNOWFLAKE_WORKLOAD_IDENTITY_PROVIDER": "OKTA"})


def test_a_node_without_an_identity_is_told_what_it_needs(node, snowflake):
    node.fails(request(), "no identity of AWS, Azure or GCP", "tokenAttributes", "SNOWFLAKE_HOME")
    assert snowflake.requests == []


def test_a_connection_file_from_env_and_from_args(node, snowflake):
    directory = node.jane.write("snow/config.toml", KEYS).parent
    first = node.token(request(), env={"SNOWFLAKE_HOME": str(directory)})
    assert node.token(request(), env={"SNOWFLAKE_HOME": str(directory)}) == first
    node.token(request(), args=[WORD, "--config-file", str(directory / "config.toml")])
    node.token(request(), args=[WORD, f"--config-file={directory / 'config.toml'}"])
    assert snowflake.count("login") == 1


def test_the_proxy_of_a_nodes_connection_is_used(node, snowflake):
    proxy = Proxy("403 Forbidden")
    file = node.jane.write("snow/config.toml", KEYS + f'proxy_host = "127.0.0.1"\nproxy_port = {proxy.port}\n')
    node.fails(request(), "(403)", env={"SNOWFLAKE_HOME": str(file.parent)})
    assert proxy.request_count == 1 and snowflake.requests == []
    proxy.stop()


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o620, 0o604, 0o606])
def test_a_connection_file_that_others_may_open_is_refused(node, snowflake, mode):
    file = node.jane.write("snow/config.toml", KEYS, mode=mode)
    node.fails(request(), f"may open {file}", "chmod 0600", secrets=["Correct Horse"],
               env={"SNOWFLAKE_HOME": str(file.parent), "SF_SKIP_TOKEN_FILE_PERMISSIONS_VERIFICATION": "true"})
    assert snowflake.requests == []


def test_a_connection_file_that_belongs_to_another_user_or_is_missing(node, snowflake):
    file = node.jane.write("snow/config.toml", KEYS)
    os.chown(file, 12345, 12345)
    node.fails(request(), "does not belong to root", env={"SNOWFLAKE_HOME": str(file.parent)})
    node.fails(request(), "there is no file /nowhere/config.toml", args=[WORD, "--config-file", "/nowhere/config.toml"])
    assert snowflake.requests == []


def test_a_home_that_happens_to_be_set_is_not_looked_into(node, snowflake):
    node.fails(request(), "no identity of AWS, Azure or GCP", env={"HOME": str(node.jane.home)})
    assert snowflake.requests == []


def keys(**values):
    """Returns KEYS with changed values; None removes a key."""
    lines = {"account": "myorg-myacct", "user": "jane", "password": "Correct Horse 1!", **values}
    return "[connections.node]\n" + "".join(f"{name} = {json.dumps(value)}\n" for name, value in lines.items() if value is not None)


# Faulty connections: file, answer of Snowflake (code, message), and parts of the error message.
ADVICE = {
    "no-account-like-this": (keys(account="other-acct"), None, ["no Snowflake CLI connection", "add a connection", "SNOWFLAKE_HOME"]),
    "empty": ("", None, ["add a connection", "SNOWFLAKE_HOME"]),
    "not-toml": ("[connections", None, ["config.toml:1"]),
    "browser": (keys(authenticator="externalbrowser", password=None), None, ["with a browser", "key pair"]),
    "oauth-browser": (keys(authenticator="OAUTH_AUTHORIZATION_CODE", password=None), None, ["key pair"]),
    "no-password": (keys(password=None), None, ["SNOWFLAKE_PASSWORD", "password in the connection"]),
    "mfa": (keys(authenticator="username_password_mfa"), None, ["key pair"]),
    "locator": (keys(account="xy12345"), None, ["account"]),
    "no-key": (keys(authenticator="SNOWFLAKE_JWT", private_key_file="/nowhere/key.p8", password=None), None, ["/nowhere/key.p8"]),
    "wrong-password": (keys(password="Wrong Horse 2?"), None, ["390100", "correct user (", "or password ("]),
    "second-factor": (KEYS, ("390124", "MFA is needed."), ["390124", "key pair"]),
    "no-approval": (KEYS, ("390126", "Not approved."), ["key pair"]),
    "session": (KEYS, ("390112", "Expired."), ["key pair"]),
    "role": (keys(role="NOWHERE"), None, ["role"]),
}


@pytest.mark.parametrize("case", ADVICE)
def test_every_next_step_for_a_connection_works_on_a_node(node, snowflake, case):
    text, refusal, words = ADVICE[case]
    file = node.jane.write("snow/config.toml", text)
    for _ in range(2):  # a cached refusal has the same message
        if refusal:
            snowflake.faults.refuse("login", *refusal, times=9)
        said = node.fails(request(), *words, secrets=["Correct Horse 1!", "Wrong Horse 2?"], env={"SNOWFLAKE_HOME": str(file.parent)})
        assert "docker snowflake" not in said and "snow connection" not in said and "login -" not in said, said


@pytest.mark.parametrize("code, words", [
    ("390189", "SNOWFLAKE_ROLE in env"), ("390201", "SNOWFLAKE_ROLE in env"), ("390101", "SET WORKLOAD_IDENTITY"),
    ("390103", "ask an administrator"), ("390102", "ask an administrator"), ("390422", "network policy"), ("999999", "SET WORKLOAD_IDENTITY")])
def test_every_next_step_for_an_identity_without_a_connection_works_too(node, world, snowflake, code, words):
    world.clouds.aws.instance_role = "node"
    world.account.workloads[("AWS", "arn:aws:iam::123456789012:role/node")] = world.jane
    node.knows()
    jwt = node.cluster.token("shop", "app")
    for stdin, env in ((request(token=jwt), {}), (request(), {"SNOWFLAKE_WORKLOAD_IDENTITY_PROVIDER": "AWS"})):
        snowflake.faults.refuse("login", code, "", times=9)
        said = node.fails(stdin, words, secrets=[jwt], env=env)
        assert "docker snowflake" not in said and "the connection" not in said, said


def test_advice_about_a_cloud_or_the_network_is_not_taken_for_advice_about_roles(node):
    said = node.fails(request(), "with a role attached", env={"SNOWFLAKE_WORKLOAD_IDENTITY_PROVIDER": "AWS"})
    assert "SNOWFLAKE_ROLE" not in said
    node.knows()
    image = "nowhere-acct.registry.snowflakecomputing.com/a/b/c"
    said = node.fails(request(image=image, token=node.cluster.token("shop", "app")), "check the host of the image")
    assert "login history" not in said


def test_a_role_that_may_not_read_is_named_with_the_annotation_that_selects_another(node, snowflake):
    node.knows()
    snowflake.faults.refuse("issue", "003001", "Insufficient privileges.", times=9)
    node.fails(request(token=node.cluster.token("shop", "app")), "snowflake.com/role")


def test_values_that_are_in_the_wrong_place_are_not_shown_and_relative_paths_not_followed(node, snowflake):
    jwt = node.cluster.token("shop", "app")
    node.jane.write(".snowflake/config.toml", KEYS)
    for name in ("SNOWFLAKE_WORKLOAD_IDENTITY_PROVIDER", "SNOWFLAKE_HOME"):
        node.fails(request(), name, "provider's entry", secrets=[jwt], env={name: jwt})
    for value in (jwt, f"/{jwt}", ".snowflake/config.toml", ""):
        node.fails(request(), "--config-file", "absolute path", secrets=[jwt], args=[WORD, "--config-file", value])
    node.fails(request(), "does not take", secrets=[jwt], args=[WORD, jwt])
    node.fails(request(), "does not take", secrets=[jwt], args=[WORD, f"--token={jwt}"])
    for name, value in (("SNOWFLAKE_HOME", ".snowflake"), ("DOCKER_SNOWFLAKE_CONFIG", "settings.toml")):
        node.fails(request(), f"{name} is a relative path", "correct env", env={"SNOWFLAKE_ACCOUNT": "myorg-myacct", name: value})
    node.fails(request(), "SNOWFLAKE_HOME is not a directory", "correct env", env={"SNOWFLAKE_HOME": "/nowhere"})
    assert snowflake.requests == []


def test_a_provider_starts_no_program_although_the_settings_name_one(node, snowflake):
    file = node.jane.write("snow/config.toml", KEYS)
    settings = node.jane.write("settings.toml", f'[registries."{HOST}"]\nthrough = "snow"\n')
    node.fails(request(), 'through = "snow"', f"remove that line from {settings}",
               env={"SNOWFLAKE_HOME": str(file.parent), "DOCKER_SNOWFLAKE_CONFIG": str(settings)})
    assert snowflake.requests == []


# Protocol

@pytest.mark.parametrize("version", [V1, V1 + "beta1", V1 + "alpha1"])
def test_every_version_of_the_protocol_is_answered_in_that_version(node, version):
    file = node.jane.write("snow/config.toml", KEYS)
    answer = node.answer(request(version=version), env={"SNOWFLAKE_HOME": str(file.parent)})
    assert answer["apiVersion"] == version


def test_unknown_fields_of_later_kubelets_are_accepted(node):
    node.knows()
    node.token(request(token=node.cluster.token("shop", "app"), somethingNew={"a": [1]}))


BAD = {
    "": "is empty", "\n": "is empty", "{": "is not the JSON", "null": "is not the JSON", "[]": "is not the JSON",
    request() + request(): "is not the JSON", request()[:-2]: "is not the JSON",
    HOST + "\n": "docker-credential-snowflake get",
    json.dumps({"ServerURL": HOST, "Username": "u", "Secret": "hunter2hunter2"}): "docker-credential-snowflake store",
    request(kind="Pod"): "kind", request(version="v1"): "apiVersion", request(version=V1 + "beta2"): "apiVersion",
    request(image=""): "image", request(image=5): "image", request(image="app"): "no registry host",
    request(image=f"https://{HOST}/a"): "no registry host", request(image=f"{HOST}@evil.example/a"): "no registry host",
    request(image="evil.example/a"): "matchImages", request(image=f"{HOST}.evil.example/a"): "matchImages",
    request(image=f"{HOST}:8443/a"): "matchImages", request(image=f"x.{HOST}/a"): "matchImages",
    request(version=V1 + "beta1", token="a.b.c"): "no service account fields",
    request(token=5): "serviceAccountToken", request(annotations=[]): "serviceAccountAnnotations",
    request(annotations={"a": 1}): "annotation", request(ServiceAccountToken="a.b.c"): "in the wrong case",
    request(token="a.b.c")[:-2] + ',"serviceAccountToken":"d.e.f"}': "duplicate key"}


@pytest.mark.parametrize("number", range(len(BAD)))
def test_an_invalid_request_is_refused_in_one_line_and_nothing_is_sent(node, snowflake, number):
    text, words = list(BAD.items())[number]
    node.fails(text, words, secrets=["hunter2hunter2"])
    assert snowflake.requests == [] and node.world.clouds.requests == []


def test_arguments_and_links(node, snowflake):
    node.knows()
    jwt = node.cluster.token("shop", "app")
    link = node.jane.home / "snowflake-prod-kubelet-credential-provider"
    link.symlink_to(f"{node.jane.world.bin}/{PROGRAM}")
    for args in ([], [WORD]):
        node.token(request(token=jwt), program=str(link), args=args)
    for word in ("extra", "get", "--verbose"):
        node.fails(request(token=jwt), f"'{word}'", "--help", args=[WORD, word])
    node.fails(request(token=jwt), "--config-file needs a value", "--help", args=[WORD, "--config-file"])
    help_text = node.run("", args=[WORD, "--help"])
    assert help_text.code == 0 and help_text.err == "" and "tokenAttributes" in help_text.out
    assert max(map(len, help_text.out.splitlines())) <= 80


def test_a_kubelet_that_runs_us_as_a_docker_helper_is_told_what_to_configure(node, snowflake):
    for args in (["get"], [], ["kubelet-provider"], ["kubelet-credentials-provider"]):
        result = node.run(request(), args=args)
        assert result.code == 1 and 'args: ["kubelet-credential-provider"]' in result.err
    assert snowflake.requests == []
