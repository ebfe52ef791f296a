# SPDX-License-Identifier: Apache-2.0
"""The kubelet's own code (tests/kubelet/build.sh) configures and runs our credential provider, and caches its answers. Skipped if it
was not built."""

import base64
import json
import pathlib

import pytest
import yaml
from conftest import HOST
from kubelet_node import IMAGE, ISSUER, KEYS, PROGRAM, SUBJECT, Node, logins

TESTS = pathlib.Path(__file__).resolve().parent.parent
ORACLES = sorted((TESTS.parent / "build/tools/kubelet").glob("oracle-v*"))
API_SERVERS = sorted((TESTS.parent / "build/tools/kubelet").glob("manifests-v*"))
pytestmark = pytest.mark.skipif(not ORACLES, reason="tests/kubelet/build.sh build/tools/kubelet")


class Kubelet(Node):
    """A node with a kubelet of one version. Each run of the provider adds a line to `runs`."""

    def __init__(self, jane, world, oracle):
        super().__init__(jane, world)
        self.oracle = oracle
        self.directory = jane.home / "node"
        self.bin = self.directory / "bin"
        self.bin.mkdir(parents=True)
        self.config = self.directory / "config.yaml"
        self.runs = self.directory / "runs"
        self.runs.write_text("")
        self.install(PROGRAM)
        self.accounts = {}

    def install(self, name):
        program = self.bin / name
        program.write_text(f"#!/bin/sh\necho \"$0 $*\" >>{self.runs}\nexec {self.world.bin}/{PROGRAM} \"$@\"\n")
        program.chmod(0o755)

    def printed_config(self, *words, **changes):
        result = self.jane.snowflake("kubernetes", "provider-config", *words)
        assert result.code == 0, result.err
        config = yaml.safe_load(result.out)
        config["providers"][0].update(changes)
        for name in [name for name, value in changes.items() if value is None]:
            del config["providers"][0][name]
        self.config.write_text(json.dumps(config))
        return config

    def account(self, namespace, name, annotations=None, token=None):
        self.accounts[f"{namespace}/{name}"] = {
            "token": token or self.cluster.token(namespace, name), "annotations": annotations or {}}

    def pull(self, *lookups, env=None):
        """Starts a kubelet that pulls images in parallel. Returns the credentials of each image, and the log."""
        accounts = self.directory / "accounts.json"
        accounts.write_text(json.dumps(self.accounts))
        lines = "".join(json.dumps({"image": image, "namespace": "shop", "serviceAccount": account}) + "\n"
                        for image, account in lookups)
        variables = {"PATH": self.jane.environment["PATH"], **(env or {})}
        command = ["env", "-i", *(f"{name}={value}" for name, value in variables.items()), self.oracle, self.config, self.bin, accounts]
        result = self.jane.run(command, lines)
        assert result.code == 0, result.err
        found = {}
        for line in result.out.splitlines():
            answer = json.loads(line)
            found.setdefault(answer["image"], []).append(answer["credentials"])
        return found, result.err

    def start(self):
        """Starts a kubelet that runs until `jane.finish`, and waits until it has read its configuration."""
        accounts = self.jane.write("accounts", json.dumps(self.accounts))
        process = self.jane.start([self.oracle, self.config, self.bin, accounts], env={"HOME": ""})
        assert self.ask(process, "busybox") == []
        return process

    @staticmethod
    def ask(process, image=IMAGE):
        process.stdin.write((json.dumps({"image": image, "namespace": "shop", "serviceAccount": "app"}) + "\n").encode())
        process.stdin.flush()
        return json.loads(process.stdout.readline())["credentials"]

    def count(self):
        return len(self.runs.read_text().splitlines())


@pytest.fixture(params=ORACLES, ids=[path.name.removeprefix("oracle-") for path in ORACLES])
def kubelet(request, jane, world):
    return Kubelet(jane, world, request.param)


def token_of(credentials):
    (login,) = credentials
    assert login["username"] == "0sessiontoken"
    return json.loads(login["password"])["token"]


def test_pods_of_a_service_account_pull_with_its_identity(kubelet, snowflake):
    kubelet.knows()
    kubelet.printed_config()
    kubelet.account("shop", "app")
    found, _ = kubelet.pull((f"{IMAGE}:1.0", "app"), (f"{IMAGE}@sha256:{'0' * 64}", "app"))
    tokens = {token_of(credentials[0]) for credentials in found.values()}
    assert len(found) == 2 and len(tokens) == 1 and snowflake.count("login") == 1
    assert logins(snowflake)[0].body["data"]["PROVIDER"] == "OIDC"


