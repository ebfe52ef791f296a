# SPDX-License-Identifier: Apache-2.0
"""crane, oras, regctl and helm, which read Docker's config.json themselves and need no engine."""

import os

import pytest
from registry_clients import OTHER, REPOSITORY, both_ways, in_every_state, program, publish, put, register, succeed, shows_reason
from world.image import write_image


@both_ways
def test_crane_pushes_and_pulls_at_two_registries_with_one_login(jane, snowflake, registered):
    register(jane, registered)
    crane = program("crane")
    archive = write_image(jane.directory / "image.tar", "app:1")
    for image in (f"{REPOSITORY}/crane:1", f"{OTHER}/crane:1"):
        succeed(jane, [crane, "push", archive, image])
        succeed(jane, [crane, "pull", image, jane.home / "pulled.tar"])
        assert "1\n" in succeed(jane, [crane, "ls", image.removesuffix(":1")]).out
    succeed(jane, [crane, "copy", f"{OTHER}/crane:1", f"{REPOSITORY}/copied:1"])
    assert snowflake.count("login") == 1


@in_every_state
def test_crane_uses_another_registry_without_a_credential(jane, state, registered):
    crane, image = program("crane"), publish(jane, f"{OTHER}/base:1")
    put(jane, state, registered)
    succeed(jane, [crane, "pull", image, jane.home / "pulled.tar"])


@both_ways
def test_oras_pushes_and_pulls_at_two_registries_with_one_login(jane, snowflake, registered):
    register(jane, registered)
    oras = program("oras")
    jane.write("model.txt", "a model\n")
    for artifact in (f"{REPOSITORY}/oras:1", f"{OTHER}/oras:1"):
        succeed(jane, [oras, "push", artifact, "model.txt:text/plain"])
        succeed(jane, [oras, "pull", "--output", "pulled", artifact])
        assert (jane.home / "pulled/model.txt").read_text() == "a model\n"
        (jane.home / "pulled/model.txt").unlink()
    succeed(jane, [oras, "copy", f"{OTHER}/oras:1", f"{REPOSITORY}/copied:1"])
    assert snowflake.count("login") == 1


@in_every_state
def test_oras_uses_another_registry_without_a_credential(jane, state, registered):
    oras, image = program("oras"), publish(jane, f"{OTHER}/base:1")
    put(jane, state, registered)
    succeed(jane, [oras, "manifest", "fetch", image])


@both_ways
def test_regctl_pushes_and_pulls_at_two_registries_with_one_login(jane, snowflake, registered):
    register(jane, registered)
    regctl = program("regctl")
    archive = write_image(jane.directory / "image.tar", "app:1")
    for image in (f"{REPOSITORY}/regctl:1", f"{OTHER}/regctl:1"):
        succeed(jane, [regctl, "image", "import", image, archive])
        succeed(jane, [regctl, "image", "export", image, jane.home / "pulled.tar"])
    succeed(jane, [regctl, "image", "copy", f"{OTHER}/regctl:1", f"{REPOSITORY}/copied:1"])
    assert snowflake.count("login") == 1


@in_every_state
def test_regctl_uses_another_registry_without_a_credential(jane, state, registered):
    regctl, image = program("regctl"), publish(jane, f"{OTHER}/base:1")
    put(jane, state, registered)
    succeed(jane, [regctl, "image", "export", image, jane.home / "pulled.tar"])


@pytest.mark.parametrize("words", ["crane digest", "oras manifest fetch", "regctl image digest", "helm show chart"])
def test_they_show_why_a_login_failed(jane, words):
    name, *arguments = words.split()
    image = f"{REPOSITORY}/base:1"
    put(jane, "with a wrong password", "for our host")
    if name == "helm":
        register(jane, "for our host", HELM_FILE)
        image = f"oci://{image}"
    assert shows_reason(jane.run([program(name), *arguments, image]))


# Helm's own file. If it names no helper, Helm uses an installed one for every registry, and fails if that does not work, such as
# docker-credential-secretservice without a desktop.
HELM_FILE = ".config/helm/registry/config.json"


def write_chart(user):
    user.write("chart/Chart.yaml", "apiVersion: v2\nname: chart\nversion: 0.1.0\n")
    user.write("chart/templates/map.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: map}\n")


@both_ways
def test_helm_pushes_and_pulls_at_two_registries_with_one_login(jane, snowflake, registered):
    register(jane, registered, HELM_FILE)
    helm = program("helm")
    write_chart(jane)
    succeed(jane, [helm, "package", "chart"])
    for directory in (REPOSITORY, OTHER):
        succeed(jane, [helm, "push", "chart-0.1.0.tgz", f"oci://{directory}"])
        succeed(jane, [helm, "pull", f"oci://{directory}/chart", "--version", "0.1.0", "--destination", jane.home / "chart"])
    assert snowflake.count("login") == 1


def test_helm_uses_what_setup_writes(jane, snowflake):
    helm = program("helm")
    jane.environment["PATH"] += f":{os.path.dirname(helm)}"
    succeed(jane, ["docker-snowflake", "setup", "--yes"])
    write_chart(jane)
    succeed(jane, [helm, "package", "chart"])
    succeed(jane, [helm, "push", "chart-0.1.0.tgz", f"oci://{REPOSITORY}/set-up"])
    assert snowflake.count("login") == 1
    succeed(jane, ["docker-snowflake", "setup", "--undo", "--yes"])
    assert not (jane.home / HELM_FILE).exists()


@in_every_state
def test_helm_uses_another_registry_without_a_credential(jane, state, registered):
    helm = program("helm")
    write_chart(jane)
    succeed(jane, [helm, "package", "chart"])
    put(jane, state, registered, HELM_FILE)
    succeed(jane, [helm, "push", "chart-0.1.0.tgz", f"oci://{OTHER}"])
    succeed(jane, [helm, "show", "chart", f"oci://{OTHER}/chart", "--version", "0.1.0"])
