"""Rules over the recording that is replayed: read, watched for changes, and let loose on all of it as a task. No Qt.

The work itself is a command in a process of its own (`tapetum session rules`), as all long work; a thread here only
reads the file of the rules and what the command made. The recording is never touched.
"""

from __future__ import annotations

import enum
import itertools
import logging
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from engines.folders import cache_folder
from gui.replay.marks import EventMark, Marks
from gui.work.orders import Order
from gui.work.tasks import TaskBook, TaskState, shared_book
from pipeline.compare_events import pair_events
from pipeline.compare_sources import FoundEvent
from pipeline.config import PipelineConfig
from pipeline.errors import PipelineError
from pipeline.events_file import read_events
from pipeline.rules.load import RuleSet
from pipeline.rules.model import RulesFile
from recordings.errors import RecordingError

log = logging.getLogger(__name__)

MOST_EVENTS: Final = 20_000
"""That are shown; a set of rules that makes more of one recording is told so."""
CHANGED_S: Final = 0.5
"""Between two looks at whether the file of the rules has changed."""
LOOK_S: Final = 0.1
LEFT_S: Final = 86_400.0
APART_S: Final = 1.0
"""Events of one name that begin so near to each other are the same one, recorded and now."""
MOST_PAIRS: Final = 4_000_000


class RulesPhase(enum.Enum):
    """What is being done."""

    NONE = enum.auto()
    WAITING = enum.auto()
    RUNNING = enum.auto()
    DONE = enum.auto()
    FAILED = enum.auto()
    CANCELLED = enum.auto()


@dataclass(frozen=True, slots=True)
class RulesSeen:
    """What is known of rules over the recording.

    Attributes:
        source: what was asked for: a ready set, a file, '' for none.
        rules: those that count.
        problem: why what was asked for, or the file as it is now, does not count; or why it failed.
        share: how far it is, 0..1; None while nobody knows.
        events: what these rules make of the recording, or, while others are at work, what those before made.
        count: of all events; more than are shown where there are too many.
        is_old: the events are of the rules before a change.
        observations: ``stored``, ``computed``, ``kept``; '' while nothing is done.
        notes: what somebody must know who reads the events.
        has_recorded: the recording holds events of rules, too, and both were laid beside each other.
        gained, lost: places of events that only these rules make, and of those that only the recording holds.
        version: another one than before says that the events are others.
    """

    source: str = ""
    rules: RulesFile | None = None
    phase: RulesPhase = RulesPhase.NONE
    problem: str = ""
    share: float | None = None
    events: tuple[EventMark, ...] = ()
    count: int = 0
    is_old: bool = False
    observations: str = ""
    notes: tuple[str, ...] = ()
    has_recorded: bool = False
    gained: frozenset[int] = frozenset()
    lost: frozenset[int] = frozenset()
    version: int = 0


