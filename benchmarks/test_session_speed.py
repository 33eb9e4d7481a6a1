"""How fast sessions are written, read and sought in: pytest benchmarks/test_session_speed.py

The frames are synthetic: a smooth scene with sensor noise in the lowest bits, which compresses about as real depth and
infrared do. MB/s are of pixels.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from drivers.frame import Frame, StreamInfo, StreamKind
from recordings.reader import SessionReader
from recordings.session import SessionInfo
from recordings.writer import SessionWriter

SECONDS = 2
STREAMS = (
    StreamInfo("depth", StreamKind.DEPTH, 512, 424, "uint16", 30.0, unit_m=0.001),
    StreamInfo("infrared", StreamKind.INFRARED, 512, 424, "uint16", 30.0),
    StreamInfo("gray", StreamKind.GRAY, 640, 480, "uint8", 30.0),
    StreamInfo("thermal", StreamKind.THERMAL, 640, 512, "uint16", 60.0),
)

Benchmark = Callable[..., Any]


@pytest.fixture(scope="module")
def frames() -> list[Frame]:
    """Two seconds of four streams, in the order of time."""
    rng = np.random.default_rng(1)
    out = []
    for info in STREAMS:
        y, x = np.mgrid[: info.height, : info.width]
        scene = 1000 + 2 * x + y + 300 * np.sin(x / 60) * np.cos(y / 40)
        if info.dtype == "uint8":
            scene = scene / 12
        for n in range(round(SECONDS * info.fps)):
            noisy = np.roll(scene, n, axis=1) + rng.normal(0, 2, scene.shape)
            time = round((n + 1) * 1e9 / info.fps)
            out.append(Frame(info, noisy.clip(0, 65535).astype(info.dtype), n, time, time))
    return sorted(out, key=lambda f: f.host_ns)


@pytest.fixture(scope="module", params=["zstd", "lz4", "none", "png"])
def way(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def session(frames: list[Frame], way: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("session") / "a.mcap", frames, way)


def write(path: Path, frames: list[Frame], way: str) -> Path:
    info = SessionInfo.create(STREAMS, title="benchmark", source="benchmark")
    compression: Any = "none" if way == "png" else way
    codecs: Any = {s.name: "png" for s in STREAMS} if way == "png" else None
    with SessionWriter(path, info, compression=compression, codecs=codecs) as writer:
        for frame in frames:
            writer.write_frame(frame)
    return path


def megabytes(frames: list[Frame]) -> float:
    return sum(f.pixels.nbytes for f in frames) / 1e6


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
