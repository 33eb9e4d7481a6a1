"""Looks for cameras in a process of its own, since a vendor's library may hang or crash while it looks. No Qt here.

``python -m gui.work.camera_finder`` writes lines of JSON to stderr until it is stopped: the families, which of them is
asked, and what each found; every family is asked again when something is plugged in or out, and now and then.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from typing import Any, Final

from drivers.hotplug import plugged_in
from drivers.registry import GROUP, families
from gui.work.child_task import ChildTask, Ending

FAMILY_S: Final = 10.0
"""A family that has not answered after so long is said to hang."""

_LOOK_S: Final = 0.5
_FIND_S: Final = 15.0
_REPLAYED: Final = ("virtual", "file")
"""Families that find files, not cameras."""


@dataclass(frozen=True, slots=True)
class FoundCamera:
    """One camera that is here."""

    source: str
    title: str
    detail: str


@dataclass(frozen=True, slots=True)
class FamilyState:
    """One family of cameras.

    Attributes:
        name, title: of it.
        available: whether it works here; ``reason`` and ``how`` say why not, and what to install.
        cameras: found the last time.
        is_late: it was asked and has not answered for a long time.
        problem: of the last asking.
        is_known: it has answered once.
    """

    name: str
    title: str
    available: bool
    reason: str = ""
    how: str = ""
    cameras: tuple[FoundCamera, ...] = ()
    is_late: bool = False
    problem: str = ""
    is_known: bool = False


@dataclass(slots=True)
class _Family:
    told: dict[str, Any]
    asked_s: float | None = None
    cameras: tuple[FoundCamera, ...] = ()
    problem: str = ""
    is_known: bool = False


@dataclass(slots=True)
class _Heard:
    families: dict[str, _Family] = field(default_factory=dict)
    ended: str = ""


class CameraFinder:
    """What is plugged in, kept up to date until :meth:`close`. All methods return at once.

    Args:
        command: what looks; tests put in their own.
        late_s: after so long without an answer a family is said to hang.
    """

    def __init__(self, command: Sequence[str] | None = None, late_s: float = FAMILY_S) -> None:
        self._late_s = late_s
        self._lock = threading.Lock()
        self._heard = _Heard()
        self._lines: deque[str] = deque(maxlen=20)
        self._closed = False
        command = command or (sys.executable, "-P", "-m", "gui.work.camera_finder")
        self._child = ChildTask(command, self._told, self._lines.append)
        self._thread = threading.Thread(target=self._run, name="tapetum-camera-finder")
        self._thread.start()

    def states(self) -> list[FamilyState]:
        """Every family, in order; empty while nothing is known."""
        now = time.monotonic()
        with self._lock:
            return [self._state(name, one, now) for name, one in self._heard.families.items()]

    @property
    def ended(self) -> str:
        """Why nobody looks any more; empty while somebody does."""
        with self._lock:
            return self._heard.ended

    def close(self) -> None:
        """Stop looking; what hangs is killed."""
        self._closed = True
        self._child.stop(0.5, 0.5)

    def join(self, deadline_s: float) -> bool:
        """Wait until it has ended; False when it did not in time."""
        self._thread.join(deadline_s)
        return not self._thread.is_alive()

    def _state(self, name: str, one: _Family, now: float) -> FamilyState:
        return FamilyState(
            name,
            str(one.told.get("title", name)),
            bool(one.told.get("available", True)),
            str(one.told.get("reason", "")),
            str(one.told.get("how", "")),
            one.cameras,
            one.asked_s is not None and now - one.asked_s > self._late_s,
            one.problem,
            one.is_known,
        )

    def _run(self) -> None:
        ending = Ending(None, words="it failed inside this program")
        try:
            ending = self._child.run()
        finally:
            with self._lock:
                words = ending.words or (self._lines[-1] if self._lines else "")
                self._heard.ended = "" if self._closed else words or "the search has ended"

    def _told(self, told: dict[str, Any]) -> None:
        with self._lock:
            known = self._heard.families
            if "families" in told:
                self._heard.families = {str(f["name"]): _Family(dict(f)) for f in told["families"]}
            family = known.get(str(told.get("family")))
            if family is None:
                return
            if "asked" in told:
                family.asked_s = time.monotonic()
                return
            family.asked_s, family.is_known = None, True
            family.problem = str(told.get("problem", ""))
            if "cameras" in told:
                family.cameras = tuple(
                    FoundCamera(str(c["source"]), str(c["title"]), str(c["detail"])) for c in told["cameras"]
                )


def _say(told: dict[str, Any]) -> None:
    os.write(2, json.dumps(told).encode() + b"\n")


def _ask(name: str, busy: set[str]) -> None:
    try:
        kind = next(iter(entry_points(group=GROUP, name=name))).load()
        found = [{"source": c.source, "title": c.title, "detail": c.detail} for c in kind.discover()]
        _say({"family": name, "cameras": found})
    except Exception as error:  # noqa: BLE001 - a vendor's library may raise anything; it is said, the others go on
        _say({"family": name, "problem": f"{type(error).__name__}: {error}"})
    finally:
        busy.discard(name)


def main() -> int:
    """Look until interrupted."""
    known = families()
    fields = ("name", "title", "available", "reason", "how")
    _say({"families": [{k: getattr(f, k) for k in fields} for f in known if f.name not in _REPLAYED]})
    asked = [f.name for f in known if f.available and f.name not in _REPLAYED]
    busy: set[str] = set()
    seen: frozenset[str] | None = None
    asked_s = 0.0
    try:
        while True:
            now = plugged_in()
            if now != seen or time.monotonic() - asked_s > _FIND_S:
                seen, asked_s = now, time.monotonic()
                for name in asked:
                    if name not in busy:
                        busy.add(name)
                        _say({"family": name, "asked": True})
                        # Daemons: one may hang for ever; this process is the limit of all of them.
                        threading.Thread(target=_ask, args=(name, busy), name=f"find {name}", daemon=True).start()
            time.sleep(_LOOK_S)
    except KeyboardInterrupt:
        sys.stderr.flush()
        os._exit(0)  # a hanging library must not keep the interpreter from ending


if __name__ == "__main__":
    sys.exit(main())
