"""How fast sessions are written, read and sought in: pytest benchmarks/test_session_speed.py --benchmark-only -s

The frames are those of benchmarks/four_streams.py; MB/s are of pixels. For comparisons with other writers see
benchmarks/session_writers.py and benchmarks/session_reading.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.four_streams import STREAMS, megabytes
from benchmarks.four_streams import frames as rendered
from drivers.frame import Frame
from recordings.reader import SessionReader
from recordings.session import SessionInfo
from recordings.writer import SessionWriter

WAYS: dict[str, dict[str, Any]] = {
    "viewable": {"layout": "viewable"},
    "viewable, lz4": {"layout": "viewable", "compression": "lz4"},
    "viewable, uncompressed": {"layout": "viewable", "compression": "none"},
    "compact": {"layout": "compact"},
    "png": {"compression": "none", "codecs": {s.name: "png" for s in STREAMS}},
}


@pytest.fixture(scope="module")
def frames() -> list[Frame]:
    """Two seconds of four streams, in the order of time."""
    return rendered(2)


@pytest.fixture(scope="module", params=list(WAYS))
def way(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def session(frames: list[Frame], way: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("session") / "a.mcap", frames, way)


def write(path: Path, frames: list[Frame], way: str) -> Path:
    info = SessionInfo.create(STREAMS, title="benchmark", source="benchmark")
    with SessionWriter(path, info, **WAYS[way]) as writer:
        for frame in frames:
            writer.write_frame(frame)
    return path


def test_write(benchmark: Any, frames: list[Frame], way: str, tmp_path: Path) -> None:
    names = count()
    path = benchmark.pedantic(lambda: write(tmp_path / f"{next(names)}.mcap", frames, way), rounds=3)
    mb = megabytes(frames)
    benchmark.extra_info["MB/s"] = round(mb / benchmark.stats.stats.median)
    benchmark.extra_info["of pixels"] = round(path.stat().st_size / mb / 1e6, 3)
    print(f"\nwrite {way}: {benchmark.extra_info}")


def test_read_all(benchmark: Any, frames: list[Frame], way: str, session: Path) -> None:
    def read() -> int:
        with SessionReader(session) as reader:
            return sum(1 for _ in reader.frames())

    assert benchmark.pedantic(read, rounds=3) == len(frames)
    benchmark.extra_info["MB/s"] = round(megabytes(frames) / benchmark.stats.stats.median)
    print(f"\nread {way}: {benchmark.extra_info}")


def test_seek_to_a_frame(benchmark: Any, way: str, session: Path) -> None:
    def anywhere(reader: SessionReader) -> Iterator[tuple[str, int]]:
        rng = np.random.default_rng(2)
        while True:
            info = STREAMS[int(rng.integers(len(STREAMS)))]
            yield info.name, int(rng.integers(reader.count(info.name)))

    with SessionReader(session) as reader:
        places = anywhere(reader)
        benchmark.pedantic(lambda: reader.frame(*next(places)), rounds=200)
    print(f"\nseek {way}: median {benchmark.stats.stats.median * 1e3:.2f} ms")


def test_open(benchmark: Any, session: Path) -> None:
    def first() -> Frame:
        with SessionReader(session) as reader:
            return reader.frame("depth", 30)

    benchmark(first)
