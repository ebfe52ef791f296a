# SPDX-License-Identifier: Apache-2.0
"""CI systems: the variables of their jobs, and the endpoints that issue identity tokens."""

import json

from .answers import as_json, require

GITHUB = "https://token.actions.githubusercontent.com"
GITLAB = "https://gitlab.com"
CIRCLE = "https://oidc.circleci.com/org/1234"
BUILDKITE = "https://agent.buildkite.com"
AZURE = "https://vstoken.dev.azure.com/5678"
BITBUCKET = "https://api.bitbucket.org/2.0/workspaces/w/pipelines-config/identity/oidc"
KUBERNETES = "https://kubernetes.default.svc"
SNOWFLAKE = "snowflakecomputing.com"


class Ci:
    def __init__(self, clouds):
        self.clouds = clouds

    # Variables of a job

    def github_job(self, number=1):
        return {"GITHUB_ACTIONS": "true", "GITHUB_RUN_ID": "1", "ACTIONS_ID_TOKEN_REQUEST_TOKEN": f"gh-secret-{number}",
                "ACTIONS_ID_TOKEN_REQUEST_URL": "https://run-actions-1.actions.githubusercontent.com/77//idtoken?api-version=2.0"}

    def azure_job(self):
        return {"TF_BUILD": "True", "SYSTEM_ACCESSTOKEN": "ado-secret", "SYSTEM_JOBID": "1",
                "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID": "conn/1",
                "SYSTEM_OIDCREQUESTURI": "https://dev.azure.com/myorg/proj/_apis/distributedtask/hubs/build/plans/p/jobs/j/oidctoken"}

    def buildkite_job(self):
        return {"BUILDKITE": "true", "BUILDKITE_JOB_ID": "job-1", "BUILDKITE_AGENT_ACCESS_TOKEN": "bk-secret",
                "BUILDKITE_AGENT_ENDPOINT": "https://agent.buildkite.com/v3"}

    def gitlab_job(self):
        return {"GITLAB_CI": "true", "CI_JOB_ID": "1", "SNOWFLAKE_ID_TOKEN": self.token(GITLAB)}

    def circle_job(self):
        return {"CIRCLECI": "true", "CIRCLE_OIDC_TOKEN_V2": self.token(CIRCLE)}

    def bitbucket_job(self):
        return {"BITBUCKET_BUILD_NUMBER": "1", "BITBUCKET_STEP_OIDC_TOKEN": self.token(BITBUCKET)}

    def token(self, issuer, audience=SNOWFLAKE, subject="the-job", **more):
        return self.clouds.issuer(issuer).token(subject, audience, **more)

    # Endpoints

    def github(self, request):
        # The scheme is case-insensitive (RFC 9110, 11.1).
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        require(request.method == "GET" and scheme.lower() == "bearer" and token.startswith("gh-secret-"), 401, {"message": "bad token"})
        require(request.path == "/77//idtoken" and request.query["api-version"] == "2.0", 404)
        return as_json({"count": 1, "value": self.token(GITHUB, request.query.get("audience", "https://github.com/myorg"))})

    def azure_pipelines(self, request):
        require(request.method == "POST" and request.headers.get("authorization") == "Bearer ado-secret", 401)
        require(request.headers.get("content-type") == "application/json" and request.query.get("api-version") == "7.1")
        require(request.path.endswith("/oidctoken") and request.query.get("serviceConnectionId") in (None, "conn/1"), 404)
        return as_json({"oidcToken": self.token(AZURE, "api://AzureADTokenExchange")})

    def buildkite(self, request):
        require(request.method == "POST" and request.headers.get("authorization") == "Token bk-secret", 401)
        require(request.path == "/v3/jobs/job-1/oidc/tokens", 404)
        asked = json.loads(request.body)
        subject = {"subject": asked["subject_claim"]} if "subject_claim" in asked else {}
        return as_json({"token": self.token(BUILDKITE, asked.get("audience", "https://buildkite.com/myorg"), **subject)})
