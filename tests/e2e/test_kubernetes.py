# SPDX-License-Identifier: Apache-2.0
"""docker snowflake kubernetes and docker-config print files that clusters, nodes and CI jobs can use."""

import base64
import datetime
import http.server
import json
import pathlib
import shutil
import ssl
import threading

import pytest
import yaml
from conftest import HOST
from world import certificates

SCRIPT = pathlib.Path(__file__).resolve().parent.parent.parent / "packaging/container/renew-pull-secrets"
SECRETS = pathlib.Path("/var/run/secrets")
ISSUER = "https://oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLE"
IMAGE = "registry.example/helper:1"


def printed(jane, *words):
    result = jane.snowflake("kubernetes", *words)
    assert result.code == 0, result.err
    return list(yaml.safe_load_all(result.out))


@pytest.mark.parametrize("platform", ["kubeadm", "k3s", "rke2", "eks", "aks", "gke", "openshift", "kind", "minikube"])
def test_every_platform_gets_an_entry_for_its_kubelet(jane, platform):
    config, = printed(jane, "provider-config", "--platform", platform)
    entry, = config["providers"]
    assert config["kind"] == "CredentialProviderConfig"
    assert entry["name"] == "docker-credential-snowflake" and entry["args"] == ["kubelet-credential-provider"]
    assert entry["tokenAttributes"]["cacheType"] == "ServiceAccount"


def test_a_kubelet_before_1_34_gets_no_fields_that_it_would_refuse(jane):
    config, = printed(jane, "provider-config", "--kubernetes-version", "1.33")
    assert "cacheType" not in config["providers"][0].get("tokenAttributes", {})


def test_manifests_have_the_promised_kinds(jane):
    assert [one["kind"] for one in printed(jane, "daemonset", "--image", IMAGE)] == ["DaemonSet"]
    for host in ([], [HOST]):
        kinds = [one["kind"] for one in printed(jane, "cronjob", "--image", IMAGE, "--namespace", "a", "--namespace", "b", *host)]
        assert kinds.count("Secret") == 2 and kinds.count("Role") == 2 and "CronJob" in kinds
    assert {one["kind"] for one in printed(jane, "external-secret")} >= {"ExternalSecret"}
    assert printed(jane, "rbac")


def test_the_rights_of_two_service_accounts_do_not_replace_each_other(jane):
    names = {account: {each["metadata"]["name"] for each in yaml.safe_load_all(jane.snowflake("kubernetes", "rbac", "-n", "shop", "--service-account", account).out)}
             for account in ("app", "web")}
    assert names["app"] and not names["app"] & names["web"], names


COMMANDS = ["provider-config", "rbac", "sql", "daemonset", "pull-secret", "cronjob", "external-secret", "argocd-image-updater"]


@pytest.mark.parametrize("command", COMMANDS)
def test_help_says_when_to_use_the_command_and_its_examples_work_as_printed(jane, command):
    text = jane.snowflake("kubernetes", command, "--help").out
    advice = text.split("\nWhen to use it:\n")[1].split("\n\n")[0]
    assert advice.lstrip().startswith("Use this ") and max(map(len, advice.splitlines())) <= 100
    lines = text.replace(" \\\n   ", "").splitlines()
    examples = [line.strip().removeprefix("docker snowflake ") for line in lines if line.startswith("  docker snowflake ")]
    assert len(examples) >= 2
    jane.write("first/kubectl", """#!/bin/sh\necho '{"issuer":"https://issuer.example/x"}'\n""", mode=0o755)
    for example in examples:
        words = example.split(" | ")[0].split()
        result = jane.snowflake(*words, env={"PATH": f"{jane.home}/first:{jane.environment['PATH']}"})
        assert result.code == 0 and result.out, (example, result.err)


