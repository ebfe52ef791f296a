# SPDX-License-Identifier: Apache-2.0
"""Functions that change the fake Snowflake before a case (`setup` in cases.py)."""


def nothing_to_see(world):
    world.account.repositories.clear()


def public_repositories(world):
    repository = world.account.add_repository("SNOWFLAKE", "IMAGES", "SNOWFLAKE_IMAGES", created_on=1_700_000_000.5)
    world.account.role_may("PUSHER", pull=[repository.qualified])


def no_database_snowflake(world):
    del world.account.databases["SNOWFLAKE"]


def _private_link(world, value):
    world.account.private_link_host = "myorg-myacct.registry.privatelink.snowflakecomputing.com"
    world.account.private_link_value = value


def private_link(world):
    _private_link(world, None)


def private_link_host_only(world):
    _private_link(world, "host")


def private_link_null(world):
    _private_link(world, "null")


def issue_refused(world):
    world.snowflake.faults.refuse("issue", "390500", "Not now.")


def same_name_elsewhere(world):
    world.account.add_repository("DB", "ANOTHER", "REPO", created_on=1_700_000_000)
    world.account.role_may("PUSHER", push=["DB.ANOTHER.REPO"])


def under_score(world):
    for name in ("UNDER_SCORE", "UNDERXSCORE"):
        world.account.add_repository("DB", "SCHEMA", name, created_on=1_700_000_000)
        world.account.role_may("PUSHER", push=[f"DB.SCHEMA.{name}"])


def utc(world):
    world.account.timezone = "UTC"


def kolkata(world):
    world.account.timezone = "Asia/Kolkata"


COMMENTS = ["plain", "", "two\nlines", "tab\there", 'quote " comma ,', "日本語のコメント", "e\u0301 combining", "emoji \U0001f680 rocket",
            "\x1b[31mred\x1b[0m", "bell\x07 and back\x08", "trailing  ", "  leading", "' single", "back\\slash", "cr\rhere"]


def odd_comments(world):
    for number, comment in enumerate(COMMENTS):
        repository = world.account.add_repository("DB", "SCHEMA", f"R{number:02}", comment=comment, created_on=1_700_000_000 + number / 8)
        world.account.role_may("PUSHER", push=[repository.qualified])


def many(world):
    """More than the 20,000 cells after which tables are streamed; a wider cell comes late."""
    for number in range(2400):
        comment = "a much wider comment than all of those before it" if number == 2390 else ""
        world.account.add_repository("DB", "SCHEMA", f"MANY{number:05}", owner="PUSHER", comment=comment, created_on=1_700_000_000)


def in_chunks(world):
    for number in range(25):
        world.account.add_repository("DB", "SCHEMA", f"C{number:05}", owner="PUSHER", created_on=1_700_000_000)
    world.snowflake.queries.rows_per_chunk = 10


def slow_statement(world):
    world.snowflake.queries.pending_polls = 2


def own_repositories(world):
    for repository in world.account.repositories.values():
        repository.owner = "PUSHER"
