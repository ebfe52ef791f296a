# SPDX-License-Identifier: Apache-2.0
"""docker snowflake copy between two accounts, each of which gets only its own token."""

import time

import pytest

from conftest import CONNECTION, HOST
from fake_snowflake.registry.faults import RegistryFaults
from pushes import digest_in, manifest_of, noise, push, requests
from world.image import Layout

OTHER_HOST = "other-acct.registry.snowflakecomputing.com"
OTHER_CONNECTION = """
[connections.prod]
account = "other-acct"
user = "jane"
password = "Correct Horse 2!"
role = "PUBLISHER"
"""


@pytest.fixture
def other(world, jane):
    account = world.snowflake.add_account("other-acct")
    account.add_user("JANE", password="Correct Horse 2!", default_role="PUBLISHER")
    account.add_repository("PROD", "PUBLIC", "IMAGES")
    account.role_may("PUBLISHER", push=["PROD.PUBLIC.IMAGES"])
    jane.write_config(CONNECTION + OTHER_CONNECTION)
    jane.use_helper_for(HOST, OTHER_HOST)
    return account


@pytest.fixture
def image(jane):
    """An image with an attestation, in the first account."""
    layout = Layout(jane.directory / "layout")
    amd64 = layout.image([noise(200_000, time.time_ns()), noise(100_000, time.time_ns())])
    index = layout.index([amd64, layout.attestation(amd64)])
    layout.write(index)
    push(jane, f"oci:{layout.directory}", "DB.SCHEMA.REPO/moved:1", "--all-platforms")
    return index["digest"]


def test_an_image_is_copied_to_another_account(jane, snowflake, other, image):
    snowflake.record.requests.clear()
    copied = jane.snowflake("copy", "DB.SCHEMA.REPO/moved:1", "@prod:PROD.PUBLIC.IMAGES/moved:2")
    assert copied.code == 0, copied.err
    assert digest_in(copied.out) == image
    assert f"Copying to [{OTHER_HOST}/prod/public/images/moved:2]" in copied.out
    assert manifest_of(jane, f"{OTHER_HOST}/prod/public/images/moved:2") == manifest_of(jane, f"{HOST}/db/schema/repo/moved:1")
    # No layer is mounted from the other account, and nothing is written to the source account.
    assert not [r for r in snowflake.requests if "mount" in r.query]
    assert {r.host for r in requests(snowflake, "PATCH", "uploads")} == {OTHER_HOST}
    # The push has cached the login of the source account.
    assert snowflake.count("login") == 1


def test_lost_connections_on_both_sides_do_no_harm(jane, snowflake, other, image):
    faults = RegistryFaults(snowflake)
    faults.cut("blob")
    faults.cut("patch", 50_000)
    faults.status("manifest", 503)
    copied = jane.snowflake("copy", "@dev:DB.SCHEMA.REPO/moved:1", "@prod:PROD.PUBLIC.IMAGES/broken:1")
    assert copied.code == 0, copied.err
    assert digest_in(copied.out) == image


def test_a_role_of_the_other_account_that_may_not_push_is_told_the_missing_grant(jane, other, image):
    other.rights["PUBLISHER"]["push"].clear()
    refused = jane.snowflake("copy", "DB.SCHEMA.REPO/moved:1", "@prod:PROD.PUBLIC.IMAGES/moved:1")
    assert refused.code == 1
    assert "GRANT WRITE ON IMAGE REPOSITORY PROD.PUBLIC.IMAGES TO ROLE" in refused.err
