# SPDX-License-Identifier: Apache-2.0
"""Compares commands that send requests with curl, which sends the same requests over one connection."""

import json
import statistics
import time

HOST = "myorg-myacct.registry.snowflakecomputing.com"
HELPER = "docker-credential-snowflake"
REPOSITORIES, AT_ONCE, ROUND_TRIP = 500, 8, 0.05
EXPIRES_AFTER = 2  # seconds; the lifetime of a registry token instead of an hour
TIMES_CURL, TIMES_ROUND_TRIPS = 1.3, 2.0


def curl_command(jane, name, requests):
    """Returns a command that repeats the requests with the same headers over one connection."""
    lines = ["silent", "show-error", "fail"]
    for number, request in enumerate(requests):
        body = jane.write(f"{name}-{number}.json", json.dumps(request.body) if isinstance(request.body, dict) else "")
        query = "&".join(f"{key}={value}" for key, value in request.query.items())
        lines += [*(["next", "silent", "show-error", "fail"] if number else []),
                  f'url = "https://{request.host}{request.path}{"?" + query if query else ""}"', f'request = "{request.method}"',
                  'output = "/dev/null"']
        for key in ("accept", "authorization", "content-type", "user-agent"):
            if key in request.headers:
                lines.append('header = "' + f"{key}: {request.headers[key]}".replace('"', '\\"') + '"')
        if request.method == "POST":
            lines.append(f'data-binary = "@{body}"')
    return ["curl", "--config", str(jane.write(f"{name}.curl", "\n".join(lines) + "\n"))]


def requests_of_get(world, jane, **options):
    world.snowflake.record.clear()
    result = jane.helper("get", HOST, **options)
    assert result.code == 0, result.err
    return list(world.snowflake.requests)


def compare_with_curl(world, jane, measure, prepare, rounds):
    """Returns the medians of a `get` and of curl with the same requests, in microseconds, and the number of requests. `prepare`
    is called before each round and is not measured."""
    prepare()
    seen = requests_of_get(world, jane)
    rows = [{"name": command[0], "command": command, "stdin": HOST, "every": 1, "environment": {}}
            for command in ([HELPER, "get"], curl_command(jane, "replayed", seen))]
    times = []
    for _ in range(rounds):
        prepare()
        results = measure(jane, rows, 1)
        assert all(result["statuses"] == [0] for result in results), results
        times.append([result["median_us"] for result in results])
    ours, theirs = (statistics.median(column) for column in zip(*times))
    return ours, theirs, len(seen)


def images_of_many_repositories(world, jane, times=3):
    """Returns the median seconds of `images` over many repositories, with one round trip for each."""
    for number in range(REPOSITORIES):
        world.account.add_repository("DB", "MANY", f"R{number:05}", owner="PUSHER", created_on=1_700_000_000)
    seconds = []
    for _ in range(times):
        world.snowflake.faults.delay("query", ROUND_TRIP, times=2 * REPOSITORIES)
        begin = time.perf_counter()
        result = jane.snowflake("images", "-q", timeout=300)
        seconds.append(time.perf_counter() - begin)
        world.snowflake.faults.clear()
        assert result.code == 0, result.err
    return statistics.median(seconds)


def print_network(world, jane, measure):
    """Prints the comparison, and returns {target: whether it is reached}."""
    targets = {}
    print("| command | requests | median | the same requests with `curl` | times curl |")
    print("|---|---:|---:|---:|---:|")
    jane.log_in()
    world.account.registry_token_lifetime = EXPIRES_AFTER
    for name, prepare, rounds in (("`get`, the first of the day", lambda: jane.snowflake("logout"), 60),
                                  ("`get`, once an hour", lambda: time.sleep(EXPIRES_AFTER + 0.1), 20)):
        ours, theirs, count = compare_with_curl(world, jane, measure, prepare, rounds)
        print(f"| {name} | {count} | {ours / 1000:.1f} ms | {theirs / 1000:.1f} ms | {ours / theirs:.2f} |")
        targets[f"{name} takes at most {TIMES_CURL} times curl"] = ours <= TIMES_CURL * theirs
    world.account.registry_token_lifetime = 3600
    seconds = images_of_many_repositories(world, jane)
    least = ROUND_TRIP * REPOSITORIES / AT_ONCE
    print(f"\n- `docker snowflake images` over {REPOSITORIES} repositories, {ROUND_TRIP * 1000:.0f} ms away: {seconds:.2f} s, "
          f"{seconds / least:.2f} times what {AT_ONCE} requests at a time must take.")
    targets[f"images takes at most {TIMES_ROUND_TRIPS:.0f} times its round trips"] = seconds <= TIMES_ROUND_TRIPS * least
    return targets
