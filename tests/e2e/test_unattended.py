# SPDX-License-Identifier: Apache-2.0
"""Logins that need a user, in a job without a terminal and a browser."""

import pytest
from conftest import HOST
from cryptography.hazmat.primitives.asymmetric import rsa
from world.keys import pem

CONNECTION = '[connections.dev]\naccount = "myorg-myacct"\nuser = "jane"\n'
SECRET = 'password = "Correct Horse 1!"\n'
JOB = "; a job without a user logs in with a key pair, an access token or workload identity\n"
IN_BROWSER = "Error: a user must log in with a browser, and there is neither a browser nor a terminal here\n"
NO_PASSWORD = ("251006: Password is empty", "run this at a terminal: docker snowflake login -c dev, which asks for it; "
               "elsewhere set SNOWFLAKE_PASSWORD, or password in the connection; a key pair is safer")

# Additional keys of the connection, output of `login`, and parts of the helper's output.
WAYS = {
    "browser": ('authenticator = "externalbrowser"\n', IN_BROWSER + "Next: run this at a terminal: docker snowflake login -c dev" + JOB,
                ("a user must log in with a browser", "docker snowflake login -c dev")),
    "OAuth": ('authenticator = "oauth_authorization_code"\noauth_client_id = "id"\noauth_client_secret = "s3cret"\n',
              IN_BROWSER + "Next: run this at a terminal: docker snowflake login -c dev" + JOB,
              ("a user must log in with a browser", "docker snowflake login -c dev")),
    "password": ("", "Error: {0}\nNext: {1}\n".format(*NO_PASSWORD), NO_PASSWORD),
}


def run_without_terminal(user, *command, stdin=""):
    """Runs a command without a controlling terminal."""
    return user.run(["setsid", "--wait", *command], stdin, timeout=60)


@pytest.mark.parametrize("way", WAYS)
def test_it_fails_at_once_and_says_what_to_do(world, snowflake, way):
    more, of_login, (what, next_step) = WAYS[way]
    user = world.user()
    user.write_config(CONNECTION + more)
    for words in (["login"], ["images"]):
        result = run_without_terminal(user, "docker-snowflake", *words)
        assert (result.code, result.out, result.err) == (1, "", of_login), words
    result = run_without_terminal(user, "docker-credential-snowflake", "get", stdin=HOST)
    assert result.code == 1 and result.err == f"docker-credential-snowflake: {what}\ndocker-credential-snowflake: next: {next_step}\n"
    assert snowflake.count("login") == 0


def test_a_phone_rings_for_a_user_who_runs_login_and_never_for_the_helper(world, snowflake):
    user = world.user()
    user.write_config(CONNECTION + SECRET + 'authenticator = "username_password_mfa"\n')
    result = run_without_terminal(user, "docker-credential-snowflake", "get", stdin=HOST)
    assert result.code == 1 and result.err == ("docker-credential-snowflake: a user may have to approve this login with a second factor\n"
                                               "docker-credential-snowflake: next: docker snowflake login -c dev\n")
    asked = run_without_terminal(user, "docker-snowflake", "login", "--mfa-passcode")
    assert asked.code == 1 and asked.err == ("Error: cannot prompt without a terminal: MFA passcode\nNext: use --mfa-passcode <passcode>\n"), asked.err
    assert snowflake.count("login") == 0


def test_a_passphrase_is_not_waited_for(world, snowflake):
    key = rsa.generate_private_key(65537, 2048)
    user = world.user()
    path = user.write("key.p8", pem(key, passphrase=b"secret"))
    user.write_config(CONNECTION + f'authenticator = "SNOWFLAKE_JWT"\nprivate_key_file = "{path}"\n')
    for command, stdin in ((["docker-snowflake", "login"], ""), (["docker-credential-snowflake", "get"], HOST)):
        result = run_without_terminal(user, *command, stdin=stdin)
        assert result.code == 1 and "PRIVATE_KEY_PASSPHRASE" in result.err and "passphrase" in result.err.lower(), result.err
    assert snowflake.count("login") == 0
