# SPDX-License-Identifier: Apache-2.0
"""Sizes of images and repositories, du, and a push to a tag that a service uses."""

import json

import pytest

from fake_snowflake.accounts import Service
from pushes import noise, push, requests
from world.image import Layout, write_image

SHARED, FIRST, SECOND = 200_000, 30_000, 50_000


@pytest.fixture
def images(world, jane):
    """A repository with two images that share a layer; one of them has two tags."""
    world.account.add_repository("DB", "SCHEMA", "SIZES")
    world.account.role_may("PUSHER", push=["DB.SCHEMA.SIZES"])
    world.account.role_may("READER", pull=["DB.SCHEMA.SIZES"])
    shared = noise(SHARED, 41)
    for name, tags, own in (("app", ("1", "2"), noise(FIRST, 42)), ("web", ("1",), noise(SECOND, 43))):
        layout = Layout(jane.directory / f"layout-{name}")
        layout.write(layout.image([shared, own]))
        for tag in tags:
            push(jane, f"oci:{layout.directory}", f"DB.SCHEMA.SIZES/{name}:{tag}")
    world.snowflake.record.requests.clear()


def rows(jane, *words):
    result = jane.snowflake(*words, "--format", "json")
    assert result.code == 0, result.err
    return result.json()


def manifests_read(snowflake):
    return len(requests(snowflake, "GET", "/manifests/"))


def about(size, expected):
    """Returns whether a size is plausible: random bytes grow a little when compressed, and configurations are small."""
    return expected <= size <= expected * 1.05 + 3000


def test_images_show_sizes_if_requested(jane, snowflake, images):
    sizes = {f"{row['image']}:{row['tag']}": row["size"] for row in rows(jane, "images", "DB.SCHEMA.SIZES", "--size")}
    assert about(sizes["app:1"], SHARED + FIRST)
    assert sizes["app:2"] == sizes["app:1"]
    assert about(sizes["web:1"], SHARED + SECOND)
    assert manifests_read(snowflake) == 2
    shown = jane.snowflake("images", "DB.SCHEMA.SIZES", "--size")
    assert shown.code == 0, shown.err
    assert shown.out.splitlines()[0].split()[-1] == "SIZE"
    assert "kB" in shown.out
    # Manifests are cached by digest.
    assert manifests_read(snowflake) == 2
    assert "size" not in rows(jane, "images", "DB.SCHEMA.SIZES")[0]


def test_repositories_show_sizes_if_requested(jane, images):
    row = next(row for row in rows(jane, "repositories", "--in-account", "--size") if row["name"] == "SIZES")
    assert about(row["size"], SHARED + FIRST + SECOND)
    shown = jane.snowflake("repositories", "--in-account", "--size")
    line = next(line for line in shown.out.splitlines() if line.startswith("DB.SCHEMA.SIZES "))
    assert "kB" in line


def test_du_counts_shared_layers_once(jane, images):
    everywhere = next(row for row in rows(jane, "du") if row["repository"] == "DB.SCHEMA.SIZES")
    assert (everywhere["images"], everywhere["tags"]) == (2, 3)
    assert about(everywhere["size"], SHARED + FIRST + SECOND)
    app, web = rows(jane, "du", "DB.SCHEMA.SIZES")
    assert (app["image"], app["tags"], web["image"]) == ("app", 2, "web")
    assert about(app["size"], SHARED + FIRST)
    assert about(app["unique"], FIRST)
    assert about(web["unique"], SECOND)
    shown = jane.snowflake("du")
    assert "Total: " in shown.out


