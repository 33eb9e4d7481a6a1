"""Point clouds: one binary PLY a depth frame, in metres and the camera's own axes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from drivers.frame import Frame, FrameFlag, StreamInfo, StreamKind
from drivers.related import Relations
from recordings.errors import SessionExportError
from recordings.exporters.output import bytes_of, new_folder
from recordings.exporters.part import Part, folder_names, frame_stem, part_of
from recordings.exporters.protocol import (
    Exporter,
    ExportOptions,
    ExportReport,
    Progress,
    check_options,
    whole_number,
)
from recordings.reader import SessionReader

_PARTNER_KINDS: Final = (StreamKind.COLOR, StreamKind.INFRARED, StreamKind.GRAY)
"""What may lie on depth's grid and goes with its points, the first that does."""

_MAX_APART_NS: Final = 50_000_000
"""A picture further in time from the depth frame than this is not of the same moment."""

_INT64: Final = np.iinfo(np.int64)


class Ply:
    """The exporter to point clouds."""

    name = "ply"
    title = "folder of point clouds (PLY), one a depth frame"
    suffix = ""
    uses = frozenset({"every", "frame"})
    kept = (
        "every depth reading as a point in metres: x right, y down, z forward, lens distortion taken out",
        "its colour, or its infrared or gray as intensity, from a stream on the same pixel grid (of another camera: "
        "where a rig or the stream itself says so)",
        "stream, number, times and flags of the frame, in the file's comments",
    )
    not_kept = (
        "pixels without a reading, and where in the image a point was",
        "streams on other pixel grids; observations, events, log",
    )

    def run(
        self, session: SessionReader, out: Path, options: ExportOptions, on_progress: Progress | None = None
    ) -> ExportReport:
        check_options(self, options)
        part = _chosen(session, part_of(session, options, {StreamKind.DEPTH}), options)
        counts = part.counts()
        streams = [s for s in part.streams if s.name in counts]
        for info in streams:
            if info.intrinsics is None:
                raise SessionExportError(
                    f"{session.path}: stream {info.name} has no intrinsics, without which depth makes no points; "
                    "import or record the session with a calibration, or choose others with --streams"
                )
        folders = folder_names(streams)
        clouds = {s.name: _Clouds(session, s) for s in streams}
        details: dict[str, Any] = {
            "folders": folders,
            "frames": counts,
            "unit": "m",
            "axes": "x right, y down, z forward",
        }
        with new_folder(out, session, self.name, options.overwrite, details) as folder:
            for name in folders.values():
                (folder.path / name).mkdir()
            used: set[Path] = set()
            for done, (name, index) in enumerate(part.order, 1):
                frame = session.frame(name, index)
                path = _free_name(folder.path / folders[name], frame, used)
                path.write_bytes(clouds[name].ply(frame))
                if on_progress is not None:
                    on_progress(done, len(part.order))
            notes = [note for c in clouds.values() for note in c.notes()]
            folder.manifest["notes"] = notes
        return ExportReport(out, counts, bytes_of(out), tuple(notes))


def _chosen(session: SessionReader, part: Part, options: ExportOptions) -> Part:
    """The part, thinned by ``every`` and ``frame``."""
    if "frame" in options.extra:
        if "every" in options.extra:
            raise SessionExportError("give --set every=N or --set frame=NUMBER, not both")
        number = whole_number(options, "frame", 0, int(_INT64.min), int(_INT64.max))
        numbers = {s.name: session.times(s.name).number for s in part.streams}
        order = tuple((name, k) for name, k in part.order if int(numbers[name][k]) == number)
        if not order:
            raise SessionExportError(f"{session.path} has no depth frame number {number} in that span")
        return replace(part, order=order)
    every = whole_number(options, "every", 1, 1, 1_000_000)
    seen: dict[str, int] = {}
    kept = []
    for name, k in part.order:
        if seen.setdefault(name, 0) % every == 0:
            kept.append((name, k))
        seen[name] += 1
    return replace(part, order=tuple(kept))


def _free_name(folder: Path, frame: Frame, used: set[Path]) -> Path:
    stem = base = frame_stem(frame.number, frame.device_ns) + (
        "_GENERATED" if frame.flags & FrameFlag.GENERATED else ""
    )
    count = 2
    while (path := folder / f"{stem}.ply") in used:
        stem, count = f"{base}_{count}", count + 1
    used.add(path)
    return path


@dataclass(frozen=True, slots=True)
class _Property:
    """Of a PLY vertex: its name and its type, in PLY's and in NumPy's words."""

    name: str
    ply: str
    numpy: str


_XYZ: Final = (_Property("x", "float", "<f4"), _Property("y", "float", "<f4"), _Property("z", "float", "<f4"))
_RGB: Final = (_Property("red", "uchar", "u1"), _Property("green", "uchar", "u1"), _Property("blue", "uchar", "u1"))


