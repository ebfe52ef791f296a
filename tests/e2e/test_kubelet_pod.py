# SPDX-License-Identifier: Apache-2.0
"""A complete kubelet (tests/kubelet/build.sh) with containerd and runc runs a static pod, whose image it pulls with our credential
provider. There is no API server, so the node logs in with a connection file. Skipped if the kubelet was not built or containers
cannot run."""

import json
import os
import pathlib
import subprocess
import time

import pytest
from conftest import HOST
from kubelet_node import KEYS, PROGRAM
from registry_clients import publish
from world.image import write_image

TESTS = pathlib.Path(__file__).resolve().parent.parent
KUBELETS = sorted((TESTS.parent / "build/tools/kubelet").glob("kubelet-v*"))
IMAGE = f"{HOST}/db/schema/repo/app:1"
pytestmark = pytest.mark.skipif(not KUBELETS, reason="tests/kubelet/build.sh build/tools/kubelet")


def until(condition, seconds, what):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.2)
    raise AssertionError(what())


def compile_program(directory, name, statement):
    """Compiles a static program that executes `statement` and waits. Returns its content."""
    source = directory / f"{name}.c"
    source.write_text(f"#include <stdio.h>\n#include <unistd.h>\nint main(void) {{ {statement}; fflush(stdout); for (;;) pause(); }}\n")
    if subprocess.run(["cc", "-static", "-O1", "-o", directory / name, source], capture_output=True, check=False).returncode:
        pytest.skip("static programs cannot be compiled here")
    return (directory / name).read_bytes()


class Node:
    def __init__(self, jane, kubelet):
        for program in ("/usr/bin/containerd", "/usr/bin/ctr", "/usr/sbin/runc"):
            if not os.path.exists(program):
                pytest.skip(f"{program} is not installed")
        self.jane, self.kubelet = jane, kubelet
        self.directory = jane.directory / "node"
        self.bin, self.pods = self.directory / "bin", self.directory / "pods"
        for directory in (self.bin, self.pods):
            directory.mkdir(parents=True)
        self.socket = self.directory / "containerd.sock"
        self.processes = []
        # Runs the provider as the user of this test, who has a separate keyring.
        provider = " ".join(jane.command([pathlib.Path(jane.world.bin) / PROGRAM]))
        (self.bin / PROGRAM).write_text(f'#!/bin/sh\nexec {provider} "$@"\n')
        (self.bin / PROGRAM).chmod(0o755)

    def start(self, name, *command):
        log = open(self.directory / f"{name}.log", "wb")
        # Runs as a system service, outside the user's namespace.
        self.processes.append(subprocess.Popen(list(map(str, command)), stdout=log, stderr=log, env={
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}))
        return self.processes[-1]

    def log(self, name):
        return (self.directory / f"{name}.log").read_text(errors="replace")

    def ctr(self, *words):
        return subprocess.run(["ctr", "--address", self.socket, "--namespace", "k8s.io", *words], capture_output=True, text=True, check=False)

    def start_containerd(self):
        config = self.directory / "containerd.toml"
        config.write_text(f"""version = 2
root = "{self.directory}/containerd"
state = "{self.directory}/state"
[grpc]
address = "{self.socket}"
[plugins."io.containerd.grpc.v1.cri"]
sandbox_image = "localhost/pause:1"
disable_apparmor = true
restrict_oom_score_adj = true
[plugins."io.containerd.grpc.v1.cri".containerd]
snapshotter = "native"
""")
        containerd = self.start("containerd", "/usr/bin/containerd", "--config", config)
        until(lambda: containerd.poll() is not None or self.ctr("version").returncode == 0, 60, lambda: self.log("containerd"))
        if containerd.poll() is not None:
            pytest.skip("containerd does not start here: " + self.log("containerd")[-300:])
        archive = write_image(self.directory / "pause.tar", "localhost/pause:1", program=compile_program(self.directory, "pause", ";"))
        imported = self.ctr("images", "import", "--snapshotter", "native", archive)
        assert imported.returncode == 0, imported.stderr + self.log("containerd")
        # Checks whether containers can run here.
        ran = self.ctr("run", "--snapshotter", "native", "--detach", "--null-io", "localhost/pause:1", "try", "/hello")
        if ran.returncode:
            pytest.skip("containers cannot run here: " + ran.stderr.strip()[-300:])
        self.ctr("task", "kill", "--signal", "KILL", "try")
        until(lambda: "RUNNING" not in self.ctr("task", "ls").stdout, 30, lambda: self.ctr("task", "ls").stdout)
        self.ctr("task", "rm", "try")
        self.ctr("container", "rm", "try")

    def start_kubelet(self):
        config = self.directory / "kubelet.yaml"
        config.write_text(json.dumps({
            "apiVersion": "kubelet.config.k8s.io/v1beta1", "kind": "KubeletConfiguration", "staticPodPath": str(self.pods),
            "authentication": {"anonymous": {"enabled": True}, "webhook": {"enabled": False}}, "authorization": {"mode": "AlwaysAllow"},
            "cgroupDriver": "cgroupfs", "cgroupsPerQOS": False, "enforceNodeAllocatable": [], "failSwapOn": False,
            "containerRuntimeEndpoint": f"unix://{self.socket}", "localStorageCapacityIsolation": False,
            "volumePluginDir": str(self.directory / "volumes"), "podLogsDir": str(self.directory / "pod-logs"),
            "readOnlyPort": 0, "healthzPort": 0, "fileCheckFrequency": "1s", "makeIPTablesUtilChains": False}))
        return self.start("kubelet", self.kubelet, f"--config={config}", f"--root-dir={self.directory}/kubelet",
                          f"--cert-dir={self.directory}/pki", "--hostname-override=node-1", "--v=2",
                          f"--image-credential-provider-config={self.directory}/provider.yaml",
                          f"--image-credential-provider-bin-dir={self.bin}")

    def logs(self):
        return self.log("kubelet")[-6000:] + self.log("containerd")[-3000:]

    def output_of_pods(self):
        return "".join(path.read_text() for path in (self.directory / "pod-logs").rglob("*.log"))

    def stop(self):
        for process in reversed(self.processes):
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@pytest.fixture(params=KUBELETS, ids=[path.name for path in KUBELETS])
def node(request, jane):
    node = Node(jane, request.param)
    yield node
    node.stop()


