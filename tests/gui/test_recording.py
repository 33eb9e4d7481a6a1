"""What a live window says of its recording, and marks in it."""

from __future__ import annotations

import math
import time
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gui.feed import FeedStatus, Mode, Phase, RecordingStatus
from gui.live import LiveFeed
from gui.status.badges import Badges
from gui.status.recording_words import badge_words, detail_words, size_words
from recordings.reader import SessionReader
from recordings.virtual import VirtualCamera
from tests.gui.conftest import no_models

FILE = Path("/data/night.mcap")
GOING = RecordingStatus(FILE, frames=900, bytes_written=1_200_000_000, bytes_per_second=33e6, hours_left=14.2)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (GOING, "REC 1.2 GB, 33 MB/s, 14.2 h left on the disk"),
        (RecordingStatus(FILE), "REC 0 B"),
        (RecordingStatus(FILE, bytes_written=5_000, hours_left=0.4), "REC 5 kB, 24 min left on the disk"),
        (RecordingStatus(FILE, hours_left=1000.0), "REC 0 B, 42 days left on the disk"),
        (RecordingStatus(FILE, hours_left=math.inf), "REC 0 B, old files make room"),
        (RecordingStatus(FILE, lost={"depth": 3, "thermal": 1}, hours_left=5.0), "REC 0 B, 4 frames LOST"),
        (RecordingStatus(FILE, lost={"depth": 1}), "REC 0 B, 1 frame LOST"),
        (RecordingStatus(FILE, clip_problems=2), "REC 0 B, clips not whole"),
        (RecordingStatus(FILE, is_over=True, bytes_written=7_300_000_000_000), "recorded 7.30 TB"),
        (RecordingStatus(FILE, is_over=True, reason="no space left on the disk"), "RECORDING FAILED"),
    ],
)
def test_the_badge_says_what_must_be_known_at_a_glance(status: RecordingStatus, words: str) -> None:
    assert badge_words(status) == words
    assert status.is_in_trouble == any(w in words for w in ("LOST", "FAILED", "not whole"))


def test_who_looks_closer_learns_all_of_it() -> None:
    words = detail_words(
        RecordingStatus(FILE, "watch", True, "the disk broke", 12, 5, None, 2_000_000, 3.0, {"depth": 4}, 2, 1)
    )
    for expected in (
        "night.mcap: 12 frames, 5 B, watch",
        "2 MB free, 3.0 h left on the disk",
        "4 frames of depth are not in it",
        "2 clips, 1 problems with them",
        "ended: the disk broke",
    ):
        assert expected in words


def test_sizes_are_those_that_disks_are_sold_by() -> None:
    assert [size_words(n) for n in (999, 1_000, 1_500_000, 2**30, 2**40)] == [
        "999 B",
        "1 kB",
        "2 MB",
        "1.1 GB",
        "1.10 TB",
    ]


def _feed_status(recording: RecordingStatus | None) -> FeedStatus:
    return FeedStatus(Mode.LIVE, "virtual:", Phase.RUNNING, recording=recording)


def test_the_badge_blinks_red_only_while_something_is_wrong(qtbot: QtBot) -> None:
    badges = Badges()
    qtbot.addWidget(badges)

    def tones(recording: RecordingStatus) -> set[str]:
        out = set()
        for _ in range(4):
            badges.show_status(_feed_status(recording), False)
            out.add(badges.recording.property("tone"))
        return out

    badges.show_status(_feed_status(None), False)
    assert badges.recording.isHidden()
    assert tones(GOING) == {"badge-record"}
    assert "1.2 GB, 33 MB/s, 14.2 h left" in badges.recording.text()
    assert tones(RecordingStatus(FILE, lost={"depth": 1})) == {"badge-record", "badge-alarm"}
    failed = RecordingStatus(FILE, is_over=True, reason="no space left")
    assert tones(failed) == {"badge-record", "badge-alarm"}
    assert "no space left" in badges.recording.toolTip()
    assert tones(RecordingStatus(FILE, is_over=True)) == {"badge"}


def test_a_mark_stands_in_the_recording(session: Path, tmp_path: Path) -> None:
    out = tmp_path / "night.mcap"
    feed = LiveFeed(
        [f"virtual:{session}?loop=1"],
        record=out,
        load=no_models,
        open_source=lambda source: VirtualCamera.from_source(source.removeprefix("virtual:")),
    )
    assert not feed.mark(), "nothing runs yet"
    feed.start()
    try:
        deadline = time.monotonic() + 20
        while feed.newest() is None or feed.status().recording is None:
            assert time.monotonic() < deadline, feed.status()
            time.sleep(0.01)
        assert feed.mark("look here")
        recording = feed.status().recording
        assert recording is not None
        assert (recording.path, recording.is_over, recording.profile) == (out, False, "evidence")
    finally:
        assert feed.close()
    assert not feed.mark()
    assert feed.status().recording.is_over  # type: ignore[union-attr]  # it recorded
    with SessionReader(out) as reader:
        assert [(e.name, e.note) for e in reader.events()] == [("mark", "look here")]


def test_of_very_many_errors_the_newest_are_shown() -> None:
    from gui.live_facts import MOST_ERRORS, _newest

    assert _newest([f"error {n}" for n in range(9)]) == ["error 8", "error 7", "error 6", "and 6 more, see the log"]
    assert _newest(["a", "b", "a"]) == ["a", "b"]
    assert len(_newest([str(n) for n in range(100)])) == MOST_ERRORS + 1
