#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prints the tables in packaging/doc/speed.md; run.sh runs this in the test world."""

import json
import os
import pathlib
import re
import statistics
import sys
import time

import network
from world import inside
from world.user import CONNECTION
from world.world import World

ROUNDS = 200
HOST = "myorg-myacct.registry.snowflakecomputing.com"
CONFIG = CONNECTION + """disable_ocsp_checks = true
[cli]
ignore_new_version_warning = true
[cli.logs]
save_logs = false
"""
HELPER = "docker-credential-snowflake"
BENCH = pathlib.Path(os.environ["DCS_BENCH_DIR"])
SNOW = os.environ["DCS_SNOW"]


def row(name, *command, stdin="", every=1, **environment):
    return {"name": name, "command": list(command), "stdin": stdin, "every": every, "environment": environment}


def programs(jane):
    only_service = str(jane.write("service.toml", 'store = "secret-service"\n'))
    url = "https://example.invalid/"
    stored = jane.run(["docker-credential-secretservice", "store"],
                      json.dumps({"ServerURL": url, "Username": "jane", "Secret": "x" * 400}))
    assert stored.code == 0, stored.out
    for environment in ({}, {"DOCKER_SNOWFLAKE_CONFIG": only_service}):
        assert jane.helper("get", HOST, env=environment).code == 0
    return [
        row("empty static C program", str(BENCH / "empty")),
        row("`get`, cached in the kernel keyring", HELPER, "get", stdin=HOST),
        row("`get`, cached in the Secret Service only", HELPER, "get", stdin=HOST, DOCKER_SNOWFLAKE_CONFIG=only_service),
        row("`get`, a host of another registry", HELPER, "get", stdin="https://index.docker.io/v1/"),
        row("`version`", HELPER, "version"),
        row("plugin metadata", "docker-snowflake", "docker-cli-plugin-metadata"),
        row("`docker-credential-secretservice get`", "docker-credential-secretservice", "get", stdin=url),
        row("`docker-credential-ecr-login version`", "docker-credential-ecr-login", "version"),
        row("`snow spcs image-registry token`", SNOW, "spcs", "image-registry", "token", "--format", "JSON", every=40,
            REQUESTS_CA_BUNDLE=inside.BUNDLE),
    ]


COMMANDS = {
    "url repo": ["image-repository", "url", "repo"],
    "image-registry token": ["image-registry", "token", "--format", "JSON"],
    "list-images repo": ["image-repository", "list-images", "repo", "--format", "JSON"],
}
LONG_LIST = ["image-repository", "list", "--format", "CSV"]


