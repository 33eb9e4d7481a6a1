"""What every model asks of its card and of the crop it is handed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from numpy.typing import NDArray

from engines.card import ModelCard
from engines.errors import InputError, ModelMismatchError

Sizes = Mapping[str, tuple[int, ...]]


def check_crop(model: str, crop: NDArray[Any], size: int, dtypes: tuple[str, ...]) -> None:
    """Prove that a crop is square, of the model's size and of one of its dtypes.

    Raises:
        InputError: it is not.
    """
    if crop.shape != (size, size) or crop.dtype.name not in dtypes:
        raise InputError(
            f"{model} takes a crop of ({size}, {size}) {' or '.join(dtypes)}, was handed {crop.shape} "
            f"{crop.dtype.name}; resize or convert it"
        )


def check_contract(model: str, card: ModelCard, inputs: Sizes, outputs: Sizes) -> None:
    """Prove that a card describes this kind of model: the names and the sizes of one face, in any order.

    Raises:
        ModelMismatchError: it describes another.
    """
    for what, wanted, specs in (("inputs", inputs, card.inputs), ("outputs", outputs, card.outputs)):
        found = {spec.name: spec.sizes[1:] for spec in specs}
        if found != dict(wanted):
            raise ModelMismatchError(
                f"{card.title} is no {model}: it has the {what} {found}, expected {dict(wanted)}; "
                "put the right card and ONNX file in its place"
            )
