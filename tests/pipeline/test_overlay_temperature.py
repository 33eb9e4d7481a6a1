"""How warm a face is said to be: right to a few tenths where it is said, and never a calm wrong number."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from drivers.frame import Frame, FrameFlag, FrameSet, KelvinMap, StreamInfo
from pipeline.labels import GRAY
from pipeline.overlay import OverlayOptions, Text, draw_plan
from pipeline.overlay_temperature import FaceTemperature, Thermometer
from recordings.observation import Box, Face
from tests.pipeline.pictures import COLOR, THERMAL, face, frame, frame_set, observation
from training.faces.sensors import read_kelvin

HOME = replace(THERMAL, name="cold", extrinsics=COLOR.extrinsics)
"""A thermal camera in which the face itself was found."""


def _frame(info: StreamInfo, counts: NDArray[np.uint16], flags: FrameFlag = FrameFlag.NONE) -> Frame:
    return Frame(info, counts, 7, 233_000_000, 1_000_000_000, flags)


def _told(counts: NDArray[np.uint16], info: StreamInfo = HOME, **changes: object) -> FaceTemperature | None:
    fields: dict[str, object] = {"stream": info.name, "box": Box(40, 20, 60, 80)}
    return Thermometer(FrameSet(7, 0, {info.name: _frame(info, counts)})).of(face(1, **{**fields, **changes}))


def _even(celsius: float) -> NDArray[np.uint16]:
    return np.full((120, 160), round((celsius + 273.15) * 100), np.uint16)


def rendered(seed: int) -> tuple[NDArray[np.uint16], float]:
    """A face as an LWIR camera reads it, in 10 mK, and the 95th percentile of its apparent temperature in °C."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:120, 0:160].astype(np.float32)
    u, v = (x - 70) / 27, (y - 60) / 38
    skin = 33.0 + rng.uniform(-1, 1) + 0 * u
    for ex in (-0.35, 0.35):  # the inner corners of the eyes are warmest
        skin += 2.5 * np.exp(-(((u - ex) / 0.18) ** 2) - ((v + 0.15) / 0.12) ** 2)
    skin -= 3.5 * np.exp(-((u / 0.15) ** 2) - ((v - 0.15) / 0.15) ** 2)  # the tip of the nose is coldest
    ambient = float(rng.uniform(0, 26))
    on_face = u**2 + v**2 < 1
    celsius = np.where(on_face, skin, ambient).astype(np.float32)
    emissivity = np.where(on_face, 0.98, 0.93).astype(np.float32)
    counts = read_kelvin(celsius, emissivity, rng, ambient_celsius=ambient, netd_kelvin=0.05, column_kelvin=0.03)
    # What a camera can know: the face shines a little less than its warmth, and mirrors a little of the room.
    radiance = 0.98 * (celsius + 273.15) ** 4 + 0.02 * (ambient + 273.15) ** 4
    apparent = radiance**0.25 - 273.15
    return counts, float(np.percentile(apparent[28:92, 46:94][on_face[28:92, 46:94]], 95))


@pytest.mark.parametrize("seed", range(8))
def test_the_warmest_skin_of_a_rendered_face_is_told_to_a_third_of_a_degree(seed: int) -> None:
    counts, truth = rendered(seed)
    heat = _told(counts)
    assert heat is not None
    assert heat.celsius == pytest.approx(truth, abs=0.35)


def test_a_few_glowing_or_dead_pixels_do_not_make_a_face_hot() -> None:
    counts, truth = rendered(1)
    counts[50:54, 60:64] = 45_000  # a cigarette
    counts[60, 70] = 0
    counts[61, 71] = 65_535
    heat = _told(counts)
    assert heat is not None
    assert heat.celsius == pytest.approx(truth, abs=0.6)


def test_what_is_beside_the_face_does_not_count() -> None:
    counts, truth = rendered(2)
    counts[:, :38] = counts[:, 104:] = 36_000  # an oven at either side
    heat = _told(counts)
    assert heat is not None
    assert heat.celsius == pytest.approx(truth, abs=0.6)


def test_a_face_found_by_another_camera_is_measured_where_it_lies_in_the_thermal_picture() -> None:
    """THERMAL stands 0.1 m aside: the head centre lies at (61, 62) there, and not where it does in color."""
    counts = _even(20.0)
    counts[45:80, 45:78] = 30_800
    frames = frame_set()
    thermal = FrameSet(7, 0, {**frames.frames, "thermal": _frame(THERMAL, counts)})
    heat = Thermometer(thermal).of(face(1))
    assert heat == FaceTemperature("thermal", pytest.approx(34.85, abs=0.01))


