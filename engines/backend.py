"""The Backend protocol: a model as numbers in, numbers out, and an honest status."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from engines.card import ModelCard, TensorSpec
from engines.errors import InferenceError, InputError, ModelMismatchError

Arrays = dict[str, NDArray[np.float32]]


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
    """

    name: str
    device: str
    version: str
    precision: str
    engine_key: str
    threads: int
    ready: bool
    key_fields: Mapping[str, str] = field(default_factory=dict)


@runtime_checkable
class Backend(Protocol):
    """Executes one model. May be called from several threads; calls wait for each other."""

    @property
    def name(self) -> str: ...

    def load(self, card: ModelCard, onnx_path: Path) -> None:
        """Read, check and compile a model. The library is imported here, never at module level.

        Raises:
            BackendUnavailableError: the library is missing or cannot run here.
            ModelFileError: the ONNX file is missing or torn.
            ModelMismatchError: its inputs or outputs are not those of the card.
        """
        ...

    def infer(self, inputs: Mapping[str, NDArray[Any]]) -> Arrays:
        """Compute. Each input is float32 (N, ...), N the same in all; each output is a fresh array (N, ...).

        Every face is computed at a batch of one, so that it gets the same bytes in any company.

        Raises:
            InputError: a wrong name, shape, dtype or value.
            InferenceError: not loaded, closed, or the computation failed.
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