def test_fifty_images_at_once_cost_one_login_for_each_identity(kubelet, snowflake):
    for name in ("app", "web"):
        kubelet.knows(f"system:serviceaccount:shop:{name}")
        kubelet.account("shop", name)
    kubelet.printed_config()
    found, _ = kubelet.pull(*((f"{HOST}/db/schema/repo/app{number}", ("app", "web")[number % 2]) for number in range(50)))
    tokens = [{token_of(found[f"{HOST}/db/schema/repo/app{number}"][0]) for number in range(start, 50, 2)} for start in (0, 1)]
    assert len(tokens[0]) == len(tokens[1]) == 1 and tokens[0] != tokens[1]
    assert snowflake.count("login") == 2


def test_the_kubelet_caches_a_credential_for_each_registry_and_service_account(kubelet):
    for name in ("app", "web"):
        kubelet.knows(f"system:serviceaccount:shop:{name}")
        kubelet.account("shop", name)
    kubelet.printed_config()
    # For the same image, a kubelet runs one provider at a time; other pulls wait and use the cache.
    kubelet.pull(*[(IMAGE, "app")] * 5, *[(IMAGE, "web")] * 5)
    assert kubelet.count() == 2


def test_a_refused_service_account_gets_nothing_and_the_log_says_why(kubelet, world):
    world.clouds.aws.instance_role = "node"
    world.account.workloads[("AWS", "arn:aws:iam::123456789012:role/node")] = world.jane
    kubelet.printed_config()
    kubelet.account("shop", "app")
    found, log = kubelet.pull((IMAGE, "app"))
    assert found == {IMAGE: [[]]}
    assert "390144" in log and ISSUER in log and SUBJECT in log and "ALTER USER <user> SET WORKLOAD_IDENTITY" in log
    token = kubelet.accounts["shop/app"]["token"]
    assert not any(token[at:at + 12] in log for at in range(len(token) - 12))


def test_an_account_whose_token_the_api_server_refuses_and_a_pod_without_one_never_reach_us(kubelet):
    kubelet.printed_config()
    found, _ = kubelet.pull((IMAGE, "missing"), (IMAGE, ""))
    assert found == {IMAGE: [[], []]} and kubelet.count() == 0


def test_other_registries_never_reach_us(kubelet):
    kubelet.knows()
    kubelet.account("shop", "app")
    kubelet.printed_config()
    for image in ("busybox", "ghcr.io/a/b", f"{HOST}.evil.example/a", "snowflakecomputing.com/a", f"{HOST}:443/a/b/c/d"):
        found, _ = kubelet.pull((image, "app"))
        assert found[image] == [[]]
    assert kubelet.count() == 0


@pytest.mark.parametrize("host", [HOST.replace("-", "_"), HOST.replace("myorg", "MyOrg"), HOST + ":443"])
def test_the_answer_is_for_the_host_as_the_pod_writes_it(kubelet, host):
    kubelet.knows()
    kubelet.account("shop", "app")
    kubelet.printed_config(matchImages=["*.registry.snowflakecomputing.com", host])
    image = f"{host}/db/schema/repo/app"
    found, log = kubelet.pull((image, "app"))
    assert token_of(found[image][0]), log


def test_roles_and_annotations_go_from_the_service_account_to_the_login(kubelet, snowflake):
    kubelet.knows()
    kubelet.account("shop", "app", {"snowflake.com/role": "READER", "other": "not for us"})
    kubelet.printed_config()
    kubelet.pull((IMAGE, "app"))
    assert logins(snowflake)[0].query["roleName"] == "READER"


@pytest.mark.parametrize("version", ["v1", "v1beta1", "v1alpha1"])
def test_a_connection_file_of_the_node_and_every_version_of_the_protocol(kubelet, version):
    file = kubelet.jane.write("snow/config.toml", KEYS)
    kubelet.printed_config("--kubernetes-version", "1.32", apiVersion=f"credentialprovider.kubelet.k8s.io/{version}",
                           env=[{"name": "SNOWFLAKE_HOME", "value": str(file.parent)}])
    found, log = kubelet.pull((IMAGE, ""))
    assert token_of(found[IMAGE][0]), log


def test_a_link_is_a_separate_provider(kubelet):
    file = kubelet.jane.write("snow/config.toml", KEYS)
    name = "snowflake-prod-kubelet-credential-provider"
    (kubelet.bin / name).symlink_to(f"{kubelet.world.bin}/{PROGRAM}")
    kubelet.printed_config("--kubernetes-version", "1.32", name=name, args=None,
                           env=[{"name": "SNOWFLAKE_HOME", "value": str(file.parent)}])
    found, log = kubelet.pull((IMAGE, ""))
    assert token_of(found[IMAGE][0]), log


@pytest.mark.parametrize("life, runs", [(1, 3), (3600, 1)])
def test_a_token_at_the_end_of_its_life_is_not_cached(kubelet, world, life, runs):
    world.account.registry_token_lifetime = life
    kubelet.knows()
    kubelet.account("shop", "app")
    kubelet.printed_config()
    process = kubelet.start()
    for _ in range(3):
        assert token_of(kubelet.ask(process))
    kubelet.jane.finish(process)
    assert kubelet.count() == runs


