"""What every importer is: it recognises a path, and makes one session of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from recordings.errors import SessionImportError
from recordings.layout import SessionLayout
from recordings.session import SessionInfo
from recordings.writer import SessionWriter

Progress = Callable[[int, int], None]
"""Called with the number of frames done and of all (0: not known)."""
OpenWriter = Callable[..., Any]
"""Makes what an importer writes a session into; called as :class:`recordings.writer.SessionWriter`."""


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What a user may say of a source. Every importer names those it uses; the others are refused, not ignored.

    Attributes:
        fps: frames a second, where the source has no clock.
        unit_mm: millimetres a depth count, where the source does not say it.
        fx, fy, cx, cy: intrinsics in px; they win over what the source holds.
        hfov_deg: horizontal field of view in degrees, in place of fx.
        layout: of the session's pixels.
        overwrite: replace a session that is already there.
        extra: further words of one importer, by ``--set key=value``.
        open_writer: makes what is written into, called as :class:`recordings.writer.SessionWriter`: who plays a file
            takes its frames there.
    """

    fps: float | None = None
    unit_mm: float | None = None
    fx: float | None = None
    fy: float | None = None
    cx: float | None = None
    cy: float | None = None
    hfov_deg: float | None = None
    layout: SessionLayout = "viewable"
    overwrite: bool = False
    extra: Mapping[str, str] = field(default_factory=dict)
    open_writer: OpenWriter = SessionWriter

    def writer(self, out: Path, info: SessionInfo) -> AbstractContextManager[SessionWriter]:
        """What a session at ``out`` is written into.

        Raises:
            SessionWriteError: it cannot be made.
        """
        made: AbstractContextManager[SessionWriter] = self.open_writer(out, info, self.layout, overwrite=self.overwrite)
        return made


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did.

    Attributes:
        path: the session.
        frames: stream name -> how many.
        seconds: from the first to the last frame.
        clock: ``device`` or ``synthetic``.
        ignored: what was found and not used -> how many.
        notes: what was assumed, for people.
        bytes: size of the session.
    """

    path: Path
    frames: Mapping[str, int]
    seconds: float
    clock: str
    ignored: Mapping[str, int]
    notes: tuple[str, ...]
    bytes: int

    def to_json(self) -> dict[str, Any]:
        return {
            "path": str(self.path),
            "frames": dict(self.frames),
            "seconds": self.seconds,
            "clock": self.clock,
            "ignored": dict(self.ignored),
            "notes": list(self.notes),
            "bytes": self.bytes,
        }

    def lines(self) -> list[str]:
        """The report for people."""
        counts = ", ".join(f"{n} {name}" for name, n in self.frames.items())
        out = [f"{self.path}: {counts} frames, {self.seconds:.2f} s, {self.bytes / 1e6:.1f} MB"]
        out += list(self.notes)
        out += [f"ignored: {n} x {what}" for what, n in self.ignored.items()]
        return out


@runtime_checkable
class Importer(Protocol):
    """One foreign format. Stateless; an instance named IMPORTER stands in each importer's file."""

    @property
    def name(self) -> str:
        """As ``--format`` takes it, such as ``biwi``."""
        ...

    @property
    def title(self) -> str:
        """For people, such as ``Biwi Kinect Head Pose``."""
        ...

    @property
    def uses(self) -> frozenset[str]:
        """The fields of :class:`ImportOptions` and the keys of its ``extra`` that it understands."""
        ...

    @property
    def kept(self) -> tuple[str, ...]:
        """What of the source is in the session, for docs/import-export.md."""
        ...

    @property
    def not_kept(self) -> tuple[str, ...]:
        """What of the source is lost."""
        ...

    def recognises(self, path: Path) -> bool:
        """Whether the path looks like this format: by names and first bytes only. Never raises."""
        ...

    def run(self, path: Path, out: Path, options: ImportOptions, on_progress: Progress | None = None) -> ImportReport:
        """Make a session of it.

        Raises:
            SessionImportError: anything wrong with the source, naming the file and what to do.
            SessionWriteError: the session cannot be written. In both cases nothing is left under its name.
        """
        ...


def check_options(importer: Importer, options: ImportOptions) -> None:
    """Refuse options that an importer would ignore.

    Raises:
        SessionImportError: naming them and those it knows.
    """
    always = {"layout", "overwrite", "extra", "open_writer"}
    default = ImportOptions()
    given = {
        f.name for f in fields(options) if f.name not in always and getattr(options, f.name) != getattr(default, f.name)
    }
    unused = sorted((given | set(options.extra)) - importer.uses)
    if unused:
        known = ", ".join(sorted(importer.uses)) or "no option"
        raise SessionImportError(f"{importer.title} takes no {', '.join(unused)}; it takes {known}")
