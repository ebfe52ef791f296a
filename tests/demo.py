#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Demonstrates the main use case; demo.sh runs this in the test world."""

import os
import shlex
import sys

from world.engine import EngineUnavailable
from world.image import write_image
from world.user import CONNECTION, later
from world.world import World

HOST = "myorg-myacct.registry.snowflakecomputing.com"
IMAGE = f"{HOST}/db/schema/repo/app:1"
PROJECT = """definition_version: 2
entities:
  app_images:
    type: image-repository
    identifier: of_project
"""


class Demo:
    def __init__(self, world):
        self.world, self.snowflake = world, world.snowflake
        self.jane = world.user()
        self.checks = []
        self.environment = {}

    def title(self, text):
        print(f"\n\033[1m{text}\033[0m" if sys.stdout.isatty() else f"\n== {text}", flush=True)

    def run(self, *command):
        print("$ " + shlex.join(command), flush=True)
        result = self.jane.run(command, env=self.environment)
        print("".join("  " + line + "\n" for line in (result.out + result.err).splitlines()), end="", flush=True)
        return result

    def check(self, claim, holds):
        self.checks.append((claim, bool(holds)))

    def advance_clock(self, hours):
        self.snowflake.clock.advance(hours * 3600)
        self.environment = later(int(self.snowflake.clock.offset))

    def requests(self):
        names = {"login": "logins", "query": "statements", "issue": "tokens issued", "renew": "renewals"}
        counts = self.snowflake.record.counts()
        print("  Snowflake saw: " + ", ".join(f"{counts.get(kind, 0)} {name}" for kind, name in names.items()))

    # Clients that push and pull

    def prepare_docker(self):
        archive = write_image(self.jane.directory / "image.tar", IMAGE)
        self.jane.docker("load", "-i", str(archive))
        self.push = lambda: self.run("docker", "push", IMAGE)
        self.pull = lambda: (self.jane.docker("rmi", IMAGE), self.run("docker", "pull", IMAGE))[1]

    def prepare_skopeo(self):
        archive = write_image(self.jane.directory / "image.tar", IMAGE)
        target = "docker://" + IMAGE
        self.push = lambda: self.run("skopeo", "copy", f"docker-archive:{archive}", target)
        self.pull = lambda: self.run("skopeo", "copy", target, f"dir:{self.jane.directory}/pulled")

    def run_all(self):
        try:
            self.world.engine()
            self.prepare_docker()
        except EngineUnavailable as reason:
            print(f"Docker cannot run here ({reason}); using skopeo instead.")
            self.prepare_skopeo()

        self.title("Configuration: the connection file of the Snowflake CLI, and one line in Docker's config.json")
        self.jane.write_config(CONNECTION)
        self.jane.use_helper_for(HOST)
        self.run("sed", "s/^password.*/password = (not shown)/", str(self.jane.home / ".snowflake/config.toml"))
        self.run("cat", str(self.jane.home / ".docker/config.json"))

        self.title("Push")
        self.check("docker push works without a prior login", self.push().code == 0)
        self.requests()
        self.check("the push took one login", self.snowflake.count("login") == 1)

        self.title("Pull")
        self.check("docker pull works", self.pull().code == 0)
        self.requests()

        self.title("List the images")
        before = self.snowflake.count("query")
        listed = self.run("docker", "snowflake", "images", "repo")
        self.check("docker snowflake images shows what was pushed", listed.code == 0 and "   app   " in listed.out)
        self.check("the list took one request", self.snowflake.count("query") == before + 1)

        self.title("Create the repository of a project")
        self.jane.write("snowflake.yml", PROJECT)
        self.run("cat", "snowflake.yml")
        deployed = self.run("docker", "snowflake", "image-repository", "deploy")
        self.check("docker snowflake image-repository deploy creates it", "OF_PROJECT successfully created" in deployed.out)
        self.run("docker", "snowflake", "repositories", "--terse")

        for hours, word in ((1, "One hour later, the token has expired"), (3, "Four hours later, the session has expired too")):
            self.advance_clock(hours)
            self.title(word)
            self.check(word + "; docker push still works", self.push().code == 0)
            self.requests()

        self.title("What is cached, and where")
        status = self.run("docker-snowflake", "status")
        self.check("status shows what is cached", status.code == 0 and "kernel keyring" in status.out)
        tokens = [token.encode() for token in self.snowflake.sessions.issued]
        readable = [path for path, content in self.jane.files() if any(token in content for token in tokens)]
        self.check("no token is in a file", not readable)
        self.check("all of this took one login", self.snowflake.count("login") == 1)
        self.check("no client sent a request that Snowflake would refuse", not self.snowflake.violations)

    def summary(self):
        self.title("Results")
        for claim, holds in self.checks:
            print(f"  {'ok    ' if holds else 'FAILED'}  {claim}")
        return all(holds for _, holds in self.checks)


def main():
    world = World(os.environ["DCS_BIN_DIR"])
    try:
        demo = Demo(world)
        demo.run_all()
        return 0 if demo.summary() else 1
    finally:
        world.stop()


if __name__ == "__main__":
    sys.exit(main())
