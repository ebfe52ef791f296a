#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Fails when the directories of the C++ code are not what CONTRIBUTING says of them.

Usage: check_layers.py [ROOT]. Four rules; tests/check_layers_test.py shows each of them failing:

* layers: a room includes only the rooms that MAY_INCLUDE lists for it. An include is resolved to the file that the
  compiler would read, so one without a directory ("object_name.hpp") is seen like any other.
* one include per name: two files that the same include could mean are a mistake.
* namespaces: what a file declares is in the namespace of its room: common/net is net, plugin/output is plugin::output.
* libraries: a third-party library is included by one file, and its headers reach no other room through that file."""

import pathlib
import re
import sys
from collections import defaultdict

BASE = {"base"}
COMMON = {"base", "docker", "net", "ui", "token", "config", "snowflake", "kubelet"}
# Rooms of the plugin that have one purpose and know neither commands nor the plugin's own parts.
PARTS = {"plugin/output", "plugin/names", "plugin/connection_file", "plugin/project_file", "plugin/docker_config", "plugin/settings_file", "plugin/registry",
         "plugin/push", "plugin/relay"}

MAY_INCLUDE = {
    "base": set(),
    "docker": BASE,
    "kubelet": BASE,
    "net": BASE,
    "ui": BASE,
    "token": BASE | {"docker"},
    "config": BASE | {"docker"},
    "snowflake": BASE | {"docker", "token", "config", "net", "ui"},
    "helper": COMMON,
    "plugin/output": BASE | {"ui"},
    "plugin/names": BASE | {"config", "snowflake", "plugin/registry"},
    "plugin/project_file": BASE | {"plugin/names"},
    "plugin/docker_config": BASE | {"docker"},
    "plugin/settings_file": BASE | {"docker", "config"},
    "plugin/connection_file": BASE | {"config", "net", "plugin/settings_file"},
    "plugin/registry": BASE | {"docker", "config", "net"},
    "plugin/push": BASE | {"docker", "net", "plugin/output", "plugin/registry"},
    "plugin/relay": BASE | {"docker", "net", "plugin/output", "plugin/registry", "plugin/push"},
    "plugin/cli": COMMON | {"plugin/output", "plugin/names", "plugin/settings_file", "plugin"},
    "plugin/doctor": COMMON | PARTS | {"plugin", "plugin/cli"},
    "plugin/commands": COMMON | PARTS | {"plugin", "plugin/cli", "plugin/doctor", "plugin/kubernetes"},
    "plugin": COMMON | PARTS | {"plugin/cli", "plugin/commands"},
}
# A room that is not listed: what a command may know, but no command.
MAY_INCLUDE_BY_DEFAULT = COMMON | PARTS | {"plugin"}

# (room, the file or room that it should not know): why it still does. Entries that nothing needs any more are printed.
LAYER_EXCEPTIONS = {}
# The namespace that a room has besides its own: why.
NAMESPACE_EXCEPTIONS = {}

# The beginning of a library header's name: the room in which one file may include it.
LIBRARIES = {
    "curl/": "net",
    "openssl/": "net",
    "zlib.h": "net",
    "isa-l/": "net",
    "archive": "plugin/push",
    "microhttpd.h": "plugin/relay",
    "libsecret/": "token",
    "toml++/": "config",
    "yaml-cpp/": "plugin/project_file",
    "utf8proc.h": "plugin/output",
    "nlohmann/": "base",
}
# Known to more than one file, or to more than one room.
SHARED_LIBRARIES = {"CLI/": "plugin", "iostream": "plugin/main.cpp"}
# Every room may read JSON values by base/json.hpp.
REACHES_EVERYBODY = {"nlohmann/"}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
NAMESPACE = re.compile(r"(?<!using )(?<!= )\b(?:inline\s+)?namespace\b\s*([\w:]*)\s*\{")
FORWARD = re.compile(r"\s*(?:(?:class|struct|enum(?:\s+class)?)\s+\w+(?:\s*:\s*[\w:]+)?\s*;\s*)+")
NOISE = re.compile(r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'|^\s*#[^\n]*', re.S | re.M)


def room_of(path):
    """common/net/x.cpp: net; plugin/output/x.hpp: plugin/output; plugin/main.cpp: plugin"""
    top, *directories = path.split("/")[:-1]
    if top == "common":
        return directories[0]
    return "/".join([top, *directories[:1]])


def sources(root):
    return {str(file.relative_to(root)): file.read_text()
            for top in ("common", "helper", "plugin") for file in sorted((root / top).rglob("*.[ch]pp"))}


def read_as(path, header, files):
    """The files that an include in `path` could mean."""
    here = str(pathlib.PurePosixPath(path).parent)
    roots = [here, "common", "plugin" if path.startswith("plugin/") else "helper"]
    return sorted({name for name in (f"{directory}/{header}" for directory in roots) if name in files})


def includes(files):
    """path -> [(line number, header as it is written, file of ours or None)]; and complaints"""
    found, wrong = defaultdict(list), []
    for path, text in files.items():
        for number, line in enumerate(text.splitlines(), 1):
            match = INCLUDE.match(line)
            if not match:
                continue
            header = match.group(2)
            if ".." in header.split("/"):
                wrong.append(f"{path}:{number}: {header} is written from another directory; write it from the room's")
            candidates = read_as(path, header, files) if match.group(1) == '"' else []
            if len(candidates) > 1:
                wrong.append(f"{path}:{number}: {header} could be {' or '.join(candidates)}")
            found[path].append((number, header, candidates[0] if candidates else None))
    return found, wrong


def layer_problems(found, used):
    for path, lines in found.items():
        room = room_of(path)
        for number, header, target in lines:
            if target is None or room_of(target) == room:
                continue
            other = room_of(target)
            if other in MAY_INCLUDE.get(room, MAY_INCLUDE_BY_DEFAULT):
                continue
            excuse = next((key for key in ((room, other), (room, target)) if key in LAYER_EXCEPTIONS), None)
            if excuse:
                used.add(excuse)
            else:
                yield f"{path}:{number}: {room} must not know {other} ({header} is {target})"


def outer_namespaces(text):
    """[(namespace, what it encloses)] of a file, from the outside in: nested ones are joined where they only enclose another."""
    text = NOISE.sub(" ", text)
    position, result = 0, []
    while match := NAMESPACE.search(text, position):
        depth, end = 1, match.end()
        while depth and end < len(text):
            depth += {"{": 1, "}": -1}.get(text[end], 0)
            end += 1
        result.append((match.group(1), text[match.end():end - 1]))
        position = end
    return result


def namespace_problems(files, used):
    for path, text in files.items():
        room = room_of(path)
        own = room.replace("/", "::")
        for name, inside in outer_namespaces(text):
            if not name or name == own or name.startswith(own + "::"):
                if (room, name) in NAMESPACE_EXCEPTIONS:
                    used.add((room, name))
                continue
            allowed = {other.replace("/", "::") for other in MAY_INCLUDE.get(room, MAY_INCLUDE_BY_DEFAULT)}
            if FORWARD.fullmatch(inside) and name in allowed:
                continue
            if (room, name) in NAMESPACE_EXCEPTIONS:
                used.add((room, name))
                continue
            yield f"{path}: declares things in {name}; the namespace of {room} is {own}"


def library_problems(found):
    users = defaultdict(set)
    for path, lines in found.items():
        for number, header, target in lines:
            if target is not None:
                continue
            for library, room in LIBRARIES.items():
                if header.startswith(library):
                    users[library].add(path)
                    if room_of(path) != room:
                        yield f"{path}:{number}: only one file of {room} may include {library}"
            for library, place in SHARED_LIBRARIES.items():
                if header.startswith(library) and path != place and not path.startswith(place + "/"):
                    yield f"{path}:{number}: only {place} may include {library}"
    for library, paths in users.items():
        if len(paths) > 1:
            yield f"{library} is included by more than one file: {', '.join(sorted(paths))}"
        if library in REACHES_EVERYBODY:
            continue
        reached = set(paths)
        while more := {path for path, lines in found.items() if any(line[2] in reached for line in lines)} - reached:
            reached |= more
        for path in sorted(reached - paths):
            if room_of(path) != LIBRARIES[library]:
                yield f"{path}: sees {library} through what it includes; that is for {LIBRARIES[library]}"


def find_problems(root):
    """What is wrong, and the exceptions that were needed."""
    files, used = sources(pathlib.Path(root)), set()
    found, wrong = includes(files)
    wrong += layer_problems(found, used)
    wrong += namespace_problems(files, used)
    wrong += library_problems(found)
    return wrong, used


def main():
    root = sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent
    wrong, used = find_problems(root)
    for key in sorted((LAYER_EXCEPTIONS.keys() | NAMESPACE_EXCEPTIONS.keys()) - used):
        print(f"note: nothing needs the exception {key} any more: delete it")
    print("\n".join(wrong) or "every include points the right way, and every file is in the namespace of its directory")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
