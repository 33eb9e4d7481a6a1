"""Progress for a program that watches a command: lines of JSON on stderr where ``TAPETUM_PROGRESS=json`` asks for them.

A line is ``{"progress": {...}}`` with ``what`` (a file, a stage), ``done`` and ``of`` in ``unit`` (``of`` is null while
nobody knows), and ``share``: how much of the whole command is done, 0..1, or null. ``{"progress": {"note": ...}}`` is a
sentence for people, such as what a calibration wants to see next, and ``{"answer": ...}`` is a line of what the command
found, as it would print it. Other lines on stderr are what went wrong, and logs.
"""

from __future__ import annotations

import json
import os
import sys
import time
from typing import Any, Final

from rich.progress import Progress, TaskID

ASKED: Final = "TAPETUM_PROGRESS"
"""The environment variable; ``json`` is its only value with a meaning."""

_EVERY_S: Final = 0.2


def is_asked() -> bool:
    """Whether somebody wants lines of JSON."""
    return os.environ.get(ASKED) == "json"


def tell_note(words: str) -> None:
    """A sentence for whoever watches; nothing where nobody does."""
    if is_asked():
        _write({"progress": {"note": words}})


def tell_answer(line: str) -> None:
    """A line of what the command found; nothing where nobody watches."""
    if is_asked():
        _write({"answer": line})


def tell_progress(what: str, done: float, of: float | None, unit: str, share: float | None) -> None:
    """How far the command is; nothing where nobody watches."""
    if is_asked():
        _write({"progress": {"what": what, "done": done, "of": of, "unit": unit, "share": share}})


def _write(told: dict[str, Any]) -> None:
    try:
        sys.stderr.write(json.dumps(told) + "\n")
        sys.stderr.flush()
    except (OSError, ValueError):  # whoever watched is gone: the work goes on
        pass


class JsonProgress(Progress):
    """Bars that are told as lines, a few times a second, instead of being drawn.

    Args:
        unit: of what is counted.
        tasks: how many bars there will be, one after the other or beside each other, where each is a like share of
            the whole; 0: nobody knows, and the share of the whole is not told.
    """

    def __init__(self, unit: str, tasks: int = 1) -> None:
        super().__init__(disable=True)
        self._unit = unit
        self._count = tasks
        self._over = 0
        self._told_s = 0.0

    def add_task(self, *args: Any, **kwargs: Any) -> TaskID:
        task = super().add_task(*args, **kwargs)
        self._tell(task, True)
        return task

    def update(self, task_id: TaskID, **kwargs: Any) -> None:
        super().update(task_id, **kwargs)
        self._tell(task_id, False)

    def remove_task(self, task_id: TaskID) -> None:
        super().remove_task(task_id)
        self._over += 1

    def _tell(self, task_id: TaskID, is_new: bool) -> None:
        task = next((t for t in self.tasks if t.id == task_id), None)
        now = time.monotonic()
        if task is None or (now - self._told_s < _EVERY_S and not is_new and not task.finished):
            return
        self._told_s = now
        share: float | None = None
        if self._count > 1 or (self._count == 1 and task.total):
            shares = [t.completed / t.total if t.total else 0.0 for t in self.tasks]
            share = min(1.0, (self._over + sum(shares)) / self._count)
        tell_progress(str(task.description), task.completed, task.total, self._unit, share)
