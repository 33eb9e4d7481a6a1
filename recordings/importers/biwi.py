"""A sequence of the Biwi Kinect Head Pose database to a session (Fanelli et al., IJCV 2013).

A sequence is a folder ``NN``: ``frame_NNNNN_rgb.png``, ``frame_NNNNN_depth.bin``, ``frame_NNNNN_pose.txt``, and the
calibrations ``depth.cal`` and ``rgb.cal``: a camera matrix, four distortion coefficients, rotation and translation
(mm) from the depth camera's axes to this camera's, the size. A pose is the head's rotation, row by row, and its
centre in mm, both in the depth camera's axes (x right, y down, z forward). A head whose rotation is the identity
faces the camera: the database's authors draw the direction of the face as R (0, 0, -1). That is
:class:`recordings.observation.HeadPose`'s convention, too, so its angles follow without a turn of axes.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from drivers.errors import DriverError
from drivers.frame import StreamInfo, StreamKind
from recordings.errors import SessionImportError
from recordings.importers import biwi_depth, biwi_text, image_files
from recordings.importers.numbered_images import NumberedImages, lacking, time_ns, write_all
from recordings.importers.protocol import Importer, ImportOptions, ImportReport, Progress, check_options
from recordings.observation import HeadPose
from recordings.session import SessionInfo

TRUTH: Final = "tapetum.truth/head_pose.json"
"""The attachment with the poses; docs/import-export.md describes it."""

_FRAME: Final = re.compile(r"frame_(\d{1,9})_(rgb\.png|rgb\.jpe?g|depth\.bin|pose\.txt|pose\.bin)", re.IGNORECASE)
_FPS: Final = 30.0


@dataclass(frozen=True, slots=True)
class _Files:
    """A sequence's files by frame number."""

    folder: Path
    color: dict[int, Path]
    depth: dict[int, Path]
    pose: dict[int, Path]
    ignored: dict[str, int]


class Biwi:
    """The importer of the Biwi Kinect Head Pose database."""

    name = "biwi"
    title = "Biwi Kinect Head Pose database, one sequence (folder NN)"
    uses = frozenset({"fps"})
    kept = (
        "depth (millimetres) and colour, pixel for pixel; colour of JPEG copies byte for byte",
        "intrinsics of both cameras, and where the colour camera stands to the depth camera",
        "frame numbers; missing frames are flagged",
        f"the true head poses, as the attachment {TRUTH}: rotation, centre in metres, and our angles",
    )
    not_kept = (
        "the head's template (NN.obj), masks, and poses in binary files (they repeat the text)",
        "times: the database has none, so the clock is synthetic (--fps, 30 unless said)",
    )

    def recognises(self, path: Path) -> bool:
        try:
            return _is_sequence(path) or bool(_sequences(path))
        except OSError:
            return False

    def run(self, path: Path, out: Path, options: ImportOptions, on_progress: Progress | None = None) -> ImportReport:
        check_options(self, options)
        fps = _FPS if options.fps is None else options.fps
        if not (math.isfinite(fps) and fps > 0):
            raise SessionImportError(f"fps must be a positive number, found {fps}")
        files = _find(path)
        notes = [f"synthetic clock, {fps:g} frames/s" + ("" if options.fps else " (assumed)")]
        streams = _streams(files, fps, notes)
        numbers = sorted(files.color.keys() | files.depth.keys())
        truth = _truth(files, [n for n in numbers if n in files.pose], fps)
        if truth is not None:
            notes.append(f"{len(truth['poses'])} true head poses in the attachment {TRUTH}")
        notes += lacking({"colour": files.color, "depth": files.depth, "pose": files.pose})
        title = f"Biwi {files.folder.resolve().name}"
        info = SessionInfo.create(
            list(streams.values()),
            title=title,
            source=f"Biwi Kinect Head Pose, sequence {files.folder.resolve().name}",
            clock="synthetic",
            notes={"import": "; ".join(notes)},
        )
        if out.exists() and any(out.samefile(p) for p in (*files.color.values(), *files.depth.values())):
            raise SessionImportError(f"{out} is one of the files to import; choose another name")
        with options.writer(out, info) as writer:
            write_all(_images(files, streams), fps, writer, on_progress)
            if truth is not None:
                writer.write_attachment(TRUTH, "application/json", json.dumps(truth, allow_nan=False).encode())
        counts = {"depth": len(files.depth), "color": len(files.color)}
        return ImportReport(
            path=out,
            frames={name: counts[name] for name in streams},
            seconds=(numbers[-1] - numbers[0]) / fps,
            clock="synthetic",
            ignored=files.ignored,
            notes=tuple(notes),
            bytes=out.stat().st_size,
        )


def _is_sequence(path: Path) -> bool:
    names = [p.name for p in path.iterdir()] if path.is_dir() else []
    found = {m[2].lower() for m in map(_FRAME.fullmatch, names) if m}
    return "depth.bin" in found or ("pose.txt" in found and any(f.startswith("rgb") for f in found))


def _sequences(path: Path) -> list[str]:
    """The sequences in the database's own folder."""
    if not path.is_dir():
        return []
    return sorted(p.name for p in path.iterdir() if re.fullmatch(r"\d\d", p.name) and _is_sequence(p))


