from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pipeline.signals.skin as skin_module
from drivers.frame import Frame, FrameFlag, Intrinsics, KelvinMap, StreamKind
from pipeline.signals.recent import Recent
from pipeline.signals.sight import OtherView
from pipeline.signals.skin import NAMES, Skin, SkinConfig
from recordings.observation import SignalValue
from tests.pipeline.signals.faces import info_of, known, sight_at
from tests.pipeline.signals.warm_faces import CANTHUS_C, LENS, SKIN_C, seen_k, warm_sight

PLAIN = SkinConfig(canthus_blur_k_mm=0.0)
"""What the pixels say, without what coarse pixels are known to miss."""


def told(name: str, config: SkinConfig = PLAIN, **what: object) -> SignalValue:
    return Skin(config).step(warm_sight(**what), {})[name]  # type: ignore[arg-type]  # keywords pass through


@given(
    celsius=st.floats(15.0, 42.0),
    emissivity=st.floats(0.9, 1.0),
    reflected=st.floats(-20.0, 45.0),
    camera=st.sampled_from([1.0, 0.95, 0.98]),
)
def test_the_formula_undoes_what_surroundings_add(
    celsius: float, emissivity: float, reflected: float, camera: float
) -> None:
    skin = Skin(SkinConfig(emissivity=emissivity, camera_emissivity=camera, reflected_c=reflected))
    radiance = float(seen_k(celsius, emissivity, reflected)) ** 4
    # The camera undoes its own emissivity before it tells a temperature.
    tells = ((radiance - (1 - camera) * (reflected + 273.15) ** 4) / camera) ** 0.25
    assert skin.celsius(tells) == pytest.approx(celsius, abs=1e-6)


def test_at_a_metre_canthus_and_forehead_are_told_to_a_tenth() -> None:
    canthus, forehead = told("canthus_temperature"), told("forehead_temperature")
    assert canthus.value == pytest.approx(CANTHUS_C, abs=0.1)
    assert forehead.value == pytest.approx(SKIN_C, abs=0.1)
    assert canthus.unit == forehead.unit == "degC"
    assert canthus.source == "thermal"
    assert canthus.label.endswith("px of 2.5 mm")
    assert canthus.confidence > 0.5


def test_points_projected_from_another_camera_lead_to_the_same_temperature() -> None:
    value = told("canthus_temperature", own=False)
    assert value.value == pytest.approx(CANTHUS_C, abs=0.1)


def test_what_skin_mirrors_comes_from_the_context_where_it_is_known() -> None:
    hot = {"frame": {"reflected_c": 60.0}}
    assert abs(told("forehead_temperature", **hot).value - SKIN_C) > 0.5
    assert told("forehead_temperature", context={"reflected_celsius": 60.0}, **hot).value == pytest.approx(
        SKIN_C, abs=0.1
    )
    assert told("forehead_temperature", context={"reflected_celsius": math.nan}).value == pytest.approx(SKIN_C, abs=0.1)


def test_coarse_pixels_are_less_sure_and_too_coarse_ones_tell_nothing() -> None:
    sure = [told("canthus_temperature", lens=Intrinsics.from_fov(160, 120, fov)).confidence for fov in (20, 40, 57)]
    assert sure[0] > sure[1] > sure[2] > 0
    plain = told("canthus_temperature", lens=Intrinsics.from_fov(160, 120, 57))
    corrected = told("canthus_temperature", SkinConfig(), lens=Intrinsics.from_fov(160, 120, 57))
    assert corrected.confidence < 0.5 * plain.confidence, "most of what is told there is what was added"
    assert corrected.label == plain.label
    assert corrected.label.endswith("px of 6.4 mm")
    far = told("canthus_temperature", lens=Intrinsics.from_fov(160, 120, 57), center_m=(0.0, 0.0, 1.8))
    assert not far.is_valid
    assert "too coarse" in far.reason


def test_the_correction_for_coarse_pixels_is_so_much_a_millimetre() -> None:
    plain, corrected = told("canthus_temperature"), told("canthus_temperature", SkinConfig())
    mm = float(plain.label.split("of ")[1].split()[0])
    assert corrected.value - plain.value == pytest.approx(0.12 * mm, abs=0.02)


