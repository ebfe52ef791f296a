# SPDX-License-Identifier: Apache-2.0
"""kubelet-install, kubelet-check and kubelet-undo with the configuration files of various platforms."""

import fcntl
import json
import os
import pathlib
import stat
import subprocess

import pytest
import yaml
from world.user import speed_up

PROGRAM = "docker-credential-snowflake"
EKS = """{
  "apiVersion": "kubelet.config.k8s.io/v1",
  "kind": "CredentialProviderConfig",
  "providers": [
    {
      "name": "ecr-credential-provider",
      "matchImages": [
        "*.dkr.ecr.*.amazonaws.com"
      ],
      "defaultCacheDuration": "12h",
      "apiVersion": "credentialprovider.kubelet.k8s.io/v1"
    }
  ]
}
"""
AKS = """# Written by the platform.
apiVersion: kubelet.config.k8s.io/v1   # v1 since 1.26
kind: CredentialProviderConfig
providers:
  - name: acr-credential-provider
    apiVersion: credentialprovider.kubelet.k8s.io/v1
    matchImages:
      - "*.azurecr.io"
      - '*.azurecr.cn'   # China
    defaultCacheDuration: "10m"
    args:
      - /etc/kubernetes/azure.json
    env: [{name: A, value: "b # c"}]

# The end.
"""
FLUSH = AKS.replace("  - name", "- name").replace("\n    ", "\n  ")
LAYOUTS = {"eks": EKS, "aks": AKS, "flush": FLUSH, "one-line": json.dumps(json.loads(EKS)), "windows": AKS.replace("\n", "\r\n"),
           "no-end": AKS[:AKS.index("\n\n#")], "tabs": EKS.replace("  ", "\t"), "marker": "---\n" + AKS}


class Machine:
    def __init__(self, jane):
        self.jane = jane
        self.directory = jane.home / "node"
        self.config = self.directory / "etc/config.yaml"
        self.bin = self.directory / "bin"
        self.program = self.bin / PROGRAM

    def platform(self, text, mode=0o640):
        for directory in (self.config.parent, self.bin):
            directory.mkdir(parents=True, exist_ok=True)
        self.config.write_bytes(text.encode())
        self.config.chmod(mode)
        for name in ("acr-credential-provider", "ecr-credential-provider"):
            (self.bin / name).write_text("#!/bin/sh\n")
            (self.bin / name).chmod(0o755)

    def command(self, word, *more):
        return [PROGRAM, f"kubelet-{word}", "--config", str(self.config), "--bin-dir", str(self.bin), *more]

    def run(self, word, *more, env=None, timeout=120):
        return self.jane.run(self.command(word, *more), env=env, timeout=timeout)

    def ok(self, word, *more, **options):
        result = self.run(word, *more, **options)
        assert (result.code, result.err) == (0, ""), result.out + result.err
        return result.out

    def fails(self, word, *more, words=(), **options):
        result = self.run(word, *more, **options)
        assert result.code == 1, result.out
        for text in words:
            assert text in result.err + result.out, result.err + result.out
        return result

    def state(self):
        return {str(path): (stat.S_IMODE(path.lstat().st_mode), path.read_bytes() if path.is_file() else None)
                for path in sorted(self.directory.rglob("*"))}

    def providers(self):
        return yaml.safe_load(self.config.read_text())["providers"]


@pytest.fixture
def machine(jane):
    return Machine(jane)


@pytest.mark.parametrize("name", LAYOUTS)
def test_install_adds_the_entry_and_changes_nothing_else_and_undo_restores_every_byte(machine, name):
    text = LAYOUTS[name]
    machine.platform(text)
    before, old = machine.state(), None
    if "\t" not in text:
        old = machine.providers()
    machine.ok("install")
    new = machine.config.read_bytes().decode()
    if old is not None:
        assert machine.providers()[:-1] == old
        ours = machine.providers()[-1]
        assert (ours["name"], ours["args"]) == (PROGRAM, ["kubelet-credential-provider"])
        assert ours["tokenAttributes"]["cacheType"] == "ServiceAccount"
    rest = new
    for line in text.splitlines() if name != "one-line" else [text[:-2], text[-2:]]:
        assert line in rest
        rest = rest[rest.index(line) + len(line):]
    assert stat.S_IMODE(machine.config.stat().st_mode) == 0o640
    assert stat.S_IMODE(machine.program.stat().st_mode) == 0o755
    assert "already installed" in machine.ok("install")
    machine.ok("check")
    machine.ok("undo")
    assert machine.state() == before
    assert "nothing to undo" in machine.ok("undo")


