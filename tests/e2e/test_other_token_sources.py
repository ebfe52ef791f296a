# SPDX-License-Identifier: Apache-2.0
"""The setting `through`: registry tokens from the Snowflake CLI, or a programmatic access token as the password."""

import json

import pytest
from conftest import CONNECTION, HOST, SNOW
from credentials import token_of
from world import inside
from world.image import write_image

SETTINGS = '[registries."{host}"]\nconnection = "dev"\nthrough = "{through}"\n'


@pytest.fixture
def through_snow(jane):
    """A function that puts `snow` on the PATH: the real one, or a script."""
    jane.write_settings(SETTINGS.format(host=HOST, through="snow"))

    def use(script=None):
        directory = jane.directory / "bin"
        directory.mkdir(exist_ok=True)
        program = directory / "snow"
        program.write_text(script or f'#!/bin/sh\necho "$@" >>{directory}/arguments\nenv >{directory}/environment\nexec {SNOW} "$@"\n')
        program.chmod(0o755)
        jane.environment["PATH"] = f"{directory}:{jane.environment['PATH']}"
        return directory

    return use


def test_the_real_snow_gets_the_token_once_an_hour(jane, snowflake, snow_program, through_snow):
    directory = through_snow()
    jane.write_config(CONNECTION + "disable_ocsp_checks = true\n[cli]\nignore_new_version_warning = true\n[cli.logs]\nsave_logs = false\n")
    environment = {"REQUESTS_CA_BUNDLE": inside.BUNDLE, "SNOWFLAKE_TOKEN": "planted"}
    first = token_of(jane.helper("get", HOST, env=environment, timeout=60))
    assert first in snowflake.sessions.issued
    assert token_of(jane.helper("get", HOST, env=environment)) == first
    called, = (directory / "arguments").read_text().splitlines()
    assert called == "spcs image-registry token --format JSON --connection dev --role PUSHER"
    assert "planted" not in (directory / "environment").read_text()
    snowflake.record.violations.clear()


def test_an_error_of_snow_is_shown_and_snow_is_not_run_again_at_once(jane, through_snow):
    directory = through_snow('#!/bin/sh\necho called >>"$0.calls"\n'
                          'echo "╭─ Error ──────╮" >&2\necho "│ 250001 (08001): 390100: Incorrect username or password │" >&2\necho "╰──────────────╯" >&2\nexit 1\n')
    for _ in range(3):
        result = jane.helper("get", HOST)
        assert result.code == 1 and "390100: Incorrect username" in result.out and "─" not in result.out
    assert (directory / "snow.calls").read_text() == "called\n"
    assert "snow connection test -c dev" in jane.helper("get", HOST).err + jane.helper("get", HOST).out


@pytest.mark.parametrize("variable", ["SNOWFLAKE_PASSWORD", "SNOWFLAKE_CONNECTIONS_DEV_PASSWORD", "PRIVATE_KEY_PASSPHRASE"])
def test_a_variable_that_snow_does_not_get_is_named_when_it_fails(jane, through_snow, variable):
    through_snow('#!/bin/sh\necho "Password is empty" >&2\nexit 1\n')
    key = 'authenticator = "SNOWFLAKE_JWT"\nprivate_key_file = "~/key.p8"\n' if variable == "PRIVATE_KEY_PASSPHRASE" else ""
    jane.write_config(CONNECTION.replace('password = "Correct Horse 1!"\n', key))
    result = jane.snowflake("token", env={variable: "Correct Horse 1!", "SNOWFLAKE_WAREHOUSE": "w"})
    assert result.code == 1 and f"Next: {variable} is not passed to other programs" in result.err


@pytest.mark.parametrize("script, sentence", [
    ("#!/bin/sh\necho hello\n", "did not print a registry token"),
    ("#!/bin/sh\nexit 3\n", "exit status 3"),
    ("#!/bin/sh\r\necho x\r\n", "interpreter that its first line names does not exist")])
def test_another_program_named_snow_provides_no_token(jane, through_snow, script, sentence):
    through_snow(script)
    result = jane.helper("get", HOST)
    assert result.code == 1 and sentence in result.out


