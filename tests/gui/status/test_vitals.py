"""The numbers that are read from two metres: never calm where something is wrong."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from gui.feed import FeedStatus, Mode, Phase, RecordingStatus, StreamStatus
from gui.look import theme
from gui.qt import QtCore, QtGui, QtWidgets
from gui.status.latency import Latency, LatencyKind
from gui.status.limits import Limits
from gui.status.readouts import Readouts
from gui.status.vitals_panel import VitalsPanel, fitting_detail
from gui.status.vitals_words import Vital, Vitals, health_line
from tests.gui.conftest import streams
from tests.gui.status.engine_states import fallen, state

COLOR, DEPTH, _THERMAL = streams()
QUICK = Latency("depth", LatencyKind.MEASURED, 38.0, 36.0, 44.0, 5.0, 6.0, 0.2, 150)
NIGHT = RecordingStatus(Path("night.mcap"), bytes_written=1_200_000_000, hours_left=14.2)


def status(*told: StreamStatus, **more: Any) -> FeedStatus:
    told = told or (StreamStatus(DEPTH, 29.9, 0, "streaming"),)
    given = {"mode": Mode.LIVE, "title": "virtual:", "phase": Phase.RUNNING, "engines": (state(),), **more}
    return FeedStatus(streams=told, **given)


def vitals(now: FeedStatus, latency: Latency | None = QUICK, idle: bool = False) -> dict[str, Vital]:
    told = Vitals(Limits()).of(now, latency, [], 30.0, idle, 0.0)
    return {vital.name: vital for vital in told}


def test_when_all_is_well_every_number_is_calm() -> None:
    told = vitals(status(recording=NIGHT))
    assert [(v.value, v.tone) for v in told.values()] == [
        ("38 ms", ""),
        ("29.9 fps", ""),
        ("0", ""),
        ("disk: 14.2 h", ""),
        ("OpenVINO · CPU", ""),
    ]
    assert told["camera to screen"].detail == "50 % 36 · 95 % 44 ms"
    assert health_line(list(told.values())).startswith("all is well. camera to screen: 38 ms")


def test_that_nothing_is_recorded_can_be_seen() -> None:
    assert vitals(status())["recording"].value == "not recording"
    assert vitals(status(recording=replace(NIGHT, is_over=True)))["recording"].value == "not recording"


@pytest.mark.parametrize(
    ("changes", "value", "tone"),
    [
        ({"hours_left": 0.9}, "disk: 54 min", "warn"),
        ({"hours_left": 0.1}, "disk: 6 min", "alarm"),
        ({"hours_left": math.inf}, "disk: enough", ""),
        ({"hours_left": math.nan}, "disk: …", ""),
        ({"hours_left": None}, "disk: …", ""),
        ({"lost": {"depth": 3}}, "disk: 14.2 h", "alarm"),
        ({"is_over": True, "reason": "no space left"}, "FAILED", "alarm"),
    ],
)
def test_the_recording_and_the_disk(changes: dict[str, Any], value: str, tone: str) -> None:
    found = vitals(status(recording=replace(NIGHT, **changes)))["recording"]
    assert (found.value, found.tone) == (value, tone)


@pytest.mark.parametrize(
    ("latency", "value", "tone"),
    [
        (replace(QUICK, p95_ms=400.0), "38 ms", "warn"),
        (Latency("depth", LatencyKind.CLOCK), "clock?", "warn"),
        (Latency("depth", LatencyKind.UNKNOWN), "unknown", "dim"),
        (Latency("depth", LatencyKind.NOTHING), "no picture", "dim"),
        (Latency("", LatencyKind.REPLAY), "replay", "dim"),
        (None, "unknown", "dim"),
    ],
)
def test_a_latency_is_a_number_or_says_why_it_is_none(latency: Latency | None, value: str, tone: str) -> None:
    found = vitals(status(), latency)["camera to screen"]
    assert (found.value, found.tone) == (value, tone)


def test_the_rate_is_that_of_the_stream_that_is_worst() -> None:
    slow = StreamStatus(COLOR, 9.1, 0, "streaming")
    found = vitals(status(StreamStatus(DEPTH, 29.9, 0, "streaming"), slow))["pictures"]
    assert (found.value, found.detail, found.tone) == ("9.1 fps", "color, of 30", "warn")
    broken = vitals(status(replace(slow, fps=math.nan)))["pictures"]
    assert (broken.value, broken.tone) == ("? fps", "warn")
    paused = vitals(status(replace(slow, fps=0.0, state="paused")))["pictures"]
    assert paused.tone == ""


def test_when_nothing_comes_any_more_the_numbers_are_greyed() -> None:
    for told in (vitals(status(), idle=True), vitals(status(phase=Phase.ENDED))):
        assert told["pictures"].value == "0.0 fps"
        assert told["pictures"].tone == "dim"
        assert told["camera to screen"].tone == "dim"


def test_losses_stand_out_while_they_go_on() -> None:
    book = Vitals(Limits())

    def lost(count: int, at_s: float) -> Vital:
        return book.of(status(StreamStatus(DEPTH, 29.9, count, "streaming")), QUICK, [], 30.0, False, at_s)[2]

    assert lost(0, 0.0).tone == ""
    assert (lost(4, 1.0).detail, lost(4, 1.0).tone) == ("4 in the last 10 s", "warn")
    assert (lost(4, 20.0).value, lost(4, 20.0).tone) == ("4", "")
    assert lost(1, 30.0).tone == "warn", "the count began anew"


def test_the_engine_says_what_it_fell_back_from() -> None:
    found = vitals(status(engines=(fallen(),)))["computed by"]
    assert found.value.startswith("FALLBACK")
    assert found.tone == "warn"
    assert "TensorRT" in found.tip


def test_what_is_wrong_is_read_out_first() -> None:
    line = health_line(list(vitals(status(recording=replace(NIGHT, hours_left=0.1))).values()))
    assert line.startswith("1 need attention. recording: disk: 6 min")


@given(fps=st.floats(), hours=st.floats(), lost=st.integers(-5, 10**9), ms=st.floats(0, 1e7))
def test_no_number_that_is_none_is_ever_shown(fps: float, hours: float, lost: int, ms: float) -> None:
    now = status(StreamStatus(DEPTH, fps, lost, "streaming"), recording=replace(NIGHT, hours_left=hours))
    for vital in vitals(now, replace(QUICK, now_ms=ms, p95_ms=ms)).values():
        assert "nan" not in vital.sentence
        assert "inf" not in vital.sentence


def test_the_panel_paints_symbols_beside_what_is_wrong_in_every_theme(qtbot: QtBot) -> None:
    panel = VitalsPanel()
    qtbot.addWidget(panel)
    panel.resize(320, 200)
    panel.show()
    calm = tuple(vitals(status(recording=NIGHT)).values())
    loud = tuple(vitals(status(recording=replace(NIGHT, hours_left=0.1))).values())
    try:
        for name in theme.NAMES:
            theme.use(name)
            panel.show_vitals(calm)
            before = panel.grab().toImage()
            panel.show_vitals(loud)
            assert panel.grab().toImage() != before
    finally:
        theme.use("dark")
    assert "disk: 6 min" in panel.accessibleDescription()


def test_the_tooltip_of_a_number_has_all_of_it(qtbot: QtBot) -> None:
    panel = VitalsPanel()
    qtbot.addWidget(panel)
    panel.resize(320, 200)
    panel.show_vitals(tuple(vitals(status(recording=NIGHT)).values()))
    panel.show()
    place = panel.cell(3).center()
    asked = QtGui.QHelpEvent(QtCore.QEvent.Type.ToolTip, place, panel.mapToGlobal(place))
    QtWidgets.QApplication.sendEvent(panel, asked)
    assert "recording: disk: 14.2 h" in QtWidgets.QToolTip.text()
    QtWidgets.QToolTip.hideText()


def test_the_readouts_show_the_numbers_at_once_and_the_tables_in_turn(qtbot: QtBot) -> None:
    readouts = Readouts()
    qtbot.addWidget(readouts)
    readouts.show_status(status(), None, 30.0, False, QUICK, [QUICK])
    texts = [label.text() for label in readouts.findChildren(QtWidgets.QLabel)]
    assert "depth" in texts
    assert "29.9" in texts
    for _ in range(4):
        readouts.show_status(status(StreamStatus(DEPTH, 12.5, 2, "streaming")), None, 30.0, False, QUICK, [QUICK])
    texts = [label.text() for label in readouts.findChildren(QtWidgets.QLabel)]
    assert "12.5" in texts
    assert readouts.vitals.vitals[1].value == "12.5 fps"


@pytest.mark.parametrize("percent", [80, 100, 200])
@pytest.mark.parametrize("p95", [44.0, 159.0, 1590.0, 9999.0])
def test_a_latency_is_never_cut_from_its_unit(qtbot: QtBot, p95: float, percent: int) -> None:
    told = vitals(status(), replace(QUICK, median_ms=p95 / 3, p95_ms=p95))["camera to screen"]
    room = (340 - 26) // 2 - 8
    font = QtGui.QFont()
    font.setPointSizeF(10.0 * percent / 100)
    said, fitting = fitting_detail(told, font, room)
    assert said.endswith(" ms")
    assert QtGui.QFontMetrics(fitting).horizontalAdvance(said) <= room