def test_a_node_without_a_configuration_gets_one(machine):
    machine.directory.mkdir()
    before = machine.state()
    machine.ok("install")
    assert machine.providers()[0]["name"] == PROGRAM
    machine.ok("check")
    machine.ok("undo")
    assert machine.state() == before


def test_a_directory_of_configuration_files_gets_one_more(machine):
    machine.platform(AKS)
    machine.config = machine.config.parent
    before = machine.state()
    machine.ok("install")
    assert (machine.config / "docker-credential-snowflake.yaml").exists()
    machine.ok("undo")
    assert machine.state() == before


def test_a_file_that_the_platform_rewrote_gets_the_entry_again(machine):
    machine.platform(EKS)
    machine.ok("install")
    machine.platform(EKS.replace("12h", "6h"))
    before = machine.config.read_bytes()
    machine.ok("install")
    assert len(machine.providers()) == 2
    machine.ok("undo")
    assert machine.config.read_bytes() == before and not machine.program.exists()


def test_undo_keeps_later_changes(machine):
    machine.platform(AKS)
    machine.ok("install")
    machine.config.write_text(machine.config.read_text().replace("10m", "5m"))
    machine.ok("undo")
    assert machine.config.read_text() == AKS.replace("10m", "5m")
    assert sorted(os.listdir(machine.config.parent)) == ["config.yaml"]


def test_the_version_decides_about_service_accounts(machine):
    machine.platform(AKS)
    for version, has_tokens in (("v1.33.6", False), ("1.34", True), ("1.37.2+k3s1", True)):
        machine.ok("install", "--kubernetes-version", version)
        assert ("tokenAttributes" in machine.providers()[-1]) == has_tokens
        machine.ok("undo")
    kubelet = machine.jane.write("bin/kubelet", "#!/bin/sh\necho Kubernetes v1.31.2\n", mode=0o755)
    machine.ok("install", env={"PATH": f"{kubelet.parent}:{machine.jane.environment['PATH']}"})
    assert "tokenAttributes" not in machine.providers()[-1]
    machine.fails("install", "--kubernetes-version", "latest", words=["not a Kubernetes version"])


@pytest.mark.parametrize("text, words", [
    (AKS.replace('defaultCacheDuration: "10m"', "x: y"), 'unknown field "x"'),
    (AKS.replace('    defaultCacheDuration: "10m"\n', ""), "defaultCacheDuration is required"),
    (AKS.replace('"10m"', '"-1s"'), "greater than or equal to 0"),
    (AKS.replace('"10m"', "10"), "must be a duration"),
    (AKS.replace("name: acr", "name: nowhere-acr"), "did not exist"),
    (AKS.replace("acr-credential-provider", "a/b"), "cannot contain '/'"),
    (AKS.replace('"*.azurecr.io"', '"127.0.0.1:*"'), "match image is invalid"),
    (AKS.replace("kind: CredentialProviderConfig", "kind: Pod"), "must be CredentialProviderConfig"),
    (AKS.replace("    env:", "    env: &a"), "anchors"),
    (AKS + "---\n" + AKS, "only one document"),
    (AKS.replace("    args:", "   args:"), "indentation"),
    (AKS.replace("kind:", "\tkind:"), "tab"),
    (AKS.replace("    env:", "    args:"), "twice"),
    (EKS.replace("}\n  ]", "}\n"), "expected"),
])
def test_a_file_that_a_kubelet_refuses_is_never_touched_and_the_rule_is_named(machine, text, words):
    machine.platform(text)
    before = machine.state()
    machine.fails("install", words=[words, str(machine.config)])
    machine.fails("check", words=[words])
    assert machine.state() == before


