"""A folder of colour and depth images to a session (layouts: see rgbd_layout)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from drivers.frame import Frame, FrameFlag, Intrinsics, StreamInfo, StreamKind
from recordings.errors import SessionImportError
from recordings.importers import calibration_files, image_files, words
from recordings.importers.own_export import MANIFEST, OwnExport, read_own_export
from recordings.importers.protocol import Importer, ImportOptions, ImportReport, OpenWriter, Progress, check_options
from recordings.importers.rgbd_layout import Layout, find_layout
from recordings.layout import SessionLayout
from recordings.session import Clock, SessionInfo
from recordings.writer import SessionWriter

_COLOR_NAME: Final = "color"
_GRAY_NAME: Final = "gray"
_DEPTH_NAME: Final = "depth"
_FPS: Final = 30.0


def import_rgbd_folder(
    folder: Path | str,
    out: Path | str,
    fps: float | None = None,
    unit_mm: float | None = None,
    *,
    fx: float | None = None,
    fy: float | None = None,
    cx: float | None = None,
    cy: float | None = None,
    hfov_deg: float | None = None,
    layout: SessionLayout = "viewable",
    overwrite: bool = False,
    open_writer: OpenWriter = SessionWriter,
    on_progress: Progress | None = None,
) -> ImportReport:
    """Make a session of a folder of 8-bit colour (or gray) and 16-bit depth images.

    JPEG colour keeps its own bytes; depth and PNG are stored as pixels, losslessly. Depth of the same size as colour
    is taken as registered to it. Without times in the file names the clock is synthetic: frame i at (i + 1) / fps.

    Args:
        folder: what to read.
        out: the session to write.
        fps: frames a second, where the names are no times; None takes 30.
        unit_mm: millimetres a depth count (TUM: 0.2). None takes what an export of ours says, or 1; where names are
            times, as TUM's, it must be said.
        fx, fy, cx, cy: intrinsics in px; they win over what the folder holds.
        hfov_deg: horizontal field of view, in place of fx.
        layout: of the session's pixels.
        overwrite: replace a session that is already there.
        open_writer: makes what the session is written into.
        on_progress: called after each image.

    Raises:
        SessionImportError: anything wrong with the folder, naming the file.
        SessionWriteError: the session cannot be written. In both cases nothing is left under its name.
    """
    folder, out = Path(folder), Path(out)
    for what, value in (("fps", fps), ("unit_mm", unit_mm)):
        if value is not None:
            words.positive(what, value)
    found = find_layout(folder)
    own = read_own_export(folder)
    unit_m, unit_note = _unit(folder, found, own, unit_mm)
    color, depth = _Source(found.color), _Source(found.depth)
    _check_kinds(color, depth)
    intrinsics, note = _intrinsics(folder, found, color, (fx, fy, cx, cy), hfov_deg)
    clock, color_ns, depth_ns, rate, clock_note = _times(folder, found, own, fps)
    streams = _streams(color, depth, intrinsics, rate, unit_m, folder.resolve().name)
    notes = [note, clock_note, unit_note, "depth taken as registered to color"]
    name = folder.resolve().name
    info = SessionInfo.create(
        streams, title=name, source=f"folder {name}", clock=clock, notes={"import": "; ".join(notes)}
    )
    total = len(color_ns) + len(depth_ns)
    _check_free_of_inputs(out, found)
    with open_writer(out, info, layout, overwrite=overwrite) as writer:
        for done, (source, k, number, time) in enumerate(_in_time(color, color_ns, depth, depth_ns), 1):
            pixels, data = source.read(k)
            flags = FrameFlag.LOSSY if data is not None else FrameFlag.NONE
            info_of = streams[0] if source is color else streams[1]
            writer.write_frame(Frame(info_of, pixels, number, time, time, flags), encoded=data)
            if on_progress is not None:
                on_progress(done, total)
    newest, oldest = max(color_ns[-1], depth_ns[-1]), min(color_ns[0], depth_ns[0])
    return ImportReport(
        path=out,
        frames={streams[0].name: len(color_ns), streams[1].name: len(depth_ns)},
        seconds=(newest - oldest) / 1e9,
        clock=clock,
        ignored={what: n for what, n in found.ignored.items() if own is None or what != MANIFEST},
        notes=tuple(notes),
        bytes=out.stat().st_size,
    )


class _Source:
    """The files of one stream; every image must be as the first one."""

    def __init__(self, paths: tuple[Path, ...]) -> None:
        self.paths = paths
        data = image_files.read_bytes(paths[0])
        first = image_files.decode(data, paths[0])
        self.shape, self.dtype = first.shape, first.dtype
        self.height, self.width = int(first.shape[0]), int(first.shape[1])
        self.is_jpeg = image_files.is_jpeg(data)

    def read(self, k: int) -> tuple[NDArray[Any], bytes | None]:
        """Pixels of image k, and its own bytes where it is a JPEG."""
        path = self.paths[k]
        data = image_files.read_bytes(path)
        pixels = image_files.decode(data, path)
        if pixels.shape != self.shape or pixels.dtype != self.dtype:
            raise SessionImportError(
                f"{path} is {_words(pixels.shape, pixels.dtype)}, but {self.paths[0].name} is "
                f"{_words(self.shape, self.dtype)}; all images of a stream must be alike"
            )
        if image_files.is_jpeg(data) != self.is_jpeg:
            raise SessionImportError(
                f"{path} and {self.paths[0].name} are of different formats; all images of a stream must be alike"
            )
        return pixels, data if self.is_jpeg else None


def _check_kinds(color: _Source, depth: _Source) -> None:
    if len(depth.shape) != 2 or depth.dtype != np.uint16:
        raise SessionImportError(
            f"{depth.paths[0]} is {_words(depth.shape, depth.dtype)}; depth must be one channel of 16 bits "
            "(an 8-bit depth picture has lost its measure)"
        )
    if color.dtype != np.uint8:
        raise SessionImportError(f"{color.paths[0]} is {_words(color.shape, color.dtype)}; color must have 8 bits")
    if color.shape[:2] != depth.shape[:2]:
        raise SessionImportError(
            f"{color.paths[0]} is {color.width}x{color.height} px but {depth.paths[0]} is "
            f"{depth.width}x{depth.height} px; register depth to color first, both must share one pixel grid"
        )


def _intrinsics(
    folder: Path,
    layout: Layout,
    color: _Source,
    pinhole: tuple[float | None, float | None, float | None, float | None],
    hfov_deg: float | None,
) -> tuple[Intrinsics, str]:
    """The intrinsics of both streams, and where they come from."""
    by_hand = calibration_files.from_numbers(color.width, color.height, pinhole, hfov_deg)
    if by_hand is not None:
        return by_hand, f"calibration given by hand: fx {by_hand.fx:.1f}, fy {by_hand.fy:.1f} px"
    frames = {key: path for key, path in layout.calibrations.items() if key in layout.keys}
    if frames:
        if len(frames) < len(layout.keys):
            lacking = next(key for key in layout.keys if key not in frames)
            raise SessionImportError(f"frame {lacking} in {folder} has no calibration file, other frames have one")
        first_path = frames[layout.keys[0]]
        first = calibration_files.read_intrinsics(first_path, color.width, color.height)
        for key in layout.keys[1:]:
            if calibration_files.read_intrinsics(frames[key], color.width, color.height) != first:
                raise SessionImportError(
                    f"{frames[key]} differs from {first_path.name}; a stream keeps one calibration"
                )
        return first, f"calibration from {first_path.name}, the same in all {len(frames)} frames"
    if "" in layout.calibrations:
        path = layout.calibrations[""]
        found = calibration_files.read_intrinsics(path, color.width, color.height)
        return found, f"calibration from {path.name}"
    raise SessionImportError(
        f"the folder {folder} holds no calibration (NNN_camera.xml, camera.yml, intrinsics.json); "
        "give --fx (and --fy --cx --cy) in px, or --hfov-deg"
    )


def _unit(folder: Path, layout: Layout, own: OwnExport | None, unit_mm: float | None) -> tuple[float, str]:
    """Metres a depth count, and where that comes from."""
    if unit_mm is not None:
        # rounded to the nanometre: 0.2 mm is 0.0002 m, not 0.00020000000000000001
        return round(unit_mm / 1000, 12), f"{unit_mm:g} mm a depth count"
    if own is not None:
        return own.unit_m, f"{own.unit_m * 1000:g} mm a depth count, from {MANIFEST}"
    if layout.depth_ns is not None:
        raise SessionImportError(
            f"nothing in {folder} says how far one depth count is, and recordings of this layout differ; give "
            "--unit-mm 0.2 (those of TUM, 5000 counts a metre) or --unit-mm 1 (millimetres)"
        )
    return 0.001, "1 mm a depth count (assumed; --unit-mm says otherwise)"


def _times(
    folder: Path, layout: Layout, own: OwnExport | None, fps: float | None
) -> tuple[Clock, list[int], list[int], float, str]:
    """The clock's name, the times of the colour and depth images in ns, frames a second, and a note."""
    if layout.color_ns is not None and layout.depth_ns is not None:
        if fps is not None:
            raise SessionImportError(f"the file names in {folder} are times; leave out --fps")
        color_ns = list(layout.color_ns)
        clock = "device" if own is None else own.clock
        note = "times from the file names" + (", of a synthetic clock" if clock == "synthetic" else "")
        return clock, color_ns, list(layout.depth_ns), _rate(color_ns), note
    rate = _FPS if fps is None else fps
    times = words.synthetic_ns(len(layout.color), rate)
    note = f"synthetic clock, {rate:g} frames/s" + (" (assumed; --fps says otherwise)" if fps is None else "")
    return "synthetic", times, times, rate, note


