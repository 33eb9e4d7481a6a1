"""What an ONNX file says of itself before any library reads it: its opset, and weights that lie in other files.

Libraries differ here. OpenVINO reads an opset that nobody has defined yet as if it were the newest that it knows;
messages about missing weights name a path inside the library. The few protobuf fields needed are read directly, since
the package onnx is not among the dependencies (field numbers: onnx.proto, https://github.com/onnx/onnx).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from engines.card import ModelCard
from engines.errors import ModelFileError, UnsupportedGraphError

NEWEST_OPSET = 26
"""The newest released opset that ONNX Runtime 1.31 and OpenVINO 2026.4 both read; exports here are of opset 17."""

_MODEL_GRAPH, _MODEL_OPSET = 7, 8
_OPSET_DOMAIN, _OPSET_VERSION = 1, 2
_GRAPH_NODE, _GRAPH_TENSOR = 1, 5
_NODE_OPERATION, _NODE_ATTRIBUTE = 4, 5
_ATTRIBUTE_TENSOR, _ATTRIBUTE_GRAPH, _ATTRIBUTE_TENSORS, _ATTRIBUTE_GRAPHS = 5, 6, 10, 11
_TENSOR_NAME, _TENSOR_EXTERNAL, _TENSOR_LOCATION = 8, 13, 14
_EXTERNAL = 1
_ENTRY_KEY, _ENTRY_VALUE = 1, 2
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5

_Field = tuple[int, int | memoryview]


@dataclass(frozen=True, slots=True)
class OnnxFile:
    """What was read.

    Attributes:
        opset: of the standard operations; 0 where the file names none.
        external: (name of a tensor, file that holds it) of each that is not in this file.
    """

    opset: int
    external: tuple[tuple[str, str], ...]


def read_onnx(data: bytes) -> OnnxFile:
    """Read what a file says of itself.

    Raises:
        ValueError: it is no whole ONNX file.
    """
    opset, external, graphs = 0, [], 0
    for number, value in _fields(memoryview(data)):
        if number == _MODEL_OPSET:
            domain, version = b"", 0
            for inner, what in _fields(_message(value)):
                if inner == _OPSET_DOMAIN:
                    domain = bytes(_message(what))
                elif inner == _OPSET_VERSION and isinstance(what, int):
                    version = what
            if domain in (b"", b"ai.onnx"):
                opset = max(opset, version)
        elif number == _MODEL_GRAPH:
            graphs += 1
            external += [found for tensor in _tensors(_message(value)) if (found := _outside(tensor))]
    if not graphs:
        raise ValueError("it holds no graph")
    return OnnxFile(opset, tuple(external))


def operations(data: bytes) -> Counter[str]:
    """How often each operation stands in a file's graph; those of graphs inside it are not counted.

    Raises:
        ValueError: it is no whole ONNX file.
    """
    found: Counter[str] = Counter()
    for number, graph in _fields(memoryview(data)):
        if number == _MODEL_GRAPH:
            nodes = (_message(node) for field, node in _fields(_message(graph)) if field == _GRAPH_NODE)
            found.update(
                str(_message(value), "utf-8", "replace")
                for node in nodes
                for field, value in _fields(node)
                if field == _NODE_OPERATION
            )
    return found


def check_onnx(card: ModelCard, path: Path, data: bytes) -> None:
    """Refuse what no backend may run.

    Raises:
        ModelFileError: the file is no whole ONNX file, or some weights lie in other files.
        UnsupportedGraphError: its opset is newer than what the libraries know.
    """
    try:
        found = read_onnx(data)
    except ValueError as error:
        raise ModelFileError(
            f"{card.title}: {path} is no whole ONNX file ({error}); fetch or export the model again"
        ) from error
    if found.external:
        name, file = found.external[0]
        there = "no checksum covers that file" if (path.parent / file).is_file() else "that file is missing"
        raise ModelFileError(
            f"{card.title}: {len(found.external)} tensors of {path}, such as {name!r}, lie in another file, {file!r}: "
            f"{there}; export the model as one file"
        )
    if found.opset > NEWEST_OPSET:
        raise UnsupportedGraphError(
            f"{card.title}: {path} is of ONNX opset {found.opset}, the newest that is known here is {NEWEST_OPSET}; "
            f"export the model with opset 17"
        )


def _tensors(graph: memoryview) -> Iterator[memoryview]:
    """Every tensor that a graph and the graphs inside it hold."""
    for number, value in _fields(graph):
        if number == _GRAPH_TENSOR:
            yield _message(value)
        elif number == _GRAPH_NODE:
            for inner, attribute in _fields(_message(value)):
                if inner == _NODE_ATTRIBUTE:
                    yield from _attribute_tensors(_message(attribute))


def _attribute_tensors(attribute: memoryview) -> Iterator[memoryview]:
    for number, value in _fields(attribute):
        if number in (_ATTRIBUTE_TENSOR, _ATTRIBUTE_TENSORS):
            yield _message(value)
        elif number in (_ATTRIBUTE_GRAPH, _ATTRIBUTE_GRAPHS):
            yield from _tensors(_message(value))


def _outside(tensor: memoryview) -> tuple[str, str] | None:
    """Name and file of a tensor that is not in the model's own file."""
    name, file, outside = "", "(not named)", False
    for number, value in _fields(tensor):
        if number == _TENSOR_NAME:
            name = str(_message(value), "utf-8", "replace")
        elif number == _TENSOR_LOCATION:
            outside = value == _EXTERNAL
        elif number == _TENSOR_EXTERNAL:
            entry = dict(_fields(_message(value)))
            if bytes(_message(entry.get(_ENTRY_KEY, memoryview(b"")))) == b"location":
                file = str(_message(entry.get(_ENTRY_VALUE, memoryview(b""))), "utf-8", "replace")
    return (name, file) if outside else None


def _message(value: int | memoryview) -> memoryview:
    if isinstance(value, int):
        raise ValueError("a number stands where a message should")
    return value


def _fields(data: memoryview) -> Iterator[_Field]:
    """The fields of one protobuf message: a number for a varint, else the bytes.

    Raises:
        ValueError: the message is cut off, or is none.
    """
    at, end = 0, len(data)
    while at < end:
        tag, at = _varint(data, at)
        number, kind = tag >> 3, tag & 7
        if kind == _VARINT:
            value, at = _varint(data, at)
            yield number, value
            continue
        if kind == _BYTES:
            size, at = _varint(data, at)
        elif kind in (_FIXED32, _FIXED64):
            size = 4 if kind == _FIXED32 else 8
        else:
            raise ValueError(f"unknown field kind {kind}")
        if not number or at + size > end:
            raise ValueError("it is cut off")
        yield number, data[at : at + size]
        at += size


def _varint(data: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(data) and shift < 70:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at
    raise ValueError("it is cut off")
