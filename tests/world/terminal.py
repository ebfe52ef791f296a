# SPDX-License-Identifier: Apache-2.0
"""Runs a program in a terminal, and types for the user."""

import fcntl
import os
import pty
import select
import struct
import subprocess
import termios
import time

from .user import Result


class AtTerminal:
    """A program with a controlling terminal. Its `streams` are the "terminal", or "pipes". With 0 `columns`, the width of the
    terminal is unknown, like that of a serial line."""

    def __init__(self, user, arguments, env=None, streams="terminal", columns=0):
        self.screen = ""
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        ends = {name: slave if streams == "terminal" else subprocess.PIPE for name in ("stdin", "stdout", "stderr")}
        self.process = user.start(arguments, env, **ends, pass_fds=[slave], start_new_session=True,
                                  preexec_fn=lambda: fcntl.ioctl(slave, termios.TIOCSCTTY, 0))
        # Kept open to check the state of the terminal after the program has ended.
        self._slave = slave

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()
        os.close(self._slave)
        os.close(self._master)

    def type(self, text):
        data = text.encode()
        while data:
            data = data[os.write(self._master, data[:1024]):]
            self._read(0)

    def answer(self, *pairs):
        """Waits for each question, and types its answer."""
        for question, text in pairs:
            self.wait_for(question)
            self.type(text + "\n")

    def answer_again(self, question, text):
        """Waits until the question is asked for the second time, and types the answer."""
        self.wait_until(lambda: self.screen.count(question) == 2)
        self.type(text + "\n")

    def wait_for(self, text, timeout=30.0):
        """Waits until `text` appears, and returns everything that was printed."""
        self._until(lambda: text in self.screen, f"{text!r} on the screen", timeout)
        return self.screen

    def wait_until(self, condition, timeout=30.0):
        self._until(condition, "it", timeout)

    def echo_enabled(self):
        return bool(termios.tcgetattr(self._slave)[3] & termios.ECHO)

    def is_stopped(self):
        with open(f"/proc/{self.process.pid}/stat", encoding="utf-8") as file:
            return file.read().rsplit(")", 1)[1].split()[0] == "T"

    def end(self, timeout=60.0) -> Result:
        """Waits until the program ends, and returns its status and output."""
        out, err = "", ""
        if self.process.stdout:
            out, err = (text.decode() for text in self.process.communicate(timeout=timeout))
        self._until(lambda: self.process.poll() is not None, "the end", timeout)
        # Some output may still be in the kernel's buffer.
        seen = None
        while seen != self.screen:
            seen = self.screen
            self._read(0.1)
        return Result(self.process.returncode, out or self.screen, err)

    def _until(self, condition, what, timeout):
        end = time.monotonic() + timeout
        while not condition():
            assert time.monotonic() < end, f"waited in vain for {what}: {self.screen!r}"
            self._read(0.05)

    def _read(self, timeout):
        while select.select([self._master], [], [], timeout)[0]:
            self.screen += os.read(self._master, 65536).decode(errors="replace")
            timeout = 0
