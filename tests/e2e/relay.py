# SPDX-License-Identifier: Apache-2.0
"""Runs `docker snowflake serve`."""

import base64
import http.client
import re


class Relay:
    """A running `docker snowflake serve`."""

    def __init__(self, user, *arguments):
        self.process = user.start(["docker-snowflake", "serve", "--listen", "0", *arguments])
        self.text = ""
        while "Password: " not in self.text and "Login:    none" not in self.text:
            line = self.process.stdout.readline().decode()
            assert line, self.process.stderr.read()
            self.text += line
        self.port = int(re.search(r"at 127\.0\.0\.1:(\d+)", self.text)[1])
        found = re.search(r"Password: (\S+)", self.text)
        self.login = f"docker-snowflake:{found[1]}" if found else None

    def image(self, name):
        return f"docker://127.0.0.1:{self.port}/{name}"

    @property
    def authorization(self):
        return "Basic " + base64.b64encode(self.login.encode()).decode()

    def ask(self, path, method="GET", body=None, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        if self.login and "Authorization" not in headers:
            headers["Authorization"] = self.authorization
        connection.request(method, path, body=body, headers=headers)
        response = connection.getresponse()
        return response.status, response.read(), response.headers

    def begin_upload(self, name):
        status, _, headers = self.ask(f"/v2/{name}/blobs/uploads/", "POST")
        assert status == 202
        return headers["Location"]
