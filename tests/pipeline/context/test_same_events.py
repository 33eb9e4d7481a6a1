"""What rules found live with a speed that others sent, they find again in the recording: the same events."""

from __future__ import annotations

import json
import shutil
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from drivers.registry import open_camera
from engines.loading import Models
from pipeline.batch import collect, run_batch
from pipeline.config import PipelineConfig
from pipeline.context import keep as keep_file
from pipeline.context.book import ContextBook
from pipeline.context.keep import KeptContext
from pipeline.live_rules import WatchConfig
from pipeline.live_saves import SaveState
from pipeline.offline import OutputOptions
from pipeline.rules.tiers import AS_WRITTEN, NOT_KNOWN, of_context
from pipeline.run import LiveRun
from pipeline.session_rules import HowToCompute, watch_session
from recordings.config import RecordConfig
from recordings.cut import cut_session
from recordings.event import Event
from recordings.reader import SessionReader
from recordings.series.series import Timeline
from recordings.series.store import SeriesStore, series_folder
from recordings.told_events import joined
from tests.helpers.sessions import write_session
from tests.pipeline.context.senders import Sender, free_port, until

RULES = """
name = "moving"
context = ["speed_kmh"]

[[rule]]
name = "drives"
text = "The vehicle moves, or nobody knows"
severity = "warning"
per = "scene"
when = { signal = "faces", below = 50 }
clear_for_s = 0.0

[[rule.tier]]
context = { speed_kmh = { below = 10 } }
off = true

[[rule.tier]]
context = { speed_kmh = { below = 100 } }
severity = "notice"
"""
MAX_AGE_S = 1.5


class Drive:
    """A live run that is told speeds, and looks at what its rules say."""

    def __init__(self, run: LiveRun, sender: Sender) -> None:
        self.run, self._sender = run, sender
        self._speed: float | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._tell, name="test-sender")
        self._thread.start()

    def at(self, kmh: float | None, severity: str | None) -> None:
        """Go at a speed (None: nobody tells it) until the rules say so, and a while longer."""
        self._speed = kmh
        until(lambda: [e.severity for e in self.run.status().rules.running] == ([severity] if severity else []))
        done = self.run.status().processed
        until(lambda: self.run.status().processed >= done + 8)

    def end(self) -> None:
        self._stop.set()
        self._thread.join()

    def _tell(self) -> None:
        while not self._stop.wait(0.03):
            if self._speed is not None:
                self._sender.send(name="speed", value=self._speed / 3.6, unit="m/s")


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    path = tmp_path / "rules.toml"
    path.write_text(RULES)
    return path


def recorded(path: Path) -> list[Event]:
    with SessionReader(path) as reader:
        return [e for e in joined(reader.events()) if e.severity]


def found_again(sessions: list[Path], rules: Path, weights: Path, out: Path) -> list[list[dict[str, Any]]]:
    options = OutputOptions(video=False, rules=str(rules), schedule="stored")
    for item in run_batch(collect(sessions, out), options=options, weights=weights).items:
        assert item.outcome == "done", item.error
    return [pq.read_table(out / path.stem / "events.parquet").to_pylist() for path in sessions]


def essence(event: Event) -> tuple[Any, ...]:
    return event.name, event.begin_ns, event.end_ns, event.severity, event.note, [e.to_json() for e in event.evidence]


def essence_of_row(row: dict[str, Any]) -> tuple[Any, ...]:
    return (
        *(row[key] for key in ("name", "begin_ns", "end_ns", "severity", "note")),
        json.loads(row["evidence"]),
    )


