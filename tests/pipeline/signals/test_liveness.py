from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from drivers.frame import Frame, FrameFlag, Intrinsics, StreamKind
from pipeline.signals.liveness import NAMES, Liveness, LivenessConfig
from pipeline.signals.relief_depth import Shape, shape_of
from pipeline.signals.sight import OtherView, Sight
from pipeline.steps.head_template import EYES_M
from recordings.observation import GeneratedImage, SignalValue
from tests.pipeline.signals.faces import INTRINSICS, S, info_of, known, sight_at
from tests.pipeline.signals.warm_faces import CANTHUS_C, warm_sight

Surface = Callable[[NDArray[np.float64], NDArray[np.float64]], NDArray[np.float64]]
"""Millimetres that a surface lies behind its foremost point, at x and y in mm from the face's middle."""


def head(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """An ellipsoid with a nose of 30 mm whose tip lies where landmark 30 is."""
    round_ = 130.0 * (1.0 - np.sqrt(np.clip(1.0 - (x / 95.0) ** 2 - ((y - 10.0) / 140.0) ** 2, 0.05, 1.0)))
    nose = 30.0 * np.exp(-((x / 14.0) ** 2) - np.where(y < 17.0, ((y - 17.0) / 30.0) ** 2, ((y - 17.0) / 12.0) ** 2))
    return 30.0 + round_ - nose


def flat(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    return 0.2 * x + 0.1 * y


def bent(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    return 25.0 * (x / 75.0) ** 2


def with_eye_holes(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Paper round a head, through which the eyes are seen 30 mm deeper."""
    holes = (((np.abs(x) - 31.0) / 18.0) ** 2 + ((y + 14.0) / 11.0) ** 2) < 1.0
    return bent(x, y) + 30.0 * holes


def depth_of(
    surface: Surface, distance_m: float = 0.8, noise_mm: float = 1.0, seed: int = 0, lens: Intrinsics = INTRINSICS
) -> NDArray[np.uint16]:
    """What a sensor reads of a surface whose middle is the head centre's line of sight, at the face's distance."""
    v, u = np.mgrid[0 : lens.height, 0 : lens.width].astype(np.float64)
    near = distance_m * 1000.0 - 100.0
    x, y = (u - lens.cx) * (near + 30.0) / lens.fx, (v - lens.cy) * (near + 30.0) / lens.fy
    inside = (np.abs(x) < 110) & (np.abs(y) < 150)
    z = np.where(inside, near + surface(x, y), near + 900.0)
    z += np.random.default_rng(seed).normal(0.0, noise_mm, z.shape)
    return np.clip(np.rint(z), 0, 60000).astype(np.uint16)


def told(
    surface: Surface | None, seconds: float = 1.0, config: LivenessConfig | None = None, **what: Any
) -> SignalValue:
    liveness = Liveness(config)
    depth = None if surface is None else depth_of(surface)
    for i in range(round(seconds * 10) + 1):
        value = liveness.step(sight_at(i / 10, depth_mm=depth, **what), {})[NAMES[0]]
    return value


def test_a_face_is_alive_and_every_sheet_is_none() -> None:
    live = told(head)
    assert live.value > 0.8
    assert live.confidence > 0.6
    assert live.source == "depth"
    for attack in (flat, bent):
        value = told(attack)
        assert value.value < 0.2
        assert value.confidence > 0.6


def test_eyes_cut_out_of_paper_make_no_nose() -> None:
    assert told(with_eye_holes).value < 0.4


@settings(max_examples=15, deadline=None)
@given(bend=st.floats(0.0, 40.0), slope=st.floats(-0.4, 0.4), tilt=st.floats(-0.4, 0.4), noise=st.floats(0.0, 2.0))
def test_no_sheet_is_alive_however_it_is_bent_and_held(bend: float, slope: float, tilt: float, noise: float) -> None:
    depth = depth_of(lambda x, y: slope * x + tilt * y + bend * (x / 75.0) ** 2, noise_mm=noise)
    value = Liveness().step(sight_at(0.0, depth_mm=depth), {})[NAMES[0]]
    assert not value.is_valid or value.value < 0.5


def test_a_generated_relief_is_never_read() -> None:
    """What a model imagines of a photograph always has a nose."""
    relief = -np.fromfunction(lambda v, u: 60.0 * np.exp(-((u - 48) ** 2 + (v - 48) ** 2) / 800), (96, 96))
    image = GeneratedImage("relief", "gray_to_depth", np.zeros((96, 96), np.uint8), relief.astype(np.float32))
    alone = told(None, generated=(image,))
    assert not alone.is_valid
    assert "no depth sensor" in alone.reason
    assert told(flat, generated=(image,)) == told(flat)
    assert told(head, generated=(image,)) == told(head)

    class Untouchable(GeneratedImage):
        def __getattribute__(self, name: str) -> Any:
            raise AssertionError(f"{name} of a generated image was read")

    poisoned = object.__new__(Untouchable)
    assert told(head, generated=(poisoned,)).value > 0.8


def test_a_depth_frame_that_a_model_made_is_refused() -> None:
    info = info_of(StreamKind.DEPTH)
    depth = depth_of(head)
    for flags, words in ((FrameFlag.GENERATED, "generated"), (FrameFlag.STALE, "old")):
        view = OtherView(Frame(info, depth, 1, 1, 2, flags))
        value = Liveness().step(sight_at(0.0, depth_mm=depth, others={"depth": view}), {})[NAMES[0]]
        assert not value.is_valid
        assert words in value.reason


def test_without_a_depth_or_thermal_camera_both_reasons_are_told() -> None:
    value = told(None)
    assert "no depth sensor" in value.reason
    assert "no thermal camera" in value.reason


def test_one_frame_is_less_sure_than_a_second_and_a_flicker_changes_nothing() -> None:
    assert told(head, seconds=0.0).confidence < told(head).confidence
    liveness, depth, sheet = Liveness(), depth_of(head), depth_of(flat)
    for i in range(14):
        value = liveness.step(sight_at(i / 10, depth_mm=sheet if i == 12 else depth), {})[NAMES[0]]
        assert value.value > 0.8


def test_a_face_that_is_swapped_for_a_picture_is_told_within_a_second() -> None:
    liveness, depth, sheet = Liveness(), depth_of(head), depth_of(flat)
    for i in range(21):
        value = liveness.step(sight_at(i / 10, depth_mm=depth if i <= 10 else sheet), {})[NAMES[0]]
    assert value.value < 0.2


def test_far_small_and_turned_faces_are_not_told() -> None:
    assert "turned 60 degrees" in told(head, yaw=60.0).reason
    far = Liveness().step(sight_at(0.0, depth_mm=depth_of(head, 3.5), center_m=(0.0, 0.0, 3.5)), {})[NAMES[0]]
    assert not far.is_valid
    near, middle = (
        Liveness().step(sight_at(0.0, depth_mm=depth_of(head, d), center_m=(0.0, 0.0, d)), {})[NAMES[0]]
        for d in (0.8, 1.9)
    )
    assert near.confidence > middle.confidence > 0


def test_where_the_sensor_reads_too_little_nothing_is_told() -> None:
    depth = depth_of(head)
    gaps = np.where(np.random.default_rng(3).random(depth.shape) < 0.9, 0, depth).astype(np.uint16)
    value = Liveness().step(sight_at(0.0, depth_mm=gaps), {})[NAMES[0]]
    assert not value.is_valid
    nothing = Liveness().step(sight_at(0.0, depth_mm=np.zeros_like(depth)), {})[NAMES[0]]
    assert not nothing.is_valid


def test_a_warm_face_is_alive_and_an_even_screen_is_none() -> None:
    live = Liveness().step(warm_sight(), {})[NAMES[0]]
    assert live.value > 0.6
    assert live.source == "thermal"
    screen = Liveness().step(warm_sight(paint={"skin": 34.0, "canthus": 34.0}), {})[NAMES[0]]
    assert screen.value < 0.3
    photograph = Liveness().step(warm_sight(paint={"skin": 22.0, "canthus": 22.0}), {})[NAMES[0]]
    assert photograph.value < 0.2
    cold = Liveness().step(warm_sight(paint={"skin": 5.0, "canthus": 6.0, "wall": -5.0}), {})[NAMES[0]]
    assert cold.value < 0.3


def test_a_screen_that_is_warmer_on_one_side_is_none() -> None:
    def slope(celsius: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.where(celsius > 30.0, 33.0 + np.linspace(-1.5, 1.5, celsius.shape[1]), celsius)

    assert Liveness().step(warm_sight(change=slope), {})[NAMES[0]].value < 0.3


def test_a_living_face_with_a_mask_is_no_attack_by_its_warmth() -> None:
    """Nor does warm skin behind holes in paper speak for life: nothing is told."""
    assert "something covers them" in Liveness().step(warm_sight(paint={"mask": 25.0}), {})[NAMES[0]].reason


def test_glasses_and_cameras_that_are_not_radiometric_leave_warmth_out() -> None:
    assert "glass" in Liveness().step(warm_sight(), known(glasses=0.9))[NAMES[0]].reason
    assert "colder than the cheeks" in Liveness().step(warm_sight(paint={"glasses": 25.0}), {})[NAMES[0]].reason
    assert "relative only" in Liveness().step(warm_sight(radiometric=False), {})[NAMES[0]].reason


def test_an_attack_must_fool_depth_and_warmth() -> None:
    def both(surface: Surface, canthus: float) -> SignalValue:
        warm = warm_sight(own=False, paint={"canthus": canthus}, center_m=(0.0, 0.0, 1.0))
        sight = sight_at(0.0, depth_mm=depth_of(surface, 1.0), others=warm.others, center_m=(0.0, 0.0, 1.0))
        return Liveness().step(sight, {})[NAMES[0]]

    live = both(head, CANTHUS_C)
    assert live.value > 0.6
    assert live.source == "depth + thermal"
    assert both(flat, CANTHUS_C).value < 0.2
    assert both(head, 34.0).value < 0.3


@settings(max_examples=25, deadline=None)
@given(bad=st.sampled_from([math.nan, math.inf, 1e9, -5.0]), mark=st.integers(0, 67))
def test_points_that_are_none_never_raise(bad: float, mark: int) -> None:
    shown = sight_at(0.0)
    assert shown.landmarks is not None
    points = shown.landmarks.points.astype(np.float64)
    points[mark] = bad
    value = Liveness().step(sight_at(0.0, points=points, depth_mm=_HEAD), {})[NAMES[0]]
    assert math.isfinite(value.value)
    assert 0.0 <= value.confidence <= 1.0


_HEAD = depth_of(head)


def test_a_clock_that_leaps_back_begins_anew() -> None:
    liveness, depth, sheet = Liveness(), depth_of(head), depth_of(flat)
    for i in range(20):
        liveness.step(sight_at(100 + i / 10, depth_mm=depth), {})
    assert liveness.step(sight_at(3.0, depth_mm=sheet), {})[NAMES[0]].value < 0.2


def test_the_nose_of_a_head_is_measured_in_millimetres() -> None:
    shown: Sight = sight_at(0.0, depth_mm=depth_of(head, noise_mm=0.0))
    shape = shape_of(shown)
    assert not isinstance(shape, str)
    assert 20.0 < shape.nose_mm < 50.0
    assert shape.plane_mm > 5.0
    assert shape.share == 1.0
    assert shown.device_ns == 0 * S


def _paper_round_the_eyes(celsius: NDArray[np.float64], paper_c: float) -> NDArray[np.float64]:
    """Paper over the face with holes of 36 x 22 mm for the eyes, at a metre before the thermal lens."""
    marks = warm_sight().landmarks
    assert marks is not None
    points = marks.points.astype(np.float64)
    mm_px = EYES_M * 1000.0 / float(np.linalg.norm(points[45] - points[36]))
    v, u = np.mgrid[0 : celsius.shape[0], 0 : celsius.shape[1]].astype(np.float64)
    holes = np.zeros(celsius.shape, bool)
    for eye in (points[36:42].mean(axis=0), points[42:48].mean(axis=0)):
        holes |= ((u - eye[0]) * mm_px / 18.0) ** 2 + ((v - eye[1]) * mm_px / 11.0) ** 2 < 1.0
    return np.where((celsius > 30.0) & ~holes, paper_c, celsius)


def test_eyes_behind_holes_in_paper_are_no_living_face() -> None:
    for paper_c in (27.0, 29.0, 31.0):
        mask = warm_sight(change=lambda celsius, c=paper_c: _paper_round_the_eyes(celsius, c))
        assert Liveness().step(mask, {})[NAMES[0]].value < 0.3


def test_warmth_alone_is_never_sure_that_somebody_lives_but_may_be_that_nobody_does() -> None:
    def after_a_second(**what: Any) -> SignalValue:
        liveness = Liveness()
        for i in range(11):
            value = liveness.step(warm_sight(i / 10, **what), {})[NAMES[0]]
        return value

    alive, screen = after_a_second(), after_a_second(paint={"skin": 34.0, "canthus": 34.0})
    assert alive.value > 0.6 > 0.3 > screen.value
    assert alive.confidence < 0.3 < screen.confidence


def test_in_a_room_as_warm_as_skin_nothing_is_told_for_life() -> None:
    value = Liveness().step(warm_sight(paint={"wall": 31.5}), {})[NAMES[0]]
    assert not value.is_valid
    assert "nearly as warm as skin" in value.reason


def test_what_noise_lifts_farther_away_is_no_nose() -> None:
    def nose_of(distance_m: float, nose_mm: float) -> float:
        shape = Shape(plane_mm=12.0, bent_mm=6.0, other_mm=8.0, nose_mm=nose_mm, share=1.0)
        ratio = Liveness().depth_ratio(shape, distance_m)
        assert ratio is not None
        return ratio

    assert nose_of(0.5, 12.0) > 1.0 > nose_of(2.0, 12.0)
    assert nose_of(2.0, 25.0) > 1.0