def test_du_prints_how_to_free_space(jane, images):
    shown = jane.snowflake("du", "DB.SCHEMA.SIZES")
    assert shown.code == 0, shown.err
    assert "Dropping DB.SCHEMA.SIZES frees " in shown.out
    assert "Nothing to free: the other tags share the layers of those that stay" in shown.out
    chosen = jane.snowflake("du", "DB.SCHEMA.SIZES", "--keep", "web")
    assert "To keep 1 of 3 tags" in chosen.out
    plan = [line.strip() for line in chosen.out.splitlines() if line.startswith("  docker snowflake ")]
    assert plan == ["docker snowflake image-repository create DB.SCHEMA.SIZES_NEW",
                    "docker snowflake copy DB.SCHEMA.SIZES/web:1 DB.SCHEMA.SIZES_NEW/web:1",
                    "docker snowflake image-repository drop DB.SCHEMA.SIZES"]
    assert "--keep" in jane.snowflake("du", "DB.SCHEMA.SIZES", "--keep", "*").out
    assert "No tag matches" in jane.snowflake("du", "DB.SCHEMA.SIZES", "--keep", "other:*").out


def test_the_plan_that_du_prints_works(world, jane, images):
    world.account.role_may("PUSHER", push=["DB.SCHEMA.SIZES_NEW"])
    world.account.repositories["DB.SCHEMA.SIZES"].owner = "PUSHER"
    chosen = jane.snowflake("du", "DB.SCHEMA.SIZES", "--keep", "app:1")
    for line in chosen.out.splitlines():
        if line.startswith("  docker snowflake "):
            result = jane.snowflake(*line.split()[2:], stdin="y\n" * 3)
            assert result.code == 0, line + result.err
    assert [row["image"] for row in rows(jane, "images", "DB.SCHEMA.SIZES_NEW")] == ["app"]


def test_du_of_an_empty_repository_says_so(world, jane):
    world.account.add_repository("DB", "SCHEMA", "EMPTY")
    world.account.role_may("PUSHER", push=["DB.SCHEMA.EMPTY"])
    shown = jane.snowflake("du", "DB.SCHEMA.EMPTY")
    assert shown.code == 0
    assert "No images in DB.SCHEMA.EMPTY" in shown.err
    assert rows(jane, "du", "DB.SCHEMA.EMPTY") == []


def test_a_manifest_that_cannot_be_read_is_reported_and_not_counted(jane, snowflake, images):
    snowflake.faults.add("registry", before=lambda exchange: "/manifests/" in exchange.path and exchange.send(403, {}, b"") or exchange.answered,
                         times=99)
    shown = jane.snowflake("du", "DB.SCHEMA.SIZES")
    assert shown.code == 0, shown.err
    assert "Warning: the manifests of 3 of 3 tags cannot be read" in shown.err


def test_a_push_over_a_tag_that_a_service_runs_is_mentioned(world, jane, snowflake):
    path = "/db/schema/repo/running:1"
    world.account.services += [
        Service("DB", "SCHEMA", "API", [path, "/db/schema/repo/other:1"]),
        Service("DB", "SCHEMA", "ELSEWHERE", ["/db/schema/repo/other:1"]),
        Service("DB", "SCHEMA", "SUSPENDED", [path], status="SUSPENDED"),
        Service("DB", "SCHEMA", "HIDDEN", [path], roles=("ACCOUNTADMIN",))]
    first = push(jane, f"docker-archive:{write_image(jane.directory / 'a.tar', 'a:1', noise(1000, 44))}", "DB.SCHEMA.REPO/running:1")
    assert "Warning" not in first.err
    assert not [sql for sql in snowflake.statements if "service" in sql.lower()]
    second = push(jane, f"docker-archive:{write_image(jane.directory / 'b.tar', 'b:1', noise(1000, 45))}", "DB.SCHEMA.REPO/running:1")
    assert second.err == ("Warning: DB.SCHEMA.API runs running:1; it keeps its current image until it is upgraded or "
                          "restarted\n")
    world.account.services.clear()
    snowflake.queries.refuse = lambda sql: "services" in sql
    third = push(jane, f"docker-archive:{write_image(jane.directory / 'c.tar', 'c:1', noise(1000, 46))}", "DB.SCHEMA.REPO/running:1")
    assert third.err == ""
    assert json.loads(jane.snowflake("images", "DB.SCHEMA.REPO/running:1", "--format", "json").out)
