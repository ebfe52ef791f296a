# SPDX-License-Identifier: Apache-2.0
"""docker snowflake kubernetes and docker-config: what they print is what a cluster, a node and a CI job can read."""

import base64
import json

import pytest
import yaml
from conftest import HOST

IMAGE = f"{HOST}/db/schema/repo/helper:1"


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


def test_manifests_are_of_the_kinds_that_they_promise(jane):
    assert [one["kind"] for one in printed(jane, "daemonset", "--image", IMAGE)] == ["DaemonSet"]
    for host in ([], [HOST]):
        kinds = [one["kind"] for one in printed(jane, "cronjob", "--image", IMAGE, "--namespace", "a", "--namespace", "b", *host)]
        assert kinds.count("Secret") == 2 and kinds.count("Role") == 2 and "CronJob" in kinds
    assert {one["kind"] for one in printed(jane, "external-secret")} >= {"ExternalSecret"}
    assert printed(jane, "rbac")


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


def test_docker_config_is_one_that_clients_read(jane):
    config = json.loads(jane.snowflake("docker-config").out)
    assert base64.b64decode(config["auths"][HOST]["auth"]).startswith(b"0sessiontoken:")


def test_sql_names_issuer_and_subject(jane):
    result = jane.snowflake("kubernetes", "sql", "--issuer", "https://issuer.example", "--namespace", "app", "--service-account", "sa")
    assert result.code == 0, result.err
    refused = jane.snowflake("kubernetes", "sql", "--issuer", "https://issuer.example", "--role", "", "--repository", "DB.SCHEMA.REPO")
    assert refused.code == 2 and "--repository needs a role" in refused.err
    assert "ISSUER = 'https://issuer.example'" in result.out and "SUBJECT = 'system:serviceaccount:app:sa'" in result.out
    quoted = jane.snowflake("kubernetes", "sql", "--issuer", "https://x/'; drop user a --", "--namespace", "app", "--service-account", "sa")
    assert quoted.code != 0 or "'https://x/''; drop user a --'" in quoted.out
