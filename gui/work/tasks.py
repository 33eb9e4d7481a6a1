"""Long work: tasks that wait, run, and are over. Each is the program's own command in a process of its own, so that
nothing that it does can touch the picture. No Qt here."""

from __future__ import annotations

import enum
import itertools
import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from gui.work.child_task import PROGRAM, ChildTask, Ending, bounded_lines
from gui.work.orders import Order
from gui.work.pace import Pace

MOST_AT_ONCE: Final = 2
MOST_KEPT: Final = 50
"""Tasks that are over and still listed."""

CLOSE_S: Final = 6.0


class TaskState(enum.StrEnum):
    """How far a task is. ``NO``: it ran, and the answer is no (a session is damaged, some of a batch failed)."""

    QUEUED = "queued"
    RUNNING = "running"
    STOPPING = "stopping"
    DONE = "done"
    NO = "no"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_over(self) -> bool:
        return self in (TaskState.DONE, TaskState.NO, TaskState.FAILED, TaskState.CANCELLED)


@dataclass(frozen=True, slots=True)
class TaskView:
    """A task as it is now.

    Attributes:
        number: its name in the book; rises.
        what: the file or the stage that it is at; empty while it has said nothing.
        done, of, unit: how far that is; ``of`` is None while nobody knows.
        share: of the whole, 0..1; None while nobody knows.
        left_s: estimated from the rate; None while that is a guess.
        seconds: that it has run.
        note: what it would like somebody to do or know; of a calibration, what it wants to see next.
        lines: what it said beyond its answer: what went wrong, and logs; the last 200.
        answer_lines: its answer, for people.
        answer: its answer as JSON.
        words: how it ended, where the command could not say it itself.
    """

    number: int
    order: Order
    state: TaskState
    what: str = ""
    done: float = 0.0
    of: float | None = None
    unit: str = ""
    share: float | None = None
    left_s: float | None = None
    seconds: float = 0.0
    note: str = ""
    lines: tuple[str, ...] = ()
    answer_lines: tuple[str, ...] = ()
    answer: dict[str, Any] | None = None
    words: str = ""

    @property
    def problem(self) -> str:
        """Why it failed, in the command's own words where it has any."""
        if self.state is not TaskState.FAILED:
            return ""
        own = [line for line in self.lines if line.startswith(("tapetum:", "Error:", "Invalid value"))]
        said = own[-1].removeprefix("tapetum: ") if own else (self.lines[-1] if self.lines else "")
        return said or self.words or "it ended without a word"


class _Task:
    """One task and its thread."""

    def __init__(self, number: int, order: Order, program: Sequence[str]) -> None:
        self.number = number
        self.order = order
        self.state = TaskState.QUEUED
        self.lines = bounded_lines()
        self.answer_lines: deque[str] = bounded_lines()
        self.progress: dict[str, Any] = {}
        self.note = ""
        self.pace = Pace()
        self.begun_s = 0.0
        self.ended_s = 0.0
        self.ending = Ending(None)
        self.cancelled = False
        self.was_taken = False
        self.child = ChildTask((*program, *order.arguments), self._told, self._line)
        self.thread: threading.Thread | None = None
        self.lock = threading.Lock()

    def _told(self, told: dict[str, Any]) -> None:
        progress, answer = told.get("progress"), told.get("answer")
        with self.lock:
            if isinstance(answer, str):
                self.answer_lines.append(answer)
            elif isinstance(progress, dict) and "note" in progress:
                self.note = str(progress["note"])
            elif isinstance(progress, dict):
                self.progress = progress
                share = _number(progress.get("share"))
                if share is not None:
                    self.pace.add(time.monotonic(), share)
            else:
                self.lines.append(str(told)[:200])

    def _line(self, line: str) -> None:
        with self.lock:
            self.lines.append(line)

    def view(self) -> TaskView:
        with self.lock:
            now = self.ended_s or time.monotonic()
            running = self.state is TaskState.RUNNING
            share = _number(self.progress.get("share"))
            return TaskView(
                self.number,
                self.order,
                self.state,
                str(self.progress.get("what", "")),
                _number(self.progress.get("done")) or 0.0,
                _number(self.progress.get("of")),
                str(self.progress.get("unit", "")),
                None if share is None else min(1.0, max(0.0, share)),
                self.pace.left_s(now) if running else None,
                now - self.begun_s if self.begun_s else 0.0,
                self.note if running else "",
                tuple(self.lines),
                tuple(self.answer_lines),
                self.ending.answer,
                self.ending.words,
            )


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


