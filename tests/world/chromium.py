#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A real browser without a window, to be named in BROWSER: chromium.py ADDRESS

Chromium follows the page wherever that leads, and what a person would see at the end goes to ~/browser.out, as HTML."""

import pathlib
import subprocess
import sys

AUTHORITY = "/etc/ssl/certs/world.pem"


def trust(home):
    """Chromium trusts what lies in the person's own list, besides its built-in one."""
    folder = home / ".pki/nssdb"
    folder.mkdir(parents=True, exist_ok=True)
    certutil = ["/usr/bin/certutil", "-d", f"sql:{folder}"]
    subprocess.run([*certutil, "-N", "--empty-password"], check=True)
    subprocess.run([*certutil, "-A", "-t", "C,,", "-n", "world", "-i", AUTHORITY], check=True)


def main():
    home = pathlib.Path.home()
    trust(home)
    seen = subprocess.run(
        ["/usr/bin/chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
         "--disable-background-networking", "--disable-extensions", "--no-proxy-server", f"--user-data-dir={home}/chromium",
         # Stands for the click on "Allow" when a page wants to fetch from this machine.
         "--disable-features=LocalNetworkAccessChecks", "--virtual-time-budget=10000", "--dump-dom", sys.argv[1]],
        capture_output=True, text=True, check=False, timeout=100)
    (home / "browser.err").write_text(seen.stderr)
    (home / "browser.out").write_text(seen.stdout or "nothing")


if __name__ == "__main__":
    main()
