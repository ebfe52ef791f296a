#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Fails when a folder includes one that it must not know, or when a third-party library leaves the one file it is
meant for. Usage: check_layers.py [ROOT]"""

import pathlib
import re
import sys

MAY_INCLUDE = {
    "base": set(),
    "docker": {"base"},
    "net": {"base"},
    "ui": {"base"},
    "token": {"base", "docker"},
    "config": {"base", "docker"},
    "snowflake": {"base", "docker", "token", "config", "net", "ui"},
}
COMMON = set(MAY_INCLUDE)
# Parts of the plugin that stand on their own.
MAY_INCLUDE |= {"output": {"base", "snowflake"}, "project_file": {"base"}, "docker_config": {"base", "docker"},
                "settings_file": {"base", "docker", "config"}, "registry": {"base", "docker", "config", "net"}}
FOLDERS = set(MAY_INCLUDE) | {"commands", "helper", "plugin"}

# The beginning of a header's name, and the files that may name it.
KNOWN_TO = {
    "curl/": {"common/net/libcurl.hpp"},
    "openssl/": {"common/net/openssl.hpp"},
    "libsecret/": {"common/token/stores/libsecret.hpp"},
    "toml++/": {"common/config/toml_file.cpp"},
    "yaml-cpp/": {"plugin/project_file/yaml.cpp"},
    "zlib.h": {"common/net/gzip.cpp"},
    "utf8proc.h": {"plugin/output/text_width.cpp"},
    "CLI/": {"plugin/"},
    "iostream": {"plugin/main.cpp"},
}

INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]')


def layer_of(path: pathlib.PurePath) -> str:
    own = path.parts[0] == "common" or path.parts[1] in MAY_INCLUDE
    return path.parts[1] if own else path.parts[0]


def complaints(root: pathlib.Path):
    for top in ("common", "helper", "plugin"):
        for file in sorted((root / top).rglob("*.[ch]pp")):
            path = file.relative_to(root)
            layer = layer_of(path)
            allowed = MAY_INCLUDE.get(layer, FOLDERS - {"helper", "plugin"}) | {layer}
            for number, line in enumerate(file.read_text().splitlines(), 1):
                found = INCLUDE.match(line)
                if not found:
                    continue
                header = found.group(1)
                folder = header.split("/")[0]
                if folder in FOLDERS and "/" in header and folder not in allowed:
                    yield f"{path}:{number}: {layer} must not know {folder}"
                for library, places in KNOWN_TO.items():
                    if header.startswith(library) and not any(str(path).startswith(place) for place in places):
                        yield f"{path}:{number}: only {', '.join(sorted(places))} may know {library}"


def main() -> int:
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent)
    found = list(complaints(root))
    print("\n".join(found) or "every include points the right way")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
