# SPDX-License-Identifier: Apache-2.0
"""docker, skopeo and podman push to and pull from a real registry."""

import json

from conftest import HOST
from world.image import write_image
from world.user import later

IMAGE = f"{HOST}/db/schema/repo/app:1"
OTHER = "registry.example"


def load_image(user, reference=IMAGE, content=b"hello\n"):
    archive = write_image(user.directory / "image.tar", reference, content)
    result = user.docker("load", "-i", str(archive))
    assert result.code == 0, result.err
    return archive


def test_docker_pushes_and_pulls_with_one_login(jane, snowflake, engine):
    load_image(jane)
    pushed = jane.docker("push", IMAGE)
    assert pushed.code == 0, pushed.out + pushed.err
    jane.docker("rmi", IMAGE)
    pulled = jane.docker("pull", IMAGE)
    assert pulled.code == 0, pulled.out + pulled.err
    assert snowflake.count("login") == 1
    assert snowflake.count("issue") == 1
    assert snowflake.count("delete") == 0


def test_an_hour_and_a_day_later_docker_still_pushes_without_a_new_login(jane, snowflake, engine):
    load_image(jane)
    assert jane.docker("push", IMAGE).code == 0
    for hours in (1, 1, 3, 3, 3, 3, 3, 3, 3):
        snowflake.clock.advance(hours * 3600)
        result = jane.docker("push", IMAGE, env=later(int(snowflake.clock.offset)))
        assert result.code == 0, result.out + result.err
    assert snowflake.count("login") == 1
    assert snowflake.count("renew") > 0


def test_docker_login_and_logout_work_and_break_nothing(jane, snowflake, engine):
    assert jane.docker("login", HOST).code == 0
    assert jane.docker("logout", HOST).code == 0
    load_image(jane)
    assert jane.docker("push", IMAGE).code == 0
    assert snowflake.count("login") == 1


def test_skopeo_pushes_and_pulls_and_asks_another_registry_without_a_credential(jane, snowflake):
    archive = write_image(jane.directory / "image.tar", "app:1")
    for target in (f"{HOST}/db/schema/repo/skopeo:1", f"{OTHER}/anything:1"):
        pushed = jane.run(["skopeo", "copy", "--quiet", f"docker-archive:{archive}", f"docker://{target}"])
        assert pushed.code == 0, pushed.err
        shown = jane.run(["skopeo", "inspect", f"docker://{target}"])
        assert shown.code == 0, shown.err
        assert json.loads(shown.out)["Architecture"] == "amd64"
    assert snowflake.count("login") == 1


def test_a_role_that_may_only_read_can_pull_and_cannot_push(world, jane, snowflake):
    archive = write_image(jane.directory / "image.tar", "app:1")
    image = f"docker://{HOST}/db/schema/repo/role:1"
    assert jane.run(["skopeo", "copy", f"docker-archive:{archive}", image]).code == 0
    jane.write_settings(f'[registries."{HOST}"]\nconnection = "dev"\nrole = "READER"\n')
    assert jane.run(["skopeo", "inspect", image]).code == 0
    refused = jane.run(["skopeo", "copy", f"docker-archive:{archive}", image.replace("role:1", "new:2")])
    assert refused.code != 0
    assert "denied" in refused.err or "unauthorized" in refused.err or "authentication required" in refused.err
    assert snowflake.count("login") == 2


def test_podman_pushes_and_pulls_and_asks_another_registry_without_a_credential(jane, snowflake):
    # The configuration of credential helpers for podman, buildah and skopeo.
    jane.write(".config/containers/auth.json", json.dumps({"credHelpers": {HOST: "snowflake"}}))
    archive = write_image(jane.directory / "image.tar", "localhost/app:1")

    def podman(*arguments):
        place = [f"--root={jane.directory}/podman", f"--runroot={jane.runtime}/podman", "--storage-driver=vfs",
                 "--cgroup-manager=cgroupfs", "--events-backend=none"]
        result = jane.run(["podman", *place, *arguments])
        assert result.code == 0, result.out + result.err
        return result

    podman("load", "--quiet", "--input", str(archive))
    for target in (f"{HOST}/db/schema/repo/podman:1", f"{OTHER}/podman:1"):
        podman("push", "--quiet", "localhost/app:1", target)
        podman("pull", "--quiet", target)
    assert podman("login", "--get-login", HOST).out == "0sessiontoken\n"
    assert snowflake.count("login") == 1