def test_a_recording_gives_the_events_that_it_gave_live(
    models: Models, weights: Path, rules: Path, tmp_path: Path
) -> None:
    port = free_port()
    watch = WatchConfig(rules=str(rules), context_from=(f"udp://127.0.0.1:{port}",), context_max_age_s=MAX_AGE_S)
    camera = write_session(tmp_path / "camera.mcap", 40)
    path = tmp_path / "drive.mcap"
    run = LiveRun([open_camera(f"virtual:{camera}?loop=1")], models, PipelineConfig(watch=watch), record=path)
    with Sender(port) as sender:
        run.start()
        drive = Drive(run, sender)
        try:
            drive.at(None, "warning")
            drive.at(5, None)
            drive.at(60, "notice")
            drive.at(5, None)
            drive.at(130, "warning")
            drive.at(5, None)
            drive.at(None, "warning")
        finally:
            drive.end()
            assert run.stop(20.0)
        assert run.status().errors == ()
    live = recorded(path)
    assert [e.severity for e in live] == ["warning", "notice", "warning", "warning"]
    told = [[(e.name, e.signal.label, e.signal.reason) for e in of_context(event)] for event in live]
    assert told == [
        [("speed_kmh", AS_WRITTEN, NOT_KNOWN)],
        [("speed_kmh", "tier 2: speed_kmh below 100", "")],
        [("speed_kmh", AS_WRITTEN, "")],
        [("speed_kmh", AS_WRITTEN, NOT_KNOWN)],
    ]
    assert [round(of_context(e)[0].signal.value) for e in live] == [0, 60, 130, 0]
    (offline,) = found_again([path], rules, weights, tmp_path / "out")
    assert [essence_of_row(row) for row in offline] == [essence(e) for e in live]
    again: list[Event] = []
    watch_session(path, str(rules), again.append, HowToCompute(lambda: models))
    assert [essence(e) for e in again] == [essence(e) for e in live]
    (series,) = SeriesStore.open(path).series()
    assert (series.name, series.unit) == ("speed_kmh", "km/h")
    assert set(np.round(series.values[np.isfinite(series.values)])) == {5.0, 60.0, 130.0}


def test_files_of_one_recording_and_a_cut_of_it_have_their_part(
    models: Models, weights: Path, rules: Path, tmp_path: Path
) -> None:
    port = free_port()
    watch = WatchConfig(rules=str(rules), context_from=(f"udp://127.0.0.1:{port}",), context_max_age_s=MAX_AGE_S)
    record = RecordConfig(segment_minutes=1 / 60, clips=True, before_s=0.2, after_s=0.2)
    camera = write_session(tmp_path / "camera.mcap", 40)
    run = LiveRun(
        [open_camera(f"virtual:{camera}?loop=1")],
        models,
        PipelineConfig(watch=watch, record=record),
        record=tmp_path / "drive.mcap",
    )
    with Sender(port) as sender:
        run.start()
        drive = Drive(run, sender)
        try:
            drive.at(5, None)
            while len(list(tmp_path.glob("drive-00*.mcap*"))) < 2:
                drive.at(60, "notice")
                drive.at(130, "warning")
                drive.at(5, None)
        finally:
            drive.end()
            assert run.stop(20.0)
    files = sorted(p for p in tmp_path.glob("drive*.mcap"))
    assert any("-clip-" in p.name for p in files)
    for file in files:
        store = SeriesStore.open(file)
        assert store.names == ("speed_kmh",), file
        assert store.is_of_this_session
        with SessionReader(file) as reader:
            host = [int(e) for s in reader.streams for e in reader.times(s.name).host_ns]
        assert np.isfinite(store.get("speed_kmh").at(max(host)))
    with SessionReader(files[-1]) as reader:
        length_s = (max(host) - min(host)) / 1e9
    cut = tmp_path / "cut.mcap"
    # Its second half: something is known at its end, and on a busy machine nothing may have come in the first.
    cut_session(files[-1], cut, from_s=length_s / 2, to_s=length_s)
    assert SeriesStore.open(cut).get("speed_kmh").method == "previous"


