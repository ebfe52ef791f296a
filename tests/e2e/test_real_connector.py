# SPDX-License-Identifier: Apache-2.0
"""Snowflake's Python connector logs in to the fake Snowflake, and AWS's library to the fake clouds, which verifies the fakes."""

import base64
import json

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from fake_clouds import aws, azure, ci, gcp
from world import inside
from world.keys import pem

ROLE = "arn:aws:iam::123456789012:role/pusher"

LOG_IN = """
import json, sys
import snowflake.connector
options = json.load(sys.stdin)
connection = snowflake.connector.connect(account="myorg-myacct", disable_ocsp_checks=True, login_timeout=20,
                                         platform_detection_timeout_seconds=0, **options)
print(connection.user, connection.role)
"""


@pytest.fixture
def connector(jane, world, snowflake, snow_python):

    def log_in(env=None, **options):
        result = jane.run([snow_python, "-c", LOG_IN], json.dumps(options), timeout=90, env={
            "REQUESTS_CA_BUNDLE": inside.BUNDLE, "SSL_CERT_FILE": inside.BUNDLE, "AWS_CA_BUNDLE": inside.BUNDLE, **(env or {})})
        assert result.code == 0 and "PUSHER" in result.out, result.out + result.err
        data = next(r for r in snowflake.requests if r.kind == "login").body["data"]
        snowflake.record.clear()
        return data

    yield log_in
    snowflake.record.violations.clear()


@pytest.fixture
def workload(connector, world):
    def log_in(provider, *identity, env=None, **options):
        world.account.workloads[(provider, *identity)] = world.jane
        return connector(env, authenticator="WORKLOAD_IDENTITY", workload_identity_provider=provider, **options)
    return log_in


def test_aws_with_variables_signs_the_same_request(workload, world, jane):
    variables = {"AWS_REGION": "eu-central-1", **world.clouds.aws.variables(ROLE)}
    theirs = workload("AWS", ROLE, env=variables)
    jane.write_config('[connections.dev]\naccount = "myorg-myacct"\nauthenticator = "WORKLOAD_IDENTITY"\nworkload_identity_provider = "AWS"\n')
    assert jane.snowflake("login", "-c", "dev", env=variables).code == 0
    ours = next(r for r in world.snowflake.requests if r.kind == "login").body["data"]
    decoded = [json.loads(base64.b64decode(data["TOKEN"])) for data in (theirs, ours)]
    assert decoded[0]["url"] == decoded[1]["url"] and decoded[0]["method"] == decoded[1]["method"]
    assert set(decoded[0]["headers"]) == set(decoded[1]["headers"])
    assert decoded[0]["headers"]["Authorization"].split("Signature")[0] == decoded[1]["headers"]["Authorization"].split("Signature")[0]
    assert theirs["PROVIDER"] == ours["PROVIDER"] and theirs["AUTHENTICATOR"] == ours["AUTHENTICATOR"]


def test_aws_on_an_instance(workload, world):
    world.clouds.aws.instance_role = "builder"
    workload("AWS", "arn:aws:iam::123456789012:role/builder")


def test_aws_in_a_container(workload, world):
    workload("AWS", "arn:aws:iam::123456789012:role/task", env={
        "AWS_REGION": "eu-central-1", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/credentials/task-1"})


def test_aws_in_a_pod_and_through_another_role(workload, world, jane):
    world.clouds.aws.may_assume |= {("pod", ROLE), (ROLE, ROLE + "2")}
    token = world.clouds.issuer(aws.CLUSTER).token("pod", "sts.amazonaws.com")
    workload("AWS", ROLE + "2", workload_identity_impersonation_path=[ROLE + "2"], env={
        "AWS_REGION": "eu-central-1", "AWS_DEFAULT_REGION": "eu-central-1", "AWS_ROLE_ARN": ROLE,
        "AWS_STS_REGIONAL_ENDPOINTS": "regional", "AWS_WEB_IDENTITY_TOKEN_FILE": str(jane.write("token", token))})


def test_azure_on_a_machine_in_an_app_and_for_an_application(workload, world):
    world.clouds.azure.identities |= {"": "an-object", "client-9": "an-application"}
    world.clouds.azure.federated["an-object"] = "client-9"
    workload("AZURE", azure.ISSUER, "an-object")
    workload("AZURE", azure.ISSUER, "an-object", env={
        "IDENTITY_ENDPOINT": "http://169.254.130.4:8081/msi/token", "IDENTITY_HEADER": azure.APP_HEADER})
    workload("AZURE", azure.ISSUER, "an-application", workload_identity_impersonation_path=["client-9"])


def test_azure_in_a_pod_of_aks(workload, world, jane, snow_python):
    if jane.run([snow_python, "-c", "import azure.identity"]).code != 0:
        pytest.skip("azure-identity is not installed beside snow")
    world.clouds.azure.identities["client-7"] = "an-object"
    world.clouds.azure.federated["pod"] = "client-7"
    token = world.clouds.issuer(azure.CLUSTER).token("pod", azure.EXCHANGE)
    workload("AZURE", azure.ISSUER, "an-object", env={
        "AZURE_CLIENT_ID": "client-7", "AZURE_TENANT_ID": azure.TENANT, "AZURE_FEDERATED_TOKEN_FILE": str(jane.write("token", token))})
    assert [r.kind for r in world.clouds.requests] == ["entra"]


def test_gcp_on_a_machine_and_for_another_account(workload, world):
    world.clouds.gcp.accounts |= {"vm@p.iam": "1001", "one@p.iam": "1002"}
    world.clouds.gcp.attached = "vm@p.iam"
    world.clouds.gcp.may_impersonate.add(("vm@p.iam", "one@p.iam"))
    workload("GCP", gcp.ISSUER, "1001")
    workload("GCP", gcp.ISSUER, "1002", workload_identity_impersonation_path=["one@p.iam"])


def test_oidc_with_a_token(workload, world):
    workload("OIDC", ci.GITLAB, "the-job", token=world.clouds.ci.token(ci.GITLAB))


def test_okta(connector, world):
    world.account.okta_host, world.clouds.okta.users["jane"] = "myorg.okta.com", "Correct Horse 1!"
    world.clouds.okta.accepts_any_encoding = True
    connector(authenticator="https://myorg.okta.com", user="jane", password="Correct Horse 1!")


@pytest.mark.parametrize("make", [lambda: rsa.generate_private_key(65537, 2048), lambda: ec.generate_private_key(ec.SECP384R1())], ids=["rsa", "ec"])
def test_key_pair(connector, world, jane, make):
    key = make()
    world.jane.public_key = key.public_key()
    connector(authenticator="SNOWFLAKE_JWT", user="jane", private_key_file=str(jane.write("key.p8", pem(key))))
