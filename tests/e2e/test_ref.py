# SPDX-License-Identifier: Apache-2.0
"""docker snowflake ref converts SQL names to image references, without a request."""

from conftest import CONNECTION, HOST
from world.image import write_image


def test_a_reference_is_what_the_registry_accepts(jane, snowflake):
    reference = jane.snowflake("ref", "Db.Schema.Repo/App:From_Ref").out.strip()
    assert reference == f"{HOST}/db/schema/repo/app:From_Ref"
    assert snowflake.requests == []
    archive = write_image(jane.directory / "image.tar", "app:1")
    pushed = jane.run(["skopeo", "copy", "--quiet", f"docker-archive:{archive}", f"docker://{reference}"])
    assert pushed.code == 0, pushed.err
    digest = jane.run(["skopeo", "inspect", "--format", "{{.Digest}}", f"docker://{reference}"]).out.strip()
    pinned = jane.snowflake("ref", f"REPO/app@{digest}").out.strip()
    assert jane.run(["skopeo", "inspect", f"docker://{pinned}"]).code == 0


def test_the_database_and_schema_of_a_connection_complete_a_name(jane, snowflake):
    jane.write_config(CONNECTION + '[connections.two]\naccount = "My_Org-My_Acct"\n[connections.old]\naccount = "xy12345.us-east-1"\n')
    two = "my-org-my-acct.registry.snowflakecomputing.com"
    assert jane.snowflake("ref", "REPO").out == f"{HOST}/db/schema/repo\n"
    assert jane.snowflake("ref", "@two:DB.MY_SCHEMA.REPO/app:1").out == f"{two}/db/my_schema/repo/app:1\n"
    assert jane.snowflake("ref", "-c", "two", "--database", "d", "--schema", "s", "REPO").out == f"{two}/d/s/repo\n"
    assert jane.snowflake("ref", "REPO", "--format", "JSON").json() == {"message": f"{HOST}/db/schema/repo"}
    for words, why in ((["@two:REPO"], "Database not specified"), (["@nope:REPO"], "Connection nope is not configured"),
                       (["@old:D.S.R"], "locator"), (["@two:D.S.R", "-c", "dev"], "two connections"),
                       (['DB.SCHEMA."my repo"'], "unquoted identifiers"), (["D.S.R(x)/app"], "parenthesis")):
        refused = jane.snowflake("ref", *words)
        assert refused.code in (1, 2) and why in refused.err and "Next: " in refused.err, words
    assert snowflake.requests == []
