# SPDX-License-Identifier: Apache-2.0
"""Workload identity in clouds and CI systems."""

import base64
import json
import pathlib
import shutil

import pytest
from conftest import HOST
from credentials import refused, token_of
from fake_clouds import aws, azure, ci, gcp

ROLE = "arn:aws:iam::123456789012:role/pusher"
OBJECT_ID = "aaaa-bbbb"
SERVICE = '''
[connections.dev]
account = "myorg-myacct"
authenticator = "workload_identity"
role = "PUSHER"
workload_identity_provider = "'''
AWS_REGION = {"AWS_REGION": "eu-central-1"}


@pytest.fixture
def clouds(world):
    return world.clouds


@pytest.fixture
def configure_provider(jane, world):
    """A function that configures a connection for a provider, and the identity of the Snowflake user."""
    def configure(provider, *identity, more=""):
        jane.write_config(SERVICE + f'{provider}"\n{more}')
        world.account.workloads[(provider, *identity)] = world.jane
    return configure


def log_in(jane, snowflake, env=None):
    token_of(jane.helper("get", HOST, env=env))
    logins = [r.body["data"] for r in snowflake.requests if r.kind == "login"]
    assert len(logins) == 1
    return logins[0]


# AWS

@pytest.mark.parametrize("temporary", [True, False])
@pytest.mark.parametrize("region, host", [("eu-central-1", "sts.eu-central-1.amazonaws.com"), ("cn-north-1", "sts.cn-north-1.amazonaws.com.cn")])
def test_aws_with_keys_in_variables(jane, snowflake, clouds, configure_provider, temporary, region, host):
    configure_provider("AWS", ROLE)
    data = log_in(jane, snowflake, {"AWS_DEFAULT_REGION": region, **clouds.aws.variables(ROLE, temporary)})
    assert data["PROVIDER"] == "AWS" and clouds.requests == []
    assert json.loads(base64.b64decode(data["TOKEN"]))["url"].startswith(f"https://{host}/?")


def test_aws_on_an_instance_whose_role_and_region_the_metadata_service_knows(jane, snowflake, clouds, configure_provider):
    clouds.aws.instance_role = "builder"
    configure_provider("AWS", "arn:aws:iam::123456789012:role/builder")
    log_in(jane, snowflake)
    assert {r.host for r in clouds.requests} == {"169.254.169.254"}


def test_aws_metadata_is_never_asked_through_a_proxy(jane, snowflake, clouds, configure_provider):
    clouds.aws.instance_role = "builder"
    configure_provider("AWS", "arn:aws:iam::123456789012:role/builder")
    log_in(jane, snowflake, {"http_proxy": "http://127.0.0.1:9", "all_proxy": "http://127.0.0.1:9",
                             "no_proxy": "myorg-myacct.snowflakecomputing.com"})


