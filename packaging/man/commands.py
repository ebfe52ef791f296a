#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Generates a manual page from a template and the program's own --help: commands.py TEMPLATE PROGRAM PAGE

@commands@ in the template becomes a section for each command, and @common@ the options that most commands share."""

import collections
import os
import pathlib
import re
import subprocess
import sys


class Help:
    """The help of one command: its summary, and its entries by heading, each a pair of name and description."""

    def __init__(self, program, path):
        # Without a terminal, lines are not wrapped.
        environment = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
        text = subprocess.run([program, *path, "--help-all"], capture_output=True, text=True, check=True,
                              env=environment, stdin=subprocess.DEVNULL).stdout
        self.path = path
        lines = text.splitlines()
        self.summary = next(line for line in lines if line.strip())
        self.sections = collections.OrderedDict()
        self.examples = [line.strip() for line in lines if line.startswith("  docker snowflake ")]
        column = next(len(found.group()) for found in (re.match(r"  -h,--help +", line) for line in lines) if found)
        entries = None
        for line in lines:
            if re.fullmatch(r"\S.*:", line):
                entries = self.sections.setdefault(line[:-1], [])
            elif entries is None or not line.strip() or line.strip() in self.examples:
                continue
            elif not line[:column].strip():
                entries[-1][1] = (entries[-1][1] + " " + line.strip()).strip()
            elif line[column - 1:column] == " ":
                entries.append([line[:column].strip(), line[column:].strip()])
            else:
                entries.append([line.strip(), ""])

    def commands(self):
        """The names of all subcommands, under any heading."""
        return [words for heading, entries in self.sections.items() if heading != "Arguments"
                for words, _ in entries if re.fullmatch(r"[a-z][a-z0-9-]*", words)]

    def arguments(self):
        return self.sections.get("Arguments", [])

    def options(self):
        """Headings and entries of all options but --help."""
        for heading, entries in self.sections.items():
            options = [entry for entry in entries if entry[0].startswith("-") and not entry[0].startswith(("-h,", "--help-all"))]
            if options:
                yield heading, options


def walk(program, path=()):
    help_text = Help(program, path)
    yield help_text
    for name in help_text.commands():
        yield from walk(program, (*path, name))


def escaped(text):
    """Escapes macros and backslashes."""
    text = text.replace("\\", r"\e")
    return r"\&" + text if text.startswith((".", "'")) else text


def sentence(text):
    """One line per sentence, as is usual in manual pages."""
    return re.sub(r"\. (?=[A-Z])", ".\n", escaped(text))


def argument(word):
    # Two letters could be a macro name.
    return r"\&" + escaped(word) if len(word) < 3 else escaped(word)


def option_line(words):
    """-c,--connection TEXT as a line of mdoc."""
    names, _, value = words.partition(" ")
    flags = [f"Fl {name[1:]}" for name in names.split(",")]
    line = ".It " + " , ".join(flags)
    return line + (" Ar " + " ".join(argument(word) for word in value.split()) if value else "")


def option_list(entries):
    rows = [option_line(words) + "\n" + sentence(description) for words, description in entries]
    return "\n".join([".Bl -tag -width Ds", *rows, ".El"])


def common_headings(pages):
    """The headings that have the same entries in three commands or more."""
    seen = collections.Counter((heading, str(entries)) for page in pages for heading, entries in page.options())
    return {heading for (heading, _), count in seen.items() if count >= 3 and heading != "Options"}


def command_section(page, common):
    lines = [".Ss " + " ".join(page.path), sentence(page.summary.rstrip(".") + ".")]
    if page.arguments():
        lines.append(".Bl -tag -width Ds")
        for words, description in page.arguments():
            name, _, form = words.partition(" ")
            lines += [".It Ar " + argument(form or name), sentence(description or name)]
        lines.append(".El")
    for heading, entries in page.options():
        if heading not in common:
            lines.append(option_list(entries))
    if page.examples:
        lines += [".Pp", "Examples:", ".Bd -literal -offset indent", *map(escaped, page.examples), ".Ed"]
    return "\n".join(lines)


def general_options(page):
    return "\n".join(option_list(entries) for _, entries in page.options())


def main():
    template, program, target = sys.argv[1:]
    pages = list(walk(os.path.abspath(program)))
    common = common_headings(pages)
    sections = [general_options(pages[0])]
    sections += [command_section(page, common) for page in pages[1:]]
    shared = []
    for page in pages:
        for heading, entries in page.options():
            if heading in common:
                shared.append(f".Ss {heading}\n{option_list(entries)}")
                common.discard(heading)
    text = pathlib.Path(template).read_text(encoding="utf-8")
    text = text.replace("@commands@", "\n".join(sections)).replace("@common@", "\n".join(shared))
    pathlib.Path(target).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
