# SPDX-License-Identifier: Apache-2.0
"""An HTTP proxy that forwards, always returns the same status, or never answers."""

import socket
import socketserver
import threading

FORWARDS = "200 Connection established"


def copy(source, target):
    """Copies all bytes until the source is closed."""
    try:
        while data := source.recv(1 << 16):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass


class Proxy:
    def __init__(self, answer=None):
        """`answer` is a status such as "403 Forbidden", or FORWARDS; without one, the proxy never answers."""
        self.request_count = 0
        self.hosts = []
        self._stopped = threading.Event()
        proxy = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                host, _, port = self.rfile.readline().decode().split(" ")[1].partition(":")
                while self.rfile.readline() not in (b"\r\n", b""):
                    pass
                proxy.request_count += 1
                proxy.hosts.append(host)
                if answer is None:
                    proxy._stopped.wait()
                elif answer is FORWARDS:
                    with socket.create_connection((host, int(port))) as server:
                        self.wfile.write(f"HTTP/1.1 {answer}\r\n\r\n".encode())
                        threading.Thread(target=copy, args=(server, self.connection), daemon=True).start()
                        copy(self.connection, server)
                        proxy._stopped.wait(0.5)
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
