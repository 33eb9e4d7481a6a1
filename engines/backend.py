"""The Backend protocol: a model as numbers in, numbers out, and an honest status."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol, get_args, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from engines.card import ModelCard, TensorSpec
from engines.errors import InferenceError, InputError, ModelMismatchError

Arrays = dict[str, NDArray[np.float32]]

Precision = Literal["file", "fp32", "fp16", "bf16", "int8"]
"""Of the arithmetic. ``file``: as the ONNX file has it, fp32 or explicit Q/DQ pairs (int8).

``bf16`` and ``fp16``: what the file has in fp32; pairs stay int8.
"""

PRECISIONS: tuple[Precision, ...] = get_args(Precision)

BUCKETS = (1, 2, 4, 8)
"""Batch sizes that a GPU's engine is made for: a call is padded to the next one, and cut where it is larger."""


@dataclass(frozen=True, slots=True)
class LoadOptions:
    """What is asked of a backend beside the model.

    Attributes:
        precision: see :data:`Precision`. A backend that cannot do it says so when it loads.
        threads: CPU threads of one call.
        device: number of the GPU, for the backends that use one.
        buckets: rising batch sizes, for the backends that are made for some only.
    """

    precision: Precision = "file"
    threads: int = 1
    device: int = 0
    buckets: tuple[int, ...] = BUCKETS


@dataclass(frozen=True, slots=True)
class BackendStatus:
    """A snapshot of one loaded model.

    Attributes:
        name: of the backend, e.g. ``openvino``.
        device: what really computes, e.g. ``CPU``.
        version: of the backend's library.
        precision: of the arithmetic, e.g. ``f32``.
        engine_key: two engines with equal keys give byte-equal results. Empty until loaded.
        threads: that one call computes with.
        ready: loaded and not closed.
        key_fields: what the engine key was made of, in clear.
        batch_rule: ``one``: every face is computed by itself and gets the same bytes in any company; ``bucket``: faces
            are computed together, padded to the next of ``buckets``, and their bytes may depend on it.
        buckets: of the ``bucket`` rule, else empty.
        note: what whoever trusts this engine must know, e.g. that it was never checked on the real device; or empty.
    """

    name: str
    device: str
    version: str
    precision: str
    engine_key: str
    threads: int
    ready: bool
    key_fields: Mapping[str, str] = field(default_factory=dict)
    batch_rule: Literal["one", "bucket"] = "one"
    buckets: tuple[int, ...] = ()
    note: str = ""

    def batch_of(self, faces: int) -> int:
        """The batch that so many faces are computed at: what decides their bytes beside the engine key."""
        if self.batch_rule == "one" or not self.buckets:
            return 1
        return next((b for b in self.buckets if b >= faces), self.buckets[-1])


@runtime_checkable
class Backend(Protocol):
    """Executes one model. Made with :class:`LoadOptions`. May be called from several threads at once."""

    @property
    def name(self) -> str: ...

    def load(self, card: ModelCard, onnx_path: Path) -> None:
        """Read, check and compile a model. The library is imported here, never at module level.

        Raises:
            BackendUnavailableError: the library is missing or cannot run here, or not in the precision asked for.
            UnsupportedGraphError: the model holds what this backend cannot run.
            ModelFileError: the ONNX file is missing or torn.
            ModelMismatchError: its inputs or outputs are not those of the card.
        """
        ...

    def infer(self, inputs: Mapping[str, NDArray[Any]]) -> Arrays:
        """Compute. Each input is float32 (N, ...), N the same in all, as large as the caller likes.

        Each output is an array (N, ...) that is the caller's own: no later call writes into it. See
        ``BackendStatus.batch_rule`` for whether a face's bytes depend on its company.

        Raises:
            InputError: a wrong name, shape, dtype or value.
            DeviceMemoryError, DeviceLostError: what the name says.
            InferenceError: not loaded, closed, or the computation failed; its kinds above have answers of their own.
        """
        ...

    def warm_up(self) -> None:
        """Compute once on zeros, so that the first face does not pay for what happens once."""
        ...

    def status(self) -> BackendStatus:
        """Never blocks."""
        ...

    def close(self) -> None:
        """Release the model. Safe to call twice."""
        ...


def checked_inputs(card: ModelCard, inputs: Mapping[str, NDArray[Any]]) -> tuple[Arrays, int]:
    """The inputs in the card's order, proven to be what the model takes, and their common batch size N.

    Raises:
        InputError: a wrong name, shape, dtype or value.
    """
    names = [spec.name for spec in card.inputs]
    if len(inputs) != len(names) or any(name not in inputs for name in names):
        raise InputError(f"{card.title} takes the inputs {sorted(names)}, was handed {sorted(inputs)}")
    arrays = {spec.name: spec.check(inputs[spec.name]) for spec in card.inputs}
    batches = {array.shape[0] for array in arrays.values()}
    if len(batches) != 1:
        raise InputError(f"{card.title}: the inputs disagree on the number of faces: {sorted(batches)}")
    return arrays, batches.pop()


def checked_outputs(card: ModelCard, outputs: Arrays) -> Arrays:
    """The outputs, once they are proven finite.

    Raises:
        InferenceError: NaN or infinity came out.
    """
    for name, array in outputs.items():
        if not np.isfinite(array).all():
            raise InferenceError(f"{card.title} gave NaN or infinity in output {name}; the frame has no result")
    return outputs


@dataclass(frozen=True, slots=True)
class GraphTensor:
    """An input or output as a backend found it in the graph; a dynamic size is -1."""

    name: str
    shape: tuple[int, ...]
    dtype: str

    def text(self) -> str:
        return f"{self.name} {self.dtype} ({', '.join('N' if s < 0 else str(s) for s in self.shape)})"

    def answers(self, spec: TensorSpec) -> bool:
        """Whether this is the tensor that the card promises: a dynamic size fits any."""
        return (
            self.name == spec.name
            and self.dtype == spec.dtype
            and len(self.shape) == len(spec.shape)
            and all(found in (-1, size) for found, size in zip(self.shape, spec.sizes, strict=True))
        )


def check_graph(card: ModelCard, inputs: Sequence[GraphTensor], outputs: Sequence[GraphTensor]) -> None:
    """Prove that a graph has exactly the inputs and outputs of its card, in any order.

    Raises:
        ModelMismatchError: names, shapes or dtypes differ.
    """
    for what, found, specs in (("inputs", inputs, card.inputs), ("outputs", outputs, card.outputs)):
        by_name = {tensor.name: tensor for tensor in found}
        whole = by_name.keys() == {spec.name for spec in specs}
        if not whole or not all(by_name[spec.name].answers(spec) for spec in specs):
            raise ModelMismatchError(
                f"{card.title}: the {what} of {card.file} are [{'; '.join(t.text() for t in found)}], its card says "
                f"[{'; '.join(s.text() for s in specs)}]; the card belongs to another export of the model"
            )
