#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks the layers of the C++ code, as CONTRIBUTING describes them.

Usage: check_layers.py [ROOT]

* layers: a layer includes only the layers that MAY_INCLUDE lists for it. An include without a directory ("object_name.hpp")
  is resolved to the file that the compiler would read.
* includes: an include must not match two files.
* namespaces: a file declares names only in the namespace of its layer: net for common/net, plugin::output for plugin/output.
* libraries: a third-party library is included by one file, and other layers do not include it indirectly through that file."""

import pathlib
import re
import sys
from collections import defaultdict

BASE = {"base"}
COMMON = {"base", "docker", "net", "ui", "token", "config", "snowflake", "kubelet"}
# Layers of the plugin that do not depend on commands or on files directly in plugin/.
PLUGIN_PARTS = {"plugin/output", "plugin/names", "plugin/connection_file", "plugin/project_file", "plugin/docker_config", "plugin/settings_file", "plugin/registry",
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
    "plugin/doctor": COMMON | PLUGIN_PARTS | {"plugin", "plugin/cli"},
    "plugin/commands": COMMON | PLUGIN_PARTS | {"plugin", "plugin/cli", "plugin/doctor", "plugin/kubernetes"},
    "plugin": COMMON | PLUGIN_PARTS | {"plugin/cli", "plugin/commands"},
}
# For a layer that is not listed above.
MAY_INCLUDE_BY_DEFAULT = COMMON | PLUGIN_PARTS | {"plugin"}

# (layer, layer or file that it includes against the rules): reason. Unused entries are reported.
LAYER_EXCEPTIONS = {}
# (layer, additional namespace): reason.
NAMESPACE_EXCEPTIONS = {}

# Prefix of a library's headers: the layer in which one file may include them.
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
# Prefix of a library's headers: the directory or file in which any file may include them.
SHARED_LIBRARIES = {"CLI/": "plugin", "iostream": "plugin/main.cpp"}
# May be included indirectly everywhere (JSON through base/json.hpp).
UNRESTRICTED_LIBRARIES = {"nlohmann/"}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
NAMESPACE = re.compile(r"(?<!using )(?<!= )\b(?:inline\s+)?namespace\b\s*([\w:]*)\s*\{")
FORWARD = re.compile(r"\s*(?:(?:class|struct|enum(?:\s+class)?)\s+\w+(?:\s*:\s*[\w:]+)?\s*;\s*)+")
NOISE = re.compile(r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'|^\s*#[^\n]*', re.S | re.M)


def layer_of(path):
    """Returns net for common/net/x.cpp, plugin/output for plugin/output/x.hpp and plugin for plugin/main.cpp."""
    top, *directories = path.split("/")[:-1]
    if top == "common":
        return directories[0]
    return "/".join([top, *directories[:1]])


def sources(root):
    return {str(file.relative_to(root)): file.read_text()
            for top in ("common", "helper", "plugin") for file in sorted((root / top).rglob("*.[ch]pp"))}


def resolve_include(path, header, files):
    """Returns the files that an include of `header` in `path` could match."""
    here = str(pathlib.PurePosixPath(path).parent)
    roots = [here, "common", "plugin" if path.startswith("plugin/") else "helper"]
    return sorted({name for name in (f"{directory}/{header}" for directory in roots) if name in files})


def includes(files):
    """Returns {path: [(line number, header as written, file in this repository or None)]} and a list of problems."""
    found, problems = defaultdict(list), []
    for path, text in files.items():
        for number, line in enumerate(text.splitlines(), 1):
            match = INCLUDE.match(line)
            if not match:
                continue
            header = match.group(2)
            if ".." in header.split("/"):
                problems.append(f"{path}:{number}: {header} contains '..'; write the path from the layer's directory")
            candidates = resolve_include(path, header, files) if match.group(1) == '"' else []
            if len(candidates) > 1:
                problems.append(f"{path}:{number}: {header} could be {' or '.join(candidates)}")
            found[path].append((number, header, candidates[0] if candidates else None))
    return found, problems


def include_problems(found, used):
    for path, lines in found.items():
        layer = layer_of(path)
        for number, header, target in lines:
            if target is None or layer_of(target) == layer:
                continue
            other = layer_of(target)
            if other in MAY_INCLUDE.get(layer, MAY_INCLUDE_BY_DEFAULT):
                continue
            exception = next((key for key in ((layer, other), (layer, target)) if key in LAYER_EXCEPTIONS), None)
            if exception:
                used.add(exception)
            else:
                yield f"{path}:{number}: {layer} must not include {other} ({header} is {target})"


def outer_namespaces(text):
    """Returns [(namespace, text between its braces)] for the outermost namespaces of a file."""
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
        layer = layer_of(path)
        own = layer.replace("/", "::")
        for name, inside in outer_namespaces(text):
            if not name or name == own or name.startswith(own + "::"):
                if (layer, name) in NAMESPACE_EXCEPTIONS:
                    used.add((layer, name))
                continue
            allowed = {other.replace("/", "::") for other in MAY_INCLUDE.get(layer, MAY_INCLUDE_BY_DEFAULT)}
            if FORWARD.fullmatch(inside) and name in allowed:
                continue
            if (layer, name) in NAMESPACE_EXCEPTIONS:
                used.add((layer, name))
                continue
            yield f"{path}: declares names in {name}; the namespace of {layer} is {own}"


def library_problems(found):
    users = defaultdict(set)
    for path, lines in found.items():
        for number, header, target in lines:
            if target is not None:
                continue
            for library, layer in LIBRARIES.items():
                if header.startswith(library):
                    users[library].add(path)
                    if layer_of(path) != layer:
                        yield f"{path}:{number}: only one file of {layer} may include {library}"
            for library, place in SHARED_LIBRARIES.items():
                if header.startswith(library) and path != place and not path.startswith(place + "/"):
                    yield f"{path}:{number}: only {place} may include {library}"
    for library, paths in users.items():
        if len(paths) > 1:
            yield f"{library} is included by more than one file: {', '.join(sorted(paths))}"
        if library in UNRESTRICTED_LIBRARIES:
            continue
        reached = set(paths)
        while more := {path for path, lines in found.items() if any(line[2] in reached for line in lines)} - reached:
            reached |= more
        for path in sorted(reached - paths):
            if layer_of(path) != LIBRARIES[library]:
                yield f"{path}: includes {library} indirectly; only {LIBRARIES[library]} may do that"


def find_problems(root):
    """Returns the problems, and the exceptions that were used."""
    files, used = sources(pathlib.Path(root)), set()
    found, problems = includes(files)
    problems += include_problems(found, used)
    problems += namespace_problems(files, used)
    problems += library_problems(found)
    return problems, used


def main():
    root = sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent
    problems, used = find_problems(root)
    for key in sorted((LAYER_EXCEPTIONS.keys() | NAMESPACE_EXCEPTIONS.keys()) - used):
        print(f"note: the exception {key} is unused; delete it")
    print("\n".join(problems) or "all layers, namespaces and libraries are used as allowed")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
