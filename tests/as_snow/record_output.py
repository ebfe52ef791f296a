#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Records how the Snowflake CLI prints random results, for the unit tests of plugin/output.

Usage: build/tools/snow/bin/python tests/as_snow/record_output.py

Writes output.json."""

import contextlib
import csv
import io
import json
import pathlib
import random

from rich import box
from rich.console import Console
from rich.table import Table
from snowflake.cli._app import printing

WORDS = ["a", "Image", "repository", "MY_REPO", "successfully", "created.", "db/schema/repo/image:tag", "x" * 30, "日本語", "e\u0301te\u0301",
         "\U0001f680", "one two", "", " ", "  leading", "trailing  ", "sha256:" + "0123456789abcdef" * 4, "två", "a  b", "한국어", "."]


def cell(random_):
    return " ".join(random_.choice(WORDS) for _ in range(random_.choice([0, 1, 1, 1, 2, 3, 6])))


def print_table(header, rows, width, lines=True):
    # Like printing._get_table for TABLE and PLAIN.
    table = Table(show_header=True, box=box.ASCII) if lines else Table(show_header=True, box=None, show_edge=False, pad_edge=False)
    for name in header:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*row)
    out = io.StringIO()
    Console(file=out, width=width, height=25, soft_wrap=True, markup=False, emoji=False, force_terminal=False, color_system=None).print(table)
    return out.getvalue()


def tables():
    random_ = random.Random(7)
    for number in range(400):
        columns = random_.randint(1, 5)
        header = [random_.choice(["key", "value", "created_on", "a longer name", "x"]) for _ in range(columns)]
        rows = [[cell(random_) for _ in header] for _ in range(random_.randint(1, 4))]
        width = random_.choice([20, 30, 40, 60, 80, 100, 120, 100000]) + random_.randint(0, 9)
        # In a narrower terminal, rich breaks the frame itself.
        if width >= 4 * columns + 12:
            yield {"header": header, "rows": rows, "width": width, "drawn": print_table(header, rows, width),
                   "plain": print_table(header, rows, width, lines=False)}


def records():
    values = [[], ["plain"], [""], ["", ""], ["a,b", 'say "hi"', "two\nlines"], ["cr\rhere", "tab\there", " space "], ["é", "日本", "\U0001f680"],
              ["\x1b[31mred\x1b[0m", "\x07bell"], ["'", "\\"]]
    for fields in values:
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            names = [str(number) for number in range(len(fields))]
            writer = csv.DictWriter(out, fieldnames=names, lineterminator="\n")
            printing._write_csv_row(writer, dict(zip(names, fields)))
        yield {"fields": fields, "text": out.getvalue()}


def objects():
    for fields in [{"a": "b"}, {"token": "x", "expires_in": 3600}, {"é": "日本 \U0001f680", "n": None}, {"c": "\x00\x1b\x7f\u2028\"\\/\b\f\n\r\t"}]:
        yield {"fields": fields, "text": json.dumps(fields, indent=4)}


def main():
    path = pathlib.Path(__file__).with_name("output.json")
    recorded = {"tables": list(tables()), "records": list(records()), "objects": list(objects())}
    path.write_text(json.dumps(recorded, indent=None, separators=(",", ":")).replace('},{"', '},\n{"') + "\n")


if __name__ == "__main__":
    main()