def test_a_pull_secret_holds_a_login_for_the_registry(jane):
    for words, read in (([], yaml.safe_load), (["--format", "json"], json.loads)):
        result = jane.snowflake("kubernetes", "pull-secret", HOST, "--namespace", "a", "--name", "pull", *words)
        assert result.code == 0, result.err
        secret = read(result.out)
        assert secret["type"] == "kubernetes.io/dockerconfigjson"
        assert (secret["metadata"]["namespace"], secret["metadata"]["name"]) == ("a", "pull")
        data = secret.get("data", {}).get(".dockerconfigjson")
        config = json.loads(base64.b64decode(data) if data else secret["stringData"][".dockerconfigjson"])
        user, _, password = base64.b64decode(config["auths"][HOST]["auth"]).decode().partition(":")
        assert user == "0sessiontoken" and json.loads(password)["token"]


def test_clients_accept_the_docker_config(jane):
    config = json.loads(jane.snowflake("docker-config").out)
    assert base64.b64decode(config["auths"][HOST]["auth"]).startswith(b"0sessiontoken:")


def test_the_expiry_of_a_docker_config_is_printed_apart_from_the_file(jane):
    result = jane.snowflake("docker-config", "--expires")
    expires = datetime.datetime.fromisoformat(result.err.strip().replace("Z", "+00:00"))
    assert 3000 < (expires - datetime.datetime.now(datetime.timezone.utc)).total_seconds() <= 3600
    assert result.out.count("\n") == 1 and list(json.loads(result.out)["auths"]) == [HOST]


def test_the_line_for_argocd_is_split_at_its_first_colon(jane):
    result = jane.snowflake("kubernetes", "argocd-image-updater", HOST)
    user, _, password = result.out.strip().partition(":")
    assert (result.err, result.out.count("\n"), user) == ("", 1, "0sessiontoken") and json.loads(password)["token"]


def test_help_marks_what_is_required(jane):
    for command, options in (("daemonset", ["--image"]), ("cronjob", ["--image", "--namespace"])):
        text = jane.snowflake("kubernetes", command, "--help").out
        for option in options:
            assert text.partition(f"{option} ")[2].partition("\n")[0].split()[1] == "Required.", (command, option)
        missing = jane.snowflake("kubernetes", command)
        assert missing.code == 2 and "Missing option '--image'." in missing.err, missing.err


def test_sql_without_a_repository_says_that_nothing_is_granted(jane):
    words = ("sql", "--issuer", "https://issuer.example", "--role", "PULLER")
    alone = jane.snowflake("kubernetes", *words)
    assert alone.code == 0 and "grant role PULLER no privileges" in alone.err and "Next: add --repository " in alone.err
    assert jane.snowflake("kubernetes", *words, "--repository", "db.schema.repo").err == ""


def test_sql_names_issuer_and_subject(jane):
    result = jane.snowflake("kubernetes", "sql", "--issuer", "https://issuer.example", "--namespace", "app", "--service-account", "sa")
    assert result.code == 0, result.err
    refused = jane.snowflake("kubernetes", "sql", "--issuer", "https://issuer.example", "--role", "", "--repository", "DB.SCHEMA.REPO")
    assert refused.code == 2 and "--repository needs a role" in refused.err
    assert "ISSUER = 'https://issuer.example'" in result.out and "SUBJECT = 'system:serviceaccount:app:sa'" in result.out
    quoted = jane.snowflake("kubernetes", "sql", "--issuer", "https://x/'; drop user a --", "--namespace", "app", "--service-account", "sa")
    assert quoted.code != 0 or "'https://x/''; drop user a --'" in quoted.out


