#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Records the answers of the Snowflake CLI; record.sh runs this in the test world."""

import json
import os
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from as_snow.cases import CASES  # noqa: E402
from as_snow.run_case import push_images, run_case  # noqa: E402
from world.world import World  # noqa: E402


def main():
    chosen = sys.argv[1] if len(sys.argv) > 1 else ""
    path = pathlib.Path(os.environ.get("DCS_RECORDED", HERE / "recorded.json"))
    recorded = json.loads(path.read_text()) if path.exists() else {}
    world = World(os.environ["DCS_BIN_DIR"])
    try:
        push_images(world)
        names = {case.name for case in CASES}
        assert len(names) == len(CASES), "two cases have the same name"
        for number, case in enumerate(CASES):
            if case.name in recorded if chosen == "new" else chosen not in case.name:
                continue
            recorded[case.name] = run_case(world, case, os.environ["DCS_SNOW"])
            print(f"{number + 1}/{len(CASES)} {recorded[case.name]['code']} {case.name}", flush=True)
        recorded = {name: recorded[name] for name in sorted(recorded) if name in names}
        path.write_text(json.dumps(recorded, indent=1, ensure_ascii=True) + "\n")
    finally:
        world.stop()


if __name__ == "__main__":
    main()
