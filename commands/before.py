"""Options that stand before a command: the command gets what it takes itself; what it would not heed is refused."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import typer

from commands.terminal import GOOD, WRONG_USE, err

INSTEAD: Final = {"watch": "tapetum record SOURCE -o FILE", "replay": "tapetum batch FILE"}
"""The commands that are windows, and what does without one."""


def hand_on(context: typer.Context, out: Path, headless: bool) -> int:
    """Give ``--out`` to the command that follows; 2 where that takes none, or where ``--headless`` is against it."""
    name = context.invoked_subcommand or ""
    if headless and name in INSTEAD:
        err.print(f"tapetum: --headless: {name} is a window; without one: {INSTEAD[name]}", markup=False)
        return WRONG_USE
    if not is_given(context, "out"):
        return GOOD
    group = context.command
    command = group.get_command(context, name) if isinstance(group, typer.core.TyperGroup) else None
    if command is None:
        return GOOD  # there is no such command, which is told next
    if any(parameter.name == "out" for parameter in command.params):
        context.default_map = {name: {"out": str(out)}}  # what stands behind the command wins
        return GOOD
    own = next((p.opts[0] for p in command.params if "-o" in p.opts), "")
    where = f"write {own} behind {name}" if own else f"{name} has no folder of results"
    err.print(f"tapetum: --out stands before {name}, which would not heed it: {where}", markup=False)
    return WRONG_USE


def is_given(context: typer.Context, name: str) -> bool:
    """Whether the command line says this option, here or before the command, rather than leave it at its default."""
    source = context.get_parameter_source(name)
    return source is not None and source.name != "DEFAULT"


def refuse_without(context: typer.Context, needed: str, names: Sequence[str]) -> int:
    """2, and words, where one of these options is given, which mean nothing without the option ``needed``."""
    return _refuse(context, names, f"without {needed}: say {needed}, too")


def refuse_beside(context: typer.Context, other: str, names: Sequence[str]) -> int:
    """2, and words, where one of these options is given beside the option ``other``, which would not heed it."""
    return _refuse(context, names, f"beside {other}: ask for one after the other")


def _refuse(context: typer.Context, names: Sequence[str], why: str) -> int:
    given = [f"--{name}" for name in names if is_given(context, name)]
    if given:
        err.print(f"tapetum: {', '.join(given)} means nothing {why}", markup=False)
    return WRONG_USE if given else GOOD