@pytest.mark.parametrize("old, new, words", [
    ('"*.registry.snowflakecomputing.com"', '"*.snowflakecomputing.com"', "has 4 labels"),
    ('"*.registry.snowflakecomputing.com"', '"https://*.registry.snowflakecomputing.com"', "https://"),
    ('"*.registry.snowflakecomputing.com"', '"O-A.registry.snowflakecomputing.com"', "lower case"),
    ('"*.registry.snowflakecomputing.com"', '"*.registry.snowflakecomputing.com:443"', ":443"),
    ('"kubelet-credential-provider"', '"get"', "args"),
    ("serviceAccountTokenAudience: snowflakecomputing.com", "serviceAccountTokenAudience: api", "serviceAccountTokenAudience"),
])
def test_check_says_why_an_entry_that_is_accepted_is_never_run(machine, old, new, words):
    machine.platform(AKS)
    machine.ok("install")
    machine.config.write_text(machine.config.read_text().replace(old, new))
    machine.fails("check", words=[words])
    machine.program.chmod(0o644)
    machine.fails("check", words=["not an executable file"])
    machine.program.unlink()
    machine.fails("check", words=["did not exist"])


def systemctl(machine, script):
    file = machine.jane.write("bin/systemctl", f"#!/bin/sh\necho \"$@\" >>{machine.jane.home}/calls\n{script}\n", mode=0o755)
    return {"PATH": f"{file.parent}:{machine.jane.environment['PATH']}"}


def broken_kubelet(machine):
    """Returns variables for a kubelet that stops after its first restart, and a clock that is 20 times as fast."""
    down = machine.jane.home / "down"
    script = f'[ "$1" != is-active ] || [ ! -e {down} ]; r=$?; [ "$1" != restart ] || touch {down}; exit $r'
    return {**systemctl(machine, script), **speed_up(20)}


def test_a_kubelet_that_does_not_come_up_gets_its_file_back(machine):
    machine.platform(AKS)
    before = machine.state()
    result = machine.fails("install", "--restart", words=["does not stay up", "all changes were undone"],
                           env=broken_kubelet(machine))
    assert result.err.count("\n") == 2
    assert machine.state() == before
    assert (machine.jane.home / "calls").read_text().count("restart kubelet") == 2


def install_older_version(machine):
    """Simulates an installation by an earlier version, and returns its program."""
    machine.ok("install")
    machine.program.unlink()
    file = machine.config.parent / f".{machine.config.name}.undo-{PROGRAM}"
    record = json.loads(file.read_text())
    older = b"#!/bin/sh\n# an earlier version\n"
    machine.program.write_bytes(older)
    machine.program.chmod(0o755)
    record["program"]["after"] = [fnv(older)]
    file.write_text(json.dumps(record))
    return older


def fnv(content):
    """Returns the base::Fingerprint of `content`."""
    state = 14695981039346656037
    for byte in len(content).to_bytes(8, "little") + content:
        state = (state ^ byte) * 1099511628211 % 2**64
    return f"{state:016x}"


def test_an_upgrade_that_breaks_the_kubelet_restores_the_previous_version_and_undo_the_original(machine):
    machine.platform(AKS)
    first = machine.state()
    older = install_older_version(machine)
    before = machine.state()
    machine.fails("install", "--restart", words=["does not stay up", "all changes were undone"], env=broken_kubelet(machine))
    assert machine.state() == before and machine.program.read_bytes() == older
    machine.ok("install")
    assert machine.program.read_bytes() != older
    machine.ok("undo")
    assert machine.state() == first


def test_an_upgrade_of_a_file_that_the_platform_rewrote_is_rolled_back_to_that_file(machine):
    machine.platform(EKS)
    install_older_version(machine)
    machine.platform(EKS.replace("12h", "6h"))
    before = machine.state()
    machine.fails("install", "--restart", words=["all changes were undone"], env=broken_kubelet(machine))
    assert machine.state() == before


def test_an_upgrade_that_cannot_be_written_leaves_the_installed_version(machine):
    machine.platform(AKS)
    install_older_version(machine)
    before = machine.state()
    for call in ("rename", "fchmod", "linkat", "unlink"):
        for when in range(1, 6):
            result = machine.jane.run(["strace", "-qq", "-o", "/dev/null", "-e", f"inject={call}:error=ENOSPC:when={when}",
                                       *machine.command("install")])
            if result.code == 127:
                pytest.skip("strace is not installed")
            if result.code == 0:  # there are fewer calls, or this one is optional
                machine.ok("undo")
                machine.platform(AKS)
                install_older_version(machine)
            else:
                assert result.code == 1 and machine.state() == before, (call, when, result)