class TaskBook:
    """Tasks of the program. All methods may be called from any thread and return at once, except :meth:`close`.

    Args:
        at_once: tasks that run beside each other, 1 or 2; the picture needs the rest of the machine.
        program: what runs a command line; tests put in their own.
    """

    def __init__(self, at_once: int = 1, program: Sequence[str] = PROGRAM) -> None:
        if not 1 <= at_once <= MOST_AT_ONCE:
            raise ValueError(f"tasks run one at a time or two, not {at_once}")
        self._at_once = at_once
        self._program = tuple(program)
        self._lock = threading.Lock()
        self._tasks: dict[int, _Task] = {}
        self._numbers = itertools.count(1)
        self._closed = False

    def add(self, order: Order) -> int:
        """Order a task; it begins when it is its turn.

        Returns:
            Its number.

        Raises:
            RuntimeError: the book is closed.
        """
        with self._lock:
            if self._closed:
                raise RuntimeError("no task begins any more: the program is closing")
            task = _Task(next(self._numbers), order, self._program)
            self._tasks[task.number] = task
            over = [n for n, t in self._tasks.items() if t.state.is_over]
            for number in over[: max(0, len(over) - MOST_KEPT)]:
                del self._tasks[number]
        self._begin_next()
        return task.number

    def views(self) -> list[TaskView]:
        """All tasks in the order in which they were ordered."""
        with self._lock:
            tasks = list(self._tasks.values())
        return [task.view() for task in tasks]

    def view(self, number: int) -> TaskView | None:
        """One task; None when it is not listed any more."""
        with self._lock:
            task = self._tasks.get(number)
        return None if task is None else task.view()

    @property
    def busy(self) -> int:
        """Tasks that wait or run."""
        with self._lock:
            return sum(not t.state.is_over for t in self._tasks.values())

    def cancel(self, number: int) -> bool:
        """Interrupt a task, or take it out of the queue; False when it is over already."""
        with self._lock:
            task = self._tasks.get(number)
            return task is not None and self._cancel(task)

    def take_ended(self) -> list[TaskView]:
        """Tasks that are over and were not taken yet: each is given once."""
        with self._lock:
            ended = [t for t in self._tasks.values() if t.state.is_over and not t.was_taken]
            for task in ended:
                task.was_taken = True
        return [task.view() for task in ended]

    def clear(self) -> None:
        """Take what is over off the list."""
        with self._lock:
            self._tasks = {n: t for n, t in self._tasks.items() if not t.state.is_over}

    def close(self, deadline_s: float = CLOSE_S) -> bool:
        """Cancel everything and wait for its end; no task begins any more.

        Returns:
            False when a process did not end in time.
        """
        with self._lock:
            self._closed = True
            share = max(0.1, deadline_s / 3)
            threads = []
            for task in self._tasks.values():
                self._cancel(task, (share, share))
                if task.thread is not None:
                    threads.append(task.thread)
        end = time.monotonic() + deadline_s
        for thread in threads:
            thread.join(max(0.0, end - time.monotonic()))
        return not any(thread.is_alive() for thread in threads)

    # -- inside ---------------------------------------------------------------------------------------------------

    def _cancel(self, task: _Task, within: tuple[float, float] | None = None) -> bool:
        """With the lock held."""
        if task.state.is_over:
            return False
        with task.lock:
            task.cancelled = True
            if task.state is TaskState.QUEUED:
                task.state = TaskState.CANCELLED
                return True
            task.state = TaskState.STOPPING
        task.child.stop(*(within or ()))
        return True

    def _begin_next(self) -> None:
        with self._lock:
            if self._closed:
                return
            running = sum(t.state in (TaskState.RUNNING, TaskState.STOPPING) for t in self._tasks.values())
            waiting = [t for t in self._tasks.values() if t.state is TaskState.QUEUED]
            for task in waiting[: max(0, self._at_once - running)]:
                with task.lock:
                    task.state = TaskState.RUNNING
                    task.begun_s = time.monotonic()
                # Not a daemon: the command on its leash ends with the program, and this thread with it.
                task.thread = threading.Thread(
                    target=self._run, args=(task,), name=f"tapetum-task-{task.number}-{task.order.kind}"
                )
                task.thread.start()

    def _run(self, task: _Task) -> None:
        ending = Ending(None, words="it failed inside this program")
        try:
            ending = task.child.run()
        finally:
            with task.lock:
                task.ending = ending
                task.ended_s = time.monotonic()
                task.state = _state_of(task, ending)
            self._begin_next()


def _state_of(task: _Task, ending: Ending) -> TaskState:
    if ending.code == 0:
        return TaskState.DONE
    if task.cancelled:
        return TaskState.CANCELLED
    return TaskState.NO if ending.code == 1 and ending.answer is not None else TaskState.FAILED


_shared: TaskBook | None = None
_shared_lock = threading.Lock()


def shared_book() -> TaskBook:
    """The program's tasks: they outlive a window that something else takes the place of."""
    global _shared
    with _shared_lock:
        if _shared is None or _shared._closed:
            _shared = TaskBook()
        return _shared


def close_shared(deadline_s: float = CLOSE_S) -> bool:
    """The program ends: see :meth:`TaskBook.close`."""
    with _shared_lock:
        book = _shared
    return True if book is None else book.close(deadline_s)
