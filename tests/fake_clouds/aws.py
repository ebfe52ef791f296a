# SPDX-License-Identifier: Apache-2.0
"""AWS: the Security Token Service, the metadata service of instances (IMDSv2), and the credentials endpoint of containers."""

import dataclasses
import re
import secrets

from fake_snowflake.errors import HttpError

from . import sigv4
from .answers import as_json, as_text, form_of

CLUSTER = "https://oidc.eks.eu-central-1.amazonaws.com/id/ABCDEF"
IDENTITY_ISSUER = "https://11112222.tokens.sts.global.api.aws"
STS_HOST = re.compile(r"sts\.([a-z0-9-]+)\.amazonaws\.com(\.cn)?")


@dataclasses.dataclass
class Key:
    arn: str
    secret: str
    token: str  # session token; empty for long-term keys


def _error(status, code, message):
    return HttpError(status, f"<ErrorResponse><Error><Code>{code}</Code><Message>{message}</Message></Error></ErrorResponse>".encode(),
                     {"Content-Type": "text/xml"})


class Aws:
    def __init__(self, clouds):
        self.clouds = clouds
        self.keys: dict[str, Key] = {}
        self.instance_role = None  # name of the role
        self.region = "eu-central-1"
        self.container_authorization = None
        self.may_assume: set[tuple[str, str]] = set()  # (ARN or subject, role)
        self._metadata_tokens = set()

    def new_key(self, arn, temporary=True) -> str:
        name = ("ASIA" if temporary else "AKIA") + secrets.token_hex(8).upper()
        # Contains characters that must be encoded.
        self.keys[name] = Key(arn, secrets.token_urlsafe(30), "IQoJb3/+==" + secrets.token_urlsafe(90) if temporary else "")
        return name

    def variables(self, arn, temporary=True) -> dict:
        name = self.new_key(arn, temporary)
        key = self.keys[name]
        return {"AWS_ACCESS_KEY_ID": name, "AWS_SECRET_ACCESS_KEY": key.secret,
                **({"AWS_SESSION_TOKEN": key.token} if temporary else {})}

    def _as_metadata(self, arn):
        name = self.new_key(arn)
        key = self.keys[name]
        return as_json({"Code": "Success", "Type": "AWS-HMAC", "AccessKeyId": name, "SecretAccessKey": key.secret,
                        "Token": key.token, "Expiration": "2099-01-01T00:00:00Z"})

    # 169.254.169.254

    def instance(self, request):
        if self.instance_role is None:
            raise HttpError(404)
        if request.path == "/latest/api/token":
            if request.method != "PUT" or not 1 <= int(request.headers.get("x-aws-ec2-metadata-token-ttl-seconds", 0)) <= 21600:
                raise HttpError(400)
            self._metadata_tokens.add(token := secrets.token_urlsafe(40))
            return as_text(token)
        if request.headers.get("x-aws-ec2-metadata-token") not in self._metadata_tokens:
            raise HttpError(401)
        match request.path.removeprefix("/latest/meta-data/"):
            case "placement/region":
                return as_text(self.region)
            case "iam/security-credentials/":
                return as_text(self.instance_role + "\n")
            case "placement/availability-zone/" | "placement/availability-zone":
                return as_text(self.region + "a")
            case path if path == "iam/security-credentials/" + self.instance_role:
                return self._as_metadata(f"arn:aws:iam::123456789012:role/{self.instance_role}")
        raise HttpError(404)

    # 169.254.170.2 and .23

    def container(self, request):
        if self.container_authorization is not None and request.headers.get("authorization") != self.container_authorization:
            raise HttpError(401)
        if request.path not in ("/v2/credentials/task-1", "/v1/credentials"):
            raise HttpError(404)
        return self._as_metadata("arn:aws:iam::123456789012:role/task")

    # sts.<region>.amazonaws.com

    def sts(self, request):
        form = form_of(request)
        region = STS_HOST.fullmatch(request.host)[1]
        if form.get("Version") != "2011-06-15" or request.method != "POST":
            raise _error(400, "InvalidAction", "no such version")
        if form["Action"] == "AssumeRoleWithWebIdentity":
            return self._with_web_identity(form)
        try:
            key = sigv4.check(self.keys, "POST", f"https://{request.host}{request.path}", request.headers, request.body, region)
        except sigv4.BadSignature as error:
            raise _error(403, "SignatureDoesNotMatch", str(error)) from None
        if form["Action"] == "AssumeRole":
            if (key.arn, form["RoleArn"]) not in self.may_assume or not form["RoleSessionName"]:
                raise _error(403, "AccessDenied", f"User: {key.arn} is not authorized to perform: sts:AssumeRole")
            return self._credentials("AssumeRole", form["RoleArn"])
        if form["Action"] == "GetWebIdentityToken" and form["SigningAlgorithm"] == "ES384":
            token = self.clouds.issuer(IDENTITY_ISSUER).token(key.arn, form["Audience.member.1"])
            return {"Content-Type": "text/xml"}, (
                "<GetWebIdentityTokenResponse><GetWebIdentityTokenResult><WebIdentityToken>"
                f"{token}</WebIdentityToken></GetWebIdentityTokenResult></GetWebIdentityTokenResponse>").encode()
        raise _error(400, "InvalidAction", "Could not find operation")

    def _with_web_identity(self, form):
        try:
            claims = self.clouds.claims(form["WebIdentityToken"], "sts.amazonaws.com")
        except (ValueError, KeyError):
            raise _error(400, "InvalidIdentityToken", "Couldn't retrieve verification key from your identity provider") from None
        if (claims["sub"], form["RoleArn"]) not in self.may_assume or not form["RoleSessionName"]:
            raise _error(403, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity")
        return self._credentials("AssumeRoleWithWebIdentity", form["RoleArn"])

    def _credentials(self, action, arn):
        name = self.new_key(arn)
        key = self.keys[name]
        return {"Content-Type": "text/xml"}, (
            f'<{action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><{action}Result><Credentials>'
            f"<AccessKeyId>{name}</AccessKeyId><SecretAccessKey>{key.secret}</SecretAccessKey>"
            f"<SessionToken>{key.token}</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>"
            f"<AssumedRoleUser><Arn>{arn}</Arn><AssumedRoleId>A:s</AssumedRoleId></AssumedRoleUser></{action}Result></{action}Response>").encode()

    # Verification of an attestation by Snowflake

    def verify_signer(self, method, url, headers, must_sign):
        """Returns the ARN of the identity that signed a GetCallerIdentity request. Raises ValueError."""
        found = re.fullmatch(r"https://" + STS_HOST.pattern + r"/\?(.*)", url)
        if not found or method != "POST" or sorted(found[3].split("&")) != ["Action=GetCallerIdentity", "Version=2011-06-15"]:
            raise ValueError("not a GetCallerIdentity request")
        if bool(found[2]) != found[1].startswith("cn-"):
            raise ValueError("no such host")
        return sigv4.check(self.keys, method, url, headers, b"", found[1], must_sign).arn