def test_aws_in_a_container_of_ecs_and_in_a_pod_of_eks(jane, snowflake, clouds, configure_provider):
    configure_provider("AWS", "arn:aws:iam::123456789012:role/task")
    log_in(jane, snowflake, {**AWS_REGION, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/credentials/task-1"})
    snowflake.requests.clear()
    clouds.aws.container_authorization = "pod-secret"
    jane.write("token", "pod-secret\n")
    jane.helper("erase", HOST)
    log_in(jane, snowflake, {**AWS_REGION, "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://169.254.170.23/v1/credentials",
                             "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": str(jane.home / "token")})


def test_aws_in_a_pod_with_a_web_identity(jane, snowflake, clouds, configure_provider):
    configure_provider("AWS", ROLE)
    clouds.aws.may_assume.add(("system:serviceaccount:ns:sa", ROLE))
    token = clouds.issuer(aws.CLUSTER).token("system:serviceaccount:ns:sa", "sts.amazonaws.com")
    env = {**AWS_REGION, "AWS_ROLE_ARN": ROLE, "AWS_WEB_IDENTITY_TOKEN_FILE": str(jane.write("token", token + "\n"))}
    log_in(jane, snowflake, env)
    clouds.aws.may_assume.clear()
    jane.helper("erase", HOST, env=env)
    env["AWS_ROLE_ARN"] += "2"
    refused(jane, "HTTP status 403: Not authorized to perform sts:AssumeRoleWithWebIdentity", env, [token])


def test_aws_impersonation_of_roles(jane, snowflake, clouds, configure_provider):
    path = ["arn:aws:iam::123456789012:role/one", "arn:aws:iam::123456789012:role/two"]
    configure_provider("AWS", path[1], more=f"workload_identity_impersonation_path = {json.dumps(path)}\n")
    clouds.aws.may_assume |= {(ROLE, path[0]), (path[0], path[1])}
    log_in(jane, snowflake, {**AWS_REGION, **clouds.aws.variables(ROLE)})
    assert clouds.count("sts") == 2


def test_aws_issues_a_jwt_if_configured(jane, snowflake, clouds, configure_provider):
    configure_provider("AWS", ROLE)
    data = log_in(jane, snowflake, {**AWS_REGION, **clouds.aws.variables(ROLE), "SNOWFLAKE_ENABLE_AWS_WIF_OUTBOUND_TOKEN": "true"})
    assert data["TOKEN"].startswith("ey")


def test_aws_errors_are_reported(jane, snowflake, clouds, configure_provider):
    configure_provider("AWS", ROLE)
    refused(jane, "the metadata service of AWS answered with HTTP status 404")
    refused(jane, "AWS_EC2_METADATA_DISABLED disables", {**AWS_REGION, "AWS_EC2_METADATA_DISABLED": "true"})
    refused(jane, "'evil.example/' is not a valid AWS region", {"AWS_REGION": "evil.example/"})
    refused(jane, "does not point to this machine", {**AWS_REGION, "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://registry.example/"})
    stolen = clouds.aws.variables(ROLE)
    stolen["AWS_SECRET_ACCESS_KEY"] = "wrong-key"
    out = refused(jane, "390144", {**AWS_REGION, **stolen}, ["wrong-key", stolen["AWS_SESSION_TOKEN"]])
    assert "aws sts get-caller-identity" in out
    assert snowflake.count("login") == 1


# Azure

def test_azure_on_a_virtual_machine(jane, snowflake, clouds, configure_provider):
    configure_provider("AZURE", azure.ISSUER, OBJECT_ID)
    clouds.azure.identities[""] = OBJECT_ID
    assert log_in(jane, snowflake)["PROVIDER"] == "AZURE"
    assert clouds.requests[0].query["resource"] == azure.SNOWFLAKE


def test_azure_with_a_configured_resource_and_client(jane, snowflake, clouds, configure_provider):
    configure_provider("AZURE", azure.ISSUER, OBJECT_ID, more='workload_identity_entra_resource = "api://my-own-resource"\n')
    clouds.azure.identities["client-7"] = OBJECT_ID
    log_in(jane, snowflake, {"MANAGED_IDENTITY_CLIENT_ID": "client-7"})


def test_azure_in_an_app(jane, snowflake, clouds, configure_provider):
    configure_provider("AZURE", azure.ISSUER, OBJECT_ID)
    clouds.azure.identities[""] = OBJECT_ID
    endpoint = {"IDENTITY_ENDPOINT": "http://169.254.130.4:8081/msi/token"}
    refused(jane, "has no managed identity", endpoint)
    refused(jane, "HTTP status 401: Unauthorized", {**endpoint, "IDENTITY_HEADER": "wrong-header"}, ["wrong-header"])
    refused(jane, "without TLS", {"IDENTITY_ENDPOINT": "http://registry.example/msi/token", "IDENTITY_HEADER": azure.APP_HEADER}, [azure.APP_HEADER])
    log_in(jane, snowflake, {**endpoint, "IDENTITY_HEADER": azure.APP_HEADER})


@pytest.fixture
def pod(jane, clouds):
    clouds.azure.identities["client-7"] = OBJECT_ID
    clouds.azure.federated["system:serviceaccount:ns:sa"] = "client-7"
    token = clouds.issuer(azure.CLUSTER).token("system:serviceaccount:ns:sa", azure.EXCHANGE)
    return {"AZURE_CLIENT_ID": "client-7", "AZURE_TENANT_ID": azure.TENANT, "AZURE_AUTHORITY_HOST": "https://login.microsoftonline.com/",
            "AZURE_FEDERATED_TOKEN_FILE": str(jane.write("token", token))}


def test_azure_in_a_pod_of_aks(jane, snowflake, clouds, configure_provider, pod):
    configure_provider("AZURE", azure.ISSUER, OBJECT_ID)
    log_in(jane, snowflake, pod)
    assert clouds.count("entra") == 1 and clouds.count("instance") == 0


def test_azure_in_a_pod_that_entra_does_not_know(jane, snowflake, clouds, configure_provider, pod):
    configure_provider("AZURE", azure.ISSUER, OBJECT_ID)
    clouds.azure.federated.clear()
    refused(jane, "Entra answered with HTTP status 401: AADSTS70021", pod)
    refused(jane, "AZURE_AUTHORITY_HOST does not begin with https", {**pod, "AZURE_AUTHORITY_HOST": "http://169.254.169.254/"})
    assert snowflake.count("login") == 0


def test_azure_impersonation_of_an_application(jane, snowflake, clouds, configure_provider):
    configure_provider("AZURE", azure.ISSUER, "an-application", more='workload_identity_impersonation_path = ["client-9"]\n')
    clouds.azure.identities |= {"": OBJECT_ID, "client-9": "an-application"}
    clouds.azure.federated[OBJECT_ID] = "client-9"
    log_in(jane, snowflake)
    assert [r.query.get("resource") for r in clouds.requests] == [azure.EXCHANGE, None]


# Google Cloud

def test_gcp_on_a_machine(jane, snowflake, clouds, configure_provider):
    configure_provider("GCP", gcp.ISSUER, "1001")
    clouds.gcp.accounts["vm@p.iam"], clouds.gcp.attached = "1001", "vm@p.iam"
    assert log_in(jane, snowflake)["PROVIDER"] == "GCP"


def test_gcp_impersonation_of_accounts(jane, snowflake, clouds, configure_provider):
    names = ["vm@p.iam", "one@p.iam", "two@p.iam"]
    clouds.gcp.accounts, clouds.gcp.attached = {name: str(1000 + i) for i, name in enumerate(names)}, names[0]
    configure_provider("GCP", gcp.ISSUER, "1002", more='workload_identity_impersonation_path = ["one@p.iam", "two@p.iam"]\n')
    refused(jane, "when asked for a token of two@p.iam, answered with HTTP status 403: Permission 'iam.serviceAccounts.getOpenIdToken' denied")
    clouds.gcp.may_impersonate |= {(names[0], names[1]), (names[1], names[2])}
    log_in(jane, snowflake)


# OpenID Connect

JOBS = {
    "github": (ci.GITHUB, lambda c: c.github_job()), "gitlab": (ci.GITLAB, lambda c: c.gitlab_job()),
    "azure": (ci.AZURE, lambda c: c.azure_job()), "circle": (ci.CIRCLE, lambda c: c.circle_job()),
    "buildkite": (ci.BUILDKITE, lambda c: c.buildkite_job()), "bitbucket": (ci.BITBUCKET, lambda c: c.bitbucket_job()),
}


@pytest.mark.parametrize("name", JOBS)
def test_a_ci_job_logs_in_by_itself(jane, snowflake, clouds, configure_provider, name):
    issuer, variables = JOBS[name]
    configure_provider("OIDC", issuer, "the-job")
    log_in(jane, snowflake, variables(clouds.ci))
    assert len(clouds.requests) <= 1


def test_a_job_chooses_its_audience(jane, snowflake, clouds, configure_provider):
    configure_provider("OIDC", ci.GITHUB, "the-job")
    log_in(jane, snowflake, {**clouds.ci.github_job(), "SNOWFLAKE_AUDIENCE": "my-audience"})
    assert clouds.requests[0].query["audience"] == "my-audience"


def test_a_buildkite_job_chooses_the_subject_that_snowflake_knows(jane, snowflake, clouds, configure_provider):
    configure_provider("OIDC", ci.BUILDKITE, "pipeline_id")
    log_in(jane, snowflake, {**clouds.ci.buildkite_job(), "BUILDKITE_OIDC_TOKEN_SUBJECT_CLAIM": "pipeline_id"})


@pytest.mark.parametrize("sign, words", [("GITHUB_ACTIONS", "id-token: write"), ("GITLAB_CI", "id_tokens: SNOWFLAKE_ID_TOKEN"),
                                         ("TF_BUILD", "System.AccessToken"), ("CIRCLECI", "context"), ("BUILDKITE", "agent"),
                                         ("BITBUCKET_BUILD_NUMBER", "oidc: true"), ("KUBERNETES_SERVICE_HOST", "projected serviceAccountToken")])
def test_a_job_without_a_token_is_told_what_it_needs(jane, snowflake, configure_provider, sign, words):
    configure_provider("OIDC", ci.GITHUB, "the-job")
    assert words in refused(jane, "has no OIDC token", {sign: "true"})


def test_a_pod_with_a_projected_token(jane, snowflake, clouds, configure_provider):
    configure_provider("OIDC", ci.KUBERNETES, "the-job")
    # The test world has its own /run.
    directory = pathlib.Path("/var/run/secrets/snowflakecomputing.com/serviceaccount")
    directory.mkdir(parents=True)
    try:
        (directory / "token").write_text(clouds.ci.token(ci.KUBERNETES) + "\n")
        log_in(jane, snowflake, {"KUBERNETES_SERVICE_HOST": "10.0.0.1"})
    finally:
        shutil.rmtree("/var/run/secrets")


def test_a_configured_token_takes_precedence(jane, snowflake, clouds, configure_provider):
    token = clouds.ci.token("https://idp.example")
    configure_provider("OIDC", "https://idp.example", "the-job", more='token_file_path = "~/token"\n')
    jane.write("token", token + "\n")
    assert log_in(jane, snowflake, clouds.ci.github_job())["TOKEN"] == token
    assert clouds.requests == []


def test_an_invalid_token_is_never_sent(jane, snowflake, clouds, configure_provider):
    configure_provider("OIDC", ci.GITLAB, "the-job")
    for token in ("a-secret", "a.b.c", "eyJhIjoxfQ.eyJhIjoxfQ.AAAA"):
        out = refused(jane, "JWT", {"SNOWFLAKE_TOKEN": token}, [token])
    assert "iss and sub" in out
    refused(jane, "not a CI job")
    assert snowflake.requests == []


def test_a_refusal_says_how_to_assign_the_identity_to_a_user(jane, world, snowflake, clouds, configure_provider):
    configure_provider("OIDC", "https://another.example", "the-job")
    out = refused(jane, "No user has this workload identity", clouds.ci.github_job(), ["gh-secret"])
    assert f"WORKLOAD_IDENTITY = (TYPE = OIDC ISSUER = '{ci.GITHUB}' SUBJECT = 'the-job')" in out
    assert snowflake.count("login") == 1 and clouds.count("github") == 1
    quote = clouds.issuer(ci.GITLAB).token("ref:x') DROP USER jane; --", ci.SNOWFLAKE)
    assert "SUBJECT = 'ref:x'') DROP USER jane; --'" in refused(jane, "390144", {"SNOWFLAKE_ID_TOKEN": quote})
    expired = clouds.issuer(ci.GITLAB).token("the-job", ci.SNOWFLAKE, lifetime=-5)
    refused(jane, "the OIDC token of GitLab CI expired", {"SNOWFLAKE_ID_TOKEN": expired}, [expired])


# All providers

def test_attestations_are_created_for_snowflake_only(jane, snowflake, clouds, configure_provider):
    for provider in ("AWS", "AZURE", "GCP", "OIDC"):
        configure_provider(provider, "x", more='host = "registry.example"\n')
        refused(jane, "251021: WORKLOAD_IDENTITY requires a recognized Snowflake host", clouds.ci.github_job())
    assert clouds.requests == [] and snowflake.requests == []


def test_an_unknown_provider_is_refused_by_name(jane, configure_provider):
    configure_provider("foo", "x")
    refused(jane, "Invalid workload identity provider 'foo'. Valid values are: AWS, AZURE, GCP, OIDC")
    configure_provider("", "x")
    refused(jane, "the connection has no workload_identity_provider")


def test_every_attempt_has_its_own_attestation(jane, snowflake, clouds, configure_provider):
    configure_provider("OIDC", ci.GITHUB, "the-job")
    snowflake.faults.status("login", 503)
    token_of(jane.helper("get", HOST, env=clouds.ci.github_job()))
    assert snowflake.count("login") == 2 and clouds.count("github") == 2
    first, second = [r.body["data"]["TOKEN"] for r in snowflake.requests if r.kind == "login"]
    assert first != second


def test_other_refusals_keep_their_own_next_step(jane, world, snowflake, clouds, configure_provider):
    configure_provider("OIDC", ci.GITHUB, "the-job")
    jane.write_config((jane.home / ".snowflake/config.toml").read_text().replace("PUSHER", "NOBODY"))
    out = refused(jane, "390189", clouds.ci.github_job())
    assert "correct role (" in out and "WORKLOAD_IDENTITY" not in out


def test_no_attestation_is_left_in_a_file(jane, snowflake, clouds, configure_provider):
    configure_provider("AWS", ROLE)
    variables = {**AWS_REGION, **clouds.aws.variables(ROLE)}
    attestation = log_in(jane, snowflake, variables)["TOKEN"]
    for path, content in jane.files():
        for secret in (attestation, variables["AWS_SECRET_ACCESS_KEY"], variables["AWS_SESSION_TOKEN"]):
            assert secret.encode() not in content, path


def test_jobs_that_follow_one_another_do_not_share_a_session(jane, world, snowflake, clouds, configure_provider):
    configure_provider("OIDC", ci.GITHUB, "the-job")
    job = clouds.ci.github_job()
    first = token_of(jane.helper("get", HOST, env=job))
    assert token_of(jane.helper("get", HOST, env=job)) == first
    assert token_of(jane.helper("get", HOST, env={**job, "GITHUB_RUN_ID": "2"})) != first
    # Jobs of a matrix share their names, but not necessarily their environment.
    assert token_of(jane.helper("get", HOST, env=clouds.ci.github_job(number=2))) != first
    assert snowflake.count("login") == 3


@pytest.mark.parametrize("provider, kind", [("AWS", "instance"), ("AZURE", "instance"), ("GCP", "instance"), ("OIDC", "github")])
def test_services_that_misbehave_are_reported_in_one_sentence(jane, snowflake, clouds, configure_provider, provider, kind):
    configure_provider(provider, "x")
    env = {**AWS_REGION, **(clouds.ci.github_job() if provider == "OIDC" else {})}
    clouds.gcp.accounts["vm@p.iam"], clouds.gcp.attached = "1001", "vm@p.iam"
    clouds.aws.instance_role, clouds.azure.identities[""] = "builder", OBJECT_ID
    for body in (b"", b"{", b"null", b"<html>gateway</html>", b"x" * 300_000):
        clouds.faults.answer(kind, body, times=9)
        refused(jane, "", env)
        clouds.faults.clear()
    clouds.faults.reset_before(kind, times=9)
    refused(jane, "did not answer", env)
    clouds.faults.clear()
    clouds.faults.status(kind, 404, b"not here", times=9)
    clouds.requests.clear()
    refused(jane, "404", env)
    assert len(clouds.requests) == 1
    assert snowflake.requests == []


def test_a_busy_metadata_service_is_retried_and_a_silent_one_is_not(jane, snowflake, clouds, configure_provider):
    configure_provider("GCP", gcp.ISSUER, "1001")
    clouds.gcp.accounts["vm@p.iam"], clouds.gcp.attached = "1001", "vm@p.iam"
    clouds.faults.delay("instance", 5)
    refused(jane, "the metadata service of Google Cloud did not answer: metadata.google.internal did not answer in time")
    assert clouds.count("instance") == 1
    clouds.faults.status("instance", 503)
    log_in(jane, snowflake)
    assert clouds.count("instance") == 3


def test_docker_snowflake_login_takes_the_provider_from_the_command_line(jane, world, snowflake, clouds):
    jane.write_config("")
    world.account.workloads["GCP", gcp.ISSUER, "1001"] = world.jane
    clouds.gcp.accounts["vm@p.iam"], clouds.gcp.attached = "1001", "vm@p.iam"
    result = jane.snowflake("login", "-x", "--account", "myorg-myacct", "--authenticator", "WORKLOAD_IDENTITY",
                            "--workload-identity-provider", "gcp")
    assert result.code == 0, result.err


def test_status_says_that_this_is_not_a_ci_job(jane, snowflake):
    jane.write_config('[connections.dev]\naccount = "myorg-myacct"\nauthenticator = "WORKLOAD_IDENTITY"\n'
                      'workload_identity_provider = "OIDC"\n')
    status = jane.snowflake("status")
    assert status.code == 1 and "this is not a CI job" in status.out, status
    assert snowflake.requests == []
