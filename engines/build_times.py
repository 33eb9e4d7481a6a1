"""How long builds took on this machine, as the store of built engines remembers it. Nothing is guessed."""

from __future__ import annotations

import logging
import platform
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engines.errors import StoreError
from engines.policy import Wish
from engines.registry import BACKENDS
from engines.store import EngineStore
from engines.store_entry import StoredEngine

log = logging.getLogger(__name__)

Key = tuple[str, str]
"""Recipe, and model."""


@dataclass(frozen=True, slots=True)
class BuildTime:
    """What earlier builds took here, self-check included.

    Attributes:
        last_s: seconds, of the newest of them.
        least_s, most_s: of all.
        builds: that were measured.
        of_this_model: they were of the model that is asked about; else of others, by the same recipe.
    """

    last_s: float
    least_s: float
    most_s: float
    builds: int
    of_this_model: bool


class BuildTimes:
    """The times of all builds in a store.

    Args:
        entries: of the store.
    """

    def __init__(self, entries: Iterable[StoredEngine] = ()) -> None:
        here = (platform.system(), platform.machine())
        self._took: dict[Key, list[tuple[str, float]]] = {}
        for entry in entries:
            fields, took = entry.meta.fields, entry.meta.build_s
            # A folder of the user may be shared with another machine; an engine that was put there was never built.
            if took > 0 and (fields.get("os", here[0]), fields.get("arch", here[1])) == here:
                self._took.setdefault((fields["kind"], fields["model"]), []).append((entry.meta.made, took))

    def of(self, recipe: str, model: str) -> BuildTime | None:
        """What is known of a build; None where none of its recipe was measured here."""
        own = self._took.get((recipe, model))
        if own:
            return _summed(own, True)
        others = [one for (kind, _), took in self._took.items() if kind == recipe for one in took]
        return _summed(others, False) if others else None

    def by_recipe(self, recipes: Iterable[str], model: str) -> Mapping[str, BuildTime]:
        """Recipe -> what is known; without those of which nothing is."""
        told = {recipe: self.of(recipe, model) for recipe in recipes}
        return {recipe: time for recipe, time in told.items() if time is not None}


def measured_here(store: EngineStore | None = None) -> BuildTimes:
    """What the store remembers. Reads a small file for each engine; a store that cannot be read remembers nothing.

    Args:
        store: None takes the user's own.
    """
    try:
        return BuildTimes((store or EngineStore()).entries())
    except StoreError as error:
        log.info("how long builds took is not known: %s", error)
        return BuildTimes()


def recipe_for(wish: Wish) -> str:
    """The build that a wish needs, where it was not made before; empty where it never needs one."""
    if BACKENDS[wish.backend].builds:
        return wish.backend
    return "int8" if wish.precision == "int8" else ""


def _summed(took: list[tuple[str, float]], of_this_model: bool) -> BuildTime:
    seconds = [one for _, one in took]
    return BuildTime(max(took)[1], min(seconds), max(seconds), len(took), of_this_model)
