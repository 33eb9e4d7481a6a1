"""Long sessions: opening them, and finding a frame in them, from the cache and from the disk itself.

    python -m benchmarks.long_session                         one hour (simulated) of small frames, beside two minutes
    python -m benchmarks.long_session --full-size 10 --layout compact     ten minutes of the four real-size streams

The first takes an hour's count of frames (540,000), chunks and flushes, but frames of 1/64 of the area, so that it is
written in a minute or two; the second writes 17 GB (compact) or 27 GB (viewable) into --folder and removes them.
"Cold" is after the file was put out of the system's cache; "warm" when everything was read before. Figures are medians;
"CPU" is the CPU time of the warm ones, which a machine busy with other work changes least.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.four_streams import STREAMS, frames, repeated
from drivers.frame import Frame, StreamInfo
from recordings.reader import SessionReader
from recordings.session import SessionInfo
from recordings.stored import StoredFrame, encode_frame
from recordings.writer import SessionWriter

FLUSH_NS = 400_000_000
SEEKS = 200
OPENS = 5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--full-size", type=float, metavar="MINUTES", help="the real streams instead of small ones")
    parser.add_argument("--layout", choices=["viewable", "compact"], default="viewable")
    parser.add_argument("--folder", type=Path, help="where to write (default: the system's temporary folder)")
    parser.add_argument("--json", type=Path, metavar="FILE")
    arguments = parser.parse_args()
    layout: Any = arguments.layout
    made = frames(2)
    small = [shrink(f) for f in made]
    rows = []
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        path = Path(folder) / "session.mcap"
        if arguments.full_size is None:
            # two minutes: more than the reader keeps in memory
            rows.append(measure("2 minutes, small frames", write(path, small, 120, layout)))
            rows.append(measure("1 hour, small frames", write(path, small, 3600, layout)))
        else:
            name = f"{arguments.full_size:g} minutes, four real-size streams"
            rows.append(measure("10 s, four real-size streams", write(path, made, 10, layout)))
            rows.append(measure(name, write(path, made, 60 * arguments.full_size, layout)))
    print(f"layout {layout}; load {os.getloadavg()[0]:.1f}")
    print(
        "| session | MB | frames | open ms: cold, warm, CPU | first frame ms cold | seek ms: cold, warm (95 %), CPU |"
    )
    print("|---|---|---|---|---|---|")
    for r in rows:
        print(
            f"| {r['session']} | {r['mb']:.0f} | {r['frames']} | {r['open_cold_ms']:.0f}, {r['open_ms']:.0f}, "
            f"{r['open_cpu_ms']:.0f} | {r['first_cold_ms']:.0f} | {r['seek_cold_ms']:.2f}, {r['seek_ms']:.2f} "
            f"({r['seek_ms_95']:.2f}), {r['seek_cpu_ms']:.2f} |"
        )
    if arguments.json is not None:
        arguments.json.write_text(json.dumps({"layout": layout, "sessions": rows}, indent=1))


def shrink(frame: Frame) -> Frame:
    """Every eighth pixel of every eighth row."""
    pixels = np.ascontiguousarray(frame.pixels[::8, ::8])
    height, width = pixels.shape
    info = SMALL.setdefault(frame.stream, dataclasses.replace(frame.info, width=width, height=height))
    return Frame(info, pixels, frame.number, frame.device_ns, frame.host_ns, frame.flags)


SMALL: dict[str, StreamInfo] = {}


def write(path: Path, made: list[Frame], seconds: float, layout: Any) -> Path:
    """The same two seconds again and again, each frame encoded once, flushed as the recorder does."""
    path.unlink(missing_ok=True)
    streams = [next(f.info for f in made if f.stream == s.name) for s in STREAMS]
    info = SessionInfo.create(streams, title="benchmark", source="benchmark")
    codec: Any = "compact" if layout == "compact" else "raw"
    encoded = {id(f.pixels): encode_frame(f, codec) for f in made}
    flush = made[0].host_ns
    with (
        ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="pack") as packers,
        SessionWriter(path, info, layout, packers=packers) as writer,
    ):
        for stored in again(repeated(made, seconds), encoded):
            writer.write_stored(stored)
            if stored.host_ns >= flush + FLUSH_NS:
                flush = stored.host_ns
                writer.flush(sync=False)
    return path


def again(made: Iterable[Frame], encoded: dict[int, StoredFrame]) -> Iterable[StoredFrame]:
    for f in made:
        yield dataclasses.replace(encoded[id(f.pixels)], number=f.number, device_ns=f.device_ns, host_ns=f.host_ns)


def measure(name: str, path: Path) -> dict[str, Any]:
    names = [s.name for s in STREAMS]
    open_cold, first_cold = [], []
    for k in range(OPENS):
        drop_from_cache(path)
        began = time.perf_counter()
        with SessionReader(path) as reader:
            opened = time.perf_counter()
            reader.frame(names[k % 4], reader.count(names[k % 4]) // 2)
            open_cold.append(opened - began)
            first_cold.append(time.perf_counter() - began)
    opens, opens_cpu = zip(*(_timed(lambda: SessionReader(path).close()) for _ in range(OPENS)), strict=True)
    with SessionReader(path) as reader:
        counts = {n: reader.count(n) for n in names}
        rng = np.random.default_rng(5)
        places = [(n, int(rng.integers(counts[n]))) for n in rng.choice(names, SEEKS)]
        drop_from_cache(path)
        cold = [_timed(lambda p=p: reader.frame(*p))[0] for p in places]
    with SessionReader(path) as reader:  # another one, which has no chunk yet
        for n in names:
            reader.count(n)
        warm, warm_cpu = zip(*(_timed(lambda p=p: reader.frame(*p)) for p in places), strict=True)
    return {
        "session": name,
        "mb": path.stat().st_size / 1e6,
        "frames": sum(counts.values()),
        "open_cold_ms": statistics.median(open_cold) * 1e3,
        "open_ms": statistics.median(opens) * 1e3,
        "open_cpu_ms": statistics.median(opens_cpu) * 1e3,
        "first_cold_ms": statistics.median(first_cold) * 1e3,
        "seek_cold_ms": statistics.median(cold) * 1e3,
        "seek_ms": statistics.median(warm) * 1e3,
        "seek_cpu_ms": statistics.median(warm_cpu) * 1e3,
        "seek_ms_95": float(np.percentile(warm, 95)) * 1e3,
    }


def drop_from_cache(path: Path) -> None:
    """Linux only; elsewhere "cold" is warm."""
    if not hasattr(os, "posix_fadvise"):
        return
    with path.open("rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _timed(work: Callable[[], Any]) -> tuple[float, float]:
    """Seconds by the clock, and of CPU."""
    began, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - began, time.process_time() - cpu


if __name__ == "__main__":
    main()
