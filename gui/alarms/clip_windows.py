"""Clips of alarms in windows of their own: the cameras go on being watched. No Qt here.

Each is the command ``tapetum replay`` in a process of its own, which ends with this window.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from gui.system_words import error_words
from gui.words import tr
from gui.work.child_task import PROGRAM, ChildTask
from recordings.errors import RecordingError
from recordings.event_clocks import event_clocks
from recordings.reader import SessionReader

MOST: Final = 4
"""Windows at once."""
_JOIN_S: Final = 4.0
_SHORTEST_S: Final = 0.5


class ClipWindows:
    """Opens them, and ends them.

    Args:
        say: called with words, from any thread, when a clip cannot be opened.
        command: what shows a session; its path, and ``--at`` with a time, come behind it.
    """

    def __init__(self, say: Callable[[str], None], command: Sequence[str] = (*PROGRAM, "replay")) -> None:
        self._say = say
        self._command = tuple(command)
        self._lock = threading.Lock()
        self._tasks: dict[threading.Thread, ChildTask | None] = {}
        self._closing = False

    @property
    def count(self) -> int:
        """That are open, or being opened."""
        with self._lock:
            return sum(thread.is_alive() for thread in self._tasks)

    def open(self, path: Path, begin_ns: int) -> bool:
        """Show a session from a time of its camera's clock on. Returns at once; False when there are too many."""
        with self._lock:
            self._tasks = {thread: task for thread, task in self._tasks.items() if thread.is_alive()}
            if self._closing or len(self._tasks) >= MOST:
                return False
            thread = threading.Thread(target=self._show, args=(path, begin_ns), name="tapetum-clip-window")
            self._tasks[thread] = None
            thread.start()
            return True

    def close(self) -> None:
        """End them all, within a limit. Safe to call twice."""
        with self._lock:
            self._closing = True
            tasks = dict(self._tasks)
        for task in tasks.values():
            if task is not None:
                task.kill()  # a replay leaves nothing half done
        for thread in tasks:
            thread.join(_JOIN_S)

    # -- in a thread of its own ---------------------------------------------------------------------------------------

    def _show(self, path: Path, begin_ns: int) -> None:
        lines: list[str] = []
        try:
            file, at_s = find(path, begin_ns)
        except (RecordingError, OSError) as error:
            self._say(error_words(error))
            return
        at = ("--at", f"{int(at_s // 60)}:{at_s % 60:04.1f}") if at_s > _SHORTEST_S else ()
        task = ChildTask((*self._command, str(file), *at), lambda _told: None, lines.append)
        with self._lock:
            if self._closing:
                return
            self._tasks[threading.current_thread()] = task
        ending = task.run()
        if ending.code and not self._closing:
            why = lines[-1] if lines else ending.words or str(ending.code)
            self._say(tr("{name} could not be shown: {why}", name=file.name, why=why))


def find(path: Path, begin_ns: int) -> tuple[Path, float]:
    """The file that holds an instant as events tell it, and how many seconds that is from its beginning.

    A recording in several files is looked through; a time before a file's first frame is its beginning.

    Raises:
        RecordingError: it is not there, is still being recorded, or cannot be read.
        OSError: its folder cannot be read.
    """
    if not path.exists():
        if path.with_name(f"{path.name}.part").exists():
            raise RecordingError(
                tr("{name} is still being written: what it shows can be opened when it has ended.", name=path.name)
            )
        raise RecordingError(tr("{name} is not there any more: it was deleted or moved.", name=path.name))
    found: tuple[Path, float] | None = None
    for file in (path, *sorted(path.parent.glob(f"{path.stem}-[0-9][0-9][0-9][0-9].mcap"))):
        with SessionReader(file) as reader:
            clocks = event_clocks(reader.streams, {s.name: reader.times(s.name) for s in reader.streams})
            times = next((instants for _, instants in clocks if len(instants)), None)
        if times is None:
            continue
        if found is None or begin_ns >= times[0]:
            found = file, max(0.0, (begin_ns - int(times[0])) / 1e9)
        if begin_ns <= times[-1]:
            break
    if found is None:
        raise RecordingError(tr("{name} holds no frame.", name=path.name))
    return found
