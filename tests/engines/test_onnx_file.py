"""What an ONNX file says of itself, read without the package onnx."""

from __future__ import annotations

import contextlib
import functools

import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from onnx import TensorProto, helper

from engines.onnx_file import operations, read_onnx
from tests.engines.spoilt_models import newer_opset, weights_elsewhere, write_spoilt
from tests.helpers.onnx_models import TinyGraph


@functools.cache
def whole() -> bytes:
    graph = TinyGraph({"x": ("N", 4)}, {"y": ("N", 4)}, generated=False)
    graph.op("Relu", graph.op("Exp", graph.op("Relu", "x")), to="y")
    return graph.to_bytes()


def test_opset_and_operations_are_those_that_were_written():
    assert read_onnx(whole()).opset == 17
    assert read_onnx(whole()).external == ()
    assert operations(whole()) == {"Relu": 2, "Exp": 1}


def test_the_opset_of_others_does_not_count():
    model = onnx.load_from_string(whole())
    model.opset_import.append(helper.make_opsetid("com.acme", 400))
    assert read_onnx(model.SerializeToString()).opset == 17


def test_weights_in_other_files_are_found_in_constants_and_in_graphs_inside(tmp_path):
    data = write_spoilt(tmp_path, weights_elsewhere).with_suffix(".onnx").read_bytes()
    assert read_onnx(data).external == (("w", "weights.bin"),)
    tensor = onnx.load_from_string(data).graph.initializer[0]
    inner = helper.make_graph([helper.make_node("Constant", [], ["w"], value=tensor)], "inner", [], [])
    model = onnx.load_from_string(whole())
    model.graph.node.append(helper.make_node("If", ["c"], ["z"], then_branch=inner, else_branch=inner))
    assert read_onnx(model.SerializeToString()).external == (("w", "weights.bin"),) * 2


def test_a_new_opset_is_read_as_it_is(tmp_path):
    assert read_onnx(write_spoilt(tmp_path, newer_opset).with_suffix(".onnx").read_bytes()).opset == 99


@given(st.integers(1, len(whole()) - 1))
def test_a_file_that_is_cut_off_gives_its_own_error_or_what_is_left(size: int):
    with contextlib.suppress(ValueError):
        assert read_onnx(whole()[:size]).opset in (0, 17)


@given(st.binary(max_size=200))
def test_any_bytes_give_the_one_error_or_nothing_false(data: bytes):
    with contextlib.suppress(ValueError):
        assert read_onnx(data).opset >= 0


@pytest.mark.parametrize("data", [b"", b"hello world"])
def test_what_is_no_model_is_told(data: bytes):
    with pytest.raises(ValueError, match=r"graph|cut off|field|number"):
        read_onnx(data)


def test_a_dense_tensor_is_not_elsewhere():
    model = onnx.load_from_string(whole())
    model.graph.initializer.append(helper.make_tensor("w", TensorProto.FLOAT, [2], [1.0, 2.0]))
    assert read_onnx(model.SerializeToString()).external == ()
