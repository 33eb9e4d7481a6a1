"""Which backend runs, and why not the others."""

from __future__ import annotations

import hashlib
import logging
import sys
from pathlib import Path

import pytest

from engines.card import load_card
from engines.errors import BackendUnavailableError, ModelFileError, ModelMismatchError, PolicyError
from engines.select import Policy, Selection, effective_policy, parse_policy, select_backend
from tests.engines.conftest import EditCard


def chosen(weights: Path, policy: object = None, threads: int | None = None) -> Selection:
    backend, selection = select_backend(load_card(weights / "face_landmarks.json"), policy, threads)  # type: ignore[arg-type]  # tests hand in every kind
    assert backend.name == selection.chosen
    assert backend.status().ready
    backend.close()
    return selection


@pytest.mark.parametrize(
    ("text", "policy"),
    [
        ("prefer openvino, onnxruntime", Policy("prefer", ("openvino", "onnxruntime"))),
        ("  Require   ONNXRuntime ", Policy("require", ("onnxruntime",))),
        ("onnxruntime", Policy("prefer", ("onnxruntime",))),
        ("tensorrt,openvino", Policy("prefer", ("tensorrt", "openvino"))),
        (("openvino",), Policy("prefer", ("openvino",))),
        (None, Policy("prefer", ("openvino", "onnxruntime"))),
        ("", Policy("prefer", ("openvino", "onnxruntime"))),
    ],
)
def test_a_policy_is_read_as_people_write_it(text: object, policy: Policy):
    assert parse_policy(text) == policy  # type: ignore[arg-type]  # tests hand in every kind
    assert parse_policy(policy.text()) == policy


@pytest.mark.parametrize("text", ["prefer", "require", "prefer cuda", "openvino; onnxruntime", "require the best"])
def test_a_policy_that_makes_no_sense_names_the_backends(text: str):
    with pytest.raises(PolicyError, match="openvino, onnxruntime, tensorrt, torch"):
        parse_policy(text)


def test_the_first_of_the_policy_runs_and_the_others_have_a_reason(weights: Path):
    selection = chosen(weights)
    assert selection.chosen == "openvino"
    assert selection.reasons == {
        "onnxruntime": "openvino runs",
        "tensorrt": "not available in this version",
        "torch": "not available in this version",
    }
    assert not selection.is_fallback


def test_a_fallback_is_never_silent(weights: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture):
    monkeypatch.setitem(sys.modules, "openvino", None)
    with caplog.at_level(logging.WARNING):
        selection = chosen(weights)
    assert selection.chosen == "onnxruntime"
    assert selection.is_fallback
    assert "pip install openvino" in selection.reasons["openvino"]
    assert "runs on onnxruntime instead of openvino" in caplog.text


def test_what_this_version_lacks_falls_back_with_its_reason(weights: Path, caplog: pytest.LogCaptureFixture):
    selection = chosen(weights, "prefer tensorrt")
    assert selection.chosen == "openvino"
    assert selection.is_fallback
    assert "not available in this version" in caplog.text


def test_require_never_falls_back(weights: Path, monkeypatch: pytest.MonkeyPatch):
    assert chosen(weights, "require onnxruntime").reasons["openvino"] == "not in the policy (require onnxruntime)"
    monkeypatch.setitem(sys.modules, "openvino", None)
    with pytest.raises(BackendUnavailableError, match="pip install openvino"):
        chosen(weights, "require openvino")
    with pytest.raises(BackendUnavailableError, match="tensorrt: not available in this version"):
        chosen(weights, "require tensorrt")


def test_when_nothing_runs_every_reason_is_told(weights: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "openvino", None)
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(BackendUnavailableError, match=r"openvino: .*pip install openvino.*onnxruntime: "):
        chosen(weights)


def test_people_override_the_policy_by_the_environment(weights: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TAPETUM_BACKEND", "require onnxruntime")
    assert chosen(weights, "prefer openvino").chosen == "onnxruntime"
    monkeypatch.setenv("TAPETUM_BACKEND", "fastest")
    with pytest.raises(PolicyError, match="TAPETUM_BACKEND='fastest'"):
        effective_policy(None)
    monkeypatch.setenv("TAPETUM_BACKEND", " ")
    assert chosen(weights).chosen == "openvino"


def test_a_model_needs_a_thread(weights: Path):
    with pytest.raises(PolicyError, match="at least 1 thread"):
        chosen(weights, threads=0)


def test_a_torn_model_is_the_models_fault_not_the_backends(weights: Path, edit_card: EditCard):
    (weights / "face_landmarks.onnx").write_bytes(b"no model")
    edit_card("face_landmarks", {"sha256": hashlib.sha256(b"no model").hexdigest()})
    with pytest.raises(ModelFileError, match=r"openvino: .*onnxruntime: "):
        chosen(weights)


def test_a_card_of_another_model_is_not_tried_on_the_next_backend(weights: Path, edit_card: EditCard):
    data = (weights / "gray_to_depth.onnx").read_bytes()
    edit_card("face_landmarks", {"file": "gray_to_depth.onnx", "sha256": hashlib.sha256(data).hexdigest()})
    with pytest.raises(ModelMismatchError):
        chosen(weights)