def test_a_program_that_does_not_run_on_the_node_is_removed_again(machine):
    machine.bin.mkdir(parents=True)
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "noexec", "none", machine.bin], check=False).returncode:
        pytest.skip("no file system can be mounted here")
    before = machine.state()
    try:
        result = machine.fails("install", words=["does not run on this node", "Permission denied", "all changes were undone"])
        assert result.err.count("\n") == 2 and machine.state() == before
    finally:
        subprocess.run(["umount", machine.bin], check=True)


def test_check_names_a_library_that_the_program_needs_and_the_node_lacks(machine):
    machine.platform(AKS)
    machine.ok("install")
    result = machine.jane.run(["strace", "-f", "-qq", "-o", "/dev/null", "-e", "inject=openat:error=ENOENT:when=4+", *machine.command("check")])
    if result.code == 127:
        pytest.skip("strace is not installed")
    assert result.code == 1 and "libcurl" in result.out, result


def test_a_kubelet_that_still_does_not_start_after_an_undo_is_reported(machine):
    machine.platform(AKS)
    before = machine.state()
    result = machine.fails("install", "--restart", words=["all changes were undone, and it still does not start", "journalctl"],
                           env={**systemctl(machine, '[ "$1" != restart ]'), **speed_up(20)})
    assert result.err.count("\n") == 2 and machine.state() == before


def test_a_killed_restart_is_repeated(machine):
    machine.platform(AKS)
    before = machine.state()
    machine.ok("install")
    machine.fails("install", "--restart", words=["all changes were undone"], env=broken_kubelet(machine))
    assert machine.state() == before
    machine.ok("install")
    env = {**systemctl(machine, "exit 0"), **speed_up(20)}
    assert "kubelet was restarted and is running" in machine.ok("install", "--restart", env=env)
    assert "restarted" not in machine.ok("install", "--restart", env=env)
    machine.ok("undo")
    assert machine.state() == before


def test_a_kubelet_that_is_down_because_of_its_file_is_restarted_too(machine):
    machine.platform(AKS)
    machine.ok("install")
    env = {**systemctl(machine, '[ "$1" = restart ] || { [ "$1" = is-enabled ] && [ "$3" = kubelet ]; }'), **speed_up(20)}
    assert "kubelet was restarted" in machine.ok("undo", "--restart", env=env)


def test_a_restart_watches_for_a_minute_and_only_what_changed_is_restarted(machine):
    machine.platform(AKS)
    env = {**systemctl(machine, '[ "$1" = is-active ] && [ "$3" = k3s ] || [ "$1" = restart ]'), **speed_up(20)}
    assert "k3s was restarted and is running" in machine.ok("install", "--restart", env=env)
    calls = (machine.jane.home / "calls").read_text()
    assert calls.count("restart k3s") == 1 and calls.count("is-active --quiet k3s") > 50
    machine.ok("install", "--restart", env=env)
    assert (machine.jane.home / "calls").read_text().count("restart k3s") == 1
    machine.fails("undo", "--restart", words=["no active or enabled unit"], env=systemctl(machine, "exit 3"))
    assert machine.program.exists()


def test_arguments(machine):
    for word in ("install", "check", "undo"):
        text = machine.jane.run([PROGRAM, f"kubelet-{word}", "--help"])
        assert text.code == 0 and "--bin-dir" in text.out and max(map(len, text.out.splitlines())) <= 80
        machine.fails(word, "extra", words=["does not take 'extra'"])
        result = machine.jane.run([PROGRAM, f"kubelet-{word}"])
        assert result.code == 1 and "needs --config FILE and --bin-dir DIR" in result.err
    machine.fails("check", "--restart", words=["does not take"])
    assert not machine.directory.exists()


def test_undo_restores_an_earlier_program(machine):
    machine.platform(AKS)
    machine.program.write_text("#!/bin/sh\n# older\n")
    machine.program.chmod(0o700)
    before = machine.state()
    machine.ok("install")
    assert machine.program.read_bytes() == (pathlib.Path(machine.jane.world.bin) / PROGRAM).read_bytes()
    machine.ok("undo")
    assert machine.state() == before


