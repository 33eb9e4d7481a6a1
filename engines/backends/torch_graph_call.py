"""What the translation of one ONNX node to torch works with. torch itself is handed in: nothing here imports it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NoReturn

from engines.errors import UnsupportedGraphError

Compute = Callable[..., Any]
"""Tensors (None for an input that is left out) to a tensor, or to a tuple of them."""

Arithmetic = Literal["half", "float", "follow", "plain"]
"""What a node computes in where the model runs in fp16:

- ``half``: float16, since it is most of the work and its sums are kept in float32 (convolutions, linear layers);
- ``float``: float32, since it can overflow or lose what matters (sums, exponentials, coordinates, millimetres);
- ``follow``: what its inputs are in, the wider one where they differ;
- ``plain``: it does not touch floating-point numbers, or says itself what comes out.
"""


@dataclass(frozen=True, slots=True)
class Known:
    """A value that is known before any input is: a weight, a shape, what is computed from them."""

    tensor: Any
    name: str = ""
    """Of a weight that does not depend on the batch; empty otherwise."""


@dataclass(frozen=True, slots=True)
class Live:
    """A value that is computed from the inputs.

    Attributes:
        slot: where the program keeps it.
        like: a tensor without data that has its shape and type.
    """

    slot: int
    like: Any


Value = Known | Live


@dataclass(frozen=True, slots=True)
class Built:
    """A node, translated.

    Attributes:
        compute: what it does.
        operands: what is handed to it.
    """

    compute: Compute
    operands: tuple[Value | None, ...]


@dataclass(frozen=True, slots=True)
class Node:
    """One node of the ONNX graph, its attributes as Python and NumPy values."""

    name: str
    kind: str
    opset: int
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    attributes: Mapping[str, Any]

    def refuse(self, why: str) -> NoReturn:
        """Raises: UnsupportedGraphError, with what and where."""
        raise UnsupportedGraphError(
            f"the torch backend cannot run node {self.name!r} (operator {self.kind}, opset {self.opset}): {why}"
        )


@dataclass(frozen=True, slots=True)
class Call:
    """A node with what is known of its inputs, as its translation sees it."""

    torch: Any
    node: Node
    values: tuple[Value | None, ...]

    def attribute(self, name: str, default: Any) -> Any:
        return self.node.attributes.get(name, default)

    def refuse(self, why: str) -> NoReturn:
        self.node.refuse(why)

    def has(self, i: int) -> bool:
        return i < len(self.values) and self.values[i] is not None

    def value(self, i: int) -> Value:
        found = self.values[i] if i < len(self.values) else None
        if found is None:
            self.refuse(f"its input {i} is missing")
        return found

    def like(self, i: int) -> Any:
        """A tensor with the input's shape and type."""
        found = self.value(i)
        return found.tensor if isinstance(found, Known) else found.like

    def shape(self, i: int) -> tuple[int, ...]:
        return tuple(self.like(i).shape)

    def known(self, i: int) -> Any:
        """The tensor of an input that must be known before the model runs."""
        found = self.value(i)
        if not isinstance(found, Known):
            self.refuse(
                f"its input {i} ({self.node.inputs[i]!r}) must be a constant, and depends on the model's inputs"
            )
        return found.tensor

    def ints(self, i: int) -> list[int]:
        return [int(v) for v in self.known(i).flatten().tolist()]

    def floats(self, i: int) -> list[float]:
        return [float(v) for v in self.known(i).flatten().tolist()]

    def axis(self, axis: int, rank: int) -> int:
        """The axis counted from the front."""
        if not -rank <= axis < rank:
            self.refuse(f"axis {axis} of a tensor with {rank} axes")
        return axis % rank

    def built(self, compute: Compute, inputs: Sequence[int] | None = None) -> Built:
        """Of these inputs (all, unless said), in this order."""
        chosen = range(len(self.values)) if inputs is None else inputs
        return Built(compute, tuple(self.values[i] if self.has(i) else None for i in chosen))


@dataclass(frozen=True, slots=True)
class Operator:
    """An ONNX operator that torch can compute.

    Attributes:
        build: translates a node.
        arithmetic: see :data:`Arithmetic`.
        attributes: that it understands; any other is refused.
    """

    build: Callable[[Call], Built]
    arithmetic: Arithmetic
    attributes: frozenset[str] = frozenset()