@pytest.mark.parametrize("break_it, words", [
    (lambda kubelet: (kubelet.bin / PROGRAM).unlink(), "no such file"),
    (lambda kubelet: (kubelet.bin / PROGRAM).chmod(0o644), "permission denied"),
    (lambda kubelet: (kubelet.bin / PROGRAM).write_text(""), "exec format error"),
    (lambda kubelet: (kubelet.bin / PROGRAM).write_text("#!/bin/sh\nexit 3\n"), "exit status 3")],
    ids=["missing", "mode", "empty", "fails"])
def test_a_program_that_breaks_while_the_kubelet_runs_costs_only_its_credential_and_is_logged(kubelet, break_it, words):
    kubelet.knows()
    kubelet.account("shop", "app")
    kubelet.printed_config()
    process = kubelet.start()
    break_it(kubelet)
    assert kubelet.ask(process) == []
    kubelet.install(PROGRAM)
    assert token_of(kubelet.ask(process))
    log = kubelet.jane.finish(process).err
    assert words in log and PROGRAM in log


def test_a_file_that_is_rewritten_while_the_kubelet_runs_takes_effect_after_a_restart(kubelet):
    kubelet.knows()
    kubelet.account("shop", "app")
    kubelet.printed_config()
    process = kubelet.start()
    kubelet.printed_config(matchImages=["*.example.com"])
    assert token_of(kubelet.ask(process))
    kubelet.jane.finish(process)
    found, _ = kubelet.pull((IMAGE, "app"))
    assert found == {IMAGE: [[]]}


# Nodes can pull from it before they have the program.
OUTSIDE = "registry.example/helper:1"
PLATFORMS = ["kubeadm", "k3s", "rke2", "eks", "aks", "gke", "openshift", "kind", "minikube"]


@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_platforms_file_starts_a_kubelet(kubelet, platform):
    kubelet.printed_config("--platform", platform)
    kubelet.pull()


def test_what_kubelet_install_writes_starts_a_kubelet(kubelet):
    other = {"name": "ecr-credential-provider", "apiVersion": "credentialprovider.kubelet.k8s.io/v1",
             "matchImages": ["*.dkr.ecr.*.amazonaws.com"], "defaultCacheDuration": "12h"}
    kubelet.install("ecr-credential-provider")
    config = {"apiVersion": "kubelet.config.k8s.io/v1", "kind": "CredentialProviderConfig", "providers": [other]}
    for text in (json.dumps(config), yaml.safe_dump(config)):
        kubelet.config.write_text(text)
        install = kubelet.jane.run([PROGRAM, "kubelet-install", "--config", kubelet.config, "--bin-dir", kubelet.bin])
        assert install.code == 0, install.err
        assert len(yaml.safe_load(kubelet.config.read_text())["providers"]) == 2
        kubelet.pull()
        assert kubelet.jane.run([PROGRAM, "kubelet-undo", "--config", kubelet.config, "--bin-dir", kubelet.bin]).code == 0


@pytest.mark.parametrize("words, objects", [
    (["rbac", "--namespace", "shop", "--service-account", "app"],
     "Role snowflake-image-pull-audience-app\nRoleBinding snowflake-image-pull-audience-app\n"),
    *[(["daemonset", "--platform", platform, "--image", OUTSIDE], "DaemonSet docker-credential-snowflake\n") for platform in PLATFORMS],
    (["pull-secret", HOST, "--namespace", "shop"], "Secret snowflake-registry\n"),
    (["pull-secret", HOST, "--namespace", "shop", "--format", "json"], "Secret snowflake-registry\n"),
    (["cronjob", HOST, "--image", OUTSIDE, "--namespace", "shop"],
     "ServiceAccount snowflake-pull-secret\nSecret snowflake-registry\nRole snowflake-pull-secret\nRoleBinding snowflake-pull-secret\n"
     "CronJob snowflake-pull-secret\nJob snowflake-pull-secret-first\n")])
@pytest.mark.parametrize("api_server", API_SERVERS, ids=[path.name for path in API_SERVERS])
def test_an_api_server_accepts_what_we_print(jane, api_server, words, objects):
    printed = jane.snowflake("kubernetes", *words)
    assert printed.code == 0, printed.err
    verdict = jane.run([api_server], printed.out)
    assert (verdict.code, verdict.out, verdict.err) == (0, objects, "")
    spoilt = jane.run([api_server], printed.out.replace("metadata", "metaData", 1))
    assert spoilt.code == 1 and "metaData" in spoilt.err


def test_the_kubelet_parses_a_pull_secret_as_intended(kubelet):
    secret = yaml.safe_load(kubelet.jane.snowflake("kubernetes", "pull-secret", HOST).out)
    login = json.loads(base64.b64decode(secret["data"][".dockerconfigjson"]))["auths"][HOST]
    user, _, password = base64.b64decode(login["auth"]).decode().partition(":")
    assert (user, password) == (login["username"], login["password"])
