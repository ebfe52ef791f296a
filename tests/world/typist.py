# SPDX-License-Identifier: Apache-2.0
"""Somebody at a terminal: a program runs with a controlling terminal of its own, and is typed at."""

import fcntl
import os
import pty
import select
import termios
import time


class Typist:
    """`seen` is everything the terminal has shown; the program's streams all lead there."""

    def __init__(self, person, arguments, env=None):
        self._file, terminal = pty.openpty()

        def take_terminal():
            os.setsid()
            fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)

        self.process = person.start(arguments, env, stdin=terminal, stdout=terminal, stderr=terminal, preexec_fn=take_terminal)
        os.close(terminal)
        self.seen = ""

    def _read(self, patience):
        if not select.select([self._file], [], [], patience)[0]:
            return True
        try:
            data = os.read(self._file, 65536)
        except OSError:
            return False
        self.seen += data.decode(errors="replace")
        return bool(data)

    def wait_for(self, words, patience=20.0):
        end = time.monotonic() + patience
        while words not in self.seen:
            assert time.monotonic() < end and self._read(0.2), f"no '{words}' in: {self.seen}"

    def type(self, text):
        os.write(self._file, text.encode())

    def echo_is_on(self):
        return bool(termios.tcgetattr(self._file)[3] & termios.ECHO)

    def end(self, patience=20.0):
        """The exit status."""
        end = time.monotonic() + patience
        while self._read(0.2) and time.monotonic() < end:
            if self.process.poll() is not None and not select.select([self._file], [], [], 0.2)[0]:
                break
        status = self.process.wait(timeout=5)
        os.close(self._file)
        return status
