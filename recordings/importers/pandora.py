"""A sequence of the Pandora data set to a session (Borghi et al., "POSEidon", CVPR 2017). The layout is UNVERIFIED.

Nothing of the data set was at hand: the layout is what three independent programs that read it have in common. A
sequence is a folder such as ``01/base_1_ID01`` with ``RGB/NNNNNN.png`` (or ``NNNNNN_RGB.png``), ``DEPTH/`` in the
same way, 16 bits, and annotations in ``data.json`` or ``data.txt``. Images of both kinds beside each other in the
sequence's folder (``NNNNNN_RGB.png``, ``NNNNNN_DEPTH.png``) are taken, too.

The annotated angles are not turned into head poses. One of those programs takes the columns of ``data.txt`` for yaw,
roll, pitch; another says of ``data.json`` that its names of the three angles are permuted. Their axes are not
described in either. So the file itself is kept, and who knows better may read it.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from drivers.frame import StreamInfo, StreamKind
from recordings.errors import SessionImportError
from recordings.importers import calibration_files, image_files
from recordings.importers.numbered_images import NumberedImages, lacking, write_all
from recordings.importers.protocol import Importer, ImportOptions, ImportReport, Progress, check_options
from recordings.session import SessionInfo

ATTACHMENT: Final = "pandora/"
"""Annotations are attached under this and their own name."""

_IMAGE: Final = re.compile(r"(\d{1,9})(?:_(RGB|DEPTH))?\.(?:png|jpg|jpeg)", re.IGNORECASE)
_SEQUENCE: Final = re.compile(r"(?:base|free)_\d_ID\d\d", re.IGNORECASE)
_ANNOTATIONS: Final = {"data.json": "application/json", "data.txt": "text/plain", "data.csv": "text/csv"}
_ANNOTATION_LIMIT: Final = 256 << 20
_FPS: Final = 30.0


@dataclass(frozen=True, slots=True)
class _Files:
    folder: Path
    color: dict[int, Path]
    depth: dict[int, Path]
    annotations: tuple[Path, ...]
    ignored: dict[str, int]


class Pandora:
    """The importer of the Pandora data set."""

    name = "pandora"
    title = "Pandora (POSEidon) data set, one sequence; its layout is UNVERIFIED"
    uses = frozenset({"fps", "unit_mm", "fx", "fy", "cx", "cy", "hfov_deg"})
    kept = (
        "depth of 16 bits and colour, pixel for pixel; JPEG byte for byte",
        "frame numbers; missing frames are flagged",
        f"the annotations, byte for byte, as attachments {ATTACHMENT}data.json (data.txt, data.csv)",
    )
    not_kept = (
        "UNVERIFIED: made after what public programs read, without the data set itself",
        "head and shoulder angles as poses: public sources contradict each other about their names and signs",
        "calibration: the data set has none; depth's can be given (--fx --fy --cx --cy, or --hfov-deg)",
        "times: it has none, so the clock is synthetic (--fps, 30 unless said)",
        "the unit of depth: taken as 1 mm (--unit-mm)",
    )

    def recognises(self, path: Path) -> bool:
        try:
            return _is_sequence(path) or bool(_sequences(path))
        except OSError:
            return False

    def run(self, path: Path, out: Path, options: ImportOptions, on_progress: Progress | None = None) -> ImportReport:
        check_options(self, options)
        fps = _FPS if options.fps is None else options.fps
        unit_mm = 1.0 if options.unit_mm is None else options.unit_mm
        for what, value in (("fps", fps), ("unit_mm", unit_mm)):
            if not (math.isfinite(value) and value > 0):
                raise SessionImportError(f"{what} must be a positive number, found {value}")
        files = _find(path)
        notes = [
            "UNVERIFIED: this layout was never tried with the data set itself",
            f"synthetic clock, {fps:g} frames/s" + ("" if options.fps else " (assumed)"),
        ]
        streams = _streams(files, fps, unit_mm, options, notes)
        notes += lacking({"colour": files.color, "depth": files.depth})
        for annotation in files.annotations:
            notes.append(f"{annotation.name} is kept as the attachment {ATTACHMENT}{annotation.name}")
        if not files.annotations:
            notes.append(f"no annotations ({', '.join(_ANNOTATIONS)})")
        name = files.folder.resolve().name
        info = SessionInfo.create(
            [s.info for s in streams],
            title=f"Pandora {name}",
            source=f"Pandora, sequence {name}",
            clock="synthetic",
            notes={"import": "; ".join(notes)},
        )
        used = (*files.color.values(), *files.depth.values(), *files.annotations)
        if out.exists() and any(out.samefile(p) for p in used):
            raise SessionImportError(f"{out} is one of the files to import; choose another name")
        with options.writer(out, info) as writer:
            write_all(streams, fps, writer, on_progress)
            for annotation in files.annotations:
                media_type = _ANNOTATIONS[annotation.name.lower()]
                writer.write_attachment(ATTACHMENT + annotation.name, media_type, image_files.read_bytes(annotation))
        numbers = [n for s in streams for n in s.paths]
        return ImportReport(
            path=out,
            frames={s.info.name: len(s.paths) for s in streams},
            seconds=(max(numbers) - min(numbers)) / fps,
            clock="synthetic",
            ignored=files.ignored,
            notes=tuple(notes),
            bytes=out.stat().st_size,
        )


def _is_sequence(path: Path) -> bool:
    """Capital letters and a name or annotations of the data set; other RGB-D folders are no concern of ours."""
    if not path.is_dir():
        return False
    names = {p.name for p in path.iterdir()}
    if {"RGB", "DEPTH"} <= names:
        return bool(_SEQUENCE.fullmatch(path.resolve().name)) or not names.isdisjoint(_ANNOTATIONS)
    return any(re.fullmatch(r"\d{4,9}_DEPTH\.png", n) for n in names)


def _sequences(path: Path) -> list[str]:
    """The sequences in a person's folder or in the data set's own."""
    if not path.is_dir():
        return []
    found = []
    for sub in sorted(path.iterdir()):
        if _SEQUENCE.fullmatch(sub.name) and _is_sequence(sub):
            found.append(sub.name)
        elif re.fullmatch(r"\d\d", sub.name) and sub.is_dir():
            found += [
                f"{sub.name}/{p.name}" for p in sorted(sub.iterdir()) if _SEQUENCE.fullmatch(p.name) and _is_sequence(p)
            ]
    return found


def _find(folder: Path) -> _Files:
    """The files of a sequence.

    Raises:
        SessionImportError: it is no sequence, or has no depth.
    """
    wanted = "name a sequence such as .../01/base_1_ID01, with folders RGB and DEPTH"
    if not folder.is_dir():
        raise SessionImportError(f"{folder} is no folder; {wanted}")
    try:
        several = [] if _is_sequence(folder) else _sequences(folder)
        if several:
            listed = ", ".join(several[:6]) + (", ..." if len(several) > 6 else "")
            raise SessionImportError(
                f"{folder} holds {len(several)} sequence{'s'[: len(several) > 1]} ({listed}); a session holds one. "
                f"Import them one by one, such as {folder / several[0]}"
            )
        out = _Files(folder, {}, {}, _annotations(folder), {})
        for sub, into in (("RGB", out.color), ("DEPTH", out.depth)):
            if (folder / sub).is_dir():
                for path in sorted((folder / sub).iterdir()):
                    _sort_in(path, sub, into, out)
        for path in sorted(folder.iterdir()):
            match = _IMAGE.fullmatch(path.name)
            if match is not None and match[2] and path.is_file():
                kind = match[2].upper()
                _sort_in(path, kind, out.color if kind == "RGB" else out.depth, out)
            elif path.name not in ("RGB", "DEPTH") and path not in out.annotations:
                _ignore(out, "folders" if path.is_dir() else "other files")
    except OSError as error:
        raise SessionImportError(f"{folder} cannot be read: {error.strerror or error}") from error
    if not out.depth:
        raise SessionImportError(f"{folder} holds no depth images (DEPTH/NNNNNN.png); {wanted}")
    return out


def _annotations(folder: Path) -> tuple[Path, ...]:
    found = tuple(p for p in sorted(folder.iterdir()) if p.name.lower() in _ANNOTATIONS and p.is_file())
    for path in found:
        if path.stat().st_size > _ANNOTATION_LIMIT:
            raise SessionImportError(f"{path} has {path.stat().st_size} bytes; annotations have a few megabytes")
    return found


def _sort_in(path: Path, kind: str, into: dict[int, Path], out: _Files) -> None:
    match = _IMAGE.fullmatch(path.name)
    if match is None or (match[2] or kind).upper() != kind:
        _ignore(out, f"other files in {kind}")
        return
    number = int(match[1])
    if number in into:
        raise SessionImportError(f"{kind} frame {number} is there twice: {into[number].name} and {path.name}")
    into[number] = path


def _ignore(out: _Files, what: str) -> None:
    out.ignored[what] = out.ignored.get(what, 0) + 1


def _streams(
    files: _Files, fps: float, unit_mm: float, options: ImportOptions, notes: list[str]
) -> list[NumberedImages]:
    first = files.depth[min(files.depth)]
    image = image_files.decode(image_files.read_bytes(first), first)
    if image.ndim != 2 or image.dtype != np.uint16:
        raise SessionImportError(f"{first} is no depth image of 16 bits and one channel (an 8-bit one has no measure)")
    height, width = image.shape
    by_hand = (options.fx, options.fy, options.cx, options.cy)
    intrinsics = calibration_files.from_numbers(width, height, by_hand, options.hfov_deg)
    notes.append(f"{unit_mm:g} mm a depth count" + ("" if options.unit_mm else " (assumed)"))
    if intrinsics is None:
        notes.append("depth is not calibrated; give --fx --fy --cx --cy, or --hfov-deg (Kinect One: about 70.6)")
    else:
        notes.append(f"depth's calibration given by hand: fx {intrinsics.fx:.1f}, fy {intrinsics.fy:.1f} px")
    unit_m = round(unit_mm / 1000, 12)
    camera = "Kinect One"
    depth = StreamInfo(
        "depth", StreamKind.DEPTH, width, height, "uint16", fps, unit_m=unit_m, intrinsics=intrinsics, camera=camera
    )
    out = [NumberedImages(depth, files.depth, image_files.decode)]
    if files.color:
        first = files.color[min(files.color)]
        image = image_files.decode(image_files.read_bytes(first), first)
        if image.ndim != 3 or image.dtype != np.uint8:
            raise SessionImportError(f"{first} is no colour image of 8 bits")
        color = StreamInfo("color", StreamKind.COLOR, image.shape[1], image.shape[0], "uint8", fps, camera=camera)
        out.append(NumberedImages(color, files.color, image_files.decode))
        notes.append("colour is not calibrated, and where it stands to depth is not known")
    return out


IMPORTER: Importer = Pandora()
