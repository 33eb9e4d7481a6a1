"""When signals look that read a thermal camera."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from drivers.frame import Frame, FrameFlag, StreamKind
from pipeline.signals.pace import Pace
from pipeline.signals.sight import OtherView, Sight
from pipeline.signals.warm_look import WarmLook
from pipeline.signals.warm_pace import WarmPace
from pipeline.signals.warm_pictures import GONE
from tests.pipeline.signals.faces import S, every, info_of, sight_at
from tests.pipeline.signals.warm_faces import warm_sight

PIXELS = warm_sight().others["thermal"].frame.pixels
THERMAL = warm_sight().others["thermal"].info


def at(time_s: float, picture: int | None = None, flags: FrameFlag = FrameFlag.NONE) -> Sight:
    """A sight with that thermal picture, or with none."""
    others = {}
    if picture is not None:
        others["thermal"] = OtherView(Frame(THERMAL, PIXELS, picture, round(time_s * S), 1, flags), lambda p: p)
    return sight_at(time_s, info=info_of(StreamKind.INFRARED), others=others)


def looks(pace: WarmPace, sights: Sequence[Sight]) -> list[float]:
    """At which seconds it looked."""
    return [sight.device_ns / S for sight in sights if pace.is_due(sight)]


def test_without_a_thermal_camera_turns_come_as_ever() -> None:
    times = every(4.0, 30)
    plain = Pace(300, 100)
    assert looks(WarmPace(300, 100), [at(t) for t in times]) == [t for t in times if plain.is_due(at(t))]


def test_where_every_sight_has_a_new_picture_turns_come_as_ever() -> None:
    times = every(4.0, 30)
    plain = Pace(300, 100)
    seen = looks(WarmPace(300, 100), [at(t, n) for n, t in enumerate(times)])
    assert seen == [at(t).device_ns / S for t in times if plain.is_due(at(t))]


def test_a_turn_waits_for_the_next_picture() -> None:
    """Nine a second, each in one sight of thirty a second."""
    sights = [at(i / 30, i // 4 if i % 4 == 2 else None) for i in range(120)]
    with_picture = {i / 30 for i in range(120) if i % 4 == 2}
    pace = WarmPace(200)
    assert pace.is_due(sights[0]), "the first is always looked at"
    seen = looks(pace, sights[1:])
    assert all(min(abs(t - w) for w in with_picture) < 1e-6 for t in seen)
    assert len(seen) in range(19, 22), "and none is left out"


def test_a_picture_that_stays_for_several_sights_is_looked_at_once() -> None:
    numbers = [int(t * 4) for t in every(4.0, 30)]
    pace = WarmPace(100)
    read = [n for t, n in zip(every(4.0, 30), numbers, strict=True) if pace.is_due(at(t, n))]
    assert read == sorted(set(numbers))


def test_a_picture_that_has_grown_old_is_told_at_its_turn() -> None:
    pace = WarmPace(200)
    assert looks(pace, [at(t, 7) for t in (0.0, 0.1, 0.2, 0.3)]) == [0.0]
    assert looks(pace, [at(t, 7, FrameFlag.STALE) for t in (0.4, 0.5)]) == [0.4]


@pytest.mark.parametrize("fps", [9, 4, 3])
def test_a_camera_that_is_gone_is_told_after_two_of_its_periods(fps: int) -> None:
    pace = WarmPace(200)
    looks(pace, [at(n / fps, n) for n in range(10)])
    last_s = 9 / fps
    missing = [at(last_s + i / 30) for i in range(1, 60)]
    first = looks(pace, missing)[0] - last_s
    assert min(2 / fps, 0.49) < first <= min(2.5 / fps + 0.2, 0.54)
    assert pace.look(missing[30]) == GONE


def test_the_first_picture_after_it_was_gone_is_looked_at_at_once() -> None:
    pace = WarmPace(300)
    looks(pace, [at(n / 9, n) for n in range(10)])
    assert looks(pace, [at(1.0 + i / 30) for i in range(1, 40)])
    assert looks(pace, [at(2.34, 50)]) == [2.34]


def test_who_never_gave_a_picture_is_no_camera() -> None:
    pace = WarmPace(300)
    assert pace.is_due(at(0.0))
    assert pace.look(at(0.0)) == "no thermal camera looks at the face"


def test_what_is_to_be_looked_at_again_at_once_waits_for_a_picture_too() -> None:
    pace = WarmPace(300)
    assert pace.is_due(warm_sight(0.0))
    assert isinstance(pace.look(warm_sight(0.0)), WarmLook)
    assert not pace.is_due(at(0.03), again=True)
    assert pace.is_due(at(0.11, 111), again=True)
