"""Put a small trained network onto a model file that ships already: nothing that stands in it is touched.

The part reads tensors inside the file and adds outputs. Its weights stay in float, so a file in int8 keeps its rounding
and its other outputs.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import onnx
from onnx import compose

PREFIX = "error."
"""Before every name of the part, so that no name of the file is taken."""


class GraftError(Exception):
    """The file has no such place, or carries such a part already; the message says which."""


def before_layer(model: onnx.ModelProto, weight: str) -> str:
    """The name of the tensor that the convolution with this weight reads, in float or from its int8 pair.

    Raises:
        GraftError: no convolution has it.
    """
    for node in model.graph.node:
        if node.op_type == "Conv" and node.input[1] in (weight, f"{weight}_DequantizeLinear_Output"):
            return str(node.input[0])
    rounded = {
        node.output[0]: node.input[0] for node in model.graph.node if node.op_type in ("DequantizeLinear", "Cast")
    }
    for node in model.graph.node:
        if node.op_type == "Conv" and rounded.get(node.input[1]) in (f"{weight}_quantized", f"{weight}_half"):
            return str(node.input[0])
    raise GraftError(f"no convolution of the file has the weight {weight}: it is another network's")


def graft(file: onnx.ModelProto, part: onnx.ModelProto, reads: Mapping[str, str]) -> onnx.ModelProto:
    """`file` with `part` on it: a new model with the outputs of both.

    Args:
        part: of the same opset; its inputs are all in `reads`.
        reads: input of the part -> tensor of the file.

    Raises:
        GraftError: an output of the part is there already, or an input of it is read from nowhere.
    """
    taken = {output.name for output in file.graph.output}
    ours = [output.name for output in part.graph.output]
    if taken & set(ours):
        raise GraftError(
            f"the file has the output {', '.join(sorted(taken & set(ours)))} already; graft onto one without"
        )
    if {tensor.name for tensor in part.graph.input} != set(reads):
        raise GraftError(f"the part reads {[t.name for t in part.graph.input]}, was given {list(reads)}")
    base, added = onnx.ModelProto(), compose.add_prefix(part, PREFIX)
    base.CopyFrom(file)
    for node in added.graph.node:
        for i, name in enumerate(node.output):
            node.output[i] = name.removeprefix(PREFIX) if name.removeprefix(PREFIX) in ours else name
        for i, name in enumerate(node.input):
            plain = name.removeprefix(PREFIX)
            node.input[i] = reads.get(plain, name)
    base.graph.node.extend(added.graph.node)
    base.graph.initializer.extend(added.graph.initializer)
    for output in part.graph.output:
        base.graph.output.add().CopyFrom(output)
    onnx.checker.check_model(base, full_check=True)
    return base


def without_part(file: onnx.ModelProto) -> onnx.ModelProto:
    """The file as it was before a part was put onto it; the same bytes of weights, nodes and outputs."""
    base = onnx.ModelProto()
    base.CopyFrom(file)
    made = {name for node in file.graph.node if node.name.startswith(PREFIX) for name in node.output}
    for kept, items in (
        (base.graph.node, [n for n in file.graph.node if not n.name.startswith(PREFIX)]),
        (base.graph.initializer, [i for i in file.graph.initializer if not i.name.startswith(PREFIX)]),
        (base.graph.output, [o for o in file.graph.output if o.name not in made]),
    ):
        del kept[:]
        kept.extend(items)
    return base


def read_file(path: Path) -> onnx.ModelProto:
    """The model of an ONNX file. Raises GraftError where it can't be read."""
    try:
        return onnx.load(path)
    except Exception as error:  # protobuf and onnx raise many kinds for a torn file
        raise GraftError(f"{path} can't be read as an ONNX file ({error}); fetch it again") from error
