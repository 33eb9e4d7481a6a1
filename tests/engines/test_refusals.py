"""What was refused once is told again at the next start, and not built again beside the picture."""

from __future__ import annotations

from pathlib import Path

import pytest

from engines.build import Build
from engines.build_recipes import RECIPES, Recipe
from engines.card import load_card
from engines.errors import NotBuiltError, QuantizeError, QuarantinedError
from engines.folders import cache_folder
from engines.refusals import refusal, remember_refusal
from engines.variants import variant_of

FIELDS = {"kind": "int8", "model": "m", "preset": "tiny", "calibration": "crops"}


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAPETUM_CACHE", str(tmp_path / "cache"))


def test_a_refusal_is_remembered_for_what_was_asked_and_can_be_forgotten():
    assert refusal(FIELDS) == ""
    remember_refusal(FIELDS, "it loses 4 %")
    assert refusal(FIELDS) == "it loses 4 %"
    assert refusal({**FIELDS, "calibration": "others"}) == ""
    remember_refusal(FIELDS, "")
    assert refusal(FIELDS) == ""


@pytest.mark.parametrize("content", ["", "[]", "{", '{"key": 1}'])
def test_a_torn_memory_is_forgotten(content: str):
    cache_folder().mkdir(parents=True)
    (cache_folder() / "refused.json").write_text(content)
    assert refusal(FIELDS) == ""
    remember_refusal(FIELDS, "it loses 4 %")
    assert refusal(FIELDS) == "it loses 4 %"


def test_a_refused_build_is_told_at_the_next_start(weights: Path, monkeypatch: pytest.MonkeyPatch):
    recipe = Recipe("int8", "int8", "tests.helpers.copied_int8:refuse", "tests.helpers.copied_int8:fields")
    monkeypatch.setitem(RECIPES, "int8", recipe)
    card = load_card(weights / "face_landmarks.json")
    with pytest.raises(NotBuiltError), variant_of(card, "int8"):
        pass
    with Build("int8", card).start() as build, pytest.raises(QuantizeError, match=r"it loses 4 %"):
        build.result(60)
    with pytest.raises(QuarantinedError, match=r"it loses 4 %.*to try again"), variant_of(card, "int8"):
        pass
