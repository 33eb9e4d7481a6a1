"""Which precisions the backends on the CPU compute in: the file's own."""

from __future__ import annotations

from collections.abc import Collection

from engines.backend import LoadOptions
from engines.card import ModelCard
from engines.errors import BackendUnavailableError


def check_precision(card: ModelCard, options: LoadOptions, backend: str, others: Collection[str] = ()) -> None:
    """Refuse a precision that the file does not have.

    Args:
        others: precisions that the backend makes of any file while it loads it.

    Raises:
        BackendUnavailableError: the message says what to use.
    """
    asked = str(options.precision)
    if asked in ("file", card.precision, *others):
        return
    if asked == "fp16":
        use = "fp16 is for a GPU; use fp32, or int8 with a model that was quantised"
    elif asked == "int8":
        use = "make its int8 file with `tapetum engines build`, or use fp32"
    elif asked == "bf16":
        use = "only OpenVINO computes in bf16, on a CPU that has it; use fp32 here"
    else:
        use = "use the file that it was quantised from, or int8"
    raise BackendUnavailableError(
        f"{card.title}: {backend} was asked for {asked}, but {card.file} is {card.precision}: {use}"
    )
