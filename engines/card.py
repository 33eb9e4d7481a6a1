"""ModelCard: what a model takes and gives, what it was trained on, what was measured, and what it must not be used for.

A card is a JSON file beside its ONNX file and holds that file's SHA-256: a torn or swapped model is refused.
"""

from __future__ import annotations

import hashlib
import json
import re
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from engines.errors import CardError, InputError, ModelFileError

Text = Annotated[str, Field(min_length=1)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class TensorSpec(_Frozen):
    """One input or output of a model.

    Attributes:
        name: the tensor's name in the ONNX graph.
        shape: sizes; the first is ``"N"``, the number of faces.
        dtype: always ``float32`` so far.
        low, high: the range of the values, None where there is no bound.
        unit: of the values: ``px``, ``mm``, or ``1`` for plain numbers.
        meaning: in words.
    """

    name: Text
    shape: tuple[Literal["N"] | Annotated[int, Field(gt=0)], ...] = Field(min_length=1)
    dtype: Literal["float32"] = "float32"
    low: float | None = None
    high: float | None = None
    unit: Text
    meaning: Text

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """The shape at a batch of one."""
        return tuple(1 if size == "N" else size for size in self.shape)

    def text(self) -> str:
        return f"{self.name} {self.dtype} ({', '.join(map(str, self.shape))})"

    def check(self, array: NDArray[Any]) -> NDArray[np.float32]:
        """The array, contiguous, once it is proven to be what this input takes.

        Raises:
            InputError: wrong shape or dtype, an empty batch, NaN or infinity.
        """
        if array.dtype != np.float32 or array.ndim != len(self.shape) or array.shape[1:] != self.sizes[1:]:
            raise InputError(f"input {self.text()} was handed {_seen(array)}; convert it before the call")
        if array.shape[0] < 1 or (self.shape[0] != "N" and array.shape[0] != self.shape[0]):
            raise InputError(f"input {self.text()} was handed {_seen(array)}: a wrong or empty batch")
        if not np.isfinite(array).all():
            raise InputError(f"input {self.text()} holds NaN or infinity; replace invalid pixels before the call")
        return np.ascontiguousarray(array)


def _seen(array: NDArray[Any]) -> str:
    return f"{array.dtype.name} {array.shape}"


class TrainingData(_Frozen):
    """One source of training samples."""

    name: Text
    licence: Text
    count: int = Field(ge=0)


class Measured(_Frozen):
    """One number that was measured, and the command that measures it again."""

    metric: Text
    value: float
    unit: Text
    on: Text
    command: Text


def _plain_name(name: str) -> str:
    if name != Path(name).name or "\\" in name or name in ("", ".", ".."):
        raise ValueError(f"must name a file beside the card, without folders, found {name!r}")
    return name


def _sha256(text: str) -> str:
    if not re.fullmatch(r"[0-9a-f]{64}", text):
        raise ValueError("must be 64 hexadecimal digits in lower case")
    return text


class ModelCard(_Frozen):
    """What is known of one model. Read it with :func:`load_card`."""

    name: Text
    version: Text
    preset: Text
    file: Annotated[str, AfterValidator(_plain_name)]
    sha256: Annotated[str, AfterValidator(_sha256)]
    inputs: tuple[TensorSpec, ...] = Field(min_length=1)
    outputs: tuple[TensorSpec, ...] = Field(min_length=1)
    crop_rule: Text
    normalisation: Text
    training_data: tuple[TrainingData, ...]
    trained_on: Text
    licence: Text
    measured: tuple[Measured, ...]
    limits: tuple[Text, ...]
    generated: bool
    precision: Text = "fp32"  # of the convolutions in the file: fp32, or int8 by explicit Q/DQ pairs
    folder: Path = Field(default=Path(), exclude=True)  # where the card lies; set by load_card, never stored

    @property
    def onnx_path(self) -> Path:
        return self.folder / self.file

    @property
    def title(self) -> str:
        """Name and version, as results carry them."""
        return f"{self.name} {self.version}"


def load_card(path: Path) -> ModelCard:
    """Read a card and prove that the ONNX file beside it is the one it describes.

    Raises:
        CardError: no card there, no JSON, or fields missing or wrong.
        ModelFileError: no ONNX file there, or its SHA-256 is another.
    """
    try:
        data = json.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise CardError(f"there is no model card at {path}") from error
    except (OSError, ValueError) as error:
        raise CardError(f"the model card {path} cannot be read ({error}); fetch the model again") from error
    if not isinstance(data, dict) or "folder" in data:
        raise CardError(f"the model card {path} is no card: expected one JSON object with its known fields")
    try:
        card = ModelCard.model_validate({**data, "folder": path.parent})
    except ValidationError as error:
        wrong = "; ".join(
            f"{'.'.join(map(str, e['loc'])) or 'card'}: {e['msg']}" for e in error.errors(include_url=False)
        )
        raise CardError(f"the model card {path} is incomplete or wrong: {wrong}") from error
    read_model(card, card.onnx_path)
    return card


def read_model(card: ModelCard, onnx_path: Path) -> bytes:
    """The bytes of a model's ONNX file, proven by the card's SHA-256. Weights lie inside the one file.

    Raises:
        ModelFileError: no file there, or its SHA-256 is another.
    """
    try:
        data = onnx_path.read_bytes()
    except OSError as error:
        raise ModelFileError(
            f"{card.title}: the model file {onnx_path} cannot be read ({error.strerror}); fetch it again"
        ) from error
    found = hashlib.sha256(data).hexdigest()
    if found != card.sha256:
        raise ModelFileError(
            f"{card.title}: the model file {onnx_path} ({len(data)} bytes) is torn or another one: SHA-256 "
            f"{found[:12]}..., its card says {card.sha256[:12]}...; fetch both again"
        )
    return data