def _rate(times_ns: list[int]) -> float:
    return 0.0 if len(times_ns) < 2 else round(1e9 / float(np.median(np.diff(times_ns))), 2)


def _streams(
    color: _Source, depth: _Source, intrinsics: Intrinsics, fps: float, unit_m: float, camera: str
) -> tuple[StreamInfo, StreamInfo]:
    kind, name = (StreamKind.COLOR, _COLOR_NAME) if len(color.shape) == 3 else (StreamKind.GRAY, _GRAY_NAME)
    return (
        StreamInfo(name, kind, color.width, color.height, "uint8", fps, intrinsics=intrinsics, camera=camera),
        StreamInfo(
            _DEPTH_NAME,
            StreamKind.DEPTH,
            depth.width,
            depth.height,
            "uint16",
            fps,
            unit_m=unit_m,
            intrinsics=intrinsics,
            registered_to=name,
            camera=camera,
        ),
    )


def _in_time(
    color: _Source, color_ns: list[int], depth: _Source, depth_ns: list[int]
) -> Iterator[tuple[_Source, int, int, int]]:
    """(source, position, number, time) of all images by time, colour first where times are equal."""
    both = [(t, 0, k) for k, t in enumerate(color_ns)] + [(t, 1, k) for k, t in enumerate(depth_ns)]
    for time, which, k in sorted(both):
        yield (color, depth)[which], k, k, time


