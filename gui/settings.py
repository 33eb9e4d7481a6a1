"""What the window remembers from one start to the next: a JSON file of values by name. No Qt here.

Values are written a moment after they change, in a thread that ends when all is written. The file is replaced in one
step, and only the values that this program changed are replaced in it, so that two windows do not undo each other's.
"""

from __future__ import annotations

import contextlib
import enum
import json
import math
import os
import threading
import time
import weakref
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

try:
    import fcntl
except ImportError:  # Windows has no flock; there the last of two windows that save in the same moment wins
    fcntl = None  # type: ignore[assignment]  # stands for "no lock here"

WRITE_AFTER_S = 0.4
"""How long a value may change again before it is written."""

SAVE_WITHIN_S = 3.0
"""The longest that :meth:`Settings.save` waits for the disk."""

LARGEST_BYTES = 4_000_000
"""No settings are that large; what is larger is another file."""

_LOCK_S = 0.5


def settings_path() -> Path:
    """Where the file stands; ``TAPETUM_CONFIG`` names another folder."""
    given = os.environ.get("TAPETUM_CONFIG")
    base = Path(given) if given else Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "tapetum"
    return base / "window.json"


class Trouble(enum.StrEnum):
    """What can be wrong with the file."""

    BROKEN = "broken"
    UNREADABLE = "unreadable"
    UNWRITABLE = "unwritable"


