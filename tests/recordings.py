# SPDX-License-Identifier: Apache-2.0
"""Makes the terminal recordings in README.md: real commands in the test world, as animated SVG.

e2e/test_recordings.py compares them with the files, or writes the files with DCS_NEW_RECORDINGS=1."""

import html
import os
import re

from world.image import write_image
from world.user import CONNECTION, later

HOST = "myorg-myacct.registry.snowflakecomputing.com"
IMAGE = f"{HOST}/db/schema/repo/app:1"
COLUMNS = 110
SGR = re.compile(r"\x1b\[([0-9;]*)m")
# Progress lines that docker overwrites on a terminal.
PROGRESS = re.compile(r"^[0-9a-f]{12}: (Preparing|Waiting|Pushing.*)$")
# Remaining lifetimes of tokens and sessions depend on how long the recording took.
REMAINING_TIMES = [(re.compile(r"\b(3 hours 5\d minutes|4 hours)\b"), "3 hours 59 minutes"), (re.compile(r"\b(?<!hours )(5\d|60) minutes\b"), "59 minutes")]
CLASSES = {"1": "bold", "2": "note", "31": "red", "32": "green", "33": "yellow"}

LINE_HEIGHT, LETTER_WIDTH, MARGIN = 19, 8, 16
SECONDS_BEFORE_COMMAND, SECONDS_AFTER_COMMAND, SECONDS_FOR_LINE = 1.4, 0.6, 0.12
STYLE = """
text { font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #e6edf3; white-space: pre; }
.bold { font-weight: bold; } .note { fill: #8b949e; } .red { fill: #f85149; } .green { fill: #3fb950; } .yellow { fill: #d29922; }
.line { opacity: 0; animation: appear 1ms linear forwards; }
@keyframes appear { to { opacity: 1; } }
@media (prefers-reduced-motion: reduce) { .line { opacity: 1; animation: none; } }
"""


class Recording:
    """The commands that a user types, and their output."""

    def __init__(self, user):
        self.user = user
        self.environment = {}
        self.lines = []  # (seconds before the line appears, text with colors)

    def note(self, text):
        self.lines += [(0, ""), (SECONDS_BEFORE_COMMAND, f"\x1b[2m# {text}\x1b[0m")]

    def run(self, command):
        """Runs a command with its output in a pipe, where docker does not move the cursor."""
        result = self.user.run(["/bin/sh", "-c", f"{command} 2>&1"], env=self.environment)
        return self._add(command, result.out)

    def run_at_terminal(self, command):
        words = ["/usr/bin/script", "-qec", f"/usr/bin/stty cols {COLUMNS} rows 50; {command}", "/dev/null"]
        return self._add(command, self.user.run(words, env={**self.environment, "TERM": "xterm", "SHELL": "/bin/sh"}).out)

    def _add(self, command, output):
        output = output.replace("\r", "").replace(str(self.user.home), "/home/jane").replace(str(self.user.directory), "/usr")
        for pattern, words in REMAINING_TIMES:
            output = pattern.sub(words, output)
        shown = [line.rstrip() for line in output.rstrip().split("\n") if not PROGRESS.match(line)]
        self.lines.append((SECONDS_BEFORE_COMMAND, f"\x1b[1m$ {command}\x1b[0m"))
        self.lines += [(SECONDS_FOR_LINE if index else SECONDS_AFTER_COMMAND, line) for index, line in enumerate(shown)]
        return output


def spans(line):
    """Converts a line with ANSI colors to the content of a text element."""
    parts = SGR.split(line)
    result = html.escape(parts[0], quote=False)
    for codes, text in zip(parts[1::2], parts[2::2]):
        classes = " ".join(CLASSES[code] for code in codes.split(";") if code in CLASSES)
        text = html.escape(text, quote=False)
        result += f'<tspan class="{classes}">{text}</tspan>' if classes and text else text
    return result


def svg(title, lines):
    width = max(len(SGR.sub("", line)) for _, line in lines) * LETTER_WIDTH + 2 * MARGIN
    height = len(lines) * LINE_HEIGHT + 2 * MARGIN
    rows, seconds = [], 0.0
    for number, (wait, line) in enumerate(lines, 1):
        seconds += wait
        if line:
            rows.append(f'<text class="line" x="{MARGIN}" y="{MARGIN + number * LINE_HEIGHT - 5}" style="animation-delay: {seconds:.2f}s">'
                        f"{spans(line)}</text>")
    return "\n".join([f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
                      'role="img">',
                      f"<title>{html.escape(title)}</title>", f"<style>{STYLE}</style>",
                      f'<rect width="{width}" height="{height}" rx="8" fill="#0d1117"/>', *rows, "</svg>"]) + "\n"


def prepare(world):
    """Creates a user with a connection and the plugin, whose PATH contains only docker and our programs."""
    jane = world.user()
    jane.write_config(CONNECTION)
    jane.docker("load", "-i", str(write_image(jane.directory / "image.tar", IMAGE)))
    plugins = jane.home / ".docker/cli-plugins"
    plugins.mkdir(parents=True)
    (plugins / "docker-snowflake").symlink_to(f"{world.bin}/docker-snowflake")
    bin_directory = jane.directory / "bin"
    bin_directory.mkdir()
    (bin_directory / "docker").symlink_to("/usr/bin/docker")
    for name in os.listdir(world.bin):
        if name.startswith("docker-"):
            (bin_directory / name).symlink_to(f"{world.bin}/{name}")
    jane.environment["PATH"] = str(bin_directory)
    return jane


def push(world):
    """Records setup, a push, and pushes after the token and the session have expired."""
    recording = Recording(prepare(world))
    recording.run_at_terminal("docker snowflake setup --yes")
    recording.lines.append((0, ""))
    recording.run(f"docker push {IMAGE}")
    for hours, text in ((1, "one hour later: the registry token has expired"), (4, "four hours later: the session has expired, too")):
        world.snowflake.clock.advance(hours * 3600)
        recording.environment = later(int(world.snowflake.clock.offset))
        recording.note(text)
        assert "digest: sha256:" in recording.run(f"docker push {IMAGE}")
    return svg("docker push works again after the token and the session have expired, without a login", recording.lines)


def doctor(world):
    """Records a push that fails, the repair by doctor, and a push that works."""
    recording = Recording(prepare(world))
    assert "unauthorized" in recording.run(f"docker push {IMAGE}")
    recording.lines.append((0, ""))
    assert "Everything works" in recording.run_at_terminal("docker snowflake doctor --fix --yes")
    recording.lines.append((0, ""))
    assert "digest: sha256:" in recording.run(f"docker push {IMAGE}")
    return svg("docker snowflake doctor finds out why a push fails, and repairs it", recording.lines)
