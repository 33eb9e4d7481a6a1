"""A clip is shown in a window of its own, at its moment, and goes with the window that showed it."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gui.alarms.clip_desk import ClipDesk
from gui.alarms.clip_windows import MOST, ClipWindows, find
from gui.alarms.troubles import clips_words, telling_words
from gui.feed import FeedStatus, Mode, Phase, RecordingStatus
from gui.qt import QtWidgets
from pipeline.alarm_clips import ClipsNow
from pipeline.delivery.deliver import DeliveryStatus
from pipeline.live_rules import RulesNow
from recordings.errors import RecordingError
from recordings.event import Clip
from recordings.reader import SessionReader
from recordings.session import SessionInfo
from recordings.writer import SessionWriter
from tests.gui.alarms.desk import StillDesk, StillFeed
from tests.helpers.sessions import FRAME_NS, START_NS, write_session

KEEP = "import sys, time; open(sys.argv[1] + '.part', 'w').write('\\n'.join(sys.argv[2:])); import os; os.rename(sys.argv[1] + '.part', sys.argv[1]); time.sleep(float(sys.argv[1][-1]) and 600)"  # noqa: E501 - a program in one line


def until(true: Callable[[], object]) -> None:
    end = time.monotonic() + 20.0
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


def windows(tmp_path: Path, said: list[str], stays: int = 0) -> tuple[ClipWindows, Path]:
    out = tmp_path / f"shown-{stays}"
    return ClipWindows(said.append, (sys.executable, "-c", KEEP, str(out))), out


def test_a_clip_is_shown_by_the_program_itself_at_its_moment(tmp_path: Path) -> None:
    session = write_session(tmp_path / "night.mcap", 60)
    said: list[str] = []
    shows, out = windows(tmp_path, said)
    assert shows.open(session, START_NS + 45 * FRAME_NS)
    until(lambda: out.exists() and not shows.count)
    assert out.read_text().split("\n") == [str(session), "--at", "0:01.5"]
    out.unlink()
    assert shows.open(session, START_NS - 5 * FRAME_NS)
    until(lambda: out.exists() and not shows.count)
    assert out.read_text().split("\n") == [str(session)], "a clip of its own begins where it begins"
    shows.close()
    assert said == []


def test_it_ends_with_the_window_and_no_more_than_some_are_open(tmp_path: Path) -> None:
    session = write_session(tmp_path / "night.mcap", 3)
    said: list[str] = []
    shows, out = windows(tmp_path, said, stays=1)
    for _ in range(MOST):
        assert shows.open(session, START_NS)
    assert not shows.open(session, START_NS)
    until(out.exists)
    shows.close()
    until(lambda: not shows.count)
    assert not shows.open(session, START_NS)
    assert said == [], "an end that was asked for is no failure"


def test_a_clip_that_is_gone_or_not_there_yet_or_broken_is_said(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="is not there any more"):
        find(tmp_path / "night.mcap", 0)
    (tmp_path / "night.mcap.part").write_bytes(b"")
    with pytest.raises(RecordingError, match="is still being written"):
        find(tmp_path / "night.mcap", 0)
    (tmp_path / "broken.mcap").write_bytes(b"no session")
    said: list[str] = []
    shows, _ = windows(tmp_path, said)
    assert shows.open(tmp_path / "broken.mcap", 0)
    until(lambda: said)
    shows.close()
    assert "broken.mcap" in said[0]


def test_a_moment_is_found_in_the_file_of_a_recording_that_holds_it(tmp_path: Path) -> None:
    """Two files of one recording; what lies between them is found at the end of the first."""
    first = write_session(tmp_path / "night.mcap", 10)
    second = tmp_path / "night-0002.mcap"
    shift_s = 10
    write_later(second, shift_s)
    assert find(first, START_NS + 3 * FRAME_NS) == (first, pytest.approx(0.1))
    later_ns = START_NS + shift_s * 10**9 + 6 * FRAME_NS
    assert find(first, later_ns) == (second, pytest.approx(0.2))


def test_a_moment_of_several_clocks_is_told_on_ours(tmp_path: Path) -> None:
    path = tmp_path / "night.mcap"
    with SessionReader(write_session(tmp_path / "source.mcap", 10)) as reader:
        depth, infrared = (replace(one, clock=one.name) for one in reader.streams)
        with SessionWriter(path, SessionInfo.create((depth, infrared), title="two clocks", source="tests")) as writer:
            for frame in reader.frames():
                info = depth if frame.stream == depth.name else infrared
                writer.write_frame(replace(frame, info=info, device_ns=frame.device_ns - START_NS))
    assert find(path, START_NS + 6 * FRAME_NS) == (path, pytest.approx(0.2, abs=0.001))


def write_later(path: Path, shift_s: int) -> None:
    source = write_session(path.with_name("source.mcap"), 10)
    shift = shift_s * 10**9
    with SessionReader(source) as reader:
        info = SessionInfo.create(reader.streams, title="later", source="tests", clock="synthetic")
        with SessionWriter(path, info) as writer:
            for frame in reader.frames():
                writer.write_frame(replace(frame, device_ns=frame.device_ns + shift, host_ns=frame.host_ns + shift))


def test_a_command_that_fails_says_why(tmp_path: Path) -> None:
    session = write_session(tmp_path / "night.mcap", 3)
    said: list[str] = []
    shows = ClipWindows(said.append, (sys.executable, "-c", "import sys; sys.exit('no screen')"))
    assert shows.open(session, START_NS)
    until(lambda: said)
    shows.close()
    assert said == ["night.mcap could not be shown: no screen"]


# -- at the desk ------------------------------------------------------------------------------------------------------

FINE = FeedStatus(Mode.LIVE, "virtual:", Phase.RUNNING)


class Folders(StillFeed):
    def __init__(self, now: FeedStatus) -> None:
        super().__init__(now)
        self.folders: list[Path] = []

    def suggest_clips(self, folder: Path) -> None:
        self.folders.append(folder)


class Opened(ClipWindows):
    def __init__(self) -> None:
        super().__init__(lambda _words: None)
        self.asked: list[tuple[Path, int]] = []
        self.has_room = True

    def open(self, path: Path, begin_ns: int) -> bool:
        self.asked.append((path, begin_ns))
        return self.has_room


def test_what_an_operator_is_told_when_a_clip_is_asked_for(qtbot: QtBot) -> None:
    window = QtWidgets.QWidget()
    qtbot.addWidget(window)
    desk = StillDesk(window, StillFeed(FINE))
    clips = {
        "whole": Clip(0, 10, "/clips/a.mcap"),
        "failed": Clip(0, 10, "", "no clip: too many alarms at once"),
        "coming": Clip(20 * 10**9, 30 * 10**9, "/clips/b.mcap"),
        "recorded": Clip(0, 10, "night.mcap"),
    }
    clip_desk = ClipDesk(desk, clips.get)
    opened = clip_desk.windows = Opened()
    clip_desk.newest_ns = 25 * 10**9
    clip_desk.open("none")
    clip_desk.open("failed")
    clip_desk.open("coming")
    assert desk.said == ["this alarm has no clip", "no clip: too many alarms at once", "the clip is complete in 6 s"]
    assert opened.asked == []
    desk.feed.now = FeedStatus(Mode.LIVE, "", Phase.RUNNING, recording=RecordingStatus(Path("/nights/night.mcap")))
    clip_desk.open("whole")
    clip_desk.open("recorded")
    assert opened.asked == [(Path("/clips/a.mcap"), 0), (Path("/nights/night.mcap"), 0)]
    opened.has_room = False
    clip_desk.open("whole")
    assert desk.said[3:] == [
        "opens a.mcap in a window of its own",
        "opens night.mcap in a window of its own",
        "close one of the clips that are open first",
    ]
    clip_desk.close()


def test_clips_go_where_the_settings_say_and_what_is_wrong_stands_in_the_message_bar(
    qtbot: QtBot, tmp_path: Path
) -> None:
    window = QtWidgets.QWidget()
    qtbot.addWidget(window)
    feed = Folders(FINE)
    desk = StillDesk(window, feed)
    desk.settings.set("work.folder", str(tmp_path))
    clip_desk = ClipDesk(desk, {}.get)
    told = DeliveryStatus(failed=1, problem="it ended with 1: no siren", target="./siren")
    clip_desk.look(RulesNow("in-car", delivery=told, clips=ClipsNow(failed=1, problem="no frame came in its time")))
    assert feed.folders == [tmp_path / "alarms"]
    assert desk.told["alarms.telling"] == "An alarm was not told to ./siren: it ended with 1: no siren"
    assert desk.told["alarms.clips"] == "An alarm has no clip: no frame came in its time"
    clip_desk.look(RulesNow("in-car", delivery=DeliveryStatus(delivered=1), clips=ClipsNow(written=1)))
    assert (desk.told["alarms.telling"], desk.told["alarms.clips"]) == ("", "")
    assert len(feed.folders) == 1
    clip_desk.close()


def test_that_the_oldest_clip_had_to_go_is_said() -> None:
    now = RulesNow("in-car", clips=ClipsNow(written=3, deleted=1, deleted_last="alarm-1.mcap"))
    assert clips_words(now) == "Clips of alarms need room: alarm-1.mcap was deleted, the oldest of them."
    assert clips_words(RulesNow()) == telling_words(RulesNow()) == ""
