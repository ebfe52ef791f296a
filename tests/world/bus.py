# SPDX-License-Identifier: Apache-2.0
"""Starts a private D-Bus session bus with a real GNOME Keyring, in a given state."""

import socket
import subprocess
import threading
import time

LOGIN_COLLECTION = "/org/freedesktop/secrets/collection/login"


class SecretService:
    """A session bus for `user`. `state` is "unlocked", "locked", "absent" (no keyring on the bus), "dead" (nothing listens at the
    address) or "silent" (a listener that never answers)."""

    def __init__(self, user, state):
        self.processes = []
        path = user.runtime / "bus"
        user.environment["DBUS_SESSION_BUS_ADDRESS"] = f"unix:path={path}"
        if state == "dead":
            return
        if state == "silent":
            self._listen_silently(path)
            return
        (user.directory / "bus.conf").write_text(
            '<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" '
            '"http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">\n'
            f'<busconfig><type>session</type><listen>unix:path={path}</listen><auth>EXTERNAL</auth>'
            '<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/>'
            '<allow own="*"/></policy></busconfig>\n')
        self._start(user, ["/usr/bin/dbus-daemon", f"--config-file={user.directory}/bus.conf", "--nofork", "--nopidfile"])
        self._wait(path.exists)
        if state == "absent":
            return
        daemon = self._start(user, ["/usr/bin/gnome-keyring-daemon", "--foreground", "--components=secrets", "--unlock"],
                             stdin=subprocess.PIPE)
        daemon.stdin.write(b"a password")
        daemon.stdin.close()
        self._wait(lambda: user.run(self._call("org.freedesktop.DBus.Properties.Get", LOGIN_COLLECTION,
                                               "string:org.freedesktop.Secret.Collection", "string:Locked")).code == 0)
        if state == "locked":
            self.lock(user)

    def lock(self, user):
        result = user.run(self._call("org.freedesktop.Secret.Service.Lock", "/org/freedesktop/secrets",
                                     f"array:objpath:{LOGIN_COLLECTION}"))
        assert result.code == 0, result.err

    @staticmethod
    def _call(method, path, *arguments):
        return ["dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.secrets", path, method, *arguments]

    def _start(self, user, command, **options):
        process = subprocess.Popen(user.command(command), env=user.environment, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL, **options)
        self.processes.append(process)
        return process

    def _listen_silently(self, path):
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(path))
        self._listener.listen(100)
        self._connections = []

        def accept():
            try:
                while True:
                    self._connections.append(self._listener.accept())
            except OSError:
                pass

        threading.Thread(target=accept, daemon=True).start()

    @staticmethod
    def _wait(condition, timeout=10.0):
        end = time.monotonic() + timeout
        while not condition():
            if time.monotonic() > end:
                raise RuntimeError("the keyring did not start")
            time.sleep(0.02)

    def stop(self):
        for process in self.processes:
            process.kill()
            process.wait()
