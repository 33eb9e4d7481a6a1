"""The plan of one batch size: a list of torch calls, each with its type and layout decided beforehand.

In fp16, convolutions and linear layers with many weights compute in float16, channels last, and sum in float32; what is
added, pooled, cut or joined between them stays so. Everything else computes in float32: sums over a picture, softmax,
exponentials, coordinates in pixels and relief in millimetres overflow float16 or lose what they are for.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from engines.backends.torch_graph import OPERATORS, TorchGraph, call_of, computed, failed
from engines.backends.torch_graph_call import Arithmetic, Built, Call, Known, Live, Node, Value

HALF_FROM = 256
"""Layers with fewer weights stay in float32: they cost nothing, and some are geometry (slopes, smoothing)."""

FloatType = Literal["f32", "f16"]


class DeviceWeights:
    """The weights on the device, shared by the plans of all batch sizes.

    Args:
        torch: the module.
        device: ``cpu`` or ``cuda:N``.
        floats: what layers compute in; f16 is laid out channels last.
    """

    def __init__(self, torch: Any, device: str, floats: FloatType) -> None:
        self.torch, self.device, self.floats = torch, device, floats
        self._kept: dict[tuple[str, Any], Any] = {}

    def place(self, known: Known, dtype: Any) -> Any:
        """On the device, in this type; one of the file's own weights is sent once."""
        key = (known.name, dtype)
        if known.name and key in self._kept:
            return self._kept[key]
        # always a copy of its own: the host's is let go after loading
        tensor = known.tensor.to(device=self.device, dtype=dtype, copy=True)
        if self.floats == "f16" and tensor.dim() == 4 and dtype == self.torch.float16:
            tensor = tensor.contiguous(memory_format=self.torch.channels_last)
        if known.name:
            self._kept[key] = tensor
        return tensor


@dataclass(frozen=True, slots=True)
class _Step:
    compute: Callable[..., Any]
    sources: tuple[int | None, ...]
    targets: tuple[int | None, ...]
    done: tuple[int, ...]
    """Slots that nobody reads after this step."""


class Program:
    """The model at one batch size. Call it with the inputs, in the graph's order, on its device.

    Attributes:
        batch: that it computes.
        shapes: of the outputs, by name.
        steps: the number of torch calls.
        macs: multiply-accumulates of convolutions and linear layers, of the whole batch.
    """

    def __init__(
        self, batch: int, slots: Sequence[Any], inputs: Sequence[int], steps: Sequence[_Step], outputs: dict[str, int]
    ) -> None:
        self.batch = batch
        self._slots, self._inputs, self._steps, self._outputs = list(slots), list(inputs), list(steps), outputs
        self.shapes: dict[str, tuple[int, ...]] = {}
        self.macs = 0

    @property
    def steps(self) -> int:
        return len(self._steps)

    @property
    def constants(self) -> list[Any]:
        """The tensors that are there before a call: weights and what was computed beforehand."""
        return [tensor for tensor in self._slots if tensor is not None]

    def __call__(self, *inputs: Any) -> dict[str, Any]:
        slots = list(self._slots)
        for slot, tensor in zip(self._inputs, inputs, strict=True):
            slots[slot] = tensor
        for step in self._steps:
            results = step.compute(*[None if i is None else slots[i] for i in step.sources])
            for i in step.done:
                slots[i] = None
            if not isinstance(results, tuple | list):
                results = (results,)
            for target, result in zip(step.targets, results, strict=False):
                if target is not None:
                    slots[target] = result
        return {name: slots[slot] for name, slot in self._outputs.items()}


def plan(
    graph: TorchGraph, batch: int, weights: DeviceWeights, shapes: Mapping[str, tuple[int, ...]] | None = None
) -> Program:
    """The program of a graph at a batch size.

    Args:
        graph: what to compute.
        batch: number of faces.
        weights: where the weights are kept, and in which type.
        shapes: of the inputs, without the batch; None takes the file's own.

    Raises:
        UnsupportedGraphError: a node cannot be computed, or needs a value beforehand that depends on the inputs.
    """
    return _Planner(graph, batch, weights).run(
        {t.name: t.shape[1:] for t in graph.inputs} if shapes is None else shapes
    )


