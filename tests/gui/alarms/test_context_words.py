"""What rules know beside the pictures: a speed that is not known is never shown as one that is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gui.alarms.context_words import REASONS, event_line, is_missing, lines, value_line
from gui.alarms.rules_dialog import state_words
from gui.alarms.rules_part import RulesPart
from gui.qt import QtCore
from pipeline.config import PipelineConfig
from pipeline.context.intake import SourceNow
from pipeline.context.live import NOBODY, NOT_KNOWN_THERE, SILENT, UNUSED, ContextNow, ValueNow
from pipeline.live_rules import RulesNow, WatchConfig
from pipeline.rules.model import Fits, Rule, Tier
from pipeline.rules.tiers import NOT_KNOWN, circumstances
from recordings.event import Event
from tests.gui.work.live_window import live_window, until
from tests.pipeline.context.senders import Sender, free_port

GPS = SourceNow("nmea:/dev/ttyUSB0@9600", lines=10, values=10)
RAIN = ValueNow("poor_conditions", "", None, None, "", NOBODY, True)


def speed(value: float | None, reason: str = "", age_s: float | None = 0.4) -> ValueNow:
    return ValueNow("speed_kmh", "km/h", value, age_s, GPS.source, reason, True)


def test_a_known_speed_is_told_with_who_tells_it_and_its_age_where_that_matters() -> None:
    assert value_line(speed(63.2)) == f"vehicle speed 63 km/h, from {GPS.source}"
    assert value_line(speed(9.84, age_s=2.1)) == f"vehicle speed 9.8 km/h, 2 s old, from {GPS.source}"


@pytest.mark.parametrize("reason", [NOBODY, SILENT, NOT_KNOWN_THERE])
def test_an_unknown_speed_is_no_number_and_says_which_limits_count(reason: str) -> None:
    line = value_line(speed(None, reason))
    assert line == f"vehicle speed unknown ({reason}): the strictest limits count"
    assert reason in REASONS


def test_every_reason_that_the_pipeline_gives_can_be_translated() -> None:
    assert {NOBODY, SILENT, NOT_KNOWN_THERE, UNUSED, NOT_KNOWN} == set(REASONS)


def test_who_speaks_and_cannot_be_read_is_not_said_to_be_nobody() -> None:
    value = ValueNow("speed_kmh", "km/h", None, None, "", UNUSED, True, "a speed needs its unit, none is told")
    assert value_line(value) == (
        "vehicle speed unknown (somebody speaks, but nothing of it can be used; the last: a speed needs its unit, "
        "none is told): the strictest limits count"
    )
    assert is_missing(ContextNow((replace(RAIN, reason=UNUSED, wrong="no JSON"),), (GPS,))), "it is amber"


def test_it_is_a_fault_only_where_somebody_was_to_tell_it() -> None:
    assert is_missing(ContextNow((speed(None, SILENT), RAIN), (GPS,)))
    assert is_missing(ContextNow((speed(None, NOBODY), RAIN), (GPS,)))
    assert not is_missing(ContextNow((speed(63), RAIN), (GPS,)))
    assert not is_missing(ContextNow((speed(None, NOBODY), RAIN)))
    assert not is_missing(ContextNow())


def test_the_dialog_tells_what_is_known_what_is_wrong_and_that_nobody_was_named() -> None:
    nobody = state_words(RulesNow("in-car", "in-car", context=ContextNow((speed(None, NOBODY, None), RAIN))))
    assert "Vehicle speed unknown (nobody tells it): the strictest limits count" in nobody
    assert "without --context" in nobody
    bad = SourceNow("udp://127.0.0.1:5005", lines=5, values=2, bad=3, wrong="no JSON")
    gone = SourceNow("nmea:/dev/ttyUSB0@9600", problem="it is gone")
    odd = ValueNow("spede_kmh", "", 63.0, 0.1, bad.source, "", False)
    told = lines(ContextNow((speed(63.0), odd), (bad, gone)))
    assert told == [
        f"Vehicle speed 63 km/h, from {GPS.source}",
        f"Spede kmh 63, from {bad.source} (no rule asks for it)",
        f"{bad.source}: 3 of 5 lines were of no use, the last: no JSON",
        f"{gone.source}: it is gone",
    ]
    assert state_words(RulesNow()) == "No rules count now.", "without rules nobody asks"


def test_an_event_says_which_limits_counted() -> None:
    slow = Tier(context={"speed_kmh": Fits(below=50)}, for_s=2.0)
    when = {"signal": "off_road_s", "above": 3.0}
    rule = Rule.model_validate({"name": "away", "text": "Away", "severity": "alarm", "when": when, "tier": [slow]})
    plain = Rule.model_validate({"name": "away", "text": "Away", "severity": "alarm", "when": when})

    def told(rule: Rule, tier: int, **context: float) -> str:
        return event_line(Event("away", 1, evidence=circumstances(rule, tier, context)))

    assert told(rule, 0) == "the strictest limits counted: vehicle speed not known"
    assert told(rule, 0, speed_kmh=130.0) == "the strictest limits counted: vehicle speed 130 km/h"
    assert told(rule, 1, speed_kmh=30.0) == "milder limits counted: vehicle speed 30 km/h"
    assert told(plain, 0, speed_kmh=30.0) == ""


def test_a_speed_that_is_sent_stands_in_the_window_and_so_does_its_end(
    qtbot: QtBot, session: Path, tmp_path: Path
) -> None:
    port = free_port()
    watch = WatchConfig(rules="in-car", context_from=(f"udp://127.0.0.1:{port}",), context_max_age_s=0.5)
    with live_window(qtbot, session, tmp_path, PipelineConfig(watch=watch)) as window, Sender(port) as sender:

        def cell() -> tuple[str, str, str]:
            found = [v for v in window.readouts.vitals.vitals if v.name == "vehicle speed"]
            return (found[0].value, found[0].detail, found[0].tone) if found else ("", "", "")

        until(qtbot, lambda: cell() == ("unknown", "strictest limits", "warn"), window)
        timer = QtCore.QTimer()
        timer.timeout.connect(lambda: sender.send(speed_kmh=63))
        timer.start(20)
        until(qtbot, lambda: cell()[0] == "63 km/h" and cell()[2] == "", window)
        window.part(RulesPart).show_rules()
        dialog = window.part(RulesPart).dialog
        assert dialog is not None
        until(qtbot, lambda: "Vehicle speed 63 km/h, from udp://127.0.0.1:" in dialog.state.text(), window)
        timer.stop()
        until(qtbot, lambda: cell() == ("unknown", "strictest limits", "warn"), window)
        until(qtbot, lambda: "Vehicle speed unknown (nothing has come for a while)" in dialog.state.text(), window)


def test_lines_that_are_all_refused_stand_in_the_window_with_the_newest_reason(
    qtbot: QtBot, session: Path, tmp_path: Path
) -> None:
    port = free_port()
    watch = WatchConfig(rules="in-car", context_from=(f"udp://127.0.0.1:{port}",))
    with live_window(qtbot, session, tmp_path, PipelineConfig(watch=watch)) as window, Sender(port) as sender:
        window.part(RulesPart).show_rules()
        dialog = window.part(RulesPart).dialog
        assert dialog is not None
        until(qtbot, lambda: "Vehicle speed unknown (nobody tells it)" in dialog.state.text(), window)
        timer = QtCore.QTimer()
        timer.timeout.connect(lambda: sender.raw(b'{"speed": 63}'))
        timer.start(50)
        said = "Vehicle speed unknown (somebody speaks, but nothing of it can be used; the last: a speed needs its unit"
        until(qtbot, lambda: said in dialog.state.text(), window)
        timer.timeout.disconnect()
        timer.timeout.connect(lambda: sender.send(speed_kmh=63))
        until(qtbot, lambda: "Vehicle speed 63 km/h" in dialog.state.text(), window)
        timer.stop()