class RulesRun:
    """Of one session. Its methods return at once, except :meth:`close`.

    Args:
        path: the session.
        marks: says where in the recording an event lies.
        stores: whether the session stores observations.
        config, weights_dir: what computes observations where it stores none.
        book: where the task stands; None: the program's.
    """

    def __init__(
        self,
        path: Path,
        marks: Marks,
        stores: bool,
        config: PipelineConfig | None = None,
        weights_dir: Path | None = None,
        book: Callable[[], TaskBook] | None = None,
    ) -> None:
        self._path = path.absolute()
        self._marks = marks
        self._stores = stores
        self._config = config or PipelineConfig()
        self._weights = weights_dir
        self._book = book or (lambda: shared_book())
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._seen = RulesSeen()
        self._wanted: tuple[str, bool] | None = None
        self._closing = False
        self._thread: threading.Thread | None = None
        # Of the thread alone.
        self._set: RuleSet | None = None
        self._wrong = ""
        """Why what was asked for last could not be read."""
        self._again = False
        self._folder: Path | None = None
        self._task: int | None = None
        self._made = Path()
        self._numbers = itertools.count(1)
        self._is_late = False
        """The rules have changed while the task computes what any rules need: it goes on, and they come after it."""
        self._looked_s = 0.0

    def seen(self) -> RulesSeen:
        """As it is now."""
        with self._lock:
            return self._seen

    def use(self, source: str, again: bool = False) -> None:
        """Let these rules look at the recording: a ready set, a file, or '' for none.

        Args:
            again: on what is computed now, also where observations are stored.
        """
        with self._lock:
            if self._closing:
                return
            self._wanted = (source, again)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="tapetum-replay-rules")
                self._thread.start()
        self._wake.set()

    def close(self, deadline_s: float = 2.0) -> bool:
        """The session is left: what runs is cancelled; False when a disk keeps the thread longer."""
        with self._lock:
            self._closing = True
            thread = self._thread
        self._wake.set()
        if thread is not None:
            thread.join(deadline_s)
        return thread is None or not thread.is_alive()

    # -- the thread -------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            while True:
                self._wake.wait(LOOK_S if self._task is not None else CHANGED_S)
                self._wake.clear()
                with self._lock:
                    wanted, self._wanted, closing = self._wanted, None, self._closing
                if closing:
                    return
                try:
                    self._turn(wanted)
                except Exception as error:  # the edge of a thread: whatever a file holds, the window is told
                    log.exception("rules over the recording")
                    self._tell(phase=RulesPhase.FAILED, problem=f"{type(error).__name__}: {error}")
        finally:
            self._cancel()
            if self._folder is not None:
                shutil.rmtree(self._folder, ignore_errors=True)

    def _turn(self, wanted: tuple[str, bool] | None) -> None:
        if wanted is not None:
            self._load(*wanted)
        elif self._set is not None and time.monotonic() - self._looked_s >= CHANGED_S:
            self._looked_s = time.monotonic()
            if self._set.reload_if_changed():
                self._order(self._set)
            elif self._set.problem or self._wrong or self.seen().phase is not RulesPhase.FAILED:
                self._tell(problem=self._wrong or self._set.problem)
        if self._task is not None:
            self._look(self._task)

    def _load(self, source: str, again: bool) -> None:
        self._wrong = ""
        if not source:
            self._cancel()
            self._set = None
            self._tell(fresh=True)
            return
        try:
            found = RuleSet.load(source)  # the zones that it may name are those of the results: the command knows them
        except (PipelineError, OSError) as error:
            self._wrong = str(error)
            self._tell(problem=self._wrong)
            return
        is_other = again != self._again
        self._set, self._again = found, again
        self._tell(source=source)
        self._order(found, is_other)

    def _order(self, rules: RuleSet, is_other: bool = False) -> None:
        """Begin anew with the rules as they are now."""
        if self._folder is None:
            self._folder = _make_folder()
            self._write_config(self._folder)
        seen, keep = self.seen(), self._folder / "computed.gz"
        self._tell(rules=rules.rules, problem="", is_old=bool(seen.events), notes=())
        if self._task is not None and not is_other and (self._again or not self._stores) and not keep.exists():
            self._is_late = True
            return
        self._cancel()
        self._made = self._folder / f"events-{next(self._numbers)}.parquet"
        source = seen.source if rules.path is None else str(Path(seen.source).absolute())
        words = ["session", "rules", str(self._path), "--rules", source, "--output", str(self._made)]
        words += ["--keep", str(keep), "--config", str(self._folder / "config.toml")]
        words += [] if self._weights is None else ["--weights", str(self._weights.absolute())]
        words += [*(["--again"] if self._again else []), "--json"]
        order = Order("rules", f"{Path(source).name} · {self._path.name}", tuple(words))
        try:
            self._task = self._book().add(order)
        except RuntimeError as error:  # the program is closing
            self._tell(phase=RulesPhase.FAILED, problem=str(error))
            return
        self._tell(phase=RulesPhase.WAITING, share=None)

    def _write_config(self, folder: Path) -> None:
        """The settings of this window, for the command."""
        import tomlkit

        text = tomlkit.dumps(self._config.model_dump(mode="json", exclude_none=True))
        (folder / "config.toml").write_text(text, encoding="utf-8")

    def _look(self, number: int) -> None:
        """At how far the task is, and what came of it."""
        view = self._book().view(number)
        if view is not None and not view.state.is_over:
            waits = view.state is TaskState.QUEUED
            self._tell(phase=RulesPhase.WAITING if waits else RulesPhase.RUNNING, share=view.share)
            return
        self._task = None
        if view is None or view.state is TaskState.CANCELLED:
            self._is_late = False
            self._tell(phase=RulesPhase.CANCELLED, share=None)
        elif self._is_late and self._set is not None:
            self._is_late = False
            self._order(self._set)
        elif view.state is TaskState.DONE and view.answer is not None:
            self._take(view.answer)
        else:
            self._tell(phase=RulesPhase.FAILED, problem=view.problem or view.words, share=None)

    def _take(self, answer: dict[str, Any]) -> None:
        try:
            events, count = read_events(self._made, MOST_EVENTS)
            self._made.unlink(missing_ok=True)
        except (RecordingError, OSError) as error:
            self._tell(phase=RulesPhase.FAILED, problem=str(error), share=None)
            return
        marks = tuple(sorted(self._marks.marks_of(events, is_now=True), key=lambda m: (m.begin_ns, m.place)))
        notes = tuple(str(note) for note in answer.get("notes", ()))
        before = [e for e in self._marks.events if e.severity]
        gained, lost = beside(before, marks)
        self._tell(
            has_recorded=bool(before),
            gained=gained,
            lost=lost,
            phase=RulesPhase.DONE,
            share=None,
            events=marks,
            count=count,
            is_old=False,
            observations=str(answer.get("observations", "")),
            notes=notes,
            version=self.seen().version + 1,
        )

    def _cancel(self) -> None:
        self._is_late = False
        if self._task is not None:
            self._book().cancel(self._task)
            self._task = None

    def _tell(self, *, fresh: bool = False, **changes: Any) -> None:
        with self._lock:
            seen = RulesSeen(version=self._seen.version + 1) if fresh else self._seen
            self._seen = replace(seen, **changes)


