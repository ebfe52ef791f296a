# SPDX-License-Identifier: Apache-2.0
"""The packages: contents, dependencies, installation in a fresh system, and removal."""

import gzip
import os
import pathlib
import re
import subprocess
import tarfile

import pytest

SOURCES = pathlib.Path(__file__).resolve().parent.parent.parent
HELPER = "usr/bin/docker-credential-snowflake"
PLUGIN = "usr/libexec/docker/cli-plugins/docker-snowflake"
COMMON_FILES = {
    HELPER, PLUGIN,
    "usr/share/man/man1/docker-credential-snowflake.1.gz", "usr/share/man/man1/docker-snowflake.1.gz",
    "usr/share/man/man5/docker-snowflake-config.5.gz",
    "usr/share/bash-completion/completions/docker-snowflake",
    "usr/share/bash-completion/completions/docker-credential-snowflake",
    "usr/share/fish/vendor_completions.d/docker-snowflake.fish",
    "usr/share/fish/vendor_completions.d/docker-credential-snowflake.fish",
    "usr/share/doc/docker-credential-snowflake/copyright", "usr/share/doc/docker-credential-snowflake/changelog.gz",
    *(f"usr/share/docker-credential-snowflake/container/{name}" for name in ("build.sh", "Containerfile", "renew-pull-secrets")),
    *(f"usr/share/doc/docker-credential-snowflake/{page.name}" for page in (SOURCES / "packaging/doc").glob("*.md"))}


def common_files(build):
    """Returns the files of all packages, including the manual page of each command."""
    pages = {f"usr/share/man/man1/{page.name}" for page in (build / "packaging/man1").iterdir()}
    assert len(pages) > 20
    return COMMON_FILES | pages


def output_of(*words, **options):
    return subprocess.run([str(word) for word in words], check=True, capture_output=True, text=True, **options).stdout


def files_of_deb(package):
    return {line.split()[5].removeprefix("./"): line.split()[:2]
            for line in output_of("dpkg-deb", "--contents", package).splitlines() if not line.startswith("d")}


def fields_of_deb(package):
    return dict(line.split(": ", 1) for line in output_of("dpkg-deb", "--field", package).splitlines() if re.match(r"\S+: ", line))


def test_the_debian_package_contains_the_expected_files_owned_by_root(packages, build):
    files = files_of_deb(packages["deb"])
    zsh = {f"usr/share/zsh/vendor-completions/_{name}" for name in ("docker-snowflake", "docker-credential-snowflake")}
    assert set(files) == common_files(build) | zsh | {"usr/share/doc/docker-credential-snowflake/changelog.Debian.gz", "usr/share/lintian/overrides/docker-credential-snowflake"}
    assert {owner for _, owner in files.values()} == {"root/root"}
    assert {name for name, (mode, _) in files.items() if mode == "-rwxr-xr-x"} == {
        HELPER, PLUGIN, *(f"usr/share/docker-credential-snowflake/container/{script}" for script in ("build.sh", "renew-pull-secrets"))}


def test_the_debian_package_depends_on_what_is_linked_and_on_what_is_opened_later(packages):
    fields = fields_of_deb(packages["deb"])
    assert re.search(r"(^|, )libc6 \(>= ", fields["Depends"])
    for needed in ("libcurl4t64 | libcurl4", "libssl3t64 | libssl3", "zlib1g"):
        assert needed in fields["Depends"].split(", ")
    assert "libsecret" not in fields["Depends"] and "libsecret-1-0" in fields["Recommends"]


def test_lintian_accepts_the_package(packages):
    checked = subprocess.run(["lintian", "--allow-root", "--fail-on", "error,warning", packages["deb"]],
                             capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stdout) == (0, ""), checked.stdout + checked.stderr


def test_programs_are_stripped_and_name_no_directory_of_the_build(packages, build, tmp_path):
    if "CMAKE_BUILD_TYPE:STRING=Release" not in (build / "CMakeCache.txt").read_text():
        pytest.skip("only release builds leave those names out")
    subprocess.run(["dpkg-deb", "--extract", packages["deb"], tmp_path], check=True)
    for program in (HELPER, PLUGIN):
        content = (tmp_path / program).read_bytes()
        assert os.fsencode(build.parent.parent) not in content, program
        assert ".symtab" not in output_of("readelf", "--section-headers", "--wide", tmp_path / program)