def test_where_the_place_of_the_head_is_not_trusted_no_temperature_is_read_beside_it() -> None:
    """A hand before the face: the head centre may be the hand's, and what lies there in the other picture a wall."""
    why = "depths round the head centre span 180 mm: something is held before the face, or its edge is there"
    unsure = face(1, invalid={"distance_m": why, "head_center_m": why})
    thermal = FrameSet(7, 0, {**frame_set().frames, "thermal": _frame(THERMAL, _even(34.0))})
    assert Thermometer(thermal).of(unsure) == FaceTemperature("thermal", None, why)
    assert _told(_even(34.0), invalid={"head_center_m": why}) == FaceTemperature("cold", pytest.approx(34.0, abs=0.01))


def test_nothing_is_said_where_no_radiometric_camera_looks_at_the_face() -> None:
    counts = _even(34.0)
    assert _told(counts, replace(HOME, kelvin=None)) is None
    assert Thermometer(frame_set(COLOR)).of(face(1)) is None
    unplaced = face(1, head_center_m=None)
    assert Thermometer(frame_set()).of(unplaced) is None
    assert Thermometer(frame_set()).of(face(1, invalid={"face": "a picture of a face"})) is None


@pytest.mark.parametrize(
    ("counts", "why"),
    [
        (_even(80.0), "no face's temperature"),
        (_even(-30.0), "no face's temperature"),
        (np.zeros((120, 160), np.uint16), "8-bit picture"),
        (np.full((120, 160), 65_535, np.uint16), "limit"),
        (np.full((120, 160), 200, np.uint16), "8-bit picture"),
    ],
)
def test_what_cannot_be_a_faces_temperature_is_a_dash_with_a_reason(counts: NDArray[np.uint16], why: str) -> None:
    heat = _told(counts)
    assert heat is not None
    assert heat.celsius is None
    assert why in heat.reason


@pytest.mark.parametrize(
    "broken", [KelvinMap(float("nan")), KelvinMap(0.01, float("inf")), KelvinMap(0.0, 0.0), KelvinMap(-0.01, 0.0)]
)
def test_a_map_to_kelvin_that_gives_no_number_gives_no_temperature(broken: KelvinMap) -> None:
    heat = _told(_even(34.0), replace(HOME, kelvin=broken))
    assert heat is not None
    assert heat.celsius is None


def test_a_map_that_falls_still_tells_the_warmest() -> None:
    counts, truth = rendered(3)
    turned = (60_000 - counts.astype(np.int64)).astype(np.uint16)
    heat = _told(turned, replace(HOME, kelvin=KelvinMap(-0.01, 600.0)))
    assert heat is not None
    assert heat.celsius == pytest.approx(truth, abs=0.35)


@pytest.mark.parametrize(("flag", "why"), [(FrameFlag.SHUTTER, "shutter"), (FrameFlag.STALE, "old")])
def test_a_closed_shutter_and_an_old_picture_tell_no_temperature(flag: FrameFlag, why: str) -> None:
    heat = Thermometer(FrameSet(7, 0, {HOME.name: _frame(HOME, _even(34.0), flag)})).of(face(1, stream=HOME.name))
    assert heat is not None
    assert heat.celsius is None
    assert why in heat.reason


@pytest.mark.parametrize("box", [Box(150, 100, 3, 3), Box(500, 500, 60, 60), Box(float("nan"), 0, 10, 10)])
def test_a_face_too_small_or_outside_has_no_temperature(box: Box) -> None:
    heat = _told(_even(34.0), box=box)
    assert heat is not None
    assert heat.celsius is None


def _temperature_texts(one: Face, frames: FrameSet, on: bool = True) -> list[Text]:
    plan = draw_plan(frames, observation(one), OverlayOptions(temperature=on))
    return [p for p in plan if isinstance(p, Text) and "°C" in p.text]


def test_the_overlay_shows_it_once_and_a_dash_in_gray_where_it_is_none() -> None:
    frames = frame_set()
    (text,) = _temperature_texts(face(1), frames)
    assert text.text == "hottest 26.9 °C"
    assert text.stream == "color"
    assert not _temperature_texts(face(1), frames, on=False)
    hot = FrameSet(7, 0, {**frames.frames, "thermal": frame(THERMAL, 60_000)})
    (dash,) = _temperature_texts(face(1), hot)
    assert dash.text == "hottest – °C"
    assert dash.color == GRAY