def test_a_camera_that_is_not_radiometric_tells_only_what_is_relative() -> None:
    temperature = told("canthus_temperature", radiometric=False)
    assert not temperature.is_valid
    assert temperature.reason.startswith("relative only")
    warmth = told("canthus_warmth", radiometric=False)
    assert warmth.is_valid
    assert warmth.value == pytest.approx(100 * (CANTHUS_C - SKIN_C), abs=20)  # counts of a hundredth of a kelvin


def test_without_a_thermal_camera_every_value_has_its_reason() -> None:
    values = Skin().step(sight_at(0.0), {})
    assert set(values) == set(NAMES)
    assert {v.reason for v in values.values()} == {"no thermal camera looks at the face"}


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ({"frame": {"flags": FrameFlag.SHUTTER}}, "shutter"),
        ({"frame": {"flags": FrameFlag.STALE}}, "old"),
        ({"frame": {"flags": FrameFlag.GENERATED}}, "generated"),
        ({"yaw": 60.0}, "turned 60 degrees"),
        ({"pitch": -45.0}, "tilted 45 degrees"),
        ({"paint": {"skin": 60.0, "canthus": 62.0}}, "no face's temperature"),
        ({"paint": {"skin": -12.0, "canthus": -10.0}}, "no face's temperature"),
        ({"invalid": {"face": "a picture of a face: the surface is flat to 0.4 mm"}}, "a picture of a face"),
        ({"center_m": (0.0, 0.0, 9.0)}, "too small"),
        ({"center_m": (0.2, 0.0, 1.0)}, "cuts the face"),
        ({"change": lambda celsius: celsius * 0 + 5000.0}, "at its limit"),
        ({"paint": {"glasses": 26.0}}, "colder than the cheeks"),
        ({"own": False, "error_px": 8.0}, "px off"),
        ({"own": False, "landmarks": None, "invalid": {"landmarks": "the model sees no face"}}, "no face"),
    ],
)
def test_what_is_no_skin_is_never_told(what: dict[str, object], words: str) -> None:
    value = told("canthus_temperature", **what)
    assert not value.is_valid
    assert words in value.reason
    assert value.value == 0.0
    assert value.confidence == 0.0


def test_hair_or_a_hat_on_the_forehead_is_told_as_such() -> None:
    def hat(celsius: np.ndarray) -> np.ndarray:
        out = celsius.copy()
        # Its rim is uneven: a brim, and hair below it.
        out[: round(LENS.height * 0.36)] = 25.0
        out[: round(LENS.height * 0.36), ::3] = 31.0
        return out

    value = told("forehead_temperature", change=hat)
    assert "hair or a hat" in value.reason
    assert told("canthus_temperature", change=hat).is_valid


def test_hair_that_covers_the_forehead_evenly_is_no_cold_skin() -> None:
    def hair(celsius: np.ndarray) -> np.ndarray:
        out = celsius.copy()
        out[: round(LENS.height * 0.36)] = 29.0
        return out

    assert "hair or a hat" in told("forehead_temperature", change=hair).reason


def test_where_hair_hangs_into_the_forehead_it_is_read_lower() -> None:
    def fringe(celsius: np.ndarray) -> np.ndarray:
        out = celsius.copy()
        out[: round(LENS.height * 0.22)] = 25.0
        return out

    value = told("forehead_temperature", change=fringe)
    assert value.value == pytest.approx(SKIN_C, abs=0.1)
    assert value.confidence < told("forehead_temperature").confidence


def test_a_mask_over_the_cheeks_leaves_no_warmth_to_compare_with() -> None:
    values = Skin(PLAIN).step(warm_sight(), known(face_covered=0.9))
    assert "covered" in values["canthus_warmth"].reason
    assert values["canthus_temperature"].is_valid


def test_glasses_that_another_signal_sees_hide_the_canthi_and_not_the_forehead() -> None:
    values = Skin(PLAIN).step(warm_sight(), known(glasses=0.9))
    assert "glasses" in values["canthus_temperature"].reason
    assert values["forehead_temperature"].is_valid
    assert Skin(PLAIN).step(warm_sight(), known(glasses=0.9, confidence=0.1))["canthus_temperature"].is_valid


