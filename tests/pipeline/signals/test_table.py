"""All signals together on one face: every name is known, every value is a number, twice the same says the same."""

from __future__ import annotations

import math

import pytest

from drivers.frame import StreamKind
from pipeline.signals.config import SignalsConfig
from pipeline.signals.names import BY_NAME
from pipeline.signals.table import make_signals
from recordings.observation import SignalValue
from tests.pipeline.signals.faces import every, info_of, sights


def told(kind: StreamKind = StreamKind.INFRARED) -> list[dict[str, SignalValue]]:
    signals, out = make_signals(SignalsConfig()), []
    for sight in sights(every(3.0, fps=15), info=info_of(kind)):
        known: dict[str, SignalValue] = {}
        for signal in signals:
            known.update(signal.step(sight, known))
        out.append(known)
    return out


def test_every_signal_has_a_name_a_unit_and_a_range_that_are_known() -> None:
    names = {name for one in told() for name in one}
    assert names <= set(BY_NAME)
    for one in told():
        for name, signal in one.items():
            assert signal.unit == BY_NAME[name].unit, name
            assert math.isfinite(signal.value)
            assert 0.0 <= signal.confidence <= 1.0
            if signal.is_valid:
                assert BY_NAME[name].lowest <= signal.value <= BY_NAME[name].highest, name
            else:
                assert signal.value == 0.0, name


def test_every_instant_tells_the_same_names_and_all_that_rules_may_ask_for() -> None:
    instants = told()
    assert all(set(one) == set(instants[0]) for one in instants)
    of_faces = {name for name, known in BY_NAME.items() if known.of == "face"} - {"face_confidence"}
    assert of_faces == set(instants[0])


@pytest.mark.parametrize("kind", [StreamKind.INFRARED, StreamKind.THERMAL, StreamKind.DEPTH])
def test_the_same_sights_give_the_same_signals(kind: StreamKind) -> None:
    assert told(kind) == told(kind)
