"""What every command shares on a terminal: where words go, exit codes, the one JSON line, progress bars.

Results go to stdout, progress and logs to stderr. Exit codes: 0 it went well; 1 it ran and the answer is no;
2 wrong use.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from commands.progress_json import JsonProgress, is_asked, tell_answer
from pipeline.config import PipelineConfig

if TYPE_CHECKING:
    from engines.loading import Models

GOOD, NO, WRONG_USE = 0, 1, 2

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def tell(data: dict[str, Any], as_json: bool) -> None:
    """The one JSON object of a command, on the last line of stdout."""
    if as_json:
        sys.stdout.write(json.dumps(data, sort_keys=True, allow_nan=False) + "\n")
        sys.stdout.flush()


def say(lines: Iterable[str], as_json: bool = False) -> None:
    """What a command found, for people: on stdout unless that is for JSON; whoever watches gets it either way."""
    for line in lines:
        if is_asked():
            tell_answer(line)
        elif not as_json:
            out.print(line, markup=False)


def progress_bar(unit: str, tasks: int = 1) -> Progress:
    """A bar on stderr; silent where stderr is no terminal, lines of JSON where ``TAPETUM_PROGRESS=json`` asks for them.

    Args:
        tasks: how many bars will be added, each a like share of the whole; 0 where nobody knows, or they
            are of different kinds.
    """
    if is_asked():
        return JsonProgress(unit, tasks)
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn(unit),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=err,
        disable=not err.is_terminal,
        transient=True,
    )


def open_models(settings: PipelineConfig, weights: Path | None) -> Models:
    from pipeline.wanted_models import load_wanted

    return load_wanted(settings, weights)


def words_of(words: Sequence[str]) -> dict[str, str] | None:
    """``KEY=VALUE`` words of ``--set`` as a dict; None (and told) when one is not of that form."""
    out: dict[str, str] = {}
    for word in words:
        key, equals, value = word.partition("=")
        if not equals or not key:
            err.print(f"tapetum: --set takes KEY=VALUE, found {word!r}", markup=False)
            return None
        out[key] = value
    return out