def start_pod(node, jane, keys=KEYS):
    """Publishes the image of a pod, and starts a node that runs it."""
    program = compile_program(node.directory, "app", 'puts("the pod runs")')
    jane.write(".docker/config.json", json.dumps({"credHelpers": {HOST: "snowflake"}}))
    publish(jane, IMAGE, program=program)
    node.start_containerd()
    file = jane.write("snow/config.toml", keys)
    printed = jane.snowflake("kubernetes", "provider-config", "--kubernetes-version", "1.32")
    assert printed.code == 0, printed.err
    (node.directory / "provider.yaml").write_text(printed.out + f"    env: [{{name: SNOWFLAKE_HOME, value: {file.parent}}}]\n")
    (node.pods / "app.yaml").write_text(json.dumps({
        "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "app"},
        "spec": {"hostNetwork": True, "containers": [{"name": "app", "image": IMAGE, "imagePullPolicy": "Always"}]}}))
    return node.start_kubelet()


def test_a_pod_pulls_its_image_through_the_provider_and_runs(node, jane, snowflake):
    kubelet = start_pod(node, jane)
    logins = snowflake.count("login")  # of publishing
    until(lambda: "the pod runs" in node.output_of_pods() or kubelet.poll() is not None, 120, node.logs)
    assert "the pod runs" in node.output_of_pods(), node.logs()
    assert snowflake.count("login") == logins + 1


def test_the_reason_of_a_refused_pull_is_in_the_kubelets_log(node, jane):
    kubelet = start_pod(node, jane, KEYS.replace("Horse", "Cow"))
    until(lambda: "390100" in node.log("kubelet") or kubelet.poll() is not None, 120, node.logs)
    log = node.log("kubelet")
    assert PROGRAM in log and "390100" in log and "Cow" not in log, node.logs()
    until(lambda: "401" in node.log("kubelet") or kubelet.poll() is not None, 60, node.logs)
    assert node.output_of_pods() == ""
