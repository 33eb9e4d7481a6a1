"""Which faces are read in which other cameras of the rig, when, and where in their pictures."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.frame import Extrinsics, Frame, FrameFlag, FrameSet, Intrinsics, StreamInfo, StreamKind
from drivers.related import Relations
from pipeline.steps.register import View
from pipeline.steps.second_look import Second, SecondLook, SecondLookConfig
from pipeline.steps.track import Track
from recordings.observation import Box

S = 1_000_000_000
LENS = Intrinsics(640, 480, 600.0, 600.0, 319.5, 239.5)
NIGHT = StreamInfo("night", StreamKind.INFRARED, 640, 480, "uint8", intrinsics=LENS)
COLOR = replace(NIGHT, name="color", kind=StreamKind.COLOR, extrinsics=Extrinsics(translation_m=(-0.03, 0.0, 0.0)))
WARM = StreamInfo(
    "warm",
    StreamKind.THERMAL,
    160,
    120,
    "uint16",
    intrinsics=Intrinsics(160, 120, 150.0, 150.0, 79.5, 59.5),
    extrinsics=Extrinsics(translation_m=(0.05, 0.0, 0.0)),
)
RIG = (NIGHT, COLOR, WARM)


def frame_of(info: StreamInfo, number: int, seconds: float, flags: FrameFlag = FrameFlag.NONE) -> Frame:
    return Frame(info, np.zeros(info.shape, info.dtype), number, round(seconds * S), round(seconds * S), flags)


def frame_set(number: int, seconds: float, *streams: StreamInfo) -> FrameSet:
    frames = {one.name: frame_of(one, number, seconds) for one in (NIGHT, *(streams or (COLOR, WARM)))}
    return FrameSet(number, round(seconds * S), frames)


def track(serial: int = 0, **more: object) -> Track:
    made = Track(serial, (319.5 + 40 * serial, 239.5), Box(280, 190, 80, 100), 192.0, 1000.0, serial + 1)
    return replace(made, is_face=True, **more)  # type: ignore[arg-type]  # any field of a track


def ask(look: SecondLook, sets: FrameSet, *tracks: Track) -> list[Second]:
    night = sets.frames["night"]
    related = Relations([frame.info for frame in sets.frames.values()])
    view = View(night, np.asarray(night.pixels), None, night.info.intrinsics, related=related)
    return look(sets, view, LENS, tracks)


def names(found: list[Second]) -> list[tuple[int, str]]:
    return [(one.serial, one.view.stream) for one in found]


def test_a_face_is_cut_out_as_the_other_lens_shows_it() -> None:
    (warm,) = ask(SecondLook(), frame_set(0, 0.0, WARM), track())
    assert warm.crop.box.center == pytest.approx((79.5 - 7.5, 59.5)), "50 mm beside at 1 m"
    assert (warm.crop.box.w, warm.crop.box.h) == pytest.approx((48.0, 48.0)), "320 mm at 1 m"
    assert warm.view.intrinsics == WARM.intrinsics
    assert warm.view.depth_mm is None


def test_without_a_depth_a_face_is_as_far_as_an_average_head_looks() -> None:
    (warm,) = ask(SecondLook(), frame_set(0, 0.0, WARM), track(distance_mm=None, region_px=160.0))
    assert warm.crop.box.w == pytest.approx(40.0), "160 px of 600 are 320 mm at 1.2 m"


def test_one_look_a_frame_set_and_each_has_its_turn() -> None:
    look = SecondLook(SecondLookConfig(every_s=0.1))
    told = [names(ask(look, frame_set(i, i / 10), track(0), track(1))) for i in range(8)]
    assert all(len(one) == 1 for one in told)
    turns = [one[0] for one in told]
    assert turns[:4] == [(0, "color"), (0, "warm"), (1, "color"), (1, "warm")]
    assert turns[4:] == turns[:4]


def test_a_face_is_read_in_a_camera_as_often_as_told_and_not_oftener() -> None:
    look = SecondLook(SecondLookConfig(looks=4, every_s=0.2))
    when = [i for i in range(30) if ask(look, frame_set(i, i / 30, WARM), track())]
    assert when == [0, 6, 12, 18, 24]


def test_a_camera_that_serves_is_read_on_every_frame_set_beside_the_turns() -> None:
    look = SecondLook()
    look.wish({1: ["color"]}, ())
    told = [names(ask(look, frame_set(i, i / 30), track())) for i in range(7)]
    assert all((0, "color") in one for one in told)
    assert [i for i, one in enumerate(told) if (0, "warm") in one] == [0, 6]


def test_cameras_that_serve_many_faces_cost_no_more_than_told() -> None:
    look = SecondLook(SecondLookConfig(serving=2))
    look.wish({n: ["color"] for n in range(1, 6)}, ())
    seen: Counter[tuple[int, str]] = Counter()
    for i in range(25):
        found = names(ask(look, frame_set(i, i / 30, COLOR), *(track(n) for n in range(5))))
        assert len(found) <= 3
        seen.update(found)
    assert min(seen.values()) >= 8, "they take turns"


def test_a_face_of_which_something_is_not_known_comes_first_but_keeps_nobody_waiting_for_ever() -> None:
    look = SecondLook(SecondLookConfig(every_s=0.1, most_s=0.5))
    look.wish({}, {2})
    told = [names(ask(look, frame_set(i, i / 10), track(0), track(1)))[0][0] for i in range(40)]
    assert told[0] == 1
    assert told.count(1) > told.count(0) >= 6


def test_a_frame_is_read_once() -> None:
    look = SecondLook(SecondLookConfig(every_s=0.0))
    look.wish({1: ["warm"]}, ())
    first = frame_set(0, 0.0, WARM)
    assert names(ask(look, first, track())) == [(0, "warm")]
    again = FrameSet(1, S // 30, {**frame_set(1, 1 / 30, WARM).frames, "warm": first.frames["warm"]})
    assert ask(look, again, track()) == [], "a slow camera beside a quick one"


@pytest.mark.parametrize("flag", [FrameFlag.STALE, FrameFlag.SHUTTER, FrameFlag.GENERATED])
def test_pictures_of_nothing_are_not_read(flag: FrameFlag) -> None:
    sets = frame_set(0, 0.0, WARM)
    sets = replace(sets, frames={**sets.frames, "warm": frame_of(WARM, 0, 0.0, flag)})
    assert ask(SecondLook(), sets, track()) == []


@pytest.mark.parametrize(
    ("stream", "one"),
    [
        (replace(WARM, intrinsics=None), track()),
        (replace(WARM, name="other/warm", extrinsics=Extrinsics()), track()),
        (replace(WARM, kind=StreamKind.DEPTH, unit_m=0.001), track()),
        (replace(WARM, extrinsics=Extrinsics(translation_m=(0.0, 0.0, 5.0))), track()),
        (replace(WARM, extrinsics=Extrinsics(translation_m=(3.0, 0.0, 0.0))), track()),
        (WARM, track(distance_mm=2500.0)),
        (WARM, replace(track(), is_face=False)),
    ],
    ids=["no calibration", "not related", "depth", "behind it", "outside its picture", "too small", "no face"],
)
def test_what_cannot_be_read_there_is_not_read(stream: StreamInfo, one: Track) -> None:
    assert ask(SecondLook(), frame_set(0, 0.0, stream), one) == []


def test_an_uncalibrated_reference_leads_nowhere() -> None:
    sets = frame_set(0, 0.0, WARM)
    bare = replace(NIGHT, intrinsics=None)
    sets = replace(sets, frames={**sets.frames, "night": frame_of(bare, 0, 0.0)})
    assert ask(SecondLook(), sets, track()) == []


def test_off_is_off() -> None:
    look = SecondLook(SecondLookConfig(looks=0))
    look.wish({1: ["warm", "color"]}, {1})
    assert not look.is_on
    assert ask(look, frame_set(0, 0.0), track()) == []


def test_a_clock_that_leaps_back_lets_nobody_wait() -> None:
    look = SecondLook()
    assert ask(look, frame_set(0, 1000.0, WARM), track())
    assert ask(look, frame_set(1, 1.0, WARM), track())
    assert not ask(look, frame_set(2, 1.1, WARM), track())


def test_after_a_reset_all_is_as_at_the_beginning() -> None:
    look = SecondLook()
    look.wish({1: ["color"]}, {1})
    ask(look, frame_set(0, 0.0), track())
    look.reset()
    assert names(ask(look, frame_set(0, 0.0), track())) == names(ask(SecondLook(), frame_set(0, 0.0), track()))


@settings(max_examples=60, deadline=None)
@given(
    steps=st.lists(st.tuples(st.integers(-300, 300), st.integers(0, 5), st.booleans()), min_size=1, max_size=40),
    looks=st.integers(1, 3),
    serving=st.integers(0, 3),
    wishes=st.sets(st.integers(1, 5)),
)
def test_the_cost_is_bounded_whatever_comes(
    steps: list[tuple[int, int, bool]], looks: int, serving: int, wishes: set[int]
) -> None:
    first, again = (SecondLook(SecondLookConfig(looks=looks, serving=serving)) for _ in range(2))
    now = 10_000
    for number, (ms, faces, has_warm) in enumerate(steps):
        now += ms
        sets = frame_set(number, now / 1000, COLOR, *([WARM] if has_warm else []))
        tracks = [track(n) for n in range(faces)]
        told = []
        for look in (first, again):
            look.wish({n: ["color"] for n in wishes}, wishes)
            told.append(names(ask(look, sets, *tracks)))
        assert told[0] == told[1], "the same FrameSets give the same looks"
        assert len(told[0]) <= looks + serving
        assert len(set(told[0])) == len(told[0])
