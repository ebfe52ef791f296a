# SPDX-License-Identifier: Apache-2.0
"""--session-token and --master-token, which use a session of another program."""

OPTIONS = ["-x", "--account", "myorg-myacct"]


def session_options(session):
    return [*OPTIONS, "--session-token", session.session_token, "--master-token", session.master_token]


def test_a_session_opened_elsewhere_is_checked_and_used(jane, world, snowflake):
    assert jane.snowflake("login").code == 0
    session = snowflake.sessions.all[0]
    snowflake.requests.clear()
    answer = jane.snowflake("token", *session_options(session)).json()
    assert [r.kind for r in snowflake.requests] == ["heartbeat", "query", "issue"]
    assert snowflake.sessions.issued[answer["token"]].session is session
    snowflake.clock.advance(3700)
    other = jane.snowflake("token", *session_options(session), "--role", "READER")
    assert other.code == 0 and snowflake.count("renew") == 1 and snowflake.count("login") == 0
    for path, content in jane.files():
        assert session.master_token.encode() not in content, path


def test_an_expired_session_gives_the_message_of_the_snowflake_cli(jane, snowflake):
    assert jane.snowflake("login").code == 0
    session = snowflake.sessions.all[0]
    session.dead = True
    result = jane.snowflake("token", *session_options(session))
    assert result.code == 1 and "Session and master tokens invalid" in result.err and "SNOWFLAKE_SESSION_TOKEN" in result.err
    stale = jane.snowflake("token", *OPTIONS, "--session-token", "s", "--master-token", "m")
    assert stale.code == 1 and "Session and master tokens invalid" in stale.err
    assert snowflake.count("login") == 1


def test_a_session_needs_both_tokens_and_a_temporary_connection(jane, snowflake):
    cases = {("--session-token", "s"): "you must use a temporary connection",
             ("-x", "--session-token", "s"): "you must provide the corresponding master token",
             ("-x", "--master-token", "m"): "you must provide the corresponding session token"}
    for words, text in cases.items():
        result = jane.snowflake("token", *words)
        assert result.code == 1 and text in result.err
    assert snowflake.requests == []
