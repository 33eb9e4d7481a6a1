"""What OpenVINO and ONNX Runtime make of a file: the precision that really runs, and graphs that they cannot run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import cast

import numpy as np
import onnx
import pytest

from engines.backend import Precision
from engines.backends.openvino_library import openvino_core
from engines.errors import BackendUnavailableError, ModelFileError, UnsupportedGraphError
from tests.engines.spoilt_models import (
    cut_off,
    newer_opset,
    operation_of_others,
    unknown_operation,
    weights_elsewhere,
    write_quantised,
    write_spoilt,
)
from tests.engines.test_backends import every_backend, loaded, some_input


@every_backend
def test_only_the_precision_of_the_file_is_computed_in(weights: Path, backend_name: str):
    path = weights / "face_landmarks.json"
    assert loaded(backend_name, path, precision="fp32")[0].status().precision == "f32"
    for wrong, told in (("fp16", "fp16 is for a GPU"), ("int8", "make its int8 file")):
        with pytest.raises(BackendUnavailableError, match=f"asked for {wrong}, but .* is fp32: {told}"):
            loaded(backend_name, path, precision=cast(Precision, wrong))


@every_backend
def test_an_int8_file_runs_in_int8_and_is_told_so(tmp_path: Path, backend_name: str):
    path = write_quantised(tmp_path, pairs=True)
    backend, _ = loaded(backend_name, path, precision="int8")
    assert backend.status().precision == "int8"
    assert backend.status().key_fields["int8_layers"] == "1 of 1"
    assert backend.status().note == ""
    with pytest.raises(BackendUnavailableError, match=r"asked for fp32, but .* is int8"):
        loaded(backend_name, path, precision="fp32")


@every_backend
def test_a_file_that_is_int8_by_its_card_alone_is_found_out(tmp_path: Path, backend_name: str):
    path = write_quantised(tmp_path, pairs=False)
    backend, _ = loaded(backend_name, path)
    assert backend.status().precision == "f32"
    assert "the file is int8, but" in backend.status().note
    with pytest.raises(BackendUnavailableError, match="in float on this CPU"):
        loaded(backend_name, path, precision="int8")


@every_backend
@pytest.mark.parametrize(
    ("spoil", "kind", "told"),
    [
        (newer_opset, UnsupportedGraphError, "opset 99, the newest that is known here"),
        (operation_of_others, UnsupportedGraphError, "operations that .* does not know.*Frobnicate"),
        (unknown_operation, UnsupportedGraphError, "operations that .* does not know.*Frobnicate"),
        (weights_elsewhere, ModelFileError, r"such as 'w', lie in another file, 'weights.bin': that file is missing"),
        (cut_off, ModelFileError, "no whole ONNX file"),
    ],
)
def test_a_graph_that_cannot_run_is_refused_in_clear_words(
    tmp_path: Path, backend_name: str, spoil: Callable[[onnx.ModelProto], bytes], kind: type[Exception], told: str
):
    path = write_spoilt(tmp_path, spoil)
    with pytest.raises(kind, match=told):
        loaded(backend_name, path)


def test_bfloat16_is_computed_in_only_when_it_is_asked_for(weights: Path):
    path = weights / "depth_to_color.json"
    asked = cast(Precision, "bf16")
    capable = "BF16" in openvino_core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    plain, card = loaded("openvino", path)
    assert (plain.status().precision, plain.status().key_fields["floats"]) == ("f32", "f32")
    with pytest.raises(BackendUnavailableError, match=r"only OpenVINO computes in bf16"):
        loaded("onnxruntime", path, precision=asked)
    if not capable:
        with pytest.raises(BackendUnavailableError, match="this CPU does not compute in bf16"):
            loaded("openvino", path, precision=asked)
        return
    short, _ = loaded("openvino", path, precision=asked)
    assert short.status().precision == "bf16"
    assert short.status().engine_key != plain.status().engine_key
    a, b = plain.infer(some_input(card)), short.infer(some_input(card))
    np.testing.assert_allclose(a["color"], b["color"], atol=0.02, rtol=0)
    assert not np.array_equal(a["color"], b["color"])