class ApiServer:
    """An API server that accepts every PATCH, except in the namespaces in `forbidden`."""

    def __init__(self, directory):
        self.authority = certificates.Authority(directory, "Authority of a cluster")
        self.authority.issue("api-server", ["localhost"])
        self.requests, self.forbidden = [], set()
        api = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_PATCH(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                api.requests.append((self.path, dict(self.headers), json.loads(body)))
                status = 403 if self.path.split("/")[4] in api.forbidden else 200
                self.send_response(status)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(directory / "api-server.pem", directory / "api-server.key")
        self.server.socket = tls.wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def job(jane, world):
    """The printed CronJob, run without a container: its script, arguments, variables and files."""
    job = next(one for one in printed(jane, "cronjob", "--image", IMAGE, "--namespace", "a", "--namespace", "b", HOST)
               if one["kind"] == "CronJob")
    pod = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    container = pod["containers"][0]
    api = ApiServer(jane.directory)
    cluster = world.clouds.cluster(ISSUER)
    world.account.workloads[("OIDC", ISSUER, f"system:serviceaccount:a:{pod['serviceAccountName']}")] = world.jane
    mounts = {mount["name"]: pathlib.Path(mount["mountPath"]) for mount in container["volumeMounts"]}
    files = {mounts["snowflake-token"] / "token": cluster.token("a", pod["serviceAccountName"]),
             SECRETS / "kubernetes.io/serviceaccount/token": "token-for-the-api-server",
             SECRETS / "kubernetes.io/serviceaccount/ca.crt": api.authority.pem().decode()}
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    work = jane.home / "work"
    work.mkdir()
    curl = jane.write("first/curl", f"#!/bin/sh\necho \"$@\" >>{jane.home}/arguments\nexec /usr/bin/curl \"$@\"\n", mode=0o755)
    variables = {**{one["name"]: one["value"] for one in container["env"]}, "HOME": str(work), "TMPDIR": str(work),
                 "PATH": f"{curl.parent}:{jane.environment['PATH']}",
                 "KUBERNETES_SERVICE_HOST": "localhost", "KUBERNETES_SERVICE_PORT": str(api.server.server_port)}

    def run():
        return jane.run(["env", "-i", *(f"{name}={value}" for name, value in variables.items()), SCRIPT, *container["args"]])

    assert container["command"] == [SCRIPT.name]
    yield run, api, work
    api.server.shutdown()
    shutil.rmtree(SECRETS)


def test_the_cronjob_renews_the_secret_of_each_namespace_and_leaves_nothing_behind(job, jane, snowflake):
    run, api, work = job
    result = run()
    assert (result.code, result.out) == (0, "renewed a/snowflake-registry\nrenewed b/snowflake-registry\n"), result.err
    for namespace, (path, headers, secret) in zip("ab", api.requests, strict=True):
        assert path == (f"/api/v1/namespaces/{namespace}/secrets/snowflake-registry"
                        "?fieldManager=docker-credential-snowflake&force=true")
        assert headers["Content-Type"] == "application/apply-patch+yaml"
        assert headers["Authorization"] == "Bearer token-for-the-api-server"
        assert secret["metadata"]["namespace"] == namespace
        login = json.loads(base64.b64decode(secret["data"][".dockerconfigjson"]))["auths"][HOST]
        assert login["username"] == "0sessiontoken" and json.loads(login["password"])["token"]
    arguments = (jane.home / "arguments").read_text()
    assert "token-for-the-api-server" not in arguments and secret["data"][".dockerconfigjson"] not in arguments
    assert list(work.iterdir()) == [] and snowflake.requests[0].body["data"]["PROVIDER"] == "OIDC"


def test_a_namespace_that_refuses_the_cronjob_does_not_block_the_others(job):
    run, api, _ = job
    api.forbidden = {"a"}
    result = run()
    assert result.code == 1 and "could not renew a/snowflake-registry" in result.err
    assert result.out == "renewed b/snowflake-registry\n"


def test_a_cronjob_that_snowflake_refuses_fails_and_changes_no_secret(job, world):
    run, api, work = job
    world.account.workloads.clear()
    result = run()
    assert result.code == 1 and "390144" in result.err and api.requests == [] and list(work.iterdir()) == []


def test_the_script_of_the_cronjob_prints_its_usage(jane):
    result = jane.run([SCRIPT])
    assert result.code == 2 and result.err.startswith("usage: renew-pull-secrets HOST NAME")
