"""Stands for the program in tests of rules over a recording: its one command, without the time that a start takes.

``TAPETUM_TEST_RULES``: ``wait`` waits for the file ``TAPETUM_TEST_GO``, ``fail`` fails, ``compute`` makes as if it
computed for as long as ``wait`` does, and keeps it.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

from commands.session_rules import session_rules
from commands.terminal import err, progress_bar


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("words", nargs=2)
    parser.add_argument("session", type=Path)
    parser.add_argument("--rules")
    for name in ("output", "keep", "config", "weights"):
        parser.add_argument(f"--{name}", type=Path)
    for name in ("again", "json"):
        parser.add_argument(f"--{name}", action="store_true")
    a = parser.parse_args()
    how = os.environ.get("TAPETUM_TEST_RULES", "")
    if how == "fail":
        err.print("tapetum: the models cannot be read; run tapetum doctor")
        return 1
    if how in ("wait", "compute"):
        with progress_bar("FrameSets") as bars:
            bars.add_task(a.session.name, total=40, completed=10)
            until = time.monotonic() + 60
            while not Path(os.environ["TAPETUM_TEST_GO"]).exists() and time.monotonic() < until:
                time.sleep(0.02)
    code = session_rules(
        a.session, a.rules, a.output, a.again and how != "compute", a.keep, a.config, a.weights, a.json
    )
    if how == "compute":
        a.keep.write_bytes(b"kept")
    return code


if __name__ == "__main__":
    sys.exit(main())
