# SPDX-License-Identifier: Apache-2.0
"""Compares error messages of the plugin with those of the Snowflake CLI:

* exit status: the same;
* stream: the plugin prints the error on standard error and nothing on standard output, in every format;
* code: both show the same Snowflake error code, or none;
* names: if the Snowflake CLI names something that the user entered (object, option, argument, connection, value), so does the
  plugin;
* server message: if Snowflake refused a statement, the plugin shows its whole message.

The rest of the wording may differ. If one of these differs on purpose, the case has a reason (`differs` in cases.py)."""

import re

# Codes from 250000 to 290999 come from the Python connector, not from the server.
SERVER_CODE = re.compile(r"(?<![\d.])(?!2[5-9]\d{4})(\d{6})(?= \(|: )")
QUOTED = re.compile(r"'([^'\s]+)'")
OPTION = re.compile(r"(?<!\w)--[a-z][a-z-]+")
# The frame around errors wraps lines.
FRAME = re.compile(r"\s+")
SENTENCE = re.compile(r"^\d{6} \(\w{5}\): (?:SQL compilation error: |SQL access control error: )?(.*)$")


def one_line(text):
    return FRAME.sub(" ", text).strip()


def error_sentence(err):
    """Returns the sentence of the plugin's error without file and line, which the Snowflake CLI does not show; "" if there is none."""
    found = re.search(r"^Error: (.*?)(?=^Next: |\Z)", err, re.S | re.M)
    return re.sub(r"^snowflake(\.local)?\.yml(:\d+)?: ", "", one_line(found[1])) if found else ""


def named_inputs(case, theirs):
    """Returns the quoted words and options in the Snowflake CLI's error that occur in the user's input."""
    given = " ".join([case.words, case.config, *case.more.values(), *case.env.values()]).lower()
    # Ignores mappings that the schema library quotes as a whole.
    theirs = re.sub(r"'?\{.*\}'?", " ", theirs)
    names = {name.split(".")[-1].strip('"') for name in QUOTED.findall(theirs)} | set(OPTION.findall(theirs))
    return {name for name in names if name.lower() in given}


def differences(case, theirs, ours):
    """Returns the differences between two answers of run_case.py."""
    found = []
    if ours["code"] != theirs["code"]:
        found.append(f"exit status {ours['code']}, theirs {theirs['code']}")
    if ours["out"]:
        found.append(f"on standard output: {ours['out']!r}")
    sentence, panel = error_sentence(ours["err"]), theirs["err"]
    if not sentence or "Next: " not in ours["err"]:
        found.append(f"an error has a sentence and a next step: {ours['err']!r}")
    if set(SERVER_CODE.findall(panel)) != set(SERVER_CODE.findall(sentence)):
        found.append(f"code {SERVER_CODE.findall(sentence)}, theirs {SERVER_CODE.findall(panel)}")
    for name in sorted(named_inputs(case, panel)):
        if name.lower() not in ours["err"].lower():
            found.append(f"does not name {name}")
    refused = SENTENCE.match(panel)
    if refused and one_line(refused[1]).replace(" ", "") not in one_line(sentence).replace(" ", ""):
        found.append(f"not Snowflake's sentence: {refused[1]!r}")
    return found
