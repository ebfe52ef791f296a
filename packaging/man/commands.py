#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Generates the manual pages of docker snowflake from its own --help: commands.py TEMPLATE DIRECTORY PROGRAM...

PROGRAM is the command that runs docker snowflake: its path, or an emulator and its path. Writes
DIRECTORY/docker-snowflake.1.gz from the template, where @options@ becomes the options of the program itself, @commands@ the
list of commands, and @common@ the options that most commands share. Each command, or group of commands, gets a page of its
own, docker-snowflake-<command>.1.gz."""

import collections
import gzip
import itertools
import os
import pathlib
import re
import subprocess
import sys


def examples_in(lines):
    """Yields each example: a command, which may continue on the next line after a backslash."""
    example = []
    for line in lines:
        if example or line.startswith("  docker snowflake "):
            example.append(line.removeprefix("  "))
            if not line.endswith("\\"):
                yield "\n".join(example)
                example = []


class Help:
    """The help of one command: its summary, and its entries by heading, each a pair of name and description."""

    def __init__(self, program, path):
        # Without a terminal, lines are not wrapped.
        environment = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
        text = subprocess.run([*program, *path, "--help-all"], capture_output=True, text=True, check=True,
                              env=environment, stdin=subprocess.DEVNULL).stdout
        self.path = path
        lines = text.splitlines()
        self.summary = next(line for line in lines if line.strip())
        usage = next(line for line in lines if line.startswith("Usage: "))
        self.arguments_in_usage = usage.split("[OPTIONS]")[-1].replace("[SUBCOMMAND]", "").split()
        self.sections = collections.OrderedDict()
        self.examples = list(examples_in(lines))
        column = next(len(found.group()) for found in (re.match(r"  -h,--help +", line) for line in lines) if found)
        entries, advice = None, []
        for line in lines:
            if line == "When to use it:":
                entries = None
                advice = lines[lines.index(line) + 1:]
            elif line == "Examples:":
                entries = None
            elif re.fullmatch(r"\S.*:", line):
                entries = self.sections.setdefault(line[:-1], [])
            elif entries is None or not line.strip():
                continue
            elif not line[:column].strip():
                entries[-1][1] = (entries[-1][1] + " " + line.strip()).strip()
            elif line[column - 1:column] == " ":
                entries.append([line[:column].strip(), line[column:].strip()])
            else:
                entries.append([line.strip(), ""])
        self.advice = " ".join(line.strip() for line in itertools.takewhile(str.strip, advice))

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


def own_options(page, common):
    return [option_list(entries) for heading, entries in page.options() if heading not in common]


def argument_list(page):
    if not page.arguments():
        return []
    lines = [".Bl -tag -width Ds"]
    for words, description in page.arguments():
        name, _, form = words.partition(" ")
        lines += [".It Ar " + argument(form or name), sentence(description or name)]
    return ["\n".join([*lines, ".El"])]


def synopsis(page):
    line = ".Nm docker snowflake " + " ".join(page.path)
    return "\n".join([line, ".Op Ar options", *(f".Ar {argument(word)}" for word in page.arguments_in_usage)])


def full_sentence(text):
    return sentence(text.rstrip(".") + ".")


def advice_of(page):
    return [".Pp", sentence(page.advice)] if page.advice else []


def command_page(page, subcommands, common, date):
    """The page of a command, or of a group with its commands."""
    name = "docker-snowflake-" + "-".join(page.path)
    described = subcommands or [page]
    lines = [r'.\" SPDX-License-Identifier: Apache-2.0', date, f".Dt {name.upper()} 1", ".Os", ".Sh NAME", f".Nm {name}",
             f".Nd {escaped(page.summary)}", ".Sh SYNOPSIS", *map(synopsis, described), ".Sh DESCRIPTION",
             full_sentence(page.summary), *advice_of(page)]
    shared = any(heading in common for each in described for heading, _ in each.options())
    if shared:
        lines += [".Pp", "The options that choose a connection and an output are in", ".Xr docker-snowflake 1 ."]
    if subcommands:
        if options := own_options(page, common):
            lines += [".Pp", "Without a command,", f".Nm docker snowflake {page.path[0]}", "has these options:", *options]
        lines.append(".Sh COMMANDS")
        for each in subcommands:
            lines += [".Ss " + " ".join(each.path), full_sentence(each.summary), *advice_of(each), *argument_list(each),
                      *own_options(each, common)]
    else:
        if arguments := argument_list(page):
            lines += [".Sh ARGUMENTS", *arguments]
        if options := own_options(page, common):
            lines += [".Sh OPTIONS", *options]
    # The examples of a group repeat some of its commands' examples.
    examples = dict.fromkeys(example for each in [page, *subcommands] for example in each.examples)
    lines += [".Sh EXAMPLES", ".Bd -literal -offset indent", *map(escaped, examples), ".Ed",
              ".Sh SEE ALSO", ".Xr docker-credential-snowflake 1 ,", ".Xr docker-snowflake 1"]
    return name, "\n".join(lines) + "\n"


def command_list(page):
    """The commands under their headings, each with the page that describes it."""
    lines = []
    for heading, entries in page.sections.items():
        commands = [entry for entry in entries if re.fullmatch(r"[a-z][a-z0-9-]*", entry[0])]
        if not commands:
            continue
        lines += [f".Ss {heading}", ".Bl -tag -width Ds"]
        for name, summary in commands:
            lines += [f".It Xr docker-snowflake-{name} 1", full_sentence(summary)]
        lines.append(".El")
    return "\n".join(lines)


def write_page(directory, name, text):
    # Maximum compression and no timestamp, as Debian requires.
    with open(directory / f"{name}.1.gz", "wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as compressed:
        compressed.write(text.encode())


def main():
    template, target, *program = sys.argv[1:]
    directory = pathlib.Path(target)
    directory.mkdir(exist_ok=True)
    for old in directory.glob("docker-snowflake*.1.gz"):
        old.unlink()
    pages = list(walk(program))
    common = common_headings(pages)
    text = pathlib.Path(template).read_text(encoding="utf-8")
    date = next(line for line in text.splitlines() if line.startswith(".Dd "))
    for page in pages:
        if len(page.path) == 1:
            subcommands = [each for each in pages if each.path[:1] == page.path and len(each.path) > 1]
            write_page(directory, *command_page(page, subcommands, common, date))
    shared = {}
    for page in pages:
        for heading, entries in page.options():
            if heading in common:
                shared.setdefault(heading, f".Ss {heading}\n{option_list(entries)}")
    text = text.replace("@options@", "\n".join(own_options(pages[0], common))).replace("@commands@", command_list(pages[0]))
    write_page(directory, "docker-snowflake", text.replace("@common@", "\n".join(shared.values())))


if __name__ == "__main__":
    main()
