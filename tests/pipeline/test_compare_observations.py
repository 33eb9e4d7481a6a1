"""What counts as the same observation: every byte on the same engines, so and so much on others."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipeline.compare_observations import Comparison, Mode
from pipeline.tolerances import FREE, TOLERANCES, WORDS, plain
from recordings.observation import (
    Box,
    EyeOpenness,
    Face,
    GeneratedImage,
    HeadPose,
    Landmarks,
    Observation,
    SignalValue,
)


def observation() -> dict[str, Any]:
    """One face with everything in it; its box is 200 px wide, 2 m away."""
    face = Face(
        id=1,
        stream="depth",
        box=Box(10, 20, 200, 260),
        confidence=0.9,
        distance_m=2.0,
        head_center_m=(0.1, 0.2, 2.0),
        crop=Box(0, 0, 300, 300),
        landmarks=Landmarks(np.full((68, 2), 50, np.float32), np.full(68, 0.5, np.float32)),
        pose=HeadPose(179.9, 1.0, 2.0, 0.5),
        eyes=EyeOpenness(0.8, 0.7, (0.6, 0.5)),
        generated=(GeneratedImage("color", "depth_to_color 0.1.0", np.zeros((4, 4, 3), np.uint8)),),
        signals={"blinks": SignalValue(12.0, "1/min", 0.7, "seen for 12 s only")},
        invalid={"pose": "no landmarks (0.23)"},
    )
    data = json.loads(Observation(3, 100, 200, 0, {"depth": 3}, (face,)).to_bytes())
    assert isinstance(data, dict)
    return data


def compare(mode: Mode, path: str, value: Any) -> Comparison:
    """One observation against the same with another value at a path such as ``faces.0.box.1``."""
    changed = observation()
    *way, last = [int(p) if p.isdigit() else p for p in path.split(".")]
    inner: Any = changed
    for step in way:
        inner = inner[step]
    inner[last] = value
    comparison = Comparison(mode)
    comparison.add(3, json.dumps(observation()).encode(), json.dumps(changed).encode())
    return comparison


@pytest.mark.parametrize(
    ("path", "within", "beyond"),
    [
        ("faces.0.box.1", 21.9, 22.1),  # 1 % of the box's 200 px
        ("faces.0.crop.2", 298.1, 297.9),
        ("faces.0.landmarks.points.7.1", 51.9, 52.1),
        ("faces.0.landmarks.confidence.7", 0.545, 0.555),
        ("faces.0.confidence", 0.915, 0.925),
        ("faces.0.distance_m", 2.009, 2.011),  # 0.5 % of the distance
        ("faces.0.head_center_m.0", 0.109, 0.111),
        ("faces.0.pose.yaw_deg", -179.2, -178.9),  # the short way round
        ("faces.0.pose.pitch_deg", 1.9, 2.1),
        ("faces.0.pose.roll_deg", 1.1, 0.9),
        ("faces.0.pose.error_px", 1.4, 1.6),
        ("faces.0.eyes.right", 0.71, 0.69),
        ("faces.0.eyes.left", 0.79, 0.81),
        ("faces.0.eyes.right_confidence", 0.69, 0.71),
        ("faces.0.eyes.left_confidence", 0.41, 0.39),
    ],
)
def test_other_engines_may_differ_by_a_tolerance(path: str, within: float, beyond: float) -> None:
    near, far = compare("tolerances", path, within), compare("tolerances", path, beyond)
    assert (near.different, near.first) == (0, "")
    assert far.different == 1
    assert far.first.startswith("FrameSet 3: observation.faces[0].")
    assert "is allowed" in far.first
    assert [d.beyond for d in (*near.deviations, *far.deviations)] == [0, 1]
    assert compare("bytes", path, within).different == 1


def test_every_tolerance_is_held_by_a_test_above() -> None:
    marks = test_other_engines_may_differ_by_a_tolerance.pytestmark  # type: ignore[attr-defined]  # pytest puts it there
    paths = {row[0] for row in marks[0].args[1]}
    tested = {plain(".".join(p for p in _with_lists(path))) for path in paths}
    assert tested == {t.field for t in TOLERANCES}
    assert all(t.why and (t.seen is None or t.seen < t.absolute) for t in TOLERANCES)


def _with_lists(path: str) -> list[str]:
    out: list[str] = []
    for step in path.split("."):
        if step.isdigit():
            out[-1] += "[]"
        else:
            out.append(step)
    return out


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("status", "stale"),
        ("frame_set", 4),
        ("host_ns", 201),
        ("skew_ns", 1),
        ("frames.depth", 4),
        ("frames.color", 4),
        ("faces", []),
        ("faces.0.id", 2),
        ("faces.0.stream", "gray"),
        ("faces.0.distance_m", None),
        ("faces.0.pose", None),
        ("faces.0.eyes.left", True),
        ("faces.0.generated", []),
        ("faces.0.generated.0.model", "depth_to_color 0.2.0"),
        ("faces.0.invalid.eyes", "no landmarks (0.23)"),
        ("faces.0.invalid.pose", "no head explains the points (0.23)"),
        ("faces.0.signals.blinks.unit", "1/s"),
        ("faces.0.signals.yawns", {}),
    ],
)
def test_what_must_be_equal_whatever_the_engine(path: str, value: Any) -> None:
    comparison = compare("tolerances", path, value)
    assert (comparison.compared, comparison.different) == (1, 1)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("faces.0.generated.0.digest", "0123456789abcdef"),
        ("faces.0.invalid.pose", "no landmarks (0.24)"),
        ("faces.0.signals.blinks.reason", "seen for 11.5 s only"),
        ("faces.0.signals.blinks.value", 13.0),
        ("faces.0.signals.blinks.confidence", 0.2),
        ("faces.0.signals.blinks.label", "many"),
        ("faces.0.signals.blinks.source", "thermal"),
    ],
)
def test_what_other_engines_may_say_otherwise(path: str, value: Any) -> None:
    compared = compare("tolerances", path, value)
    assert compared.different == 0
    assert compared.signals_differ == ("signals" in path)
    assert compare("bytes", path, value).different == 1


def test_the_largest_deviation_is_kept_with_its_place() -> None:
    comparison = Comparison("tolerances")
    for number, shift in enumerate((0.5, 1.5, 1.0)):
        changed = observation()
        changed["faces"][0]["box"][0] += shift
        comparison.add(number, json.dumps(observation()).encode(), json.dumps(changed).encode())
    (deviation,) = comparison.deviations
    assert (deviation.field, deviation.unit, deviation.frame_set) == ("faces[].box[]", "px", 1)
    assert (deviation.largest, deviation.limit) == (pytest.approx(1.5), pytest.approx(2.0))


def test_a_stored_observation_that_is_no_observation_is_a_difference() -> None:
    comparison = Comparison("tolerances")
    comparison.add(1, b"{", b"{}")
    comparison.add(2, b"[]", b"{}")
    comparison.add(3, None, b"{}")
    assert comparison.different == 3
    assert comparison.first == "FrameSet 1: the stored observation is no JSON"


def test_the_same_values_in_other_bytes_are_told() -> None:
    comparison = Comparison("bytes")
    comparison.add(1, b'{"a": 1}', b'{"a":1}')
    assert comparison.first == "FrameSet 1: the bytes differ, the values do not"


def test_every_tolerance_stands_in_the_document_of_the_format() -> None:
    """Users hold a result against the document, so it names the same fields with the same limits."""
    document = (Path(__file__).parents[2] / "docs" / "session-format.md").read_text(encoding="utf-8")
    rows = [line.strip("| ").split(" | ") for line in document.splitlines() if line.startswith("| `faces[]")]
    of = {"box": "of the box's width", "distance": "of the distance", "value": "of the value"}
    expected = []
    for t in TOLERANCES:
        unit = f" {t.unit}" if t.unit else ""
        more = f", or {t.relative * 100:g} % {of[t.of]} where that is more" if t.relative else ""
        seen = "nothing gives it yet" if t.seen is None else f"{t.seen:g}{unit}"
        expected.append([f"`{t.field}`", f"{t.absolute:g}{unit}{more}", seen, t.why])
    assert rows == expected
    for field in (*FREE, *WORDS):
        assert f"`{field}`" in document
