"""Which precisions the backends on the CPU compute in: the file's own."""

from __future__ import annotations

from engines.backend import LoadOptions
from engines.card import ModelCard
from engines.errors import BackendUnavailableError


def check_precision(card: ModelCard, options: LoadOptions, backend: str) -> None:
    """Refuse a precision that the file does not have.

    Raises:
        BackendUnavailableError: the message says what to use.
    """
    asked = options.precision
    if asked in ("file", card.precision):
        return
    if asked == "fp16":
        use = "fp16 is for a GPU; use fp32, or int8 with a model that was quantised"
    elif asked == "int8":
        use = "make its int8 file with `tapetum engines build`, or use fp32"
    else:
        use = "use the file that it was quantised from, or int8"
    raise BackendUnavailableError(
        f"{card.title}: {backend} was asked for {asked}, but {card.file} is {card.precision}: {use}"
    )
