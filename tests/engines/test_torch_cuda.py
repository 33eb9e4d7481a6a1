"""The torch backend as a policy names it, and where it cannot run. What it computes stands in the files beside."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from engines.backend import Backend, LoadOptions
from engines.card import load_card
from engines.errors import (
    BackendUnavailableError,
    InferenceError,
    NoDriverError,
    WrongVersionError,
)
from engines.registry import make_backend
from tests.engines.torch_on_cpu import loaded, needs_torch


def test_it_is_a_backend_that_a_policy_can_name():
    backend = make_backend("torch", LoadOptions(precision="fp16"))
    assert isinstance(backend, Backend)
    assert backend.name == "torch"
    assert not backend.status().ready
    with pytest.raises(InferenceError, match="load it first"):
        backend.warm_up()
    backend.close()


def test_without_a_gpu_the_driver_is_missed_before_torch_is_imported(weights: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("engines.backends.torch_cuda.why_no_gpu", lambda: "there is no GPU in this box")
    monkeypatch.setitem(sys.modules, "torch", None)
    card = load_card(weights / "face_landmarks.json")
    with pytest.raises(NoDriverError, match="there is no GPU in this box"):
        make_backend("torch").load(card, card.onnx_path)


def test_without_torch_the_command_that_brings_it_is_named(weights: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("engines.backends.torch_cuda.why_no_gpu", lambda: "")
    monkeypatch.setitem(sys.modules, "torch", None)
    card = load_card(weights / "face_landmarks.json")
    with pytest.raises(BackendUnavailableError, match=r"torch cannot be imported .* pip install 'tapetum\[torch\]'"):
        make_backend("torch").load(card, card.onnx_path)


def test_int8_arithmetic_is_not_promised(weights: Path):
    card = load_card(weights / "face_landmarks.json")
    with pytest.raises(BackendUnavailableError, match="no int8 arithmetic"):
        make_backend("torch", LoadOptions(precision="int8")).load(card, card.onnx_path)


def test_a_torch_without_cuda_says_where_one_with_it_is(weights: Path, monkeypatch: pytest.MonkeyPatch):
    torch = needs_torch()
    if torch.version.cuda is not None:
        pytest.skip("the installed torch has CUDA")
    monkeypatch.setattr("engines.backends.torch_cuda.why_no_gpu", lambda: "")
    card = load_card(weights / "face_landmarks.json")
    with pytest.raises(BackendUnavailableError, match="built without CUDA; install a build with it"):
        make_backend("torch").load(card, card.onnx_path)


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("The NVIDIA driver on your system is too old (found version 11040).", WrongVersionError),
        ("Unexpected error from cudaGetDeviceCount()", NoDriverError),
    ],
)
def test_a_cuda_that_does_not_start_is_told_by_its_reason(
    weights: Path, monkeypatch: pytest.MonkeyPatch, said: str, kind: type[Exception]
):
    torch = needs_torch()

    def init() -> None:
        raise RuntimeError(said)

    monkeypatch.setattr("engines.backends.torch_cuda.why_no_gpu", lambda: "")
    monkeypatch.setattr(torch.version, "cuda", "13.0")
    monkeypatch.setattr(torch.cuda, "init", init)
    card = load_card(weights / "face_landmarks.json")
    with pytest.raises(kind, match=r"\(CUDA 13.0\) cannot use the GPU"):
        make_backend("torch").load(card, card.onnx_path)


def test_a_gpu_that_is_not_there_is_told_with_the_number_of_those_that_are(
    weights: Path, monkeypatch: pytest.MonkeyPatch
):
    torch = needs_torch()
    monkeypatch.setattr("engines.backends.torch_cuda.why_no_gpu", lambda: "")
    monkeypatch.setattr(torch.version, "cuda", "13.0")
    monkeypatch.setattr(torch.cuda, "init", lambda: None)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    card = load_card(weights / "face_landmarks.json")
    with pytest.raises(BackendUnavailableError, match="no GPU number 2: 2 found"):
        make_backend("torch", LoadOptions(device=2)).load(card, card.onnx_path)


def test_it_says_that_it_is_unverified_until_it_was_checked(weights: Path, monkeypatch: pytest.MonkeyPatch):
    backend, _ = loaded(weights / "face_landmarks.json")
    assert backend.status().note.startswith("UNVERIFIED: has not run on a GPU yet")
    monkeypatch.setattr("engines.backends.torch_cuda.verified", lambda name: {"ok": True} if name == "torch" else None)
    assert loaded(weights / "face_landmarks.json")[0].status().note == ""
