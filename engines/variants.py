"""A model's file in the precision that is asked for: its own, or one that was made of it on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from engines.backend import LoadOptions, Precision
from engines.build_recipes import fields_of
from engines.card import ModelCard, load_card
from engines.errors import QuarantinedError
from engines.refusals import refusal
from engines.store import EngineStore


@contextmanager
def variant_of(card: ModelCard, precision: Precision, store: EngineStore | None = None) -> Iterator[ModelCard]:
    """The card of the file to load: the model's own, unless int8 is asked for and the file is in floating point.

    While the context is open, nobody removes the file from the store.

    Raises:
        NotBuiltError: the int8 file was not made here yet.
        QuarantinedError: it was refused here, or failed its self-check.
        PlanError: it is torn.
        EngineError: it cannot be made of this model.
    """
    if precision != "int8" or card.precision == "int8":
        yield card
        return
    fields = fields_of("int8", card, LoadOptions())
    if reason := refusal(fields):
        raise QuarantinedError(f"{reason}; to try again: tapetum engines build {card.name} --precision int8")
    with (store or EngineStore()).use(fields) as lease:
        yield load_card(lease.artefact)