def beside(recorded: Sequence[EventMark], now: Sequence[EventMark]) -> tuple[frozenset[int], frozenset[int]]:
    """Places of events that are only now, and of those that are only recorded."""
    if not recorded or len(recorded) * len(now) > MOST_PAIRS:
        return frozenset(), frozenset()
    pairs = pair_events("", [_found(e) for e in recorded], [_found(e) for e in now], 0, APART_S)
    gained = {(p.b.name, p.b.begin_ns, p.b.end_ns) for p in pairs if p.a is None and p.b is not None}
    lost = {(p.a.name, p.a.begin_ns, p.a.end_ns) for p in pairs if p.b is None and p.a is not None}
    return (
        frozenset(e.place for e in now if (e.name, e.begin_ns, e.end_ns) in gained),
        frozenset(e.place for e in recorded if (e.name, e.begin_ns, e.end_ns) in lost),
    )


def _found(event: EventMark) -> FoundEvent:
    return FoundEvent(event.name, event.begin_ns, event.end_ns, None, event.severity)


def _make_folder() -> Path:
    """Where a session's tasks put what they make; what a program that was killed left there a day ago goes."""
    place = cache_folder() / "rules"
    try:
        place.mkdir(parents=True, exist_ok=True)
        for old in place.iterdir():
            if time.time() - old.stat().st_mtime > LEFT_S:
                shutil.rmtree(old, ignore_errors=True)
        return Path(tempfile.mkdtemp(dir=place))
    except OSError:  # a home that nobody may write into
        return Path(tempfile.mkdtemp(prefix="tapetum-rules-"))
