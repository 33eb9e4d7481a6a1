"""The builds that this program knows: what each is made by, what its key is made of, how it is checked.

A recipe names its functions as texts, since they are called in a child process, and since the modules of one may need
packages that are not installed.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engines.backend import LoadOptions
from engines.card import ModelCard
from engines.errors import BuildError
from engines.store_fields import common_fields

Progress = Callable[[float, str], bool]
"""Called with the share done (0 to 1) and what is being done, in words. True: go on; a cancelled child is ended."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """One kind of build.

    Attributes:
        name: as the store's field ``kind`` has it.
        title: for people.
        run: ``module:function`` of ``(card, options, folder, progress) -> Path``: builds into ``folder`` and returns
            the artefact's path in it. Called in the child process.
        fields: ``module:function`` of ``(card, options) -> dict[str, str]``: what decides the artefact, beside what
            :func:`engines.store_fields.common_fields` tells already.
        check: ``module:function`` of ``(card, options, artefact) -> CheckReport``: the self-check. Called in the child
            process, before the engine is in the store. Empty where there is none.
        bounded_addresses: whether the memory limit may also bound the process's addresses. Not where CUDA runs, which
            reserves far more of them than it uses.
    """

    name: str
    title: str
    run: str
    fields: str
    check: str = ""
    bounded_addresses: bool = True


RECIPES: dict[str, Recipe] = {
    recipe.name: recipe
    for recipe in (
        Recipe(
            "int8",
            "int8 file for the CPU",
            "engines.build_recipes:build_int8",
            "engines.build_recipes:int8_fields",
            "engines.selfcheck_files:check_int8",
        ),
        Recipe(
            "tensorrt",
            "TensorRT plan",
            "engines.backends.tensorrt_build:build_plan",
            "engines.backends.tensorrt_build:plan_fields",
            "engines.selfcheck_files:check_plan",
            bounded_addresses=False,
        ),
    )
}
"""Name -> recipe."""


def build_int8(card: ModelCard, options: LoadOptions, folder: Path, progress: Progress) -> Path:
    """Make a model's int8 file; see :func:`engines.quantize.build_int8`."""
    made: Path = function("engines.quantize:build_int8")(card, folder, progress)
    return made


def int8_fields(card: ModelCard, options: LoadOptions) -> dict[str, str]:
    """See :func:`engines.quantize.int8_fields`."""
    fields: dict[str, str] = function("engines.quantize:int8_fields")(card)
    return fields


def recipe_of(name: str) -> Recipe:
    """A recipe by its name.

    Raises:
        BuildError: there is none.
    """
    if name not in RECIPES:
        raise BuildError(f"there is no build {name!r}; there are {', '.join(RECIPES)}")
    return RECIPES[name]


def fields_of(name: str, card: ModelCard, options: LoadOptions | None = None) -> dict[str, str]:
    """All the fields of what a build would make here and now: what :meth:`engines.store.EngineStore.use` takes.

    Raises:
        BuildError: there is no such build.
        EngineError: it cannot be told here, such as a plan's without a driver.
    """
    recipe = recipe_of(name)
    told: Mapping[str, str] = function(recipe.fields)(card, options or LoadOptions())
    return {**common_fields(recipe.name, card), **told}


def function(path: str) -> Callable[..., Any]:
    """The function that ``module:function`` names.

    Raises:
        BuildError: there is none, or its module lacks a package.
    """
    module, _, name = path.partition(":")
    try:
        found: Callable[..., Any] = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise BuildError(f"{path} cannot be imported ({error}); install the extra that this build needs") from error
    return found
