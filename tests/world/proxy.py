# SPDX-License-Identifier: Apache-2.0
"""A proxy on this machine that always gives the same answer, or none."""

import socketserver
import threading


class Proxy:
    def __init__(self, answer=None):
        """`answer`: such as "403 Forbidden"; without one it listens, but never answers."""
        self.asked = 0
        self._stopped = threading.Event()
        proxy = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                while self.rfile.readline() not in (b"\r\n", b""):
                    pass
                proxy.asked += 1
                if answer is None:
                    proxy._stopped.wait()
                else:
                    self.wfile.write(f"HTTP/1.1 {answer}\r\nContent-Length: 0\r\n\r\n".encode())

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def port(self):
        return self._server.server_address[1]

    def url(self, login=""):
        return f"http://{login}127.0.0.1:{self.port}"

    def stop(self):
        self._stopped.set()
        self._server.shutdown()
        self._server.server_close()