def test_a_turned_head_is_read_at_the_near_eye() -> None:
    """The far corner is painted over by a nose of 40 degrees: nobody may take it for the canthus."""
    turned = warm_sight(yaw=35.0)
    assert turned.landmarks is not None
    x, y = np.rint(turned.landmarks.points[42]).astype(int)

    def hot_far_side(celsius: np.ndarray) -> np.ndarray:
        out = celsius.copy()
        out[y - 2 : y + 3, x - 2 : x + 3] = 40.0
        return out

    near = told("canthus_temperature", yaw=35.0, change=hot_far_side)
    assert near.value == pytest.approx(CANTHUS_C, abs=0.1)
    assert near.confidence < told("canthus_temperature").confidence


def test_an_8_bit_picture_is_no_measurement_though_it_claims_to_be() -> None:
    info = info_of(StreamKind.THERMAL, LENS, kelvin=KelvinMap(0.2, 270.0))
    pixels = np.full((LENS.height, LENS.width), 180, np.uint16)
    frame = Frame(info, pixels, 1, 1, 2)
    sight = sight_at(0.0, info=info, center_m=(0.0, 0.0, 1.0), others={"thermal": OtherView(frame, lambda p: p)})
    assert "8-bit" in Skin().step(sight, {})["canthus_temperature"].reason


def test_noise_is_taken_out_over_a_second() -> None:
    skin = Skin(PLAIN)
    values = [
        skin.step(warm_sight(i / 20, frame={"noise_k": 0.1, "seed": i}), {})["canthus_temperature"].value
        for i in range(41)
    ]
    assert np.std(values[20:]) < 0.05
    assert values[-1] == pytest.approx(CANTHUS_C, abs=0.25)


def test_a_face_that_rushes_by_is_smeared_and_not_told() -> None:
    skin = Skin(PLAIN)
    skin.step(warm_sight(0.0, center_m=(-0.03, 0.0, 1.0)), {})
    value = skin.step(warm_sight(0.1, center_m=(0.03, 0.0, 1.0)), {})["canthus_temperature"]
    assert "moves too fast" in value.reason
    assert skin.step(warm_sight(0.2, center_m=(0.03, 0.0, 1.0)), {})["canthus_temperature"].is_valid


def test_a_clock_that_leaps_does_not_mix_what_was_with_what_is() -> None:
    skin = Skin(SkinConfig(canthus_blur_k_mm=0.0, smooth_s=10.0))
    for i in range(20):
        skin.step(warm_sight(100 + i / 10, paint={"skin": 30.0, "canthus": 31.0}), {})
    value = skin.step(warm_sight(5.0), {})["canthus_temperature"]
    assert value.value == pytest.approx(CANTHUS_C, abs=0.1)


@settings(max_examples=25, deadline=None)
@given(bad=st.sampled_from([math.nan, math.inf, -math.inf, 1e30]), mark=st.integers(0, 67))
def test_points_that_are_none_never_raise_and_tell_nothing_wrong(bad: float, mark: int) -> None:
    sight = warm_sight()
    assert sight.landmarks is not None
    points = sight.landmarks.points.astype(np.float64)
    points[mark] = bad
    values = Skin().step(warm_sight(points=points), {})
    assert all(math.isfinite(v.value) and math.isfinite(v.confidence) for v in values.values())
    assert all(not v.is_valid or v.confidence <= 1 for v in values.values())


def test_no_word_of_illness_stands_in_any_text() -> None:
    assert "fever" not in Path(skin_module.__file__).read_text(encoding="utf-8").lower()


def test_the_median_forgets_what_is_older_and_another_camera() -> None:
    recent = Recent(1.0)
    assert recent.add(0, 10.0) == 10.0
    assert recent.add(500_000_000, 20.0) == 15.0
    assert recent.add(1_400_000_000, 30.0) == 25.0
    assert recent.add(1_500_000_000, 40.0, "another") == 40.0
    assert len(recent) == 1
