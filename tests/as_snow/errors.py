# SPDX-License-Identifier: Apache-2.0
"""What is compared of an error of the Snowflake CLI and ours. This list is all of it:

* exit status: the same;
* stream: ours is on standard error and nothing is on standard output, whatever the format;
* code: a code of Snowflake's that theirs shows is the one that ours shows, and ours shows none that theirs does not;
* named thing: what theirs names of that which the user gave (an object, option, argument, connection, value) ours names, too;
* Snowflake's own sentence, where a statement was refused: whole, as the server sent it.

How the rest is said is each program's own affair. Where even these differ, the case says why (`differs` in cases.py)."""

import re

# Codes from 250000 to 290999 are made up by the connector on this machine, not by Snowflake.
SERVER_CODE = re.compile(r"(?<![\d.])(?!2[5-9]\d{4})(\d{6})(?= \(|: )")
QUOTED = re.compile(r"'([^'\s]+)'")
OPTION = re.compile(r"(?<!\w)--[a-z][a-z-]+")
# Folds of their frame break words.
FRAME = re.compile(r"\s+")
SENTENCE = re.compile(r"^\d{6} \(\w{5}\): (?:SQL compilation error: |SQL access control error: )?(.*)$")


def one_line(text):
    return FRAME.sub(" ", text).strip()


def said(err):
    """The sentence of one of our errors, without the file and line that only we name; empty if there is none."""
    found = re.search(r"^Error: (.*?)(?=^Next: |\Z)", err, re.S | re.M)
    return re.sub(r"^snowflake(\.local)?\.yml(:\d+)?: ", "", one_line(found[1])) if found else ""


def named_things(case, theirs):
    """Of what theirs names, in quotes or as an option: what the user gave."""
    given = " ".join([case.words, case.config, *case.more.values(), *case.env.values()]).lower()
    # Not a whole mapping that their schema library quotes.
    theirs = re.sub(r"'?\{.*\}'?", " ", theirs)
    things = {thing.split(".")[-1].strip('"') for thing in QUOTED.findall(theirs)} | set(OPTION.findall(theirs))
    return {thing for thing in things if thing.lower() in given}


def differences(case, theirs, ours):
    """What of the list above differs; `theirs` and `ours` are answers of run_case.py."""
    found = []
    if ours["code"] != theirs["code"]:
        found.append(f"exit status {ours['code']}, theirs {theirs['code']}")
    if ours["out"]:
        found.append(f"on standard output: {ours['out']!r}")
    sentence, panel = said(ours["err"]), theirs["err"]
    if not sentence or "Next: " not in ours["err"]:
        found.append(f"an error has a sentence and a next step: {ours['err']!r}")
    if set(SERVER_CODE.findall(panel)) != set(SERVER_CODE.findall(sentence)):
        found.append(f"code {SERVER_CODE.findall(sentence)}, theirs {SERVER_CODE.findall(panel)}")
    for thing in sorted(named_things(case, panel)):
        if thing.lower() not in ours["err"].lower():
            found.append(f"does not name {thing}")
    refused = SENTENCE.match(panel)
    if refused and one_line(refused[1]).replace(" ", "") not in one_line(sentence).replace(" ", ""):
        found.append(f"not Snowflake's sentence: {refused[1]!r}")
    return found
