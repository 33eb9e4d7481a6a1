"""kill -9 while four cameras record: at most a second of each stream is lost, and the rest is whole."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from recordings.integrity import check_session
from recordings.reader import SessionReader
from recordings.recover import recover_session
from tests.recordings.recording_child import STREAMS, pixels_of

ROOT = Path(__file__).resolve().parents[2]


def record_and_kill(path: Path, layout: str, after_s: float) -> dict[str, tuple[int, int]]:
    """Stream -> number and host time of the last frame that the recorder had taken when it was killed."""
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.recordings.recording_child", str(path), layout], stdout=subprocess.PIPE, cwd=ROOT
    )
    try:
        assert child.stdout is not None
        assert child.stdout.readline() == b"recording\n"
        time.sleep(after_s)
    finally:
        child.kill()
    told, _ = child.communicate()
    last: dict[str, tuple[int, int]] = {}
    for line in told.decode().splitlines():
        words = line.split()
        if len(words) == 3:  # the last line may be torn
            last[words[0]] = int(words[1]), int(words[2])
    return last


def check(folder: Path, layout: str, after_s: float) -> float:
    """Seconds lost of the stream that lost most."""
    path = folder / "night.mcap"
    last = record_and_kill(path, layout, after_s)
    assert set(last) == {s.name for s in STREAMS}
    assert not path.exists()
    part = path.with_name("night.mcap.part")
    recover_session(part, folder / "saved.mcap")
    worst = 0.0
    with SessionReader(folder / "saved.mcap") as session:
        for info in STREAMS:
            times = session.times(info.name)
            count = len(times.number)
            assert times.number.tolist() == list(range(count)), "no hole before the end"
            for n in range(count):
                assert (session.frame(info.name, n).pixels == pixels_of(info, n % 16)).all()
            number, host_ns = last[info.name]
            assert count <= number + 2  # a frame may have been taken and not been told yet
            worst = max(worst, (host_ns - int(times.host_ns[-1])) / 1e9)
        assert check_session(session).is_whole, "session verify passes"
    assert worst <= 1.0
    for file in (part, folder / "saved.mcap", folder / "night.mcap.reserve"):
        file.unlink(missing_ok=True)
    return worst


@pytest.mark.parametrize("layout", ["viewable", "compact"])
def test_a_killed_recorder_loses_at_most_a_second(tmp_path: Path, layout: str) -> None:
    check(tmp_path, layout, 1.7)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_fifty_kills_at_random_moments(tmp_path: Path) -> None:
    rng = random.Random(3)
    losses = [check(tmp_path, ("viewable", "compact")[k % 2], rng.uniform(0.8, 5.0)) for k in range(50)]
    sys.stderr.write(f"\nlost: median {sorted(losses)[25]:.2f} s, worst {max(losses):.2f} s of 50 kills\n")
