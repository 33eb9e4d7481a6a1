"""What is said of tasks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from gui.system_words import system_words
from gui.words import mark, tr
from gui.work.orders import Order
from gui.work.tasks import TaskState, TaskView

KINDS = {
    "import": mark("Import"),
    "cut": mark("Cut"),
    "export": mark("Export"),
    "batch": mark("Batch"),
    "verify": mark("Verify"),
    "rules": mark("Rules"),
    "recover": mark("Recover"),
    "calibrate": mark("Calibrate"),
    "build": mark("Build engines"),
    "board": mark("Draw a board"),
}

_STATES = {
    TaskState.QUEUED: mark("waits for its turn"),
    TaskState.RUNNING: mark("running"),
    TaskState.STOPPING: mark("stopping …"),
    TaskState.DONE: mark("done"),
    TaskState.NO: mark("done, with problems"),
    TaskState.FAILED: mark("FAILED"),
    TaskState.CANCELLED: mark("cancelled"),
}

_UNITS = {
    "frames": mark("frames"),
    "FrameSets": mark("FrameSets"),
    "observations": mark("observations"),
    "models": mark("models"),
    "MB, three times the file": mark("MB, of three times the file"),
}
_SHOWN_LINES = 12


def kind_words(order: Order) -> str:
    """``Export``."""
    return tr(KINDS[order.kind]) if order.kind in KINDS else order.kind


def title(order: Order) -> str:
    """``Export: night.mcap → night.mp4``."""
    head = f"{kind_words(order)}: {order.subject}" if order.subject else kind_words(order)
    return f"{head}  →  {order.result.name}" if order.result is not None else head


def left_words(seconds: float) -> str:
    """``about 2 min left``; no finer than it is known."""
    if seconds < 8:
        return tr("a few seconds left")
    if seconds < 55:
        return tr("about {n} s left", n=5 * max(2, round(seconds / 5)))
    minutes = max(1, round(seconds / 60))
    if minutes < 60:
        return tr("about {n} min left", n=minutes)
    return tr("about {h} h {m} min left", h=minutes // 60, m=minutes % 60)


def took_words(seconds: float) -> str:
    """``4 s``, ``2 min 5 s``."""
    if seconds < 60:
        return tr("{n} s", n=f"{seconds:.1f}" if seconds < 10 else f"{seconds:.0f}")
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return tr("{m} min {s} s", m=minutes, s=rest)
    return tr("{h} h {m} min", h=minutes // 60, m=minutes % 60)


def percent(share: float) -> str:
    """Rounded down: 100 % is said when all is done, not before."""
    return f"{int(100 * share)} %"


def state_words(view: TaskView) -> str:
    """One line: how far it is, how long it takes."""
    words = [tr(_STATES[view.state])]
    if view.state is TaskState.RUNNING:
        words = [_how_far(view)]
        if view.share is not None:
            words.append(percent(view.share))
        if view.left_s is not None:
            words.append(left_words(view.left_s))
    elif view.state.is_over and view.seconds > 0:
        words.append(took_words(view.seconds))
    return "   ·   ".join(filter(None, words))


def _how_far(view: TaskView) -> str:
    if not view.what:
        return tr("begins …")
    unit = tr(_UNITS[view.unit]) if view.unit in _UNITS else view.unit or (view.what if view.of is not None else "")
    if view.of is None:
        return f"{view.done:.0f} {unit}" if view.done else tr("begins …")
    name = f"{view.what}: " if view.what != view.order.subject and unit != view.what else ""
    return tr("{name}{done} of {of} {unit}", name=name, done=f"{view.done:.0f}", of=f"{view.of:.0f}", unit=unit)


def answer_words(view: TaskView) -> str:
    """What came of it, or what it says now; lines. Empty when there is nothing to say."""
    if view.state is TaskState.RUNNING:
        return view.note
    if view.state is TaskState.FAILED:
        return system_words(view.problem)
    if view.state is TaskState.CANCELLED:
        if view.order.kind == "batch":
            return tr("What was finished stays; the same task goes on with the rest.")
        return tr("Nothing of it is kept.") if view.order.result is not None else ""
    lines = view.answer_lines or tuple(view.lines[-3:])
    more = len(lines) - _SHOWN_LINES
    shown = [*lines[:_SHOWN_LINES], *([tr("… and {n} lines more", n=more)] if more > 0 else [])]
    return "\n".join(shown)


def is_bad(view: TaskView) -> bool:
    """Whether somebody should look at it."""
    return view.state in (TaskState.FAILED, TaskState.NO)


def indicator_words(views: Sequence[TaskView], unseen: Sequence[TaskView]) -> tuple[str, bool]:
    """The few words in the status line, and whether they stand out; empty when there is nothing to say.

    Args:
        unseen: tasks that are over and were not looked at.
    """
    busy = [v for v in views if not v.state.is_over]
    running = [v for v in busy if v.state is not TaskState.QUEUED]
    bad = [v for v in unseen if is_bad(v)]
    if bad:
        ending = tr("failed") if bad[-1].state is TaskState.FAILED else tr("found problems")
        return f"{kind_words(bad[-1].order)} {ending}", True
    if running:
        one = running[0]
        words = [kind_words(one.order)]
        if one.state is TaskState.STOPPING:
            words[0] += " " + tr("stopping …")
        elif one.share is not None:
            words[0] += f" {percent(one.share)}"
        if one.left_s is not None:
            words.append(left_words(one.left_s))
        others = len(busy) - 1
        if others:
            words.append(tr("{n} more", n=others))
        return ", ".join(words), False
    done = [v for v in unseen if v.state is TaskState.DONE]
    return (f"{kind_words(done[-1].order)} {tr('done')}", False) if done else ("", False)


def place_words(path: Path) -> str:
    """A path, short: ``~/sessions/night.mcap``."""
    try:
        return str(Path("~") / path.relative_to(Path.home()))
    except (ValueError, RuntimeError):
        return str(path)
