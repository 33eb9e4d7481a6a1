"""A signal that several cameras read is taken from the one that is surest now, and does not flip."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.frame import StreamKind
from pipeline.signals.best_camera import BestCamera, BestCameraConfig
from pipeline.signals.sight import Sight, unknown
from recordings.observation import SignalValue
from tests.pipeline.signals.faces import S, info_of, sight_at


class Reads:
    """Says the confidence that the face has, and how often it was asked; nothing of a face without any."""

    def __init__(self) -> None:
        self.asked = 0

    def step(self, sight: Sight, known: Mapping[str, SignalValue]) -> Mapping[str, SignalValue]:
        self.asked += 1
        confidence = sight.face.confidence
        count = SignalValue(self.asked, "", 1.0) if self.asked >= 3 else unknown("", "too few so far")
        if confidence <= 0.0:
            return {"it": unknown("", f"not seen in {sight.info.name}"), "count": count}
        return {"it": SignalValue(confidence, "", confidence), "count": count}


def seen(time_s: float, own: float, stream: str = "infrared", **others: float | None) -> Sight:
    """A face that is read with some confidence in its own picture, and in others; None: not now."""

    def one(name: str, confidence: float) -> Sight:
        info = info_of(StreamKind.COLOR, name=name)
        sight = sight_at(time_s)
        return replace(sight, info=info, face=replace(sight.face, stream=name, confidence=confidence))

    there = {name: one(name, sure) for name, sure in others.items() if sure is not None}
    return replace(one(stream, own), elsewhere=there)


def best(**more: float) -> BestCamera:
    return BestCamera(Reads, "it", BestCameraConfig(**more), lasting=("count",))


def sources(camera: BestCamera, sights: list[Sight]) -> list[str]:
    return [camera.step(sight, {})["it"].source for sight in sights]


def test_one_camera_alone_is_told_as_it_is() -> None:
    camera = best()
    told = camera.step(seen(0.0, 0.7), {})
    assert told["it"] == SignalValue(0.7, "", 0.7)
    assert camera.serves == "infrared"
    assert not camera.is_wanting


def test_a_camera_that_is_a_little_surer_changes_nothing() -> None:
    assert set(sources(best(), [seen(i / 10, 0.7, color=0.8) for i in range(50)])) == {""}


def test_a_camera_that_is_much_surer_takes_over_after_its_patience_and_is_named() -> None:
    told = sources(best(), [seen(i / 10, 0.5, color=0.8) for i in range(20)])
    assert told.index("color") == 5, "half a second"
    assert set(told[5:]) == {"color"}


def test_one_reading_that_is_worse_begins_the_patience_anew() -> None:
    told = sources(best(), [seen(i / 10, 0.5, color=0.5 if i == 4 else 0.8) for i in range(20)])
    assert told.index("color") == 10


def test_the_own_camera_takes_over_again_when_it_is_as_sure() -> None:
    camera = best()
    sources(camera, [seen(i / 10, 0.5, color=0.8) for i in range(10)])
    assert set(sources(camera, [seen(1 + i / 10, 0.75, color=0.8) for i in range(20)])) == {"color"}
    assert sources(camera, [seen(3 + i / 10, 0.8, color=0.8) for i in range(7)]) == ["color"] * 5 + ["", ""]


def test_what_the_own_camera_does_not_know_another_tells_at_once() -> None:
    camera = best()
    sources(camera, [seen(i / 10, 0.7, color=0.6) for i in range(20)])
    assert sources(camera, [seen(2.0, 0.0, color=0.6)]) == ["color"]


def test_what_was_said_a_moment_ago_is_no_ground_to_take_over() -> None:
    camera = best()
    sources(camera, [seen(i / 10, 0.7, color=0.6) for i in range(20)])
    told = camera.step(seen(2.0, 0.0), {})["it"]
    assert not told.is_valid, "it may have been covered since"
    assert camera.is_wanting


def test_a_camera_that_knows_hardly_anything_does_not_take_over() -> None:
    told = [best().step(seen(i / 10, 0.0, thermal=0.15), {})["it"] for i in range(20)]
    assert not any(one.is_valid for one in told)


def test_who_has_just_taken_over_stays_a_while_even_without_knowing() -> None:
    camera = best(stay_s=0.5)
    assert sources(camera, [seen(0.0, 0.0, color=0.6)]) == ["color"]
    told = [camera.step(seen(i / 10, 0.7, color=0.0), {})["it"] for i in range(1, 8)]
    assert [one.source for one in told] == ["color"] * 4 + [""] * 3
    assert [one.is_valid for one in told] == [False] * 4 + [True] * 3


def test_when_the_serving_camera_goes_the_confidence_falls_and_the_own_one_takes_over() -> None:
    camera = best()
    sources(camera, [seen(i / 10, 0.4, color=0.8) for i in range(10)])
    told = [camera.step(seen(1 + i / 10, 0.4), {})["it"] for i in range(8)]
    assert [one.source for one in told] == ["color"] * 5 + [""] * 3
    held = [one.confidence for one in told[:5]]
    assert all(a > b for a, b in pairwise([0.8, *held]))
    assert held[-1] == pytest.approx(0.4)
    assert told[5].confidence == 0.4


def test_a_single_picture_that_is_missing_changes_no_camera() -> None:
    camera = best()
    told = sources(camera, [seen(i / 10, 0.4, color=None if i == 8 else 0.8) for i in range(20)])
    assert set(told[6:]) == {"color"}


def test_each_camera_has_a_memory_of_its_own() -> None:
    camera = best()
    for i in range(6):
        camera.step(seen(i / 10, 0.7, color=0.6 if i % 2 else None), {})
    told = camera.step(seen(0.6, 0.0, color=0.6), {})
    assert told["count"].value == 4, "colour was asked four times, the own camera seven"


def test_a_value_that_grows_over_minutes_is_told_by_whoever_knows_it() -> None:
    camera = best()
    for i in range(5):
        camera.step(seen(i / 10, 0.7), {})
    told = camera.step(seen(0.5, 0.0, color=0.6), {})
    assert (told["it"].source, told["it"].value) == ("color", 0.6)
    assert (told["count"].source, told["count"].value) == ("infrared", 6)


def test_a_camera_that_takes_over_the_face_goes_on_with_what_it_learned() -> None:
    camera = best()
    for i in range(10):
        camera.step(seen(i / 10, 0.7, color=0.6), {})
    told = camera.step(seen(1.6, 0.6, stream="color"), {})
    assert told["count"].value == 11
    assert told["it"].source == "", "the face's own"
    assert camera.serves == "color"


def test_a_clock_that_leaps_back_forgets_what_was_held() -> None:
    camera = best()
    sources(camera, [seen(100 + i / 10, 0.4, color=0.8) for i in range(10)])
    told = camera.step(seen(5.0, 0.4), {})["it"]
    assert told == SignalValue(0.4, "", 0.4)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(-200, 900), *(st.sampled_from([None, 0.0, 0.1, 0.3, 0.5, 0.7, 0.9]) for _ in range(3))),
        min_size=1,
        max_size=60,
    )
)
def test_it_never_flips_faster_than_it_may(
    steps: list[tuple[int, float | None, float | None, float | None]],
) -> None:
    camera, again = best(), best()
    now, changed, before = 100_000, -1, ""
    for ms, own, one, two in steps:
        now += ms
        sight = seen(now / 1000, own or 0.0, color=one, thermal=two)
        told = camera.step(sight, {})
        assert told == again.step(sight, {})
        assert {"it", "count"} == set(told)
        for value in told.values():
            assert math.isfinite(value.value)
            assert 0 <= value.confidence <= 1
        if ms < 0:
            changed = -1
        serves = camera.serves
        if before and serves != before:
            # Back to the own camera at once only where the other one has gone.
            assert changed < 0 or now - changed >= 500 or serves == "infrared"
            changed = now
        before = serves
        assert sight.device_ns == round(now / 1000 * S)


def test_limits_are_refused() -> None:
    with pytest.raises(ValueError, match="better"):
        BestCameraConfig(better=0.5)
