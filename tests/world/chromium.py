#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A headless Chromium for the variable BROWSER: chromium.py URL

Opens the URL, waits until the login has ended, and writes the HTML of the last page to ~/browser.out. Uses the Chrome DevTools
Protocol over a pipe, because --dump-dom sometimes prints an intermediate page."""

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
POLL_INTERVAL = 0.1  # seconds

# A login has ended on a page of this machine, or on one that reports the result of its own request.
READ_PAGE = """JSON.stringify({
  page: document.documentElement.outerHTML,
  done: document.readyState == "complete" && (["localhost", "127.0.0.1"].includes(location.hostname) ||
        (document.getElementById("end")?.textContent ?? "working") != "working")})"""


def trust(home):
    """Adds the certificate authority to the user's NSS database, which Chromium reads."""
    directory = home / ".pki/nssdb"
    directory.mkdir(parents=True, exist_ok=True)
    certutil = ["/usr/bin/certutil", "-d", f"sql:{directory}"]
    subprocess.run([*certutil, "-N", "--empty-password"], check=True)
    subprocess.run([*certutil, "-A", "-t", "C,,", "-n", "world", "-i", AUTHORITY], check=True)


class Chromium:
    """A running Chromium with an empty page. Raises TimeoutError if it does not answer within TIMEOUT."""

    def __init__(self, home):
        commands, self._commands = os.pipe()
        self._events, events = os.pipe()
        self._errors = open(home / "browser.err", "wb")  # noqa: SIM115: open as long as the browser runs
        # --remote-debugging-pipe uses the descriptors 3 and 4.
        self._process = subprocess.Popen(
            ["/bin/sh", "-c", f'exec "$@" 3<&{commands} 4>&{events}', "chromium", "/usr/bin/chromium", "--headless",
             "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking",
             "--disable-extensions", "--no-proxy-server", f"--user-data-dir={home}/chromium",
             # Instead of a click on "Allow" when a page requests access to this machine.
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

    def read_page(self) -> dict:
        """Returns the page as HTML, and whether the login has ended."""
        state = self._ask("Runtime.evaluate", expression=READ_PAGE).get("result", {}).get("value")
        return json.loads(state) if state else {"page": "nothing", "done": False}


def main():
    home = pathlib.Path.home()
    trust(home)
    with Chromium(home) as chromium:
        chromium.open(sys.argv[1])
        end = time.monotonic() + TIMEOUT
        while not (state := chromium.read_page())["done"] and time.monotonic() < end:
            time.sleep(POLL_INTERVAL)
    (home / "browser.out").write_text(state["page"])


if __name__ == "__main__":
    main()
