"""The self-checks of what is built here, before it is in the store: called in the build's child process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engines.backend import Backend, LoadOptions
from engines.card import ModelCard, load_card
from engines.errors import BackendUnavailableError
from engines.registry import make_backend
from engines.selfcheck import CheckReport, self_check

REFERENCE = "onnxruntime"
"""The backend whose fp32 numbers are right."""


@contextmanager
def loaded(backend: Backend, card: ModelCard) -> Iterator[Backend]:
    """A backend with a model, closed at the end.

    Raises:
        EngineError: it cannot be loaded.
    """
    try:
        backend.load(card, card.onnx_path)
        yield backend
    finally:
        backend.close()


@contextmanager
def reference_for(card: ModelCard) -> Iterator[Backend]:
    """The reference with a model's fp32 file, closed at the end."""
    with loaded(make_backend(REFERENCE), card) as reference:
        yield reference


def check_int8(card: ModelCard, options: LoadOptions, artefact: Path) -> CheckReport:
    """Check an int8 file on the CPU backends: on OpenVINO, and on the reference's library where that is missing.

    Args:
        card: of the fp32 file that it was made from.
        options: threads of a call.
        artefact: the int8 file's own card.

    Raises:
        EngineError: the card or the file is torn, or neither backend loads it.
    """
    made = load_card(artefact)
    plain = LoadOptions(threads=options.threads)
    try:
        backend = make_backend("openvino", plain)
        backend.load(made, made.onnx_path)
    except BackendUnavailableError:
        backend = make_backend(REFERENCE, plain)
        backend.load(made, made.onnx_path)
    try:
        with reference_for(card) as reference:
            return self_check(backend, made, reference)
    finally:
        backend.close()


def check_plan(card: ModelCard, options: LoadOptions, artefact: Path) -> CheckReport:
    """Check a TensorRT plan on the GPU.

    Raises:
        EngineError: it cannot be loaded.
    """
    from engines.backends.tensorrt import PlanFile, TensorRtBackend

    with (
        loaded(TensorRtBackend(options, plans=PlanFile(artefact)), card) as backend,
        reference_for(card) as reference,
    ):
        return self_check(backend, card, reference)
