"""ONNX operators that are a network's layers, in torch: convolutions, linear layers, pooling, activations, Q/DQ."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from engines.backends.torch_graph_call import Built, Call, Known, Operator


def _spatial(c: Call, name: str, default: int) -> list[int]:
    values: list[int] = list(c.attribute(name, [default, default]))
    if len(values) != 2:
        c.refuse(f"attribute {name}={values}; only pictures (two axes beside N and C) are computed")
    return values


def _explicit_padding(c: Call) -> tuple[list[int], tuple[int, int, int, int] | None]:
    """(padding that is the same on both sides, or zeros; the uneven padding as torch's F.pad takes it)."""
    if c.attribute("auto_pad", "NOTSET") not in ("NOTSET", "VALID"):
        c.refuse(f"attribute auto_pad={c.attribute('auto_pad', '')}; export the model with explicit pads")
    pads: list[int] = list(c.attribute("pads", [0, 0, 0, 0]))
    if len(pads) != 4 or min(pads) < 0:
        c.refuse(f"attribute pads={pads}; only pictures (two axes beside N and C) are computed")
    top, left, bottom, right = pads
    if (top, left) == (bottom, right):
        return [top, left], None
    return [0, 0], (left, right, top, bottom)


def _picture(c: Call) -> None:
    if len(c.shape(0)) != 4:
        c.refuse(f"its input has shape {c.shape(0)}; only pictures (N, C, H, W) are computed")


def _conv(c: Call) -> Built:
    _picture(c)
    padding, uneven = _explicit_padding(c)
    stride, dilation = _spatial(c, "strides", 1), _spatial(c, "dilations", 1)
    groups = int(c.attribute("group", 1))
    f = c.torch.nn.functional

    def compute(x: Any, weight: Any, bias: Any = None) -> Any:
        x = x if uneven is None else f.pad(x, uneven)
        return f.conv2d(x, weight, bias, stride, padding, dilation, groups)

    return c.built(compute)


def _conv_transpose(c: Call) -> Built:
    _picture(c)
    padding, uneven = _explicit_padding(c)
    if uneven is not None or c.attribute("output_shape", None) is not None:
        c.refuse("pads that differ from side to side, or an output_shape")
    stride, dilation = _spatial(c, "strides", 1), _spatial(c, "dilations", 1)
    extra, groups = _spatial(c, "output_padding", 0), int(c.attribute("group", 1))
    f = c.torch.nn.functional

    def compute(x: Any, weight: Any, bias: Any = None) -> Any:
        return f.conv_transpose2d(x, weight, bias, stride, padding, extra, groups, dilation)

    return c.built(compute)


def _gemm(c: Call) -> Built:
    alpha, beta = float(c.attribute("alpha", 1.0)), float(c.attribute("beta", 1.0))
    turn_a, turn_b = bool(c.attribute("transA", 0)), bool(c.attribute("transB", 0))
    f = c.torch.nn.functional
    plain = alpha == 1 and beta == 1 and not turn_a and (not c.has(2) or len(c.shape(2)) == 1)

    def compute(a: Any, b: Any, bias: Any = None) -> Any:
        if plain:
            return f.linear(a, b if turn_b else b.t(), bias)
        product = alpha * ((a.t() if turn_a else a) @ (b.t() if turn_b else b))
        return product if bias is None else product + beta * bias

    return c.built(compute)


def _mat_mul(c: Call) -> Built:
    return c.built(c.torch.matmul)


def _max_pool(c: Call) -> Built:
    _picture(c)
    kernel = list(c.attribute("kernel_shape", []))
    padding, uneven = _explicit_padding(c)
    if c.attribute("ceil_mode", 0) or c.attribute("storage_order", 0) or len(c.node.outputs) > 1 or len(kernel) != 2:
        c.refuse("ceil_mode, storage_order, the output of indices, or a kernel that is not for pictures")
    stride, dilation = _spatial(c, "strides", 1), _spatial(c, "dilations", 1)
    f = c.torch.nn.functional

    def compute(x: Any) -> Any:
        x = x if uneven is None else f.pad(x, uneven, value=-math.inf)
        return f.max_pool2d(x, kernel, stride, padding, dilation)

    return c.built(compute)


def _average_pool(c: Call) -> Built:
    _picture(c)
    kernel = list(c.attribute("kernel_shape", []))
    padding, uneven = _explicit_padding(c)
    if c.attribute("ceil_mode", 0) or uneven is not None or _spatial(c, "dilations", 1) != [1, 1] or len(kernel) != 2:
        c.refuse("ceil_mode, dilations, pads that differ from side to side, or a kernel that is not for pictures")
    stride, with_padding = _spatial(c, "strides", 1), bool(c.attribute("count_include_pad", 0))
    f = c.torch.nn.functional
    return c.built(lambda x: f.avg_pool2d(x, kernel, stride, padding, False, with_padding))


def _global_average(c: Call) -> Built:
    axes = tuple(range(2, len(c.shape(0))))
    return c.built(lambda x: x.mean(axes, keepdim=True))


def _batch_norm(c: Call) -> Built:
    if c.attribute("training_mode", 0) or len(c.node.outputs) > 1:
        c.refuse("it is in training mode; export the model in evaluation mode")
    epsilon = float(c.attribute("epsilon", 1e-5))
    f = c.torch.nn.functional
    return c.built(lambda x, scale, bias, mean, var: f.batch_norm(x, mean, var, scale, bias, False, 0.0, epsilon))


def _leaky_relu(c: Call) -> Built:
    slope = float(c.attribute("alpha", 0.01))
    return c.built(lambda x: c.torch.nn.functional.leaky_relu(x, slope))


def _softmax(c: Call) -> Built:
    axis = c.axis(int(c.attribute("axis", -1)), len(c.shape(0)))
    return c.built(lambda x: x.softmax(axis))


def _grid_sample(c: Call) -> Built:
    _picture(c)
    mode = {"bilinear": "bilinear", "linear": "bilinear", "nearest": "nearest"}.get(c.attribute("mode", "bilinear"))
    padding, corners = c.attribute("padding_mode", "zeros"), bool(c.attribute("align_corners", 0))
    if mode is None or padding not in ("zeros", "border", "reflection"):
        c.refuse(f"mode {c.attribute('mode', '')!r} with padding_mode {padding!r}")
    f = c.torch.nn.functional
    return c.built(lambda x, grid: f.grid_sample(x, grid, mode, padding, corners))


def _depth_to_space(c: Call) -> Built:
    _picture(c)
    block, mode = int(c.attribute("blocksize", 1)), c.attribute("mode", "DCR")
    if mode == "CRD":
        return c.built(lambda x: c.torch.nn.functional.pixel_shuffle(x, block))
    n, channels, high, wide = c.shape(0)
    left = channels // block**2

    def compute(x: Any) -> Any:
        apart = x.reshape(n, block, block, left, high, wide).permute(0, 3, 4, 1, 5, 2)
        return apart.reshape(n, left, high * block, wide * block)

    return c.built(compute)


def _space_to_depth(c: Call) -> Built:
    _picture(c)
    block = int(c.attribute("blocksize", 1))
    n, channels, high, wide = c.shape(0)

    def compute(x: Any) -> Any:
        apart = x.reshape(n, channels, high // block, block, wide // block, block).permute(0, 3, 5, 1, 2, 4)
        return apart.reshape(n, channels * block**2, high // block, wide // block)

    return c.built(compute)


def _resize(c: Call) -> Built:
    """Enlarging by whole numbers: every cell is repeated, or bilinear between the cells' middles.

    Other resizing differs from library to library.
    """
    _picture(c)
    shape = c.shape(0)
    mode = c.attribute("mode", "nearest")
    if mode not in ("nearest", "linear"):
        c.refuse(f"mode {mode!r}; only nearest and linear are computed")
    for name, usual in (("antialias", 0), ("exclude_outside", 0), ("keep_aspect_ratio_policy", "stretch")):
        if c.attribute(name, usual) != usual:
            c.refuse(f"attribute {name}={c.attribute(name, usual)}")
    axes = [c.axis(int(a), 4) for a in c.attribute("axes", range(4))]
    sizes = list(shape)
    if c.has(3) and c.shape(3) != (0,):
        for axis, size in zip(axes, c.ints(3), strict=True):
            sizes[axis] = size
    else:
        for axis, scale in zip(axes, c.floats(2), strict=True):
            sizes[axis] = math.floor(shape[axis] * scale)
    where = c.attribute("coordinate_transformation_mode", "half_pixel")
    rounding = c.attribute("nearest_mode", "round_prefer_floor")
    f = c.torch.nn.functional
    if mode == "linear":
        if where not in ("half_pixel", "pytorch_half_pixel") or any(b % a for a, b in zip(shape, sizes, strict=True)):
            c.refuse(f"{shape} to {tuple(sizes)}, linear by {where}; only enlarging by whole numbers is computed")
        _same_batch(c, shape, sizes)
        return c.built(lambda x: f.interpolate(x, size=sizes[2:], mode="bilinear", align_corners=False), [0])
    for now, then in zip(shape, sizes, strict=True):
        times = then // now
        if then % now or [_source(i, times, where, rounding) for i in range(then)] != [i // times for i in range(then)]:
            c.refuse(f"{shape} to {tuple(sizes)} by {where}, {rounding}; only repeating every cell is computed")
    _same_batch(c, shape, sizes)
    return c.built(lambda x: f.interpolate(x, size=sizes[2:], mode="nearest"), [0])


def _same_batch(c: Call, shape: Sequence[int], sizes: Sequence[int]) -> None:
    if list(sizes[:2]) != list(shape[:2]):
        c.refuse("it changes the batch or the channels")


def _source(i: int, times: int, where: str, rounding: str) -> int:
    """The cell that Resize takes for cell i of an axis that is enlarged so many times; -1 for an unknown rule."""
    shift = {"half_pixel": 0.5, "half_pixel_symmetric": 0.5, "pytorch_half_pixel": 0.5, "asymmetric": 0.0}.get(where)
    if shift is None:
        return -1
    at = (i + shift) / times - shift
    cell = {
        "round_prefer_floor": math.ceil(at - 0.5),
        "round_prefer_ceil": math.floor(at + 0.5),
        "floor": math.floor(at),
        "ceil": math.ceil(at),
    }.get(rounding)
    return -1 if cell is None else max(0, cell)


def _range(c: Call, dtype: Any) -> tuple[int, int]:
    ranges: dict[Any, tuple[int, int]] = {c.torch.uint8: (0, 255), c.torch.int8: (-128, 127)}
    if dtype not in ranges:
        c.refuse(f"{dtype} as the quantised type; only uint8 and int8 are computed")
    return ranges[dtype]


def _along(c: Call, values: Any, axis: int) -> Any:
    """A scale or zero point in the shape in which it is spread over input 0."""
    if values.numel() == 1:
        return values.reshape(())
    rank = len(c.shape(0))
    shape = [1] * rank
    shape[c.axis(axis, rank)] = -1
    return values.reshape(shape)


def _quantize(c: Call) -> Built:
    """saturate(round_half_even(x / scale) + zero), as integers. Divided, not multiplied: ties fall as the file says."""
    torch = c.torch
    if c.attribute("block_size", 0) or c.attribute("output_dtype", 0) or c.attribute("precision", 0):
        c.refuse("blocks, or an output type of its own")
    axis = int(c.attribute("axis", 1))
    zero = c.known(2) if c.has(2) else torch.zeros((), dtype=torch.uint8)
    low, high = _range(c, zero.dtype)
    scale = Known(_along(c, c.known(1), axis))
    shift = Known(_along(c, zero.to(torch.float32), axis))

    def compute(x: Any, by: Any, at: Any) -> Any:
        return (torch.round(x / by) + at).clamp(low, high).to(zero.dtype)

    return Built(compute, (c.value(0), scale, shift))


def _dequantize(c: Call) -> Built:
    torch = c.torch
    if c.attribute("block_size", 0) or c.attribute("output_dtype", 0) not in (0, 1):
        c.refuse("blocks, or an output type other than float")
    if c.like(0).dtype not in (torch.uint8, torch.int8, torch.int32):
        c.refuse(f"{c.like(0).dtype} as the quantised type; only uint8, int8 and int32 are computed")
    axis = int(c.attribute("axis", 1))
    zero = c.known(2) if c.has(2) else torch.zeros((), dtype=torch.int32)
    scale = Known(_along(c, c.known(1), axis))
    shift = Known(_along(c, zero.to(torch.float32), axis))
    return Built(lambda q, by, at: (q.to(torch.float32) - at) * by, (c.value(0), scale, shift))


def _named(name: str) -> Any:
    return lambda c: c.built(getattr(c.torch, name))


_POOL = frozenset({"kernel_shape", "strides", "pads", "ceil_mode", "auto_pad", "dilations"})
_CONV = frozenset({"kernel_shape", "strides", "pads", "dilations", "group", "auto_pad"})
_RESIZE = frozenset(
    {
        "mode",
        "coordinate_transformation_mode",
        "nearest_mode",
        "cubic_coeff_a",
        "extrapolation_value",
        "exclude_outside",
        "antialias",
        "axes",
        "keep_aspect_ratio_policy",
    }
)

LAYERS: dict[str, Operator] = {
    "Conv": Operator(_conv, "half", _CONV),
    "ConvTranspose": Operator(_conv_transpose, "half", _CONV | {"output_padding", "output_shape"}),
    "Gemm": Operator(_gemm, "half", frozenset({"alpha", "beta", "transA", "transB"})),
    "MatMul": Operator(_mat_mul, "float"),
    "MaxPool": Operator(_max_pool, "follow", _POOL | {"storage_order"}),
    "AveragePool": Operator(_average_pool, "follow", _POOL | {"count_include_pad"}),
    "GlobalAveragePool": Operator(_global_average, "float"),
    "BatchNormalization": Operator(_batch_norm, "float", frozenset({"epsilon", "momentum", "training_mode"})),
    "Relu": Operator(_named("relu"), "follow"),
    "LeakyRelu": Operator(_leaky_relu, "follow", frozenset({"alpha"})),
    "Sigmoid": Operator(_named("sigmoid"), "float"),
    "Tanh": Operator(_named("tanh"), "float"),
    "Softmax": Operator(_softmax, "float", frozenset({"axis"})),
    "GridSample": Operator(_grid_sample, "float", frozenset({"mode", "padding_mode", "align_corners"})),
    "DepthToSpace": Operator(_depth_to_space, "follow", frozenset({"blocksize", "mode"})),
    "SpaceToDepth": Operator(_space_to_depth, "follow", frozenset({"blocksize"})),
    "Resize": Operator(_resize, "follow", _RESIZE),
    "QuantizeLinear": Operator(
        _quantize, "float", frozenset({"axis", "saturate", "block_size", "output_dtype", "precision"})
    ),
    "DequantizeLinear": Operator(_dequantize, "plain", frozenset({"axis", "block_size", "output_dtype"})),
}