class _Planner:
    def __init__(self, graph: TorchGraph, batch: int, weights: DeviceWeights) -> None:
        self._graph, self._batch, self._weights, self._torch = graph, batch, weights, weights.torch
        self._values: dict[str, Value] = dict(graph.weights)
        self._slots: list[Any] = []
        self._steps: list[_Step] = []
        self._placed: dict[tuple[str, Any], int] = {}
        self._alive: list[Known] = []  # so that no two of them get the same id
        self._turned: dict[tuple[int, Any], Live] = {}
        self._macs = 0

    def run(self, shapes: Mapping[str, tuple[int, ...]]) -> Program:
        torch, inputs = self._torch, []
        for tensor in self._graph.inputs:
            shape = (self._batch, *shapes[tensor.name])
            live = self._live(torch.empty(shape, dtype=torch.float32, device="meta"))
            self._values[tensor.name] = live
            inputs.append(live.slot)
        for node in self._graph.nodes:
            self._add(node)
        outputs = {tensor.name: self._output(tensor.name) for tensor in self._graph.outputs}
        program = Program(self._batch, self._slots, inputs, self._freed(set(outputs.values())), outputs)
        for tensor in self._graph.outputs:
            found = self._values[tensor.name]
            like = found.tensor if isinstance(found, Known) else found.like
            program.shapes[tensor.name] = tuple(like.shape)
        program.macs = self._macs
        return program

    def _live(self, like: Any) -> Live:
        self._slots.append(None)
        return Live(len(self._slots) - 1, like)

    def _add(self, node: Node) -> None:
        call = call_of(self._torch, node, self._values)
        operator = OPERATORS[node.kind]
        if all(value is None or isinstance(value, Known) for value in call.values):
            self._values.update(computed(self._torch, node, self._values))
            return
        try:
            built = operator.build(call)
            if not built.operands:  # a shape: known, though its input is not
                self._values[node.outputs[0]] = Known(built.compute())
                return
            dtype = self._arithmetic(operator.arithmetic, built)
            sources = tuple(None if v is None else self._source(v, dtype) for v in built.operands)
            likes = built.compute(*[None if v is None else self._like(v, dtype) for v in built.operands])
        except (RuntimeError, TypeError, ValueError, IndexError, NotImplementedError) as error:
            raise failed(node, error) from error
        given = likes if isinstance(likes, tuple | list) else (likes,)
        self._macs += _macs(node, call, given[0])
        lives = [self._live(like) for like in given]
        self._values.update({name: live for name, live in zip(node.outputs, lives, strict=False) if name})
        self._steps.append(_Step(built.compute, sources, tuple(live.slot for live in lives), ()))

    def _arithmetic(self, rule: Arithmetic, built: Built) -> Any:
        """The type that the step's floating-point operands are brought to; None leaves them as they are."""
        torch = self._torch
        if rule == "plain":
            return None
        if self._weights.floats == "f32" or rule == "float":
            return torch.float32
        if rule == "half":
            weight = built.operands[1]
            assert weight is not None  # nodes without weights have failed before
            like = weight.tensor if isinstance(weight, Known) else weight.like
            return torch.float16 if like.numel() >= HALF_FROM else torch.float32
        types = {v.like.dtype for v in built.operands if isinstance(v, Live) and v.like.is_floating_point()}
        return torch.float16 if types == {torch.float16} else torch.float32

    def _like(self, value: Value, dtype: Any) -> Any:
        like = value.tensor if isinstance(value, Known) else value.like
        wanted = dtype if dtype is not None and like.is_floating_point() else like.dtype
        return self._torch.empty_like(like, dtype=wanted, device="meta")

    def _source(self, value: Value, dtype: Any) -> int:
        """The slot with this value in this type; where it is in another, a step that converts it comes first."""
        if isinstance(value, Known):
            wanted = dtype if dtype is not None and value.tensor.is_floating_point() else value.tensor.dtype
            return self._place(value, wanted)
        if dtype is None or not value.like.is_floating_point() or value.like.dtype == dtype:
            return value.slot
        return self._turn(value, dtype).slot

    def _place(self, value: Known, dtype: Any) -> int:
        key = (value.name or f"#{id(value)}", dtype)
        if key not in self._placed:
            self._alive.append(value)
            self._slots.append(self._weights.place(value, dtype))
            self._placed[key] = len(self._slots) - 1
        return self._placed[key]

    def _turn(self, value: Live, dtype: Any) -> Live:
        """The value in another floating-point type; pictures become channels last in half precision."""
        key = (value.slot, dtype)
        if key not in self._turned:
            torch = self._torch
            layout = {"memory_format": torch.channels_last} if value.like.dim() == 4 and dtype == torch.float16 else {}
            turned = self._live(torch.empty_like(value.like, dtype=dtype))
            self._steps.append(_Step(lambda x: x.to(dtype=dtype, **layout), (value.slot,), (turned.slot,), ()))
            self._turned[key] = turned
        return self._turned[key]

    def _output(self, name: str) -> int:
        return self._source(self._values[name], self._torch.float32)

    def _freed(self, kept: set[int]) -> list[_Step]:
        """The steps, each with the slots that it reads last."""
        fixed = {i for i, tensor in enumerate(self._slots) if tensor is not None} | kept
        last = {i: at for at, step in enumerate(self._steps) for i in step.sources if i is not None and i not in fixed}
        return [
            _Step(step.compute, step.sources, step.targets, tuple(i for i, then in last.items() if then == at))
            for at, step in enumerate(self._steps)
        ]


def _macs(node: Node, call: Call, result: Any) -> int:
    """Multiply-accumulates of a layer; 0 of anything else."""
    if node.kind == "Conv":
        return int(result.numel()) * math.prod(call.shape(1)[1:])
    if node.kind == "ConvTranspose":
        return math.prod(call.shape(0)) * math.prod(call.shape(1)[1:])
    if node.kind == "Gemm":
        return int(result.numel()) * call.shape(0)[0 if call.attribute("transA", 0) else 1]
    if node.kind == "MatMul":
        return int(result.numel()) * call.shape(0)[-1]
    return 0
