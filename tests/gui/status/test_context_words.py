"""The speed among the numbers that are read from two metres."""

from __future__ import annotations

from gui.feed import FeedStatus, Mode, Phase
from gui.status.context_words import context_cell
from gui.status.limits import Limits
from gui.status.vitals_words import Vitals
from pipeline.context.intake import SourceNow
from pipeline.context.live import NOBODY, SILENT, ContextNow, ValueNow
from pipeline.live_rules import RulesNow

CAN = SourceNow("udp://127.0.0.1:5005")


def value(name: str, number: float | None, reason: str = "", is_asked: bool = True) -> ValueNow:
    unit = "km/h" if name == "speed_kmh" else ""
    return ValueNow(name, unit, number, 0.4, CAN.source, reason, is_asked)


def test_where_no_rule_asks_there_is_no_cell() -> None:
    assert context_cell(ContextNow()) is None
    assert context_cell(ContextNow((value("speed_kmh", 63.0, is_asked=False),), (CAN,))) is None


def test_a_speed_has_its_age_and_an_unknown_one_no_number() -> None:
    known = context_cell(ContextNow((value("speed_kmh", 63.0),), (CAN,)))
    assert known is not None
    assert (known.name, known.value, known.detail, known.tone) == ("vehicle speed", "63 km/h", "0.4 s old", "")
    gone = context_cell(ContextNow((value("speed_kmh", None, SILENT),), (CAN,)))
    assert gone is not None
    assert (gone.value, gone.detail, gone.tone) == ("unknown", "strictest limits", "warn")
    assert "nothing has come for a while" in gone.tip


def test_where_nobody_was_to_tell_it_that_is_no_fault() -> None:
    cell = context_cell(ContextNow((value("speed_kmh", None, NOBODY),)))
    assert cell is not None
    assert (cell.value, cell.tone) == ("unknown", "dim")


def test_what_is_not_known_any_more_beside_the_speed_is_seen() -> None:
    values = (value("speed_kmh", 63.0), value("poor_conditions", None, SILENT))
    cell = context_cell(ContextNow(values, (CAN,)))
    assert cell is not None
    assert (cell.value, cell.detail, cell.tone) == ("63 km/h", "poor conditions unknown", "warn")


def test_rules_that_ask_for_something_else_show_that() -> None:
    cell = context_cell(ContextNow((value("lift_m", 2.5),), (CAN,)))
    assert cell is not None
    assert (cell.name, cell.value) == ("lift m", "2.5")


def test_it_stands_among_the_others_while_a_live_picture_runs() -> None:
    rules = RulesNow("in-car", "in-car", context=ContextNow((value("speed_kmh", 63.0),), (CAN,)))

    def names(**more: object) -> list[str]:
        given = {"mode": Mode.LIVE, "title": "virtual:", "phase": Phase.RUNNING, "rules": rules, **more}
        now = FeedStatus(**given)  # type: ignore[arg-type]  # by name
        return [vital.name for vital in Vitals(Limits()).of(now, None, [], 30.0, False, 0.0)]

    assert "vehicle speed" in names()
    assert "vehicle speed" not in names(phase=Phase.ENDED)
    assert "vehicle speed" not in names(mode=Mode.REPLAY)
    assert "vehicle speed" not in names(rules=RulesNow())
