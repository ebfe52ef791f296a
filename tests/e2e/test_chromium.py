# SPDX-License-Identifier: Apache-2.0
"""Logins in a real browser, with its security rules."""

import os
import subprocess

import pytest
from fake_snowflake.identity_provider import IdentityProvider
from test_browser_login import CONNECTION
from test_oauth_login import CODE, CODE_ELSEWHERE

LONG_TIMEOUT = "external_browser_timeout = 100"


@pytest.fixture(scope="module", autouse=True)
def chromium():
    for program in ("/usr/bin/chromium", "/usr/bin/certutil"):
        if not os.path.exists(program):
            pytest.skip(f"{program} is not installed")
    result = subprocess.run(["/usr/bin/chromium", "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom", "about:blank"],
                            capture_output=True, check=False, timeout=100, env={"HOME": "/run/world", "PATH": "/usr/bin:/bin"})
    if result.returncode != 0:
        pytest.skip(f"chromium does not run here: {result.stderr.decode(errors='replace').strip()[-200:]}")


@pytest.fixture
def jane(jane):
    jane.use_chromium()
    return jane


def log_in(jane, connection):
    jane.write_config(connection.replace("external_browser_timeout = 20", LONG_TIMEOUT))
    jane.log_in()
    return jane.browser_text(timeout=100)


@pytest.mark.parametrize("ending", ["redirect", "form", "fetch", "attacked"])
def test_single_sign_on(jane, world, snowflake, ending):
    world.account.single_sign_on.ending = ending
    seen = log_in(jane, CONNECTION)
    assert ("consent: true" if ending == "fetch" else "You can close this window") in seen
    assert snowflake.count("login") == 1


def test_a_code_of_snowflake(jane, world, snowflake):
    world.account.identity_provider = provider = IdentityProvider(world.account, snowflake.clock)
    provider.browser_user = world.jane
    assert "You can close this window" in log_in(jane, CODE)
    assert provider.grants == ["authorization_code"]


def test_a_code_of_another_provider(jane, world, snowflake):
    provider = IdentityProvider(world.account, snowflake.clock, "the client", "hush: %&")
    provider.browser_user = world.jane
    snowflake.identity_providers["idp.example"] = provider
    assert "You can close this window" in log_in(jane, CODE_ELSEWHERE)
    assert provider.grants == ["authorization_code"]
