"""A model's file in the precision that is asked for: its own, or one that was made of it on this machine."""

from __future__ import annotations

from engines.backend import Precision
from engines.card import ModelCard
from engines.errors import NotBuiltError


def variant_of(card: ModelCard, precision: Precision) -> ModelCard:
    """The card of the file to load: the model's own, unless int8 is asked for and the file is in floating point.

    Raises:
        NotBuiltError: the int8 file was not made yet, or was refused.
    """
    if precision != "int8" or card.precision == "int8":
        return card
    raise NotBuiltError(
        f"{card.title} has no int8 file here yet; run: tapetum engines build {card.name} --precision int8"
    )