def test_notices_around_the_answer_of_snow_are_ignored(jane, through_snow):
    through_snow("""#!/bin/sh
echo 'A new version of Snowflake CLI is available'
echo '{"token": "a-token", "expires_in": 3600}'
echo bye
""")
    assert token_of(jane.helper("get", HOST)) == "a-token"


@pytest.mark.parametrize("answer, sentence", [
    ('{"token": "a\\u001b[31mb", "expires_in": 3600}', "is malformed"), ('{"token": "a b", "expires_in": 3600}', "is malformed"),
    ('{"token": "a-token", "expires_in": -5}', "had already expired"), ('{"token": "a-token", "expires_in": 0}', "had already expired")])
def test_an_implausible_token_is_not_given_to_docker(jane, through_snow, answer, sentence):
    through_snow(f"#!/bin/sh\ncat <<'end'\n{answer}\nend\n")
    result = jane.helper("get", HOST)
    assert result.code == 1 and sentence in result.out and "\x1b" not in result.out


@pytest.mark.parametrize("path", [".", "", "bin"])
def test_no_snow_is_run_from_the_current_directory(jane, through_snow, path):
    jane.write("snow", "#!/bin/sh\ntouch ran\n", mode=0o755)
    jane.write("bin/snow", "#!/bin/sh\ntouch ran\n", mode=0o755)
    result = jane.helper("get", HOST, env={"PATH": f"{path}:{jane.environment['PATH']}"})
    assert result.code == 1 and "snow is not on the PATH" in result.out
    assert not (jane.home / "ran").exists()


def test_without_snow_in_the_path_the_error_says_so(jane, through_snow):
    result = jane.helper("get", HOST)
    assert result.code == 1 and "snow is not on the PATH" in result.out


def test_an_interactive_login_is_not_left_to_snow(jane, through_snow):
    directory = through_snow('#!/bin/sh\necho called >>"$0.calls"\n')
    jane.write_config(CONNECTION.replace("password", "#") + 'authenticator = "externalbrowser"\n')
    result = jane.helper("get", HOST)
    assert result.code == 1 and "docker snowflake login -c dev" in result.out + result.err
    assert not (directory / "snow.calls").exists()


def test_a_programmatic_access_token_is_given_to_the_registry(jane, world, snowflake):
    world.account.pats["a-pat"] = snowflake.token(world.jane, role="PUSHER")
    snowflake.front.accepts_pats = True
    jane.write_config('[connections.dev]\naccount = "myorg-myacct"\nuser = "jane"\n'
                      'authenticator = "PROGRAMMATIC_ACCESS_TOKEN"\ntoken = "a-pat"\n')
    jane.write_settings(SETTINGS.format(host=HOST, through="pat"))
    answer = json.loads(jane.helper("get", HOST).out)
    assert (answer["Username"], answer["Secret"]) == ("jane", "a-pat")
    assert snowflake.requests == []
    archive = write_image(jane.directory / "image.tar", "app:1")
    pushed = jane.snowflake("push", f"docker-archive:{archive}", f"{HOST}/db/schema/repo/pat:1")
    assert pushed.code == 0, pushed.err
    assert (snowflake.count("login"), snowflake.count("issue")) == (0, 0)


def test_a_connection_without_such_a_token_is_told_what_to_write(jane, snowflake):
    jane.write_settings(SETTINGS.format(host=HOST, through="pat"))
    result = jane.helper("get", HOST)
    assert result.code == 1 and "PROGRAMMATIC_ACCESS_TOKEN" in result.out and snowflake.requests == []


@pytest.mark.parametrize("through, sentence", [("snow", "snow is not on the PATH"), ("pat", "with a programmatic access token")])
def test_status_reports_what_get_would_report(jane, snowflake, through, sentence):
    jane.write_settings(SETTINGS.format(host=HOST, through=through))
    status = jane.snowflake("status")
    assert status.code == 1 and sentence in status.out and sentence in jane.helper("get", HOST).out
    assert snowflake.requests == []


def test_an_unknown_token_source_is_refused_with_its_line(jane):
    jane.write_settings(SETTINGS.format(host=HOST, through="magic"))
    result = jane.helper("get", HOST)
    assert result.code == 1 and ":3: registries" in result.out and '"snow" or "pat"' in result.out
