"""How fast sessions are read back: one after the other and anywhere, beside `mcap + PNG` and h5py.

    python -m benchmarks.session_reading [--seconds 4] [--rounds 5] [--json FILE]

The files are written as benchmarks/session_writers.py writes them. Reading all: every frame of all four streams in the
order of time, each compared with its checksum; MB/s of pixels by the clock, and for a CPU second. Seeking: frames at
random of random streams on an open reader, milliseconds. Readers take turns; figures are medians of the rounds. The
files lie in the system's cache (benchmarks/long_session.py reads from the disk itself).
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import xxhash

from benchmarks.four_streams import STREAMS, frames, megabytes, repeated
from benchmarks.recording_peers import BASELINE, Peer, ours, peers, seek_mcap_png
from benchmarks.session_writers import cpu_seconds
from drivers.frame import Frame
from recordings.reader import SessionReader

SEEKS = 100


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=4, help="of recording in each file")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", type=Path, help="where to write (default: the system's temporary folder)")
    parser.add_argument("--json", type=Path, metavar="FILE")
    arguments = parser.parse_args()
    made = list(repeated(frames(2), arguments.seconds))
    print(f"{len(made)} frames, {megabytes(made):.0f} MB of pixels; load {os.getloadavg()[0]:.1f}")
    known = peers()
    readers = [
        known[BASELINE],
        known["tapetum viewable"],
        known["tapetum compact"],
        ours("viewable", compression="lz4"),
    ]
    readers[3] = Peer("tapetum viewable, lz4 chunks", ".mcap", readers[3].write, readers[3].read)
    readers += [known["foxglove-sdk zstd"], known["h5py gzip1"], known["h5py blosc2"]]
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        paths = {}
        for n, peer in enumerate(readers):
            paths[peer.name] = Path(folder) / f"{n}{peer.suffix}"
            peer.write(paths[peer.name], made)
        rows = measure(readers, paths, made, arguments.rounds)
    print("| reader | MB/s | of mcap + PNG (worst round) | MB a CPU second | seek ms, median | 95th percentile |")
    print("|---|---|---|---|---|---|")
    for row in rows:
        seek = "- | -" if row["seek_ms"] is None else f"{row['seek_ms']:.2f} | {row['seek_ms_95']:.2f}"
        print(
            f"| {row['reader']} | {row['mb_s']:.0f} | {row['ratio']:.1f} ({row['ratio_worst']:.1f}) | "
            f"{row['mb_cpu_s']:.0f} | {seek} |"
        )
    if arguments.json is not None:
        arguments.json.write_text(json.dumps({"readers": rows}, indent=1))


def measure(readers: list[Peer], paths: dict[str, Path], made: list[Frame], rounds: int) -> list[dict[str, Any]]:
    wall: dict[str, list[float]] = {p.name: [] for p in readers}
    cpu: dict[str, list[float]] = {p.name: [] for p in readers}
    seeks: dict[str, list[float]] = {p.name: [] for p in readers}
    for k in range(rounds):
        for peer in readers:
            before, began = cpu_seconds(), time.perf_counter()
            count = sum(1 for _ in peer.read(paths[peer.name]))
            wall[peer.name].append(time.perf_counter() - began)
            cpu[peer.name].append(cpu_seconds() - before)
            if count != len(made):
                raise SystemExit(f"{peer.name}: {count} of {len(made)} frames came back")
            seeks[peer.name] += seek_times(peer, paths[peer.name], made, k)
    mb = megabytes(made)
    rows = []
    for peer in readers:
        ratios = [b / a for a, b in zip(wall[peer.name], wall[BASELINE], strict=True)]
        times = seeks[peer.name]
        rows.append(
            {
                "reader": peer.name,
                "mb_s": mb / statistics.median(wall[peer.name]),
                "mb_cpu_s": mb / statistics.median(cpu[peer.name]),
                "ratio": statistics.median(ratios),
                "ratio_worst": min(ratios),
                "seek_ms": statistics.median(times) * 1e3 if times else None,
                "seek_ms_95": float(np.percentile(times, 95)) * 1e3 if times else None,
            }
        )
    return rows


def seek_times(peer: Peer, path: Path, made: list[Frame], seed: int) -> list[float]:
    """Seconds of SEEKS random frames; empty where nothing measures it."""
    chosen = np.random.default_rng(seed).integers(0, len(made), SEEKS)
    if peer.name == BASELINE:
        at = seek_mcap_png(path)
        return [_timed(lambda f=made[i]: at(f.info, f.host_ns), made[i]) for i in chosen]
    if not peer.name.startswith("tapetum"):
        return []
    with SessionReader(path) as reader:
        for info in STREAMS:
            reader.frame(info.name, 0)  # what is loaded once for a stream
        return [_timed(lambda f=made[i]: reader.frame(f.stream, f.number).pixels, made[i]) for i in chosen]


def _timed(seek: Callable[[], Any], wanted: Frame) -> float:
    began = time.perf_counter()
    pixels = seek()
    took = time.perf_counter() - began
    if xxhash.xxh3_64_intdigest(pixels) != xxhash.xxh3_64_intdigest(wanted.pixels):
        raise SystemExit(f"frame {wanted.number} of {wanted.stream} came back otherwise")
    return took


if __name__ == "__main__":
    main()