@pytest.mark.parametrize("name", ["program", "config"])
def test_links_that_would_be_lost_are_refused_and_links_to_files_are_followed(machine, name):
    machine.platform(AKS)
    link, target = getattr(machine, name), machine.directory / "target"
    if name == "config":
        link.unlink()
    else:
        target.write_text("#!/bin/sh\n# of another package\n")
    link.symlink_to(target)
    before = machine.state()
    machine.fails("install", words=[f"{link} is a link to {target}", "remove the link"])
    assert machine.state() == before and link.is_symlink()
    if name == "config":
        target.write_text(AKS)
        before = machine.state()
        machine.ok("install")
        assert link.is_symlink() and PROGRAM in target.read_text()
        machine.ok("undo")
        assert machine.state() == before and link.is_symlink()


def test_a_directory_of_programs_that_is_a_file(machine):
    machine.directory.mkdir()
    machine.bin.write_text("")
    before = machine.state()
    machine.fails("install", words=[f"cannot create the directory {machine.bin}"])
    assert machine.state() == before


# Kills and concurrent runs

MUTATING = ("mkdir", "fchmod", "fchown", "linkat", "rename", "unlink", "unlinkat", "rmdir")


def kill_at_each_call(machine, word, prepare):
    """Runs `word` repeatedly, and kills it at a different system call that changes files. Yields after each run."""
    trace = machine.jane.home / "trace"
    prepare()
    if machine.jane.run(["strace", "-qq", "-o", trace, "-e", f"trace={','.join(MUTATING)}", *machine.command(word)]).code == 127:
        pytest.skip("strace is not installed")
    calls = [line.split("(")[0] for line in trace.read_text().splitlines() if "(" in line]
    assert calls.count("rename") >= 1 or calls.count("unlink") + calls.count("unlinkat") >= 2
    for name in sorted(set(calls)):
        for when in range(1, calls.count(name) + 1):
            prepare()
            result = machine.jane.run(["strace", "-qq", "-o", "/dev/null", "-e", f"inject={name}:signal=KILL:when={when}",
                                       *machine.command(word)])
            assert result.code in (137, -9), (name, when, result)
            yield name, when


def test_an_install_that_is_killed_at_any_system_call_can_be_undone_and_repeated(machine):
    machine.platform(AKS)
    machine.program.write_text("#!/bin/sh\n# older\n")
    before = machine.state()

    def undo():
        machine.run("undo")
        # A process that is killed while it writes its record may leave a temporary file.
        for path in machine.directory.rglob("*.new-*"):
            path.unlink()
        assert machine.state() == before

    for number, at in enumerate(kill_at_each_call(machine, "install", undo)):
        if number % 2:
            machine.ok("install")
            assert [one["name"] for one in machine.providers()].count(PROGRAM) == 1, at
            machine.ok("check")


def test_an_upgrade_that_is_killed_at_any_system_call_can_be_undone_and_repeated(machine):
    machine.platform(AKS)
    first = machine.state()

    def prepare():
        machine.run("undo")
        for path in machine.directory.rglob("*.new-*"):
            path.unlink()
        assert machine.state() == first
        install_older_version(machine)

    for number, at in enumerate(kill_at_each_call(machine, "install", prepare)):
        if number % 2:
            machine.ok("install")
            machine.ok("check")
            assert [one["name"] for one in machine.providers()].count(PROGRAM) == 1, at


def test_an_undo_that_is_killed_at_any_system_call_can_be_repeated(machine):
    machine.platform(AKS)
    before = machine.state()

    def prepare():
        machine.run("undo")
        assert machine.state() == before
        machine.ok("install")

    for _ in kill_at_each_call(machine, "undo", prepare):
        pass


def test_a_lock_that_another_process_does_not_release_is_named(machine):
    machine.platform(AKS)
    before = machine.state()
    directory = os.open(machine.config.parent, os.O_RDONLY)
    fcntl.flock(directory, fcntl.LOCK_EX)
    try:
        for word in ("install", "undo"):
            machine.fails(word, words=[f"timed out waiting for another process that is busy with kubelet-install in {machine.config.parent}", "next: try again"],
                          env=speed_up(20))
    finally:
        os.close(directory)
    assert machine.state() == before
    machine.ok("install")


def test_concurrent_installs_make_one_entry_and_concurrent_undos_remove_it(machine):
    machine.platform(AKS)
    before = machine.state()
    for word in ("install", "undo"):
        results = machine.jane.run_concurrently(machine.command(word), 6)
        assert [(result.code, result.err) for result in results] == [(0, "")] * 6
        if word == "install":
            assert [one["name"] for one in machine.providers()] == ["acr-credential-provider", PROGRAM]
    assert machine.state() == before
