#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes very long and deeply nested inputs, which fuzzers rarely find by themselves: seeds.py DIRECTORY"""

import pathlib
import sys

MANY = 400_000
DEEP = 134_000

SEEDS = {
    "deep_array": "[" * DEEP + "]" * DEEP,
    "deep_object": '{"a":' * DEEP + "1" + "}" * DEEP,
    "deep_data": '{"success":true,"data":' + "[" * DEEP + "]" * DEEP + "}",
    "many_objects": '{"success":true,"data":[' + ",".join(["{}"] * MANY) + "]}",
    "many_rows": '{"success":true,"data":{"rowset":[' + ",".join(['["a"]'] * MANY) + "]}}",
    "long_text": '"' + "a" * 2_000_000 + '"',
    "long_escapes": '"' + "\\u0000" * 300_000 + '"',
    "dotted_toml": ".".join(["a"] * DEEP) + " = 1",
    "nested_toml": "a = " + "{a=" * DEEP + "1" + "}" * DEEP,
    "many_tables": "".join(f"[t{number}]\n" for number in range(100_000)),
    "many_forms": "<form " * 300_000,
    "many_entities": "&#x41;" * 300_000,
    "unclosed_comment": "<!--" * 400_000,
    "long_head": "GET / HTTP/1.1\r\n" + "a: b\r\n" * 300_000,
    "long_number": "1" * 2_000_000,
    "byte_order_mark": "\ufeff{}",
}


def main():
    directory = pathlib.Path(sys.argv[1])
    directory.mkdir(parents=True, exist_ok=True)
    for name, text in SEEDS.items():
        (directory / name).write_text(text)


if __name__ == "__main__":
    main()
