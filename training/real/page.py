"""What `tapetum evaluate-real` does: every section of the page, then one markdown file and the numbers as JSON."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import cv2

from training.real import (
    page_color,
    page_eye,
    page_finder,
    page_head_scan,
    page_landmarks,
    page_landmarks_thermal,
    page_noise,
    page_relief,
    page_verifier,
)
from training.real.bench import Bench
from training.real.models import CLASSES, open_shelf, require_cards
from training.real.peers import NEEDS, Peers
from training.real.tables import Table
from training.wrong_use import WrongUseError

SECTIONS: dict[str, Callable[[Bench], list[Table]]] = {
    "finder": page_finder.tables,
    "landmarks": page_landmarks.tables,
    "thermal-landmarks": page_landmarks_thermal.tables,
    "relief": page_relief.tables,
    "color": page_color.tables,
    "verifier": page_verifier.tables,
    "eye": page_eye.tables,
    "head-scan": page_head_scan.tables,
    "noise": page_noise.tables,
}
ON_REQUEST = ("noise",)
"""Sections about the recordings and the rig, and no model: they come when they are named."""
RECORDINGS = ("rap3df_set2", "kinect_person", "lepton_faces", "portraits", "head_scan")


class EvaluateRealError(Exception):
    """There is nothing to measure, or nothing to measure on; the message says what to do."""


class UnknownSectionError(EvaluateRealError, WrongUseError):
    """The page has no section of this name; the message lists those that it has."""


@dataclass(frozen=True)
class Page:
    """The tables, and the page as markdown."""

    tables: list[Table]
    markdown: str

    def to_json(self) -> dict[str, Any]:
        return {"tables": [table.to_json() for table in self.tables]}


def evaluate_real(
    data: Path,
    weights: Path | None = None,
    out: Path | None = None,
    peers: Path | None = None,
    only: tuple[str, ...] = (),
    say: Callable[[str], None] = lambda line: None,
    faces: Path | None = None,
) -> Page:
    """Measure every model on the real recordings under `data`.

    Args:
        weights: folder of models in place of the shipped ones.
        out: folder for results.md, results.json and pictures/ (which show real people: keep them out of a
            repository), and for the peers' answers, so that a second run need not ask again. None: nothing is written.
        peers: a Python with MediaPipe, dlib and OpenCV 4; None: the peers' rows say "not measured".
        only: some of SECTIONS; empty takes all but ON_REQUEST.
        say: told what is being measured.
        faces: folder of rendered samples for the section "noise"; None: they are drawn, where the environment names a
            face model.

    Raises:
        EvaluateRealError: no recording is there, an unknown section, or none of the models in `weights` runs.
        NoModelsError: `weights` is no folder, or has no card of a model.
        RealDataError, PeersError, EngineError: a recording, the peers or a model fail.
    """
    unknown = [name for name in only if name not in SECTIONS]
    if unknown:
        raise UnknownSectionError(f"there is no section {', '.join(unknown)}; there are {', '.join(SECTIONS)}")
    there = [name for name in RECORDINGS if (data / name).is_dir()]
    if not there:
        raise EvaluateRealError(
            f"{data} holds none of the recordings {', '.join(RECORDINGS)}; --data names the folder that has them"
        )
    if weights is not None:
        require_cards(weights)
    cv2.setNumThreads(1)
    shelf = open_shelf(weights)
    try:
        if weights is not None and not shelf.loaded:
            reasons = "; ".join(f"{CLASSES[name]}: {reason}" for name, reason in shelf.missing.items())
            raise EvaluateRealError(f"no model in {weights} can be used, so there is nothing to measure ({reasons})")
        with tempfile.TemporaryDirectory() as passing:
            asked = Peers(None if peers is None else peers.absolute(), (out or Path(passing)) / "peers")
            bench = Bench(data, shelf, asked, None if out is None else out / "pictures", say, faces)
            wanted = only or [name for name in SECTIONS if name not in ON_REQUEST]
            tables = [table for name, run in SECTIONS.items() if name in wanted for table in run(bench)]
        page = Page(
            tables,
            _markdown(
                tables,
                bench,
                there,
                _command(weights is not None, out is not None, peers is not None, faces is not None, only),
            ),
        )
    finally:
        shelf.close()
    if out is not None:
        _write(out, page)
    return page


def _command(weights: bool, out: bool, peers: bool, faces: bool, only: tuple[str, ...]) -> str:
    """The command with words for its folders, which are another's on another machine."""
    words = ["tapetum evaluate-real --data DATA"]
    options = {"--weights WEIGHTS": weights, "--out OUT": out, "--peers PYTHON": peers, "--faces FACES": faces}
    words += [option for option, asked in options.items() if asked]
    return " ".join([*words, *(f"--only {name}" for name in only)])


def _markdown(tables: list[Table], bench: Bench, there: list[str], command: str) -> str:
    day = datetime.now(UTC).date().isoformat()
    lines = [f"## Real recordings ({day})", "", f"    {command}", "", f"Recordings found: {', '.join(there)}."]
    loaded = [f"{bench.shelf.title(name)}" for name in CLASSES if name in bench.shelf.loaded]
    lines.append(f"Models: {', '.join(loaded) or 'none'}.")
    for name, reason in bench.shelf.missing.items():
        lines.append(f"{CLASSES[name]} is not available: {reason}.")
    if bench.peers.python is None:
        lines.append(f"The peers were not measured: `--peers` names a Python with {NEEDS}.")
    elif bench.peers.versions:
        versions = ", ".join(f"{name} {version}" for name, version in bench.peers.versions.items())
        lines.append(f"Peers: {versions}.")
    for tool, reason in bench.peers.missing.items():
        lines.append(f"Peer {tool} is missing: {reason}.")
    return "\n".join([*lines, "", *(table.markdown() for table in tables)])


def _write(out: Path, page: Page) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, text in (
            ("results.md", page.markdown),
            ("results.json", json.dumps(page.to_json(), indent=1, allow_nan=False) + "\n"),
        ):
            part = out / f"{name}.part"
            part.write_text(text, "utf-8")
            part.replace(out / name)
    except OSError as error:
        raise EvaluateRealError(f"cannot write into {out}: {error.strerror or error}; name another --out") from error