class Settings:
    """Values by name. Whoever reads one checks that it makes sense, best by ``get_number``, ``get_choice``,
    ``get_text`` or ``get_flag``.

    Attributes:
        trouble: what is wrong with the file, None while all is well; ``problem`` says it in English.
        reason: in the words of the system.
        aside: where a broken file is kept.

    Args:
        path: the file; None keeps everything in memory.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = None if path is None else Path(os.path.realpath(path))
        self._values: dict[str, Any] = {}
        self._changed: dict[str, Any] = {}
        self._removed: set[str] = set()
        self._guard = threading.Lock()
        self._writing = threading.Lock()
        self._hurry = threading.Event()
        self._writer: threading.Thread | None = None
        self._watchers: dict[str, list[Callable[[], Callable[[Any], object] | None]]] = {}
        self.trouble: Trouble | None = None
        self.reason = ""
        self.aside: Path | None = None
        if self._path is not None:
            self._values = self._read()

    # -- reading ------------------------------------------------------------------------------------------------

    def get(self, name: str, default: Any = None) -> Any:
        """A value, e.g. ``tiles.layout``."""
        return self._values.get(name, default)

    def get_number(self, name: str, default: float, low: float, high: float) -> float:
        """A number from ``low`` to ``high``; anything else is the default. Whole where the default is whole."""
        value = self._values.get(name)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
            return default
        if not low <= value <= high:
            return default
        return round(value) if isinstance(default, int) else float(value)

    def get_choice(self, name: str, default: str, choices: Sequence[str]) -> str:
        """One of the choices; anything else is the default."""
        value = self._values.get(name)
        return value if isinstance(value, str) and value in choices else default

    def get_text(self, name: str, default: str = "", longest: int = 4096) -> str:
        """A text without control characters, at most so long; anything else is the default."""
        value = self._values.get(name)
        if not isinstance(value, str) or len(value) > longest or any(ord(c) < 32 for c in value):
            return default
        return value

    def get_flag(self, name: str, default: bool) -> bool:
        """True or False; anything else is the default."""
        value = self._values.get(name)
        return value if isinstance(value, bool) else default

    # -- changing -----------------------------------------------------------------------------------------------

    def set(self, name: str, value: Any) -> None:
        """Remember a value; it is written soon.

        Raises:
            TypeError, ValueError: JSON cannot hold it.
        """
        kept = json.loads(json.dumps(value))
        with self._guard:
            if name in self._values and json.dumps(self._values[name]) == json.dumps(kept):
                return
            self._values[name] = kept
            self._changed[name] = kept
            self._removed.discard(name)
        self._soon()
        self._tell(name, kept)

    def forget(self, name: str) -> None:
        """Back to the default of whoever reads it."""
        with self._guard:
            if name not in self._values:
                return
            del self._values[name]
            self._changed.pop(name, None)
            self._removed.add(name)
        self._soon()
        self._tell(name, None)

    def watch(self, name: str, call: Callable[[Any], object]) -> None:
        """Call when a value changes, with the new one (None: the default). A method of something that is gone is
        forgotten."""
        bound = getattr(call, "__self__", None)
        known = weakref.WeakMethod(call) if bound is not None else (lambda: call)  # type: ignore[arg-type]  # is bound
        # What is gone is forgotten here, too: a value may never change, while tiles come and go.
        alive = [made for made in self._watchers.get(name, ()) if made() is not None]
        self._watchers[name] = [*alive, known]

    def _tell(self, name: str, value: Any) -> None:
        known = self._watchers.get(name, [])
        for made in list(known):
            call = made()
            if call is None:
                known.remove(made)
            else:
                call(value)

    # -- the file -----------------------------------------------------------------------------------------------

    @property
    def problem(self) -> str:
        """What is wrong with the file, in English; empty while all is well."""
        if self.trouble is Trouble.BROKEN:
            return f"{self._path} is broken ({self.reason}); it is kept as {self.aside}, and the defaults hold"
        if self.trouble is Trouble.UNREADABLE:
            return f"{self._path} cannot be read ({self.reason}); the defaults hold"
        if self.trouble is Trouble.UNWRITABLE:
            return f"{self._path} cannot be written ({self.reason}); changes are forgotten at the end"
        return ""

    @property
    def path(self) -> Path | None:
        return self._path

    def save(self) -> bool:
        """Write what is not yet written, and wait for it; whether all of it stands in the file."""
        with self._guard:
            writer = self._writer
        if writer is not None:
            self._hurry.set()
            writer.join(SAVE_WITHIN_S)
            return not writer.is_alive() and not self._is_dirty()
        return self._write() if self._is_dirty() else self.trouble is not Trouble.UNWRITABLE

    def _is_dirty(self) -> bool:
        return self._path is not None and bool(self._changed or self._removed)

    def _soon(self) -> None:
        with self._guard:
            if self._path is not None and self._writer is None:
                self._hurry.clear()
                self._writer = threading.Thread(target=self._write_later, name="tapetum-settings")
                self._writer.start()

    def _write_later(self) -> None:
        while True:
            self._hurry.wait(WRITE_AFTER_S)
            is_written = self._write()
            with self._guard:
                if not is_written or not self._is_dirty():
                    self._writer = None
                    return

    def _write(self) -> bool:
        path = self._path
        if path is None:
            return True
        with self._guard:
            changed, removed = dict(self._changed), set(self._removed)
        try:
            with self._writing:
                path.parent.mkdir(parents=True, exist_ok=True)
                with _alone(path.with_name(path.name + ".lock")):
                    values = self._read(is_for_writing=True)
                    values = {k: v for k, v in values.items() if k not in removed} | changed
                    _replace(path, json.dumps(values, indent=1, ensure_ascii=False, sort_keys=True))
        except (OSError, ValueError) as error:  # ValueError: half of a surrogate pair cannot be UTF-8
            self.reason = _reason(error)
            self.trouble = Trouble.UNWRITABLE
            return False
        with self._guard:
            for name, value in changed.items():
                if name in self._changed and self._changed[name] is value:
                    del self._changed[name]
            self._removed -= removed - self._values.keys()
        if self.trouble is Trouble.UNWRITABLE:
            self.trouble = None
        return True

    def _read(self, is_for_writing: bool = False) -> dict[str, Any]:
        """The values in the file; a broken file is put aside. What cannot be read is not written over."""
        path = self._path
        if path is None:
            return {}
        try:
            with path.open("rb") as file:
                raw = file.read(LARGEST_BYTES + 1)
        except FileNotFoundError:
            return {}
        except OSError as error:
            if is_for_writing:
                raise
            self.trouble, self.reason = Trouble.UNREADABLE, _reason(error)
            return {}
        try:
            if len(raw) > LARGEST_BYTES:
                raise ValueError(f"larger than {LARGEST_BYTES} bytes")
            values = json.loads(raw.decode("utf-8"))
            if not isinstance(values, dict):
                raise ValueError("holds no names with values")
        except (ValueError, RecursionError) as error:
            self.trouble, self.reason = Trouble.BROKEN, _reason(error)
            self.aside = path.with_name(path.name + ".broken")
            try:
                path.replace(self.aside)
            except OSError as why:
                self.trouble, self.reason = Trouble.UNWRITABLE, _reason(why)
            return {}
        return values


def _reason(error: BaseException) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return str(error) or type(error).__name__


def _replace(path: Path, text: str) -> None:
    """The file is the old one or the new one, whatever happens."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        with fresh.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except BaseException:  # whatever it was, also an interrupt: nothing half written stays
        with contextlib.suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise


@contextlib.contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """No other program writes meanwhile; after half a second it goes on all the same."""
    if fcntl is None:
        yield
        return
    with lock.open("w") as file:
        until = time.monotonic() + _LOCK_S
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError:
                if time.monotonic() > until:
                    break
                time.sleep(0.01)
        yield
