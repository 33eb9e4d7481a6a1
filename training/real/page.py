"""What `tapetum evaluate-real` does: every section of the page, then one markdown file and the numbers as JSON."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import cv2

from training.out_folder import replace_file, tried_folder
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
from training.real.peers import NEEDS, Peers, require_python
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
    unfinished: tuple[str, ...] = ()
    """Sections that were asked for and are not measured yet."""

    def to_json(self) -> dict[str, Any]:
        """`tables`, and `unfinished` where the page is not whole."""
        more = {"unfinished": list(self.unfinished)} if self.unfinished else {}
        return {"tables": [table.to_json() for table in self.tables], **more}


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
            repository), and for the peers' answers, so that a second run need not ask again. The tables are written
            after each section, so that one that fails costs no others. None: nothing is written.
        peers: a Python with MediaPipe, dlib and OpenCV 4; None: the peers' rows say "not measured".
        only: some of SECTIONS; empty takes all but ON_REQUEST.
        say: told what is being measured.
        faces: folder of rendered samples for the section "noise"; None: they are drawn, where the environment names a
            face model.

    Raises:
        EvaluateRealError: no recording is there, an unknown section, or none of the models in `weights` runs.
        NoModelsError: `weights` is no folder, or has no card of a model.
        OutFolderError: `out` can't be made, or something can't be written into it.
        RealDataError, PeersError, EngineError: a recording, the peers or a model fail.
    """
    unknown = [name for name in only if name not in SECTIONS]
    if unknown:
        raise UnknownSectionError(f"there is no section {', '.join(unknown)}; there are {', '.join(SECTIONS)}")
    there = [name for name in RECORDINGS if (data / name).is_dir()]
    if not there:
        held = "holds none of the recordings" if data.is_dir() else "is no folder; wanted is one with"
        raise EvaluateRealError(f"{data} {held} {', '.join(RECORDINGS)}; --data names the folder that has them")
    if weights is not None:
        require_cards(weights)
    python = None if peers is None else peers.absolute()
    if python is not None:
        require_python(python)
    command = _command(weights is not None, out is not None, peers is not None, faces is not None, only)
    wanted = [name for name in SECTIONS if (name in only if only else name not in ON_REQUEST)]
    cv2.setNumThreads(1)
    with ExitStack() as stack:
        if out is not None:
            stack.enter_context(tried_folder(out))
        kept = out or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        shelf = open_shelf(weights)
        stack.callback(shelf.close)
        if weights is not None and not shelf.loaded:
            reasons = "; ".join(f"{CLASSES[name]}: {reason}" for name, reason in shelf.missing.items())
            raise EvaluateRealError(f"no model in {weights} can be used, so there is nothing to measure ({reasons})")
        bench = Bench(data, shelf, Peers(python, kept / "peers"), None if out is None else out / "pictures", say, faces)
        page, written = Page([], ""), 0
        try:
            for number, name in enumerate(wanted, 1):
                tables, left = page.tables + SECTIONS[name](bench), tuple(wanted[number:])
                page = Page(tables, _markdown(tables, bench, there, command, left), left)
                if out is not None:
                    _write(out, page)
                    written = number
        except BaseException:  # Ctrl-C too
            if written:
                say(f"what was measured so far ({', '.join(wanted[:written])}) is in {out}")
            raise
    return page


def _command(weights: bool, out: bool, peers: bool, faces: bool, only: tuple[str, ...]) -> str:
    """The command with words for its folders, which are another's on another machine."""
    words = ["tapetum evaluate-real --data DATA"]
    options = {"--weights WEIGHTS": weights, "--out OUT": out, "--peers PYTHON": peers, "--faces FACES": faces}
    words += [option for option, asked in options.items() if asked]
    return " ".join([*words, *(f"--only {name}" for name in only)])


def _markdown(tables: list[Table], bench: Bench, there: list[str], command: str, left: tuple[str, ...]) -> str:
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
    if left:
        lines.append(f"Not finished; these sections are not measured yet: {', '.join(left)}.")
    return "\n".join([*lines, "", *(table.markdown() for table in tables)])


def _write(out: Path, page: Page) -> None:
    numbers = json.dumps(page.to_json(), indent=1, allow_nan=False) + "\n"
    for name, text in (("results.md", page.markdown), ("results.json", numbers)):
        replace_file(out / name, text.encode())
