"""ONNX operators that compute element by element, reduce, or move values about, in torch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from engines.backends.torch_graph_call import Built, Call, Known, Operator


def _apply(make: Callable[[Any], Callable[..., Any]]) -> Callable[[Call], Built]:
    """An operator that is one function of torch on all of its inputs."""
    return lambda c: c.built(make(c.torch))


def _div(c: Call) -> Built:
    torch = c.torch
    if c.like(0).is_floating_point():
        return c.built(torch.div)
    return c.built(lambda a, b: torch.div(a, b, rounding_mode="trunc"))


def _mod(c: Call) -> Built:
    return c.built(c.torch.fmod if c.attribute("fmod", 0) else c.torch.remainder)


def _extreme(pick: str) -> Callable[[Call], Built]:
    def build(c: Call) -> Built:
        function = getattr(c.torch, pick)

        def compute(first: Any, *others: Any) -> Any:
            for other in others:
                first = function(first, other)
            return first

        return c.built(compute)

    return build


def _clip(c: Call) -> Built:
    low = c.floats(1)[0] if c.has(1) else None
    high = c.floats(2)[0] if c.has(2) else None
    if low is None and high is None:
        return c.built(lambda x: x, [0])
    return c.built(lambda x: x.clamp(low, high), [0])


def _cast(c: Call) -> Built:
    torch = c.torch
    types = {1: torch.float32, 6: torch.int32, 7: torch.int64, 9: torch.bool}
    # what is known is a weight: stored in half precision it is widened before anything runs
    if isinstance(c.value(0), Known):
        types |= {2: torch.uint8, 3: torch.int8, 10: torch.float16}
    target = types.get(int(c.attribute("to", 0)))
    if target is None:
        c.refuse(f"a value that depends on the inputs becomes type {c.attribute('to', 0)} of ONNX")
    return c.built(lambda x: x.to(target))


def _constant(c: Call) -> Built:
    torch, found = c.torch, dict(c.node.attributes)
    if "value" in found:
        tensor = torch.from_numpy(np.array(found["value"]))
    elif "value_float" in found or "value_floats" in found:
        tensor = torch.tensor(found.get("value_float", found.get("value_floats")), dtype=torch.float32)
    elif "value_int" in found or "value_ints" in found:
        tensor = torch.tensor(found.get("value_int", found.get("value_ints")), dtype=torch.int64)
    else:
        c.refuse("a constant of another kind than numbers")
    return Built(lambda: tensor, ())


def _constant_of_shape(c: Call) -> Built:
    torch, shape = c.torch, c.ints(0)
    value = np.array(c.attribute("value", np.zeros(1, np.float32))).reshape(())
    tensor = torch.from_numpy(np.full(shape, value))
    return Built(lambda: tensor, ())


def _shape(c: Call) -> Built:
    shape = c.shape(0)
    start, end = c.attribute("start", 0), c.attribute("end", len(shape))
    tensor = c.torch.tensor(shape[slice(start, end)], dtype=c.torch.int64)
    return Built(lambda: tensor, ())


def _reshape(c: Call) -> Built:
    shape, now = c.ints(1), c.shape(0)
    if not c.attribute("allowzero", 0):
        shape = [now[i] if size == 0 else size for i, size in enumerate(shape)]
    return c.built(lambda x: x.reshape(shape), [0])


def _flatten(c: Call) -> Built:
    shape = c.shape(0)
    axis = int(c.attribute("axis", 1))
    axis = axis if axis == len(shape) else c.axis(axis, len(shape))
    rows = int(np.prod(shape[:axis], dtype=np.int64))
    return c.built(lambda x: x.reshape(rows, -1))


def _squeeze(c: Call) -> Built:
    shape = c.shape(0)
    axes = [c.axis(a, len(shape)) for a in c.ints(1)] if c.has(1) else [i for i, size in enumerate(shape) if size == 1]
    if any(shape[a] != 1 for a in axes):
        c.refuse(f"axes {axes} of {shape} are not of size 1")
    left = [size for i, size in enumerate(shape) if i not in axes]
    return c.built(lambda x: x.reshape(left), [0])


def _unsqueeze(c: Call) -> Built:
    rest, axes = list(c.shape(0)), c.ints(1)
    rank = len(rest) + len(axes)
    for axis in sorted(c.axis(a, rank) for a in axes):
        rest.insert(axis, 1)
    return c.built(lambda x: x.reshape(rest), [0])


def _transpose(c: Call) -> Built:
    order = list(c.attribute("perm", range(len(c.shape(0)))[::-1]))
    return c.built(lambda x: x.permute(order))


def _concat(c: Call) -> Built:
    axis = c.axis(int(c.attribute("axis", 0)), len(c.shape(0)))
    return c.built(lambda *parts: c.torch.cat(parts, axis))


def _split(c: Call) -> Built:
    shape = c.shape(0)
    axis = c.axis(int(c.attribute("axis", 0)), len(shape))
    count = int(c.attribute("num_outputs", len(c.node.outputs)))
    if c.has(1):
        sizes = c.ints(1)
    else:
        part = -(-shape[axis] // count)
        sizes = [min(part, shape[axis] - i * part) for i in range(count)]
    if sum(sizes) != shape[axis] or len(sizes) != len(c.node.outputs) or min(sizes) < 0:
        c.refuse(f"parts of {sizes} along axis {axis} of {shape}")
    return c.built(lambda x: x.split(sizes, axis), [0])


def _slice(c: Call) -> Built:
    shape = c.shape(0)
    starts, ends = c.ints(1), c.ints(2)
    axes = [c.axis(a, len(shape)) for a in c.ints(3)] if c.has(3) else list(range(len(starts)))
    steps = c.ints(4) if c.has(4) else [1] * len(starts)
    picks = [slice(None)] * len(shape)
    turned: list[int] = []
    for start, end, axis, step in zip(starts, ends, axes, steps, strict=True):
        if step == 0:
            c.refuse("a step of 0")
        size, back = shape[axis], step < 0
        # clamped as ONNX says, which is not Python's way when going backwards
        first = min(max(start + size if start < 0 else start, 0), size - 1 if back else size)
        last = min(max(end + size if end < 0 else end, -1 if back else 0), size - 1 if back else size)
        if back:  # torch has no slices that go backwards: the axis is turned round first
            turned.append(axis)
            first, last = size - 1 - first, size - 1 - last
        picks[axis] = slice(first, max(first, last), abs(step))
    window = tuple(picks)

    def compute(x: Any) -> Any:
        return (x.flip(turned) if turned else x)[window]

    return c.built(compute, [0])


def _gather(c: Call) -> Built:
    shape, indices = c.shape(0), c.known(1)
    axis = c.axis(int(c.attribute("axis", 0)), len(shape))
    picked = [i + shape[axis] if i < 0 else i for i in indices.flatten().tolist()]
    if any(not 0 <= i < shape[axis] for i in picked):
        c.refuse(f"indices {picked[:8]} along axis {axis} of {shape}")
    after = (*shape[:axis], *indices.shape, *shape[axis + 1 :])
    if indices.dim() == 0:
        return c.built(lambda x: x.select(axis, picked[0]), [0])
    first, count = picked[0], len(picked)
    if count and picked == list(range(first, first + count)):
        return c.built(lambda x: x.narrow(axis, first, count).reshape(after), [0])
    order = Known(c.torch.tensor(picked, dtype=c.torch.int64))
    return Built(lambda x, at: x.index_select(axis, at).reshape(after), (c.value(0), order))


def _expand(c: Call) -> Built:
    wanted, now = c.ints(1), c.shape(0)
    rank = max(len(wanted), len(now))
    a = [1] * (rank - len(wanted)) + wanted
    b = [1] * (rank - len(now)) + list(now)
    target = [y if x == 1 else x for x, y in zip(a, b, strict=True)]
    return c.built(lambda x: x.expand(target), [0])


def _tile(c: Call) -> Built:
    repeats = c.ints(1)
    return c.built(lambda x: x.repeat(repeats), [0])


def _pad(c: Call) -> Built:
    shape, pads = c.shape(0), c.ints(1)
    mode = c.attribute("mode", "constant")
    if mode not in ("constant", "edge"):
        c.refuse(f"mode {mode!r}; only constant and edge are computed")
    value = c.floats(2)[0] if c.has(2) else 0.0
    axes = [c.axis(a, len(shape)) for a in c.ints(3)] if c.has(3) else list(range(len(shape)))
    each = dict(zip(axes, zip(pads[: len(axes)], pads[len(axes) :], strict=True), strict=True))
    flat = [side for axis in reversed(range(len(shape))) for side in each.get(axis, (0, 0))]
    if mode == "edge":
        if len(shape) != 4 or any(flat[4:]) or min(flat) < 0:
            c.refuse(f"mode 'edge' by {pads}; only pictures are padded by their edges, in height and width")
        return c.built(lambda x: c.torch.nn.functional.pad(x, flat[:4], mode="replicate"), [0])
    return c.built(lambda x: c.torch.nn.functional.pad(x, flat, value=value), [0])


def _reduce(how: Callable[[Any, Any, list[int], bool], Any]) -> Callable[[Call], Built]:
    def build(c: Call) -> Built:
        rank = len(c.shape(0))
        given = c.ints(1) if c.has(1) else [int(a) for a in c.attribute("axes", [])]
        keep = bool(c.attribute("keepdims", 1))
        if not given and c.attribute("noop_with_empty_axes", 0):
            return c.built(lambda x: x, [0])
        axes = [c.axis(a, rank) for a in given] or list(range(rank))
        return c.built(lambda x: how(c.torch, x, axes, keep), [0])

    return build


def _same(c: Call) -> Built:
    if len(c.node.outputs) > 1:
        c.refuse("its second output")
    return c.built(lambda x: x, [0])


_AXIS = frozenset({"axis"})
_REDUCE = frozenset({"axes", "keepdims", "noop_with_empty_axes"})
_CONSTANT = frozenset({"value", "value_float", "value_floats", "value_int", "value_ints"})

SHAPES: dict[str, Operator] = {
    "Add": Operator(_apply(lambda t: t.add), "follow"),
    "Sub": Operator(_apply(lambda t: t.sub), "float"),
    "Mul": Operator(_apply(lambda t: t.mul), "float"),
    "Div": Operator(_div, "float"),
    "Mod": Operator(_mod, "float", frozenset({"fmod"})),
    "Pow": Operator(_apply(lambda t: t.pow), "float"),
    "Neg": Operator(_apply(lambda t: t.neg), "follow"),
    "Abs": Operator(_apply(lambda t: t.abs), "follow"),
    "Exp": Operator(_apply(lambda t: t.exp), "float"),
    "Log": Operator(_apply(lambda t: t.log), "float"),
    "Sqrt": Operator(_apply(lambda t: t.sqrt), "float"),
    "Reciprocal": Operator(_apply(lambda t: t.reciprocal), "float"),
    "Max": Operator(_extreme("maximum"), "float"),
    "Min": Operator(_extreme("minimum"), "float"),
    "Clip": Operator(_clip, "float"),
    "Greater": Operator(_apply(lambda t: t.gt), "float"),
    "GreaterOrEqual": Operator(_apply(lambda t: t.ge), "float"),
    "Less": Operator(_apply(lambda t: t.lt), "float"),
    "LessOrEqual": Operator(_apply(lambda t: t.le), "float"),
    "Equal": Operator(_apply(lambda t: t.eq), "float"),
    "Not": Operator(_apply(lambda t: t.logical_not), "plain"),
    "And": Operator(_apply(lambda t: t.logical_and), "plain"),
    "Or": Operator(_apply(lambda t: t.logical_or), "plain"),
    "Where": Operator(_apply(lambda t: t.where), "follow"),
    "Cast": Operator(_cast, "float", frozenset({"to", "saturate"})),
    "Constant": Operator(_constant, "plain", _CONSTANT),
    "ConstantOfShape": Operator(_constant_of_shape, "plain", frozenset({"value"})),
    "Shape": Operator(_shape, "plain", frozenset({"start", "end"})),
    "Reshape": Operator(_reshape, "follow", frozenset({"allowzero"})),
    "Flatten": Operator(_flatten, "follow", _AXIS),
    "Squeeze": Operator(_squeeze, "follow"),
    "Unsqueeze": Operator(_unsqueeze, "follow"),
    "Transpose": Operator(_transpose, "follow", frozenset({"perm"})),
    "Concat": Operator(_concat, "follow", _AXIS),
    "Split": Operator(_split, "follow", frozenset({"axis", "num_outputs"})),
    "Slice": Operator(_slice, "follow"),
    "Gather": Operator(_gather, "follow", _AXIS),
    "Expand": Operator(_expand, "follow"),
    "Tile": Operator(_tile, "follow"),
    "Pad": Operator(_pad, "follow", frozenset({"mode"})),
    "Identity": Operator(_same, "plain"),
    "Dropout": Operator(_same, "plain", frozenset({"seed"})),
    "ReduceSum": Operator(_reduce(lambda t, x, axes, keep: x.sum(axes, keepdim=keep)), "float", _REDUCE),
    "ReduceMean": Operator(_reduce(lambda t, x, axes, keep: x.mean(axes, keepdim=keep)), "float", _REDUCE),
    "ReduceMax": Operator(_reduce(lambda t, x, axes, keep: x.amax(axes, keepdim=keep)), "follow", _REDUCE),
    "ReduceMin": Operator(_reduce(lambda t, x, axes, keep: x.amin(axes, keepdim=keep)), "follow", _REDUCE),
    "ReduceL2": Operator(_reduce(lambda t, x, axes, keep: t.linalg.vector_norm(x, 2, axes, keep)), "float", _REDUCE),
}
