"""A short question to the program, answered by a process of its own within a deadline. No Qt here."""

from __future__ import annotations

import sys
import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gui.work.child_task import PROGRAM, ChildTask, Ending


@dataclass(frozen=True, slots=True)
class Answer:
    """What came: ``data``, or ``problem`` in words."""

    data: dict[str, Any] | None
    problem: str = ""


class Asking:
    """Asks once; it is looked at from time to time until :attr:`answer` is there.

    Args:
        arguments: the whole command line; its last line of stdout is the answer, as JSON.
        deadline_s: after so long there is no answer.
        late: what is said then.
    """

    def __init__(self, arguments: Sequence[str], deadline_s: float, late: str) -> None:
        self._deadline_s = deadline_s
        self._late = late
        self._lines: deque[str] = deque(maxlen=20)
        self._child = ChildTask(arguments, lambda _told: None, self._lines.append)
        self._answer: Answer | None = None
        self._is_late = False
        self._timer = threading.Timer(deadline_s, self._give_up)
        self._timer.name = "tapetum-question-deadline"
        self._thread = threading.Thread(target=self._run, name="tapetum-question")
        self._timer.start()
        self._thread.start()

    @property
    def answer(self) -> Answer | None:
        """None while nothing has come."""
        return self._answer

    def give_up(self) -> None:
        """Nobody waits any more. Returns at once; the thread ends as soon as the system has ended the process."""
        self._timer.cancel()
        self._child.kill()

    def join(self, deadline_s: float) -> bool:
        """Wait for its end, and that of its deadline; False when it did not come in time."""
        self._thread.join(deadline_s)
        if self._thread.is_alive():
            return False
        self._timer.join(deadline_s)
        return not self._timer.is_alive()

    def _give_up(self) -> None:
        self._is_late = True
        self._child.kill()

    def _run(self) -> None:
        ending = Ending(None, words="it failed inside this program")
        try:
            ending = self._child.run()
        finally:
            self._timer.cancel()
            self._answer = self._answer_of(ending)

    def _answer_of(self, ending: Ending) -> Answer:
        if ending.answer is not None:
            return Answer(ending.answer)
        if self._is_late:
            return Answer(None, self._late)
        words = self._lines[-1].removeprefix("tapetum: ") if self._lines else ending.words
        return Answer(None, words or "no answer came")


def ask_about(path: Path, deadline_s: float = 15.0) -> Asking:
    """What a file or folder is; the answer is that of :func:`gui.work.look_at.look_at`."""
    command = (sys.executable, "-P", "-m", "gui.work.look_at", str(path))
    return Asking(command, deadline_s, f"{path} does not answer: its disk or the network to it may hang")


def ask_for_formats(deadline_s: float = 20.0) -> Asking:
    """What can be imported and exported here, as ``tapetum session formats --json`` says it."""
    return Asking((*PROGRAM, "session", "formats", "--json"), deadline_s, "the formats could not be listed in time")