def test_installed_in_a_fresh_debian_it_runs_and_removed_it_leaves_nothing(packages, system):
    assert system.apt("install", "man-db").returncode == 0
    target = system.root / "tmp/package.deb"
    target.write_bytes(packages["deb"].read_bytes())
    dependencies = [alternatives.split()[-1] for alternatives in fields_of_deb(packages["deb"])["Depends"].split(", ")
                    if "(" not in alternatives]
    assert system.apt("install", *dependencies).returncode == 0
    before = set(system.files())

    installed = system.apt("install", "/tmp/package.deb")
    assert installed.returncode == 0, installed.stdout + installed.stderr
    version = system.run("docker-credential-snowflake", "version")
    assert (version.returncode, version.stderr) == (0, "") and "0.1.0" in version.stdout
    metadata = system.run("/" + PLUGIN, "docker-cli-plugin-metadata")
    assert metadata.returncode == 0 and '"SchemaVersion":"0.1.0"' in metadata.stdout
    # The error is about the missing connection, and not about libcurl, OpenSSL or zlib.
    assert "connection" in system.run("/" + PLUGIN, "status").stdout
    for page in ("docker-credential-snowflake", "docker-snowflake", "docker-snowflake-config"):
        found = system.run("man", "--where", page)
        assert found.returncode == 0 and page in found.stdout, found.stderr
    assert "docker snowflake" in system.run("dpkg-query", "--status", "docker-credential-snowflake").stdout

    assert system.apt("purge", "docker-credential-snowflake").returncode == 0
    assert set(system.files()) - before == set()


def test_the_rpm_asks_for_libraries_by_the_names_that_all_distributions_share(packages):
    required = output_of("rpm", "-qp", "--requires", packages["rpm"]).splitlines()
    for needed in ("libcurl.so.4()(64bit)", "libcrypto.so.3()(64bit)", "libz.so.1()(64bit)"):
        assert needed in required
    assert any(line.startswith("libc.so.6(") for line in required)
    assert not any("libsecret" in line for line in required)
    assert "libsecret-1.so.0()(64bit)" in output_of("rpm", "-qp", "--recommends", packages["rpm"])


def test_the_rpm_installs_its_files_and_no_directory_of_others(packages, build, tmp_path):
    root = tmp_path / "root"
    root.mkdir()
    common = ["rpm", "--root", root, "--dbpath", "/rpmdb"]
    subprocess.run([*common, "--initdb"], check=True)
    subprocess.run([*common, "--install", "--nodeps", "--noscripts", packages["rpm"]], check=True, capture_output=True)
    listed = set(output_of("rpm", "-qlp", packages["rpm"]).splitlines())
    zsh = {f"usr/share/zsh/site-functions/_{name}" for name in ("docker-snowflake", "docker-credential-snowflake")}
    expected = common_files(build) | zsh | {"usr/share/licenses/docker-credential-snowflake/LICENSE"}
    own = {"/usr/share/doc/docker-credential-snowflake", "/usr/share/licenses/docker-credential-snowflake",
           "/usr/share/docker-credential-snowflake", "/usr/share/docker-credential-snowflake/container"}
    assert listed - own == {"/" + name for name in expected}
    assert all((root / name).is_file() for name in expected)
    assert "0.1.0" in output_of(root / HELPER, "version")
    subprocess.run([*common, "--erase", "--nodeps", "--noscripts", "docker-credential-snowflake"], check=True)
    assert [name for name in expected if (root / name).exists()] == []


@pytest.fixture
def unpacked(packages, tmp_path):
    """The unpacked archive, in a directory with a space in its name."""
    directory = tmp_path / "any where"
    directory.mkdir()
    subprocess.run(["tar", "-C", directory, "-xf", packages["tar.gz"]], check=True)
    (inside,) = directory.iterdir()
    return inside


def test_the_archive_runs_where_it_is_unpacked(unpacked, build):
    assert "0.1.0" in output_of(unpacked / "bin/docker-credential-snowflake", "version")
    assert "Log in" in output_of(unpacked / "libexec/docker/cli-plugins/docker-snowflake", "--help")
    expected = {name.removeprefix("usr/") for name in common_files(build)}
    assert all((unpacked / name).is_file() for name in expected)
    assert (unpacked / "share/licenses/docker-credential-snowflake/LICENSE").is_file()


def test_the_same_build_packed_twice_gives_the_same_bytes(packages, build, tmp_path):
    for generator, kind in (("DEB", "deb"), ("External", "tar.gz"), ("RPM", "rpm")):
        subprocess.run(["cpack", "-G", generator, "--config", build / "CPackConfig.cmake", "-B", tmp_path / "again"], check=True,
                       capture_output=True, env={**os.environ, "SOURCE_DATE_EPOCH": "1700000000"})
        (again,) = (tmp_path / "again").glob(f"*.{kind}")
        assert again.read_bytes() == packages[kind].read_bytes(), kind


def test_documents_are_compressed_without_a_time(packages):
    with tarfile.open(packages["tar.gz"]) as archive:
        for member in archive:
            if member.name.endswith(".gz"):
                content = archive.extractfile(member).read()
                assert content[4:8] == b"\0\0\0\0" and gzip.decompress(content), member.name