class _Clouds:
    """The points of one depth stream's frames."""

    def __init__(self, session: SessionReader, info: StreamInfo) -> None:
        assert info.intrinsics is not None
        assert info.unit_m is not None
        self._session, self._info, self._unit_m = session, info, info.unit_m
        self._rays = info.intrinsics.rays()
        self._shown = np.isfinite(self._rays).all(axis=-1)
        self._partner, self._strangers = _partner(session, info)
        self._times = None if self._partner is None else session.times(self._partner.name)
        self._alone = 0

    def notes(self) -> list[str]:
        """What to know of the clouds written."""
        beyond = int((~self._shown).sum())
        lost = (
            [f"{self._info.name}: {beyond} pixels lie beyond what the lens shows and are no points"] if beyond else []
        )
        if self._partner is None:
            if self._strangers:
                names = " and ".join(self._strangers)
                why = f"{names} has the same lens, but is of another camera, which no rig places"
            else:
                why = "since no colour or gray stream lies on its pixel grid"
            return [f"{self._info.name}: no colour, {why}", *lost]
        what = "colour" if self._partner.kind is StreamKind.COLOR else "intensity"
        out = [f"{self._info.name}: {what} from {self._partner.name}", *lost]
        if self._alone:
            out.append(f"{self._info.name}: {self._alone} frames without {what}, none was taken at that time")
        return out

    def ply(self, frame: Frame) -> bytes:
        """The file of one depth frame."""
        there = (frame.pixels > 0) & self._shown
        z = frame.pixels[there].astype(np.float64) * self._unit_m
        columns: list[NDArray[Any]] = [*(self._rays[there] * z[:, None]).T, z]
        properties: tuple[_Property, ...] = _XYZ
        comments = [_frame_words(frame, "points")]
        picture = self._picture(frame)
        if picture is not None:
            values = picture.pixels[there]
            comments.append(_frame_words(picture, "colour" if values.ndim == 2 else "intensity"))
            if values.ndim == 2:
                properties, columns = (*_XYZ, *_RGB), [*columns, *values.T]
            else:
                kind = ("uchar", "u1") if values.dtype == np.uint8 else ("ushort", "<u2")
                properties, columns = (*_XYZ, _Property("intensity", *kind)), [*columns, values]
        comments.append("metres; x right, y down, z forward, from the camera's centre")
        vertices = np.empty(len(z), [(p.name, p.numpy) for p in properties])
        for p, column in zip(properties, columns, strict=True):
            vertices[p.name] = column
        return _header(len(z), properties, comments) + vertices.tobytes()

    def _picture(self, depth: Frame) -> Frame | None:
        """The partner's frame of the same moment: by the clock that they share, else by when both came."""
        times = self._times
        if self._partner is None or times is None:
            return None
        if self._partner.clock == self._info.clock:
            index = self._session.index_at(self._partner.name, depth.device_ns)
            apart = int(times.device_ns[index]) - depth.device_ns
        else:
            index = int(np.argmin(np.abs(times.host_ns - depth.host_ns)))
            apart = int(times.host_ns[index]) - depth.host_ns
        if abs(apart) > _MAX_APART_NS:
            self._alone += 1
            return None
        return self._session.frame(self._partner.name, index)


def _partner(session: SessionReader, depth: StreamInfo) -> tuple[StreamInfo | None, list[str]]:
    """The stream on depth's pixel grid that gives its points a colour, or else an intensity; and the names of those
    that would be, were their cameras related to depth's."""
    related = Relations(session.streams)
    strangers = []
    for kind in _PARTNER_KINDS:
        for info in session.streams:
            if info.kind is not kind or not session.count(info.name):
                continue
            if _is_registered(info, depth):
                return info, []
            if _looks_alike(info, depth):
                if info.clock == depth.clock or related(info, depth):
                    return info, []
                strangers.append(info.name)
    return None, strangers


def _is_registered(a: StreamInfo, b: StreamInfo) -> bool:
    """Whether the streams say themselves that they lie on one grid."""
    if (a.width, a.height) != (b.width, b.height):
        return False
    if a.name == b.registered_to or b.name == a.registered_to:
        return True
    return a.registered_to is not None and a.registered_to == b.registered_to


def _looks_alike(a: StreamInfo, b: StreamInfo) -> bool:
    """Whether lens and place are the same to the last digit. So are those of two cameras of one model that nobody
    calibrated and nobody placed; they have clocks of their own."""
    return (
        (a.width, a.height) == (b.width, b.height)
        and a.intrinsics is not None
        and a.intrinsics == b.intrinsics
        and a.extrinsics == b.extrinsics
    )


def _frame_words(frame: Frame, what: str) -> str:
    words = [f"{what}: frame {frame.number} of stream {frame.stream}, device_ns {frame.device_ns}"]
    words += [
        (f.name or "").lower().replace("_", " ") for f in FrameFlag if f & frame.flags and f is not FrameFlag.GENERATED
    ]
    if frame.flags & FrameFlag.GENERATED:
        words.append("GENERATED by a model")
    return ", ".join(words)


def _header(count: int, properties: Sequence[_Property], comments: Sequence[str]) -> bytes:
    lines = [
        "ply",
        "format binary_little_endian 1.0",
        *(f"comment {words}" for words in comments),
        f"element vertex {count}",
        *(f"property {p.ply} {p.name}" for p in properties),
        "end_header",
    ]
    return "".join(f"{line}\n" for line in lines).encode("ascii", "replace")


EXPORTER: Exporter = Ply()
