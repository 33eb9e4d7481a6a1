"""What can be ordered as a task: command lines of the program, and what is done with what they make. No Qt here."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from drivers.registry import shown_source

SESSION, FOLDER, FILE = "session", "folder", "file"
"""What a task makes: a session that a window shows, or something that another program opens."""


@dataclass(frozen=True, slots=True)
class Order:
    """One command to run.

    Attributes:
        kind: ``import``, ``cut``, ``export``, ``batch``, ``verify``, ``recover``, ``calibrate``, ``build``.
        subject: what it is done to, for people.
        arguments: after ``tapetum``.
        hidden: an argument that may hold a password -> how it is shown.
        result: what it makes; None for a task that only answers.
        makes: ``session``, ``folder`` or ``file``; empty for a task that only answers.
        then_open: a session is shown when it is made.
    """

    kind: str
    subject: str
    arguments: tuple[str, ...]
    hidden: Mapping[str, str] = field(default_factory=dict)
    result: Path | None = None
    makes: str = ""
    then_open: bool = False

    @property
    def command_line(self) -> str:
        """As it can be typed, without passwords."""
        return shlex.join(["tapetum", *(self.hidden.get(word, word) for word in self.arguments)])


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a session in seconds from its first frame; None is its beginning, its end."""

    from_s: float | None = None
    to_s: float | None = None

    def words(self) -> list[str]:
        out = []
        for name, value in (("--from-s", self.from_s), ("--to-s", self.to_s)):
            if value is not None:
                out += [name, f"{max(0.0, value):.6f}".rstrip("0").rstrip(".")]
        return out


WHOLE: Final = Span()


def _path(path: Path) -> str:
    """A path that no command takes for an option."""
    return str(path.absolute())


def _sets(extra: Mapping[str, str]) -> list[str]:
    return [word for key, value in extra.items() for word in ("--set", f"{key}={value}")]


def import_order(
    source: Path,
    output: Path,
    form: str | None = None,
    numbers: Mapping[str, float] | None = None,
    extra: Mapping[str, str] | None = None,
    layout: str = "viewable",
    overwrite: bool = False,
) -> Order:
    """Another format to a session, which is shown when it is made.

    Args:
        numbers: option without its dashes (``fps``, ``unit_mm``, ``fx``...) -> value, those that are given.
        extra: words of ``--set``.
    """
    words = ["session", "import", _path(source), "-o", _path(output)]
    words += ["--format", form] if form else []
    for key, value in (numbers or {}).items():
        words += [f"--{key.replace('_', '-')}", repr(float(value))]
    words += ["--layout", layout, *_sets(extra or {}), *(["--overwrite"] if overwrite else []), "--json"]
    return Order("import", source.name, tuple(words), result=output, makes=SESSION, then_open=True)


def cut_order(
    session: Path, output: Path, span: Span, streams: Sequence[str] | None = None, overwrite: bool = False
) -> Order:
    """A part of a session as a session of its own.

    Args:
        streams: names; None takes all.
    """
    words = ["session", "cut", _path(session), "-o", _path(output), *span.words(), *_streams(streams)]
    words += [*(["--overwrite"] if overwrite else []), "--json"]
    return Order("cut", session.name, tuple(words), result=output, makes=SESSION)


def export_order(
    session: Path,
    output: Path,
    form: str,
    span: Span,
    streams: Sequence[str] | None = None,
    extra: Mapping[str, str] | None = None,
    overwrite: bool = False,
) -> Order:
    """A session, or a part of it, in another form."""
    words = ["session", "export", _path(session), "-o", _path(output), "--format", form, *span.words()]
    words += [*_streams(streams), *_sets(extra or {}), *(["--overwrite"] if overwrite else []), "--json"]
    makes = FILE if output.suffix else FOLDER
    return Order("export", session.name, tuple(words), result=output, makes=makes)


def _streams(streams: Sequence[str] | None) -> list[str]:
    return [] if streams is None else ["--streams", ",".join(streams)]


def batch_order(
    paths: Sequence[Path], folder: Path, workers: int = 1, video: bool = True, again: bool = False
) -> Order:
    """Sessions and folders of sessions, processed without a screen."""
    words = ["batch", *map(_path, paths), "--out", _path(folder), "--workers", str(workers)]
    words += [*([] if video else ["--no-video"]), *(["--again"] if again else []), "--json"]
    subject = paths[0].name if len(paths) == 1 else f"{paths[0].name} + {len(paths) - 1}"
    return Order("batch", subject, tuple(words), result=folder, makes=FOLDER)


def verify_order(session: Path) -> Order:
    """Every checksum, and stored results computed again."""
    return Order("verify", session.name, ("session", "verify", _path(session), "--json"))


def recover_order(session: Path, output: Path, overwrite: bool = False) -> Order:
    """What can be read of a torn session."""
    words = ("session", "recover", _path(session), "-o", _path(output))
    more = ("--overwrite",) if overwrite else ()
    return Order("recover", session.name, (*words, *more, "--json"), result=output, makes=SESSION)


def build_order(models: Sequence[str] = ()) -> Order:
    """Engines for this machine."""
    return Order("build", ", ".join(models), ("engines", "build", *models, "--json"))


@dataclass(frozen=True, slots=True)
class BoardWords:
    """The board as ``tapetum rig calibrate`` takes it; sizes in mm, 0 for its default."""

    kind: str = "charuco"
    size: str = "8x6"
    square_mm: float = 30.0
    marker_mm: float = 0.0
    dictionary: str = "5X5_250"

    def words(self) -> list[str]:
        out = ["--board", self.kind, "--size", self.size, "--square-mm", f"{self.square_mm:g}"]
        if self.kind in ("charuco", "aruco"):
            out += ["--marker-mm", f"{self.marker_mm:g}"] if self.marker_mm > 0 else []
            out += ["--dictionary", self.dictionary]
        return out


def calibrate_order(
    board: BoardWords,
    output: Path,
    *,
    source: str = "",
    name: str = "",
    images: Path | None = None,
    session: Path | None = None,
    report: Path | None = None,
) -> Order:
    """Lenses and places of cameras.

    Args:
        source: a camera or a rig's file; may be empty where pictures are given.
        name: of the camera that a source opens, in the rig.
        images: a folder of pictures.
        session: a recording in which the board is shown.
        report: a folder for annotated pictures.
    """
    words = ["rig", "calibrate", *([source] if source else [])]
    words += ["--images", _path(images)] if images is not None else []
    words += ["--session", _path(session)] if session is not None else []
    words += ["--name", name] if name and source else []
    words += [*board.words(), "-o", _path(output)]
    words += ["--report", _path(report)] if report is not None else []
    is_file = source.endswith((".toml", ".json")) and ":" not in source
    shown = source if is_file or not source else shown_source(source)
    subject = shown or (images or session or output).name
    return Order("calibrate", subject, (*words, "--json"), {source: shown} if source else {}, output, FILE)


def board_order(board: BoardWords, output: Path) -> Order:
    """A board to print."""
    return Order(
        "board", output.name, ("rig", "board", "-o", _path(output), *board.words(), "--json"), {}, output, FILE
    )
