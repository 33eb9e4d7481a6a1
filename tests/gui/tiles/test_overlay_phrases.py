"""The overlay speaks the operator's language."""

from __future__ import annotations

from gui.feed import Shown
from gui.tiles import overlay_phrases
from gui.tiles.plans import Plans
from gui.words import tr
from pipeline import overlay_words
from pipeline.overlay import OverlayOptions, Text, draw_plan
from tests.pipeline.pictures import face, frame_set, observation


def test_every_sentence_of_the_overlay_can_be_translated_and_no_other_is_asked_for() -> None:
    assert set(overlay_phrases.PHRASES) == set(overlay_words.PHRASES)


def test_the_overlay_takes_the_windows_translator() -> None:
    plan = draw_plan(frame_set(), observation(face(1)), OverlayOptions(say=tr))
    assert any(p.text == "hottest 26.9 °C" for p in plan if isinstance(p, Text))


def test_temperatures_over_the_picture_are_in_the_unit_that_is_chosen() -> None:
    shown = Shown(frame_set(), observation(face(1)), {}, 1)
    plans = Plans()
    for unit, words in (("°F", "hottest 80.3 °F"), ("K", "hottest 300.0 K"), ("°C", "hottest 26.9 °C")):
        texts = [
            p.text
            for stream in shown.frame_set.frames
            for p in plans.of(shown, stream, {}, unit)
            if isinstance(p, Text) and p.text.startswith("hottest")
        ]
        assert texts
        assert set(texts) == {words}
