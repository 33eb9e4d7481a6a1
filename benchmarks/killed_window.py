"""How long a recording is interrupted when its window is killed: kill -9, again and again.

    python -m benchmarks.killed_window [--kills 5] [--source virtual:] [--json FILE]

`tapetum watch SOURCE --record FILE` runs without a screen (Qt offscreen); the process of its window is killed, and
the gap is taken from the files: from the last frame that can be recovered from the one to the first frame of the next.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from recordings.reader import SessionReader
from recordings.recover import recover_session


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--source", default="virtual:")
    parser.add_argument("--json", type=Path, metavar="FILE")
    arguments = parser.parse_args()
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} CPUs")
    gaps = []
    for _ in range(arguments.kills):
        with tempfile.TemporaryDirectory() as folder:
            gaps.append(_gap_s(Path(folder), arguments.source))
            print(f"{gaps[-1]:.2f} s", flush=True)
    found = {"gap, s: median": statistics.median(gaps), "worst": max(gaps), "kills": len(gaps)}
    print(found)
    if arguments.json:
        arguments.json.write_text(json.dumps(found, indent=2))


def _gap_s(folder: Path, source: str) -> float:
    command = [sys.executable, "-P", "-m", "tapetum", "watch", source, "--record", str(folder / "night.mcap")]
    keeper = subprocess.Popen(command, env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "DISPLAY": ":0"})
    first, second = folder / "night.mcap.part", folder / "night-again2.mcap.part"
    try:
        _wait(first)
        time.sleep(3.0)
        window = int(Path(f"/proc/{keeper.pid}/task/{keeper.pid}/children").read_text().split()[0])
        os.kill(window, signal.SIGKILL)
        _wait(second)
        time.sleep(1.0)
    finally:
        keeper.send_signal(signal.SIGTERM)
        keeper.wait(60)
    recover_session(first, folder / "whole.mcap")
    with SessionReader(folder / "whole.mcap") as before, SessionReader(folder / "night-again2.mcap") as after:
        last = max(int(before.times(s.name).host_ns[-1]) for s in before.streams)
        begin = min(int(after.times(s.name).host_ns[0]) for s in after.streams)
    return (begin - last) / 1e9


def _wait(path: Path, limit_s: float = 60.0) -> None:
    end = time.monotonic() + limit_s
    while not path.exists() or path.stat().st_size < 300_000:
        if time.monotonic() > end:
            raise SystemExit(f"nothing was recorded within {limit_s:g} s")
        time.sleep(0.02)


if __name__ == "__main__":
    main()
