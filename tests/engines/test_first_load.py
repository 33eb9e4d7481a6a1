"""An engine that gives wrong numbers is not used, however well it loads; one that passed is not checked again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engines import first_load as module
from engines.backend import Arrays, LoadOptions
from engines.backends.onnxruntime import OnnxRuntimeBackend
from engines.backends.openvino import OpenVinoBackend
from engines.card import ModelCard, load_card
from engines.errors import QuarantinedError
from engines.first_load import check_first_load, forget_failures, remember_check
from engines.probe import PROBE_CARD
from engines.select import select_backend


@pytest.fixture(autouse=True)
def _nothing_is_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAPETUM_CACHE", str(tmp_path / "cache"))


class Disturbed(OpenVinoBackend):
    """Five percent off."""

    def infer(self, inputs: Mapping[str, Any]) -> Arrays:
        return {name: value * np.float32(1.05) for name, value in super().infer(inputs).items()}


def loaded(maker: type[OpenVinoBackend] | type[OnnxRuntimeBackend], card: ModelCard) -> Any:
    backend = maker(LoadOptions())
    backend.load(card, card.onnx_path)
    return backend


def test_wrong_numbers_are_found_at_the_first_load_and_remembered(monkeypatch: pytest.MonkeyPatch):
    card = load_card(PROBE_CARD)
    backend = loaded(Disturbed, card)
    with pytest.raises(QuarantinedError, match="answer is off"):
        check_first_load(backend, card, card)
    monkeypatch.setattr(module, "self_check", lambda *_: pytest.fail("it was checked before"))
    with pytest.raises(QuarantinedError, match="answer is off"):
        check_first_load(backend, card, card)
    remember_check(backend.status().engine_key, "")
    check_first_load(backend, card, card)
    backend.close()


def test_what_failed_can_be_forgotten_and_is_checked_again(monkeypatch: pytest.MonkeyPatch):
    card = load_card(PROBE_CARD)
    backend = loaded(OpenVinoBackend, card)
    remember_check("another engine", "")
    remember_check(backend.status().engine_key, "it was wrong once")
    with pytest.raises(QuarantinedError, match="wrong once"):
        check_first_load(backend, card, card)
    assert forget_failures() == 1
    check_first_load(backend, card, card)
    assert set(json.loads(module._file().read_text())) == {"another engine", backend.status().engine_key}
    assert forget_failures() == 0
    backend.close()


def test_right_numbers_are_checked_once(monkeypatch: pytest.MonkeyPatch):
    card = load_card(PROBE_CARD)
    backend = loaded(OpenVinoBackend, card)
    check_first_load(backend, card, card)
    monkeypatch.setattr(module, "self_check", lambda *_: pytest.fail("it was checked before"))
    check_first_load(backend, card, card)
    backend.close()


def test_the_reference_is_not_compared_with_itself(monkeypatch: pytest.MonkeyPatch):
    card = load_card(PROBE_CARD)
    backend = loaded(OnnxRuntimeBackend, card)
    monkeypatch.setattr(module, "self_check", lambda *_: pytest.fail("there is nothing to compare"))
    check_first_load(backend, card, card)
    backend.close()


@pytest.mark.parametrize("content", ["", "[]", "{", json.dumps({"key": 1})])
def test_a_torn_memory_means_another_check(content: str):
    path = module._file()
    path.parent.mkdir(parents=True)
    path.write_text(content)
    card = load_card(PROBE_CARD)
    backend = loaded(OpenVinoBackend, card)
    check_first_load(backend, card, card)
    assert json.loads(path.read_text())[backend.status().engine_key] == ""
    backend.close()


def test_a_wrong_engine_is_not_selected_and_its_fault_is_told(weights: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(
        "engines.select.make_backend",
        lambda name, options: (Disturbed if name == "openvino" else OnnxRuntimeBackend)(options),
    )
    backend, selection = select_backend(load_card(weights / "gray_to_depth.json"))
    backend.close()
    assert selection.chosen == "onnxruntime"
    assert "failed its self-check" in selection.reasons["openvino"]