def command_pairs(commands, every):
    """Yields each command with the plugin, which has a cached session, and with snow, which logs in each time."""
    for name, words in commands.items():
        yield row(f"`docker snowflake {name}`", "docker-snowflake", *words, every=max(1, every // 20))
        yield row(f"`snow spcs {' '.join(words[:2])} …`", SNOW, "spcs", *words, every=every, REQUESTS_CA_BUNDLE=inside.BUNDLE)


def print_pairs(results, server_us=0):
    """Prints the pairs, and returns the smallest factors by which the plugin is faster and needs less memory than snow.
    `server_us`, the time that the server needs, does not count."""
    print("| command | median | memory | the same with `snow` | memory | times faster | times less memory |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    faster, smaller = [], []
    for ours, theirs in zip(results[::2], results[1::2]):
        faster.append((theirs["median_us"] - server_us) / (ours["median_us"] - server_us))
        smaller.append(theirs["peak_kib"] / ours["peak_kib"])
        print(f"| {ours['name']} | {ours['median_us'] / 1000:.1f} ms | {ours['peak_kib'] / 1024:.0f} MiB | "
              f"{theirs['median_us'] / 1e6:.2f} s | {theirs['peak_kib'] / 1024:.0f} MiB | {faster[-1]:.0f} | {smaller[-1]:.0f} |")
    return min(faster), min(smaller)


def measure(jane, rows, rounds=ROUNDS):
    result = jane.run([str(BENCH / "measure"), str(rounds)], json.dumps(rows), timeout=1800)
    assert result.code == 0, result.err
    return json.loads(result.out)


def print_table(results):
    empty, cached = results[0]["median_us"], results[1]["median_us"]
    print("| program | runs | median | times the empty program | times a cached `get` | peak memory |")
    print("|---|---:|---:|---:|---:|---:|")
    for result in results:
        time_us = result["median_us"]
        text = f"{time_us / 1000:.2f} ms" if time_us < 100_000 else f"{time_us / 1e6:.2f} s"
        ratio = time_us / cached
        print(f"| {result['name']} | {result['runs']} | {text} | {time_us / empty:.2f} | "
              f"{ratio:.1f} | {result['peak_kib'] / 1024:.1f} MiB |" if ratio < 100 else
              f"| {result['name']} | {result['runs']} | {text} | {time_us / empty:.0f} | "
              f"{ratio:.0f} | {result['peak_kib'] / 1024:.1f} MiB |")


def cold_get(world, jane, times=20):
    """Returns the median seconds of a `get` without cache, less the time in the fake Snowflake, and the number of requests."""
    seconds, requests = [], 0
    for _ in range(times):
        assert jane.snowflake("logout").code == 0
        world.snowflake.record.clear()
        begin = time.perf_counter()
        assert jane.helper("get", HOST).code == 0
        total = time.perf_counter() - begin
        seconds.append(total - sum(request.seconds for request in world.snowflake.requests))
        requests = len(world.snowflake.requests)
    return statistics.median(seconds), requests


def concurrent_gets(world, jane, count=100):
    assert jane.snowflake("logout").code == 0
    world.snowflake.record.clear()
    begin = time.perf_counter()
    answers = jane.run_concurrently([HELPER, "get"], count, HOST)
    seconds = time.perf_counter() - begin
    tokens = {json.loads(answer.json()["Secret"])["token"] for answer in answers}
    return seconds, world.snowflake.count("login"), len(tokens)


def instructions(jane, *command, stdin=""):
    result = jane.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *command], stdin)
    found = re.search(r"Collected : (\d+)", result.err)
    return int(found[1]) if found else 0


def main():
    world = World(os.environ["DCS_BIN_DIR"])
    try:
        jane = world.user(secret_service="unlocked")
        jane.write_config(CONFIG)
        results = measure(jane, programs(jane))
        print_table(results)
        print()
        count = instructions(jane, HELPER, "get", stdin=HOST)
        print(f"- A cached `get` takes {count / 1e6:.2f} million instructions, most of them the dynamic loader's "
              f"(`version`: {instructions(jane, HELPER, 'version') / 1e6:.2f} million).")
        seconds, requests = cold_get(world, jane)
        print(f"- The first `get` of a day sends {requests} requests and takes {seconds * 1000:.0f} ms in addition to Snowflake's own time.")
        seconds, logins, tokens = concurrent_gets(world, jane)
        print(f"- 100 at once, with nothing cached: {logins} login, {tokens} token, {seconds:.2f} s for all of them.")
        print()
        cached_faster, _ = print_pairs(measure(jane, list(command_pairs(COMMANDS, 20)), 60))
        print()
        network_targets = network.print_network(world, jane, measure)
        for number in range(10_000):
            world.account.add_repository("DB", "SCHEMA", f"R{number:05}", owner="PUSHER", comment="x" * 1000, created_on=1_700_000_000)
        world.snowflake.queries.rows_per_chunk = 200
        print()
        world.snowflake.record.clear()
        long_results = measure(jane, list(command_pairs({"repositories, 10,000 of them": LONG_LIST}, 3)), 9)
        server_seconds = statistics.median(r.seconds for r in world.snowflake.requests if r.kind == "query" and r.seconds > 0.02)
        long_faster, long_smaller = print_pairs(long_results, server_seconds * 1e6)
        print(f"\nIn the last line, {server_seconds * 1000:.0f} ms of both times are Snowflake's own, which the comparison leaves out.")
        print()
        by_name = {result["name"]: result for result in results}
        empty, cached = results[0]["median_us"], results[1]["median_us"]
        targets = {
            "a cached get takes at most twice the empty program": cached <= 2 * empty,
            "another registry's host takes at most twice the empty program": results[3]["median_us"] <= 2 * empty,
            "docker-credential-secretservice takes at least ten times as long":
                by_name["`docker-credential-secretservice get`"]["median_us"] >= 10 * cached,
            "snow takes at least five hundred times as long":
                by_name["`snow spcs image-registry token`"]["median_us"] >= 500 * cached,
            "a cached get stays below 5 MiB": results[1]["peak_kib"] < 5 * 1024,
            "with a cached session everything is at least a hundred times faster than snow": cached_faster >= 100,
            "ten thousand rows take a tenth of snow's memory": long_smaller >= 10,
            "ten thousand rows take at most a tenth of snow's time": long_faster >= 10,
            "one login for all": (logins, tokens) == (1, 1),
            **network_targets,
        }
        missed = [name for name, reached in targets.items() if not reached]
        print("- Targets missed: " + "; ".join(missed) if missed else "- All targets reached: " + "; ".join(targets) + ".")
        return 1 if missed else 0
    finally:
        world.stop()


if __name__ == "__main__":
    sys.exit(main())
