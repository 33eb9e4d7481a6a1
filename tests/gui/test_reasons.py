"""The pipeline's reasons in the operator's language and unit."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui import reasons
from gui.reason_phrases import FIELDS, REASONS
from gui.reasons import line_words, reason_words
from pipeline import tell
from pipeline.overlay_words import reasons_of
from recordings.observation import Box, Face

ROOT = Path(tell.__file__).parent
SOURCES = (
    "tell.py",
    "overlay_temperature.py",
    "not_computed.py",
    "rules/reading.py",
    *(f"steps/{path.name}" for path in sorted((ROOT / "steps").glob("*.py"))),
    *(f"signals/{name}.py" for name in ("attention", "blinks", "breathing", "eyes", "gaze", "head", "liveness")),
    *(f"signals/{name}.py" for name in ("mouth", "presence", "relief_depth", "skin", "warm_look")),
    *(f"signals/{name}.py" for name in ("best_camera", "cover", "spectra")),
)
"""Where reasons are made."""

NO_REASONS = {
    "face finder",
    "depth shape",
    "haar cascade",
    "warm shape",
    "by the face's size",  # where a distance comes from
    "unknown cover",  # the label of a value
    "face from eye",  # an image
    "generated.face from eye",
    "followed for ",
    "1.01.0 FrameSet1.0: the model rests",  # made of the one before
    "1.0 1.0",
    "1.0; 1.0",
    "1.0: 1.0",
    "too far: 1.0 px between the outer eye corners",  # with what follows:
    "1.0, 1.0 are needed",
    "the 1.0 eye is on the far side: the head is turned by 1.0 degrees",  # the right and the left one
    "nobody can tell how far the 1.0 eye is open (confidence 1.0)",
    "the landmarks of the 1.0 eye are unsure (1.0)",
    "the 1.0 eye cannot be measured",
    "the mouth is covered: 1.0",  # one of COVERS
    "the mouth is too small: 1.0",  # with one of the next two
    "1.0 px wide",
    "not seen whole",
    "1.0 + 1.0",  # two streams
    "1.0 px of 1.0 mm",  # how well something is seen
}
"""Sentences of those sources that are names, or parts of a reason that is in the table as a whole."""


def said_in(path: Path) -> Iterator[tuple[int, str]]:
    """What a source says beside its errors, logs, descriptions and comments; 1.0 in place of each value."""
    tree = ast.parse(path.read_text("utf-8"))
    skipped: set[int] = set()

    def skip(node: ast.AST) -> None:
        skipped.update(id(inner) for inner in ast.walk(node))

    for node in ast.walk(tree):
        called = node.func if isinstance(node, ast.Call) else None
        is_error = isinstance(called, ast.Name) and called.id.endswith(("Error", "SignalName"))
        is_log = isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name) and called.value.id == "log"
        is_words = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        is_help = isinstance(node, ast.keyword) and node.arg == "description"
        if isinstance(node, ast.Raise | ast.Assert) or is_error or is_log or is_words or is_help:
            skip(node)
        elif isinstance(node, ast.JoinedStr) and id(node) not in skipped:
            parts = [p.value if isinstance(p, ast.Constant) else "1.0" for p in node.values]
            yield node.lineno, "".join(parts)
            skip(node)
        elif isinstance(node, ast.Constant) and id(node) not in skipped and isinstance(node.value, str):
            yield node.lineno, node.value


@pytest.mark.parametrize("name", SOURCES)
def test_every_reason_of_the_pipeline_can_be_said_in_another_language(name: str) -> None:
    strange = [
        f"{name}:{line}: {text}"
        for line, text in said_in(ROOT / name)
        if " " in text.strip() and text not in NO_REASONS and reasons._known(text, None) is None
    ]
    assert not strange, "put it into gui/reason_phrases.py"


def test_a_reason_is_said_by_its_translation_with_its_values(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reasons, "tr", lambda text, **values: "IT " + (text.format(**values) if values else text))
    assert reason_words("no landmarks") == "IT no landmarks"
    words = reason_words("too far: 7.5 px between the outer eye corners, 12 are needed")
    assert words == "IT too far: 7.5 px between the outer eye corners, 12 are needed"
    assert reason_words("no landmarks; cut by the border: 20 % of the face lie outside") == (
        "IT no landmarks; IT cut by the border: 20 % of the face lie outside"
    )
    assert reason_words("the model face_landmarks is not loaded: it was not asked for") == (
        "IT the model face_landmarks is not loaded: IT it was not asked for"
    )
    assert reason_words("words of a plugin") == "words of a plugin"
    assert reason_words("thermal: no face is seen there; color: its picture is 70 ms apart") == (
        "thermal: IT no face is seen there; color: IT its picture is 70 ms apart"
    )


def test_a_temperature_is_said_in_the_unit_of_the_window() -> None:
    said = "80 °C is no face's temperature"
    assert reason_words(said) == said
    assert reason_words(said, lambda c: (f"{c * 9 / 5 + 32:.0f}", "°F")) == "176 °F is no face's temperature"
    assert reason_words("-12 °C is no face's temperature", lambda c: (f"{c + 273.15:.0f}", "K")).startswith("261 K")


def test_a_line_of_reasons_names_what_it_speaks_of() -> None:
    face = Face(
        id=1,
        stream="color",
        box=Box(1, 2, 3, 4),
        confidence=0.4,
        distance_m=0.8,
        invalid={"distance_m": "no depth stream", "pose": "no landmarks", "generated.relief": "no landmarks"},
    )
    assert [line_words(line) for line in reasons_of(face)] == [
        "unsure: distance – no depth stream",
        "not known: head pose, relief – no landmarks",
    ]
    flat = "a picture of a face: the surface is flat to 2.0 mm"
    assert line_words(f"no real face: {flat}") == f"no real face: {flat}"
    assert line_words("no such thing: no landmarks") == "no such thing: no landmarks"
    assert set(FIELDS) >= {"landmarks", "pose", "eyes"}


@given(st.sampled_from(REASONS), st.floats(0, 999, allow_nan=False))
def test_in_english_a_known_reason_stays_what_it_is(text: str, value: float) -> None:
    said = re.sub(r"\{(\w+)\}", lambda m: "x y" if m[1] == "why" else "x" if m[1] == "name" else f"{value:.1f}", text)
    assert reason_words(said) == said


@given(st.text())
def test_no_text_stops_it(text: str) -> None:
    assert isinstance(reason_words(text), str)
    assert isinstance(line_words(text), str)
