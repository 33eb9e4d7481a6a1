"""Events of a rig with several clocks are told on ours: they are found where they were."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from recordings.cut import cut_session
from recordings.describe import describe
from recordings.event import Event
from recordings.event_clocks import event_clocks, instants_of
from recordings.play_order import PlayOrder
from recordings.reader import SessionReader
from recordings.virtual_options import VirtualOptions
from recordings.writer import SessionWriter
from tests.recordings.sessions import DEPTH, EPOCH, GRAY, MS, frame_of, info_of

STEP = 33 * MS
CABIN, HEAT = replace(DEPTH, clock="cabin", registered_to=None), replace(GRAY, clock="heat")


@pytest.fixture
def session(tmp_path: Path) -> Path:
    """Half a second; one clock has run for 5 s and the other for 900 s when it begins."""
    path = tmp_path / "night.mcap"
    with SessionWriter(path, info_of([CABIN, HEAT])) as writer:
        for n in range(16):
            writer.write_frame(frame_of(CABIN, n))
            writer.write_frame(frame_of(HEAT, n, device_ns=900_000 * MS + n * STEP, host_ns=EPOCH + n * STEP + MS))
        writer.write_event(Event("yawn", EPOCH + 9 * STEP - 2 * MS, EPOCH + 12 * STEP))
        writer.write_event(Event("laser off", 5_000 * MS + 3 * STEP, 5_000 * MS + 4 * STEP))
    return path


def test_an_event_is_told_where_it_was(session: Path) -> None:
    yawn, laser = describe(session)["first_events"]
    assert (yawn["name"], yawn["at_s"]) == ("yawn", pytest.approx(9 * 0.033, abs=0.003))
    assert (laser["name"], laser["at_s"]) == ("laser off", pytest.approx(3 * 0.033)), "what a camera says on its clock"


def test_a_session_is_played_from_an_event(session: Path) -> None:
    with SessionReader(session) as reader:
        for name, first in (("yawn", 9), ("laser off", 3)):
            order = PlayOrder(reader, VirtualOptions(from_event=name))
            assert order.at(0) == ("depth", first)


def test_a_cut_keeps_the_events_of_its_span(session: Path, tmp_path: Path) -> None:
    for from_s, to_s, names in ((0.25, None, ["yawn"]), (None, 0.2, ["laser off"])):
        cut = cut_session(session, tmp_path / f"{names[0]}.mcap", from_s=from_s, to_s=to_s)
        with SessionReader(cut.path) as reader:
            assert [event.name for event in reader.events()] == names


def test_where_all_streams_share_a_clock_it_is_theirs(tmp_path: Path) -> None:
    path = tmp_path / "one.mcap"
    with SessionWriter(path, info_of([GRAY, DEPTH])) as writer:
        for info in (GRAY, DEPTH):
            writer.write_frame(frame_of(info, 3))
    with SessionReader(path) as reader:
        times = {s.name: reader.times(s.name) for s in reader.streams}
        assert [(name, list(at)) for name, at in event_clocks(reader.streams, times)] == [
            ("depth", [5_000 * MS + 3 * STEP]),
            ("gray", [5_000 * MS + 3 * STEP]),
        ]
        assert list(instants_of(reader.streams, times["gray"])) == [5_000 * MS + 3 * STEP]
