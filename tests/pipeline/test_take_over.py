"""A camera goes, another one takes over; whoever was followed keeps the number."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.frame import Extrinsics, Frame, FrameFlag, FrameSet, Intrinsics, StreamInfo, StreamKind
from pipeline.steps.take_over import Reference, move_tracks
from pipeline.steps.track import Track
from recordings.observation import Box

S = 1_000_000_000
NIGHT = StreamInfo(
    "night", StreamKind.INFRARED, 640, 480, "uint8", intrinsics=Intrinsics(640, 480, 600.0, 600.0, 319.5, 239.5)
)
THERMAL = StreamInfo(
    "thermal",
    StreamKind.THERMAL,
    160,
    120,
    "uint16",
    intrinsics=Intrinsics(160, 120, 150.0, 150.0, 79.5, 59.5),
    extrinsics=Extrinsics(translation_m=(0.05, 0.0, 0.0)),
)


def frame_set(seconds: float, *streams: StreamInfo, flags: FrameFlag = FrameFlag.NONE) -> FrameSet:
    now = round(seconds * S)
    frames = {s.name: Frame(s, np.zeros(s.shape, s.dtype), 0, now, now, flags) for s in streams}
    return FrameSet(0, now, frames)


def serving(reference: Reference, *sets: FrameSet) -> list[str]:
    return [one.name for one in map(reference.step, sets) if one is not None]


def test_a_frame_that_is_missing_changes_nothing() -> None:
    reference = Reference([NIGHT, THERMAL], 0.5)
    sets = [frame_set(i / 10, THERMAL, *([] if i in (3, 4, 7) else [NIGHT])) for i in range(12)]
    assert set(serving(reference, *sets)) == {"night"}


def test_when_a_camera_goes_the_next_one_serves_within_a_second_and_gives_back_when_it_has_stayed() -> None:
    reference = Reference([NIGHT, THERMAL], 0.5)
    sets = [frame_set(i / 10, THERMAL, *([] if 10 <= i < 30 else [NIGHT])) for i in range(50)]
    told = serving(reference, *sets)
    assert told.index("thermal") == 14, "half a second after its last picture, which was at 0.9 s"
    assert told[14:35] == ["thermal"] * 21
    assert set(told[35:]) == {"night"}, "back since 3.0 s, and half a second proven"


def test_a_camera_that_comes_and_goes_does_not_take_over() -> None:
    reference = Reference([NIGHT, THERMAL], 0.5)
    flapping = [frame_set(i / 10, THERMAL, *([NIGHT] if i < 3 or i % 10 == 0 else [])) for i in range(80)]
    told = serving(reference, *flapping)
    assert set(told[10:]) == {"thermal"}


def test_old_frames_and_closed_shutters_are_no_pictures() -> None:
    for flags in (FrameFlag.STALE, FrameFlag.SHUTTER):
        reference = Reference([THERMAL], 0.5)
        both = Reference([THERMAL, NIGHT], 0.5)
        assert serving(reference, frame_set(0, THERMAL), frame_set(9, THERMAL, flags=flags)) == ["thermal"] * 2
        closed = frame_set(9, THERMAL, flags=flags)
        mixed = FrameSet(0, closed.device_ns, {**closed.frames, **frame_set(9, NIGHT).frames})
        assert serving(both, frame_set(0, THERMAL, NIGHT), mixed) == ["thermal", "night"]


def test_with_no_patience_the_first_serves_always() -> None:
    reference = Reference([NIGHT, THERMAL], 0.0)
    assert set(serving(reference, *[frame_set(i, THERMAL) for i in range(9)])) == {"night"}


def test_a_rig_of_no_stream_has_no_reference() -> None:
    assert Reference([], 0.5).step(frame_set(0, NIGHT)) is None


@given(st.lists(st.tuples(st.integers(-900, 900), st.booleans(), st.booleans()), min_size=1, max_size=60))
def test_whoever_serves_was_there_within_the_patience_or_nobody_better_was(
    steps: list[tuple[int, bool, bool]],
) -> None:
    reference, now = Reference([NIGHT, THERMAL], 0.5), 10 * S
    for ms, night, thermal in steps:
        now += ms * 1_000_000
        streams = [s for s, there in ((NIGHT, night), (THERMAL, thermal)) if there]
        if not streams:
            continue
        one = reference.step(frame_set(now / S, *streams))
        assert one in (NIGHT, THERMAL)
        again = reference.step(frame_set(now / S, *streams))
        assert again == one, "the same instant gives the same answer"


def track(**more: object) -> Track:
    made = Track(0, (379.5, 239.5), Box(349.5, 199.5, 60.0, 80.0), 192.0, 1000.0, id=4, is_face=True)
    return replace(made, **more)  # type: ignore[arg-type]  # any field of a track


def test_a_head_moves_to_where_the_other_camera_sees_it() -> None:
    (there,) = move_tracks([track(velocity_px=(4.0, 8.0))], NIGHT, THERMAL)
    assert there.center_px == pytest.approx((79.5 + 15.0 - 7.5, 59.5))
    assert (there.box.w, there.box.h) == pytest.approx((15.0, 20.0))
    assert there.box.x - there.center_px[0] == pytest.approx(-7.5)
    assert there.region_px == pytest.approx(48.0)
    assert there.velocity_px == pytest.approx((1.0, 2.0))
    assert (there.id, there.is_face, there.distance_mm) == (4, True, pytest.approx(1000.0))


def test_a_head_without_a_distance_moves_as_one_of_average_size() -> None:
    (there,) = move_tracks([track(distance_mm=None, region_px=240.0)], NIGHT, THERMAL)
    assert there.center_px == pytest.approx((79.5 + 15.0 - 9.375, 59.5)), "240 px of 600 are 320 mm at 0.8 m"
    assert there.region_px == pytest.approx(60.0)
    assert there.distance_mm is None, "nobody measured it"


def test_there_and_back_again_is_where_it_was() -> None:
    (back,) = move_tracks(move_tracks([track()], NIGHT, THERMAL), THERMAL, NIGHT)
    assert back.center_px == pytest.approx((379.5, 239.5))
    assert back.box.w == pytest.approx(60.0)


@pytest.mark.parametrize(
    ("one", "to"),
    [
        (track(), replace(THERMAL, intrinsics=None)),
        (track(center_px=(5.0, 5.0), distance_mm=300.0), THERMAL),
        (track(), replace(THERMAL, extrinsics=Extrinsics(translation_m=(0.0, 0.0, 5.0)))),
    ],
    ids=["no calibration", "outside its picture", "behind it"],
)
def test_a_head_of_which_nobody_knows_where_it_is_is_left_out(one: Track, to: StreamInfo) -> None:
    assert move_tracks([one], NIGHT, to) == []


def test_on_the_same_grid_nothing_moves() -> None:
    one = track(distance_mm=None)
    assert move_tracks([one], NIGHT, replace(NIGHT, name="twin")) == [one]
