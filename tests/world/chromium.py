#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A real headless browser for BROWSER: chromium.py ADDRESS

Chromium follows the page to wherever it leads, and what a user would see at the end goes to ~/browser.out, as HTML.
It is asked over a pipe (Chrome DevTools Protocol): its own --dump-dom now and then catches it between two pages."""

import itertools
import json
import os
import pathlib
import select
import subprocess
import sys
import time

AUTHORITY = "/etc/ssl/certs/world.pem"
TIMEOUT = 90  # seconds
BETWEEN_LOOKS = 0.1

# The end of a login: a page of this machine, or one that says how its own request ended.
LOOK = """JSON.stringify({
  page: document.documentElement.outerHTML,
  over: document.readyState == "complete" && (["localhost", "127.0.0.1"].includes(location.hostname) ||
        (document.getElementById("end")?.textContent ?? "working") != "working")})"""


def trust(home):
    """Adds the authority to the user's own list, which Chromium trusts besides its built-in one."""
    directory = home / ".pki/nssdb"
    directory.mkdir(parents=True, exist_ok=True)
    certutil = ["/usr/bin/certutil", "-d", f"sql:{directory}"]
    subprocess.run([*certutil, "-N", "--empty-password"], check=True)
    subprocess.run([*certutil, "-A", "-t", "C,,", "-n", "world", "-i", AUTHORITY], check=True)


class Chromium:
    """Started, with an empty page. Throws TimeoutError when it says nothing for TIMEOUT."""

    def __init__(self, home):
        commands, self._commands = os.pipe()
        self._events, events = os.pipe()
        self._errors = open(home / "browser.err", "wb")  # noqa: SIM115: it lives as long as the browser
        # The numbers 3 and 4 are Chromium's. The shell puts the pipes there.
        self._process = subprocess.Popen(
            ["/bin/sh", "-c", f'exec "$@" 3<&{commands} 4>&{events}', "chromium", "/usr/bin/chromium", "--headless",
             "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking",
             "--disable-extensions", "--no-proxy-server", f"--user-data-dir={home}/chromium",
             # Replaces the click on "Allow" when a page requests access to this machine.
             "--disable-features=LocalNetworkAccessChecks", "--remote-debugging-pipe"],
            pass_fds=(commands, events), stderr=self._errors)
        os.close(commands)
        os.close(events)
        self._received = b""
        self._numbers = itertools.count(1)
        self._page = None

    def __enter__(self):
        page = self._ask("Target.createTarget", url="about:blank")["targetId"]
        self._page = self._ask("Target.attachToTarget", targetId=page, flatten=True)["sessionId"]
        return self

    def __exit__(self, *_):
        self._process.kill()
        self._process.wait()
        self._errors.close()

    def _next_message(self):
        while b"\0" not in self._received:
            if not select.select([self._events], [], [], TIMEOUT)[0]:
                raise TimeoutError("chromium is silent")
            more = os.read(self._events, 65536)
            if not more:
                raise EOFError("chromium has ended")
            self._received += more
        message, self._received = self._received.split(b"\0", 1)
        return json.loads(message)

    def _ask(self, method, **parameters):
        number = next(self._numbers)
        request = {"id": number, "method": method, "params": parameters}
        if self._page:
            request["sessionId"] = self._page
        os.write(self._commands, json.dumps(request).encode() + b"\0")
        while (answer := self._next_message()).get("id") != number:
            pass
        return answer.get("result", {})

    def open(self, address):
        self._ask("Page.navigate", url=address)

    def look(self) -> dict:
        """The page as HTML, and whether the login has ended; None between two pages."""
        seen = self._ask("Runtime.evaluate", expression=LOOK).get("result", {}).get("value")
        return json.loads(seen) if seen else {"page": "nothing", "over": False}


def main():
    home = pathlib.Path.home()
    trust(home)
    with Chromium(home) as chromium:
        chromium.open(sys.argv[1])
        end = time.monotonic() + TIMEOUT
        while not (seen := chromium.look())["over"] and time.monotonic() < end:
            time.sleep(BETWEEN_LOOKS)
    (home / "browser.out").write_text(seen["page"])


if __name__ == "__main__":
    main()
