# SPDX-License-Identifier: Apache-2.0
"""SQL identifiers, LIKE patterns and string literals."""

import re

from ..errors import SqlError

UNQUOTED = r"[A-Za-z_][A-Za-z0-9_$]*"
IDENTIFIER = rf'(?:{UNQUOTED}|"(?:[^"]|"")+")'
QUALIFIED = rf"{IDENTIFIER}(?:\.{IDENTIFIER}){{0,2}}"


def canonical(part: str) -> str:
    return part[1:-1].replace('""', '"') if part.startswith('"') else part.upper()


def parts(name: str) -> list[str]:
    return [canonical(part) for part in re.findall(IDENTIFIER, name)]


def resolve(session, name: str) -> tuple[str, str, str]:
    """Returns database, schema and name, with defaults from the session."""
    found = parts(name)
    if len(found) < 3 and session.database is None:
        raise SqlError("090105", "22000", "Cannot perform operation. This session does not have a current database. "
                                          "Call 'USE DATABASE', or use a qualified name.")
    if len(found) < 2 and session.schema is None:
        raise SqlError("090106", "22000", "Cannot perform operation. This session does not have a current schema. "
                                          "Call 'USE SCHEMA', or use a qualified name.")
    whole = [session.database, session.schema][: 3 - len(found)] + found
    return tuple(whole)


def like(pattern: str):
    """Returns a predicate for a SHOW ... LIKE pattern: case-insensitive, with backslash as the escape character."""
    regex, index = "", 0
    while index < len(pattern):
        char = pattern[index]
        if char == "\\" and index + 1 < len(pattern):
            index += 1
            regex += re.escape(pattern[index])
        else:
            regex += {"%": ".*", "_": "."}.get(char, re.escape(char))
        index += 1
    compiled = re.compile(regex, re.IGNORECASE | re.DOTALL)
    return lambda text: compiled.fullmatch(text) is not None


def literal(text: str) -> str:
    """Unescapes the content of a SQL string literal."""
    return text.replace("''", "'").replace("\\'", "'").replace("\\\\", "\\")
