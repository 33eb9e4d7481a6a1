"""Which backend runs, and why not the others."""

from __future__ import annotations

import hashlib
import logging
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from engines.backend import BackendStatus
from engines.backends.onnxruntime import OnnxRuntimeBackend
from engines.card import load_card
from engines.errors import BackendUnavailableError, ModelFileError, ModelMismatchError, PolicyError
from engines.policy import Policy, Wish, effective_policy, parse_policy
from engines.probe import Probe
from engines.select import Selection, select_backend
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
        ("prefer openvino, onnxruntime", Policy("prefer", (Wish("openvino"), Wish("onnxruntime")))),
        ("  Require   ONNXRuntime ", Policy("require", (Wish("onnxruntime"),))),
        ("onnxruntime", Policy("prefer", (Wish("onnxruntime"),))),
        ("tensorrt,openvino", Policy("prefer", (Wish("tensorrt"), Wish("openvino")))),
        ("prefer tensorrt:fp16, openvino:int8", Policy("prefer", (Wish("tensorrt", "fp16"), Wish("openvino", "int8")))),
        (("openvino",), Policy("prefer", (Wish("openvino"),))),
        (None, Policy("prefer", (Wish("openvino"), Wish("onnxruntime")))),
        ("", Policy("prefer", (Wish("openvino"), Wish("onnxruntime")))),
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
        "tensorrt": "not in the policy (prefer openvino, onnxruntime)",
        "torch": "not in the policy (prefer openvino, onnxruntime)",
        "onnxruntime-cuda": "not in the policy (prefer openvino, onnxruntime)",
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


def test_a_backend_that_is_not_installed_falls_back_and_says_how_to_get_it(
    weights: Path, caplog: pytest.LogCaptureFixture
):
    selection = chosen(weights, "prefer tensorrt")
    assert selection.chosen == "openvino"
    assert selection.is_fallback
    assert "not installed (no package tensorrt" in caplog.text


def test_require_never_falls_back(weights: Path, monkeypatch: pytest.MonkeyPatch):
    assert chosen(weights, "require onnxruntime").reasons["openvino"] == "not in the policy (require onnxruntime)"
    monkeypatch.setitem(sys.modules, "openvino", None)
    with pytest.raises(BackendUnavailableError, match="pip install openvino"):
        chosen(weights, "require openvino")
    with pytest.raises(BackendUnavailableError, match=r"tensorrt: not installed .*pip install"):
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


def test_a_precision_that_a_backend_lacks_is_refused_with_those_it_has():
    with pytest.raises(PolicyError, match="openvino computes in fp32, bf16, int8, not in 'fp16'"):
        parse_policy("openvino:fp16")
    with pytest.raises(PolicyError, match="no precision 'int4'"):
        parse_policy("openvino:int4")


def test_int8_that_was_not_made_yet_falls_back_and_is_remembered_as_unbuilt(
    weights: Path, monkeypatch: pytest.MonkeyPatch
):
    fields = {"kind": "int8", "model": "face_landmarks", "preset": "tiny", "calibration": "crops"}
    monkeypatch.setattr("engines.variants.fields_of", lambda kind, card, options: fields)
    selection = chosen(weights, "prefer openvino:int8, openvino")
    assert (selection.chosen, selection.precision) == ("openvino", "file")
    assert selection.is_fallback
    assert selection.unbuilt == (Wish("openvino", "int8"),)
    assert "tapetum engines build face_landmarks" in selection.reasons["openvino:int8"]


def test_what_is_barred_is_not_tried(weights: Path):
    backend, selection = select_backend(
        load_card(weights / "face_landmarks.json"), without={"openvino": "it failed three times"}
    )
    backend.close()
    assert selection.chosen == "onnxruntime"
    assert selection.reasons["openvino"] == "it failed three times"


def test_bf16_runs_for_those_who_ask_for_it_where_the_cpu_has_it(weights: Path):
    selection = chosen(weights, "prefer openvino:bf16, openvino")
    if selection.precision == "file":
        assert "bf16" in selection.reasons["openvino:bf16"]
    else:
        assert (selection.wish.text(), selection.is_fallback) == ("openvino:bf16", False)


def test_a_backend_whose_probe_fails_is_never_loaded(weights: Path, monkeypatch: pytest.MonkeyPatch):
    def crashed(name: str) -> Probe:
        return Probe(name, name != "openvino", "its library ended the probing process by SIGSEGV")

    monkeypatch.setattr("engines.select.probe_backend", crashed)
    selection = chosen(weights)
    assert selection.chosen == "onnxruntime"
    assert selection.reasons["openvino"] == "its library ended the probing process by SIGSEGV"


@pytest.mark.parametrize(
    ("wish", "device", "precision", "told"),
    [
        ("torch", "CPU", "f32", "computes on CPU"),
        ("tensorrt:fp16", "NVIDIA H200", "f32", "asked for fp16, but computes in f32"),
    ],
)
def test_what_really_runs_is_checked_after_loading(
    weights: Path, monkeypatch: pytest.MonkeyPatch, wish: str, device: str, precision: str, told: str
):
    class Pretender(OnnxRuntimeBackend):
        def status(self) -> BackendStatus:
            return replace(super().status(), device=device, precision=precision)

    monkeypatch.setattr("engines.select.probe_backend", lambda name: Probe(name, True))
    monkeypatch.setattr(
        "engines.select.make_backend",
        lambda name, options: (Pretender if name == wish.split(":")[0] else OnnxRuntimeBackend)(),
    )
    selection = chosen(weights, f"prefer {wish}, onnxruntime")
    assert selection.chosen == "onnxruntime"
    assert told in selection.reasons[wish]