def _check_free_of_inputs(out: Path, layout: Layout) -> None:
    """Never replace one of the images."""
    if out.exists() and any(out.samefile(p) for p in (*layout.color, *layout.depth)):
        raise SessionImportError(f"{out} is one of the images to import; choose another name")


def _words(shape: tuple[int, ...], dtype: np.dtype[Any]) -> str:
    channels = shape[2] if len(shape) == 3 else 1
    return f"{shape[1]}x{shape[0]} px with {channels} channel{'s'[: channels > 1]} of {dtype.itemsize * 8} bits"


class RgbdFolder:
    """The importer of folders of colour and depth images."""

    name = "rgbd"
    title = "folder of colour and depth images (TUM-like or numbered)"
    uses = frozenset({"fps", "unit_mm", "fx", "fy", "cx", "cy", "hfov_deg"})
    kept = (
        "JPEG colour, byte for byte (flagged lossy: it was so before it came here)",
        "PNG colour and 16-bit depth, pixel for pixel",
        "one camera matrix for all frames (NNN_camera.xml, camera.yml, intrinsics.json)",
        "names that are seconds with a decimal point (TUM), as device and host time; without them 30 frames a second "
        "(--fps)",
        "of a folder that `session export --format png16` made: the unit of depth, and whether its clock was made up",
    )
    not_kept = (
        "masks and other files (counted in the report)",
        "PNG text, colour profiles and alpha",
        "rotation and translation of each frame",
    )

    def recognises(self, path: Path) -> bool:
        try:
            find_layout(path)
        except (SessionImportError, OSError):
            return False
        return True

    def run(self, path: Path, out: Path, options: ImportOptions, on_progress: Progress | None = None) -> ImportReport:
        check_options(self, options)
        return import_rgbd_folder(
            path,
            out,
            fps=options.fps,
            unit_mm=options.unit_mm,
            fx=options.fx,
            fy=options.fy,
            cx=options.cx,
            cy=options.cy,
            hfov_deg=options.hfov_deg,
            layout=options.layout,
            overwrite=options.overwrite,
            open_writer=options.open_writer,
            on_progress=on_progress,
        )


IMPORTER: Importer = RgbdFolder()