def _find(folder: Path) -> _Files:
    """The files of a sequence.

    Raises:
        SessionImportError: it is no sequence, or has neither depth nor colour.
    """
    if not folder.is_dir():
        raise SessionImportError(f"{folder} is no folder; name a sequence of the database, such as .../hpdb/01")
    try:
        if not _is_sequence(folder):
            several = _sequences(folder)
            if several:
                raise SessionImportError(
                    f"{folder} holds {len(several)} sequence{'s'[: len(several) > 1]} ({', '.join(several)}); "
                    f"a session holds one. Import them one by one, such as {folder / several[0]}"
                )
            raise SessionImportError(f"{folder} holds no frame_NNNNN_depth.bin; name a sequence such as .../hpdb/01")
        paths = sorted(folder.iterdir())
    except OSError as error:
        raise SessionImportError(f"{folder} cannot be read: {error.strerror or error}") from error
    out = _Files(folder, {}, {}, {}, {})
    for path in paths:
        match = _FRAME.fullmatch(path.name)
        kind = "" if match is None else match[2].lower().partition(".")[0]
        by_number = {"rgb": out.color, "depth": out.depth, "pose": out.pose}.get(kind)
        if match is None or by_number is None or match[2].lower() == "pose.bin":
            what = _what(path)
            if what:
                out.ignored[what] = out.ignored.get(what, 0) + 1
            continue
        number = int(match[1])
        if number in by_number:
            raise SessionImportError(f"frame {number} is there twice: {by_number[number].name} and {path.name}")
        by_number[number] = path
    if not out.color and not out.depth:
        raise SessionImportError(f"{folder} holds poses, but no images")
    return out


def _what(path: Path) -> str:
    """How a file that is not used is counted; '' for those that are used elsewhere."""
    name = path.name.lower()
    if name in ("depth.cal", "rgb.cal"):
        return ""
    if name.endswith("_pose.bin"):
        return "binary pose files"
    return "mask images" if "mask" in name else "other files"


def _streams(files: _Files, fps: float, notes: list[str]) -> dict[str, StreamInfo]:
    out = {}
    camera = "Kinect"
    if files.depth:
        found = biwi_text.calibration(files.folder / "depth.cal")
        first = files.depth[min(files.depth)]
        height, width = biwi_depth.decode(image_files.read_bytes(first), first).shape
        try:
            out["depth"] = StreamInfo(
                "depth",
                StreamKind.DEPTH,
                width,
                height,
                "uint16",
                fps,
                unit_m=0.001,
                intrinsics=found.intrinsics,
                extrinsics=found.extrinsics,
                camera=camera,
            )
        except DriverError as error:
            raise SessionImportError(f"{first.name} does not fit depth.cal: {error}") from error
        if found.is_distorted:
            notes.append("depth.cal: its four distortion coefficients are taken as k1 k2 p1 p2")
    if files.color:
        found = biwi_text.calibration(files.folder / "rgb.cal")
        first = files.color[min(files.color)]
        image = image_files.decode(image_files.read_bytes(first), first)
        if image.ndim != 3 or image.dtype != np.uint8:
            raise SessionImportError(f"{first} is no colour image of 8 bits")
        try:
            out["color"] = StreamInfo(
                "color",
                StreamKind.COLOR,
                image.shape[1],
                image.shape[0],
                "uint8",
                fps,
                intrinsics=found.intrinsics,
                extrinsics=found.extrinsics,
                camera=camera,
            )
        except DriverError as error:
            raise SessionImportError(f"{first.name} does not fit rgb.cal: {error}") from error
        if found.is_distorted:
            notes.append("rgb.cal: its four distortion coefficients are taken as k1 k2 p1 p2")
    return out


def _images(files: _Files, streams: dict[str, StreamInfo]) -> list[NumberedImages]:
    by_name = {"depth": (files.depth, biwi_depth.decode), "color": (files.color, image_files.decode)}
    return [NumberedImages(info, *by_name[name]) for name, info in streams.items()]


def _truth(files: _Files, numbers: list[int], fps: float) -> dict[str, Any] | None:
    if not numbers:
        return None
    poses = []
    for number in numbers:
        path = files.pose[number]
        rotation, center_m = biwi_text.pose(path)
        pose = HeadPose.from_rotation(rotation)
        poses.append(
            {
                "number": number,
                "device_ns": time_ns(number, fps),
                "rotation": rotation.tolist(),
                "translation_m": list(center_m),
                "yaw_deg": pose.yaw_deg,
                "pitch_deg": pose.pitch_deg,
                "roll_deg": pose.roll_deg,
            }
        )
    return {
        "schema_version": 1,
        "source": "Biwi Kinect Head Pose database",
        "stream": "depth",
        "axes": "rotation maps head axes to the depth camera's (x right, y down, z forward); identity faces the camera",
        "angles": "yaw > 0 to own left, pitch > 0 up, roll > 0 to own right",
        "translation": "centre of the head in the depth camera's axes",
        "poses": poses,
    }


IMPORTER: Importer = Biwi()