def test_a_recording_begun_later_and_the_last_seconds_have_it_from_their_first_frame(
    models: Models, rules: Path, tmp_path: Path
) -> None:
    port = free_port()
    watch = WatchConfig(rules=str(rules), context_from=(f"udp://127.0.0.1:{port}",), context_max_age_s=MAX_AGE_S)
    camera = write_session(tmp_path / "camera.mcap", 40)
    run = LiveRun([open_camera(f"virtual:{camera}?loop=1")], models, PipelineConfig(watch=watch), keep=True)
    later, last = tmp_path / "later.mcap", tmp_path / "last.mcap"
    with Sender(port) as sender:
        run.start()
        drive = Drive(run, sender)
        try:
            drive.at(60, "notice")
            run.start_recording(later)
            until(lambda: (now := run.status().recorder) is not None and now.frames > 20)
            run.stop_recording()
            begun = time.monotonic()
            until(lambda: time.monotonic() > begun + 1.0)
            run.save_last(0.5, last)
            until(lambda: run.status().saves and run.status().saves[-1].state is not SaveState.SAVING)
        finally:
            drive.end()
            assert run.stop(20.0)
        assert run.status().errors == ()
        assert run.status().saves[-1].state is SaveState.SAVED
    for file in (later, last):
        with SessionReader(file) as reader:
            host_ns = np.concatenate([reader.times(s.name).host_ns for s in reader.streams])
        told = SeriesStore.open(file).get("speed_kmh").at(np.sort(host_ns))
        np.testing.assert_allclose(told, 60.0)


@dataclass
class Recorded:
    """What a recording says of itself to what lies beside it."""

    path: Path
    config: RecordConfig = field(default_factory=RecordConfig)


def test_what_was_told_so_far_is_there_while_it_is_recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keep_file, "EVERY_S", 0.0)
    book = ContextBook(2.0)
    book.put("gps", "speed_kmh", 63.0)
    path = tmp_path / "drive.mcap"
    (tmp_path / "drive.mcap.part").touch()
    kept = KeptContext(book, Recorded(path))  # type: ignore[arg-type]  # it asks for no more than these two
    kept.turn()
    store = SeriesStore(path, Timeline("", 0, 0))
    assert store.names == ("speed_kmh",), "a machine that loses its power now has lost nothing"
    book.put("gps", "speed_kmh", 64.0)
    kept.turn()
    assert len(SeriesStore(path, Timeline("", 0, 0)).get("speed_kmh").values) == 3
    clips_only = KeptContext(book, Recorded(tmp_path / "n.mcap", RecordConfig(profile="events")))  # type: ignore[arg-type]  # as above
    clips_only.turn()
    assert not (tmp_path / "n.mcap.series").exists()


def test_nothing_is_written_beside_a_first_segment_that_had_to_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keep_file, "EVERY_S", 0.0)
    book = ContextBook(2.0)
    path = tmp_path / "drive.mcap"
    path.touch()
    kept = KeptContext(book, Recorded(path))  # type: ignore[arg-type]  # it asks for no more than these two
    book.put("gps", "speed_kmh", 63.0)
    kept.turn()
    assert series_folder(path).exists()
    path.unlink()  # by age or quota, with what lies beside it
    shutil.rmtree(series_folder(path))
    book.put("gps", "speed_kmh", 64.0)
    kept.turn()
    assert not series_folder(path).exists()


def test_what_cannot_be_stored_is_told_and_the_recording_is_finished_all_the_same(tmp_path: Path) -> None:
    path = write_session(tmp_path / "drive.mcap", 3)
    book = ContextBook(2.0, clock=lambda: Timeline.read(path).begin_ns)
    book.put("gps", "speed_kmh", 63.0)
    (tmp_path / "drive.mcap.series").write_text("somebody's file")
    assert "the context could not be stored beside drive.mcap" in KeptContext(book, Recorded(path)).finish()  # type: ignore[arg-type]  # as above
    (tmp_path / "drive.mcap.series").unlink()
    assert KeptContext(book, Recorded(path)).finish() == ""  # type: ignore[arg-type]  # as above
    assert SeriesStore.open(path).names == ("speed_kmh",)
