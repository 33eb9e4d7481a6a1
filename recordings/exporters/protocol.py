"""What every exporter is: it writes (a part of) one session in another form."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol, runtime_checkable

from recordings.errors import SessionExportError
from recordings.reader import SessionReader

Progress = Callable[[int, int], None]
"""Called with the number of frames done and of all (0: not known)."""

_LONGEST_S: Final = 1e9


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """Which part of a session, and how.

    Attributes:
        streams: names; None is all that the exporter can take.
        from_s, to_s: seconds of the session from its first frame's host time; None is its beginning, its end.
        overwrite: replace what is there.
        extra: further words of one exporter, by ``--set key=value``.
    """

    streams: tuple[str, ...] | None = None
    from_s: float | None = None
    to_s: float | None = None
    overwrite: bool = False
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What an export did: files or a folder made, frames of each stream written, and what to know of it."""

    path: Path
    frames: Mapping[str, int]
    bytes: int
    notes: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "path": str(self.path),
            "frames": dict(self.frames),
            "bytes": self.bytes,
            "notes": list(self.notes),
        }

    def lines(self) -> list[str]:
        """The report for people."""
        counts = ", ".join(f"{n} {name}" for name, n in self.frames.items()) or "no"
        return [f"{self.path}: {counts} frames, {self.bytes / 1e6:.1f} MB", *self.notes]


@runtime_checkable
class Exporter(Protocol):
    """One foreign form. Stateless; an instance named EXPORTER stands in each exporter's file."""

    @property
    def name(self) -> str:
        """As ``--format`` takes it, such as ``png16``."""
        ...

    @property
    def title(self) -> str:
        """For people."""
        ...

    @property
    def suffix(self) -> str:
        """Of the file it makes (``.mp4``); '' when it makes a folder."""
        ...

    @property
    def uses(self) -> frozenset[str]:
        """The keys of ``extra`` that it understands."""
        ...

    @property
    def kept(self) -> tuple[str, ...]:
        """What of the session is in the export, for docs/import-export.md."""
        ...

    @property
    def not_kept(self) -> tuple[str, ...]:
        """What of the session is lost."""
        ...

    def run(
        self, session: SessionReader, out: Path, options: ExportOptions, on_progress: Progress | None = None
    ) -> ExportReport:
        """Write it, complete under its name or not there at all.

        Raises:
            SessionExportError: the session holds nothing of the kind or no such stream, an option is wrong, or the
                output cannot be written.
            SessionFormatError: the session is damaged.
        """
        ...


def check_options(exporter: Exporter, options: ExportOptions) -> None:
    """Refuse words that an exporter would ignore.

    Raises:
        SessionExportError: naming them and those it knows.
    """
    unused = sorted(set(options.extra) - exporter.uses)
    if unused:
        known = ", ".join(sorted(exporter.uses)) or "none"
        raise SessionExportError(f"{exporter.title} knows no option {', '.join(unused)}; it knows {known}")


def whole_number(options: ExportOptions, key: str, default: int, low: int, high: int) -> int:
    """A whole number among the words of ``--set``.

    Raises:
        SessionExportError: it is none, or outside ``low``..``high``.
    """
    text = options.extra.get(key)
    if text is None:
        return default
    try:
        value = int(text)
    except ValueError:
        value = low - 1
    if not low <= value <= high:
        raise SessionExportError(f"--set {key} takes a whole number from {low} to {high}, found {text!r}")
    return value


def span_ns(session: SessionReader, options: ExportOptions) -> tuple[int, int]:
    """First and last host time in ns (both inclusive) that the options ask for.

    Raises:
        SessionExportError: nothing lies between them.
    """
    times = [session.times(s.name).host_ns for s in session.streams]
    filled = [t for t in times if len(t)]
    if not filled:
        raise SessionExportError(f"{session.path} has no frames")
    first, last = min(int(t[0]) for t in filled), max(int(t[-1]) for t in filled)
    begin = first if options.from_s is None else first + _seconds_ns(options.from_s)
    end = last if options.to_s is None else first + _seconds_ns(options.to_s)
    if end < begin or begin > last:
        wanted = f"from {_seconds_words(options.from_s, 'the beginning')} to {_seconds_words(options.to_s, 'the end')}"
        raise SessionExportError(
            f"{session.path} lasts {(last - first) / 1e9:.3f} s; nothing lies {wanted}. Give --from-s and --to-s "
            "within it"
        )
    return begin, min(end, last)


def _seconds_ns(seconds: float) -> int:
    if not math.isfinite(seconds):
        raise SessionExportError(f"--from-s and --to-s take seconds of the session, found {seconds:g}")
    # No session lasts as long: more would have no room in the ns of its clock.
    return round(min(max(seconds, -_LONGEST_S), _LONGEST_S) * 1e9)


def _seconds_words(seconds: float | None, missing: str) -> str:
    return missing if seconds is None else f"{seconds:g} s"
