"""16-bit TIFF (one file with one or many pages, or a folder of numbered files) to a session.

TIFF says nothing of what its counts mean; ``--set kind=`` and ``scale=`` do.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from drivers.frame import Frame, KelvinMap, StreamInfo, StreamKind
from drivers.radiometry import ZERO_CELSIUS_K
from drivers.radiometry_table import even_steps
from recordings.errors import SessionImportError
from recordings.importers import calibration_files, words
from recordings.importers.protocol import Importer, ImportOptions, ImportReport, Progress, check_options
from recordings.importers.thermal_words import SCALE_WORDS, kelvin_given
from recordings.importers.tiff_pages import TiffPages, is_tiff
from recordings.session import SessionInfo

SUFFIXES: Final = (".tif", ".tiff")
_KINDS: Final = ("thermal", "depth", "infrared", "gray")
_THERMAL_WORDS: Final = (*SCALE_WORDS, "unit")
_DEFAULT_FPS: Final = 30.0


class _Source:
    """All pictures of the file or folder, in order; opened one file at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.ignored: dict[str, int] = {}
        self.files = [path] if path.is_file() else self._files(path)
        self.counts: list[int] = []
        self.thumbnails = 0
        for k, file in enumerate(self.files):
            with TiffPages(file) as pages:
                if k == 0:
                    self.shape, self.dtype = pages.shape, pages.dtype
                    self.frame_rate, self.camera = pages.frame_rate, pages.camera
                self._check(file, pages)
                self.counts.append(pages.count)
                self.thumbnails += pages.thumbnails
        if self.thumbnails:
            self.ignored["thumbnails"] = self.thumbnails

    def _files(self, folder: Path) -> list[Path]:
        found: list[Path] = []
        for one in words.files_of(folder):
            if one.suffix.lower() in SUFFIXES:
                found.append(one)
            else:
                what = f"*{one.suffix}"
                self.ignored[what] = self.ignored.get(what, 0) + 1
        if not found:
            raise SessionImportError(f"the folder {folder} holds no TIFF files")
        return found

    def _check(self, file: Path, pages: TiffPages) -> None:
        if (pages.shape, pages.dtype) != (self.shape, self.dtype):
            raise SessionImportError(
                f"{file} is {pages.dtype} {pages.shape}, {self.files[0].name} {self.dtype} {self.shape}; "
                "all pictures of a stream must be alike"
            )
        if len(self.files) > 1 and pages.count > 1:
            raise SessionImportError(
                f"{file} holds {pages.count} pages and stands among {len(self.files)} files; is each a recording of "
                "its own? Import them one by one"
            )

    def __len__(self) -> int:
        return sum(self.counts)

    def pictures(self) -> Iterator[tuple[NDArray[Any], str]]:
        """Each picture, and what to call it in a message."""
        for file in self.files:
            with TiffPages(file) as pages:
                for k in range(pages.count):
                    yield pages.page(k), f"page {k} of {file}" if pages.count > 1 else str(file)


@dataclass(frozen=True, slots=True)
class _Meaning:
    """What the counts mean, and what to do to get them."""

    kind: StreamKind
    dtype: str
    kelvin: KelvinMap | None
    unit_m: float | None
    note: str
    celsius: bool | None = None
    """Of floating-point temperatures: degrees Celsius (True) or kelvin (False); None: counts."""

    def counts(self, image: NDArray[Any]) -> tuple[NDArray[Any], int]:
        """(pixels of the stream, how many of them had no temperature)."""
        if self.celsius is None or self.kelvin is None:
            return image, 0
        kelvin = image.astype(np.float64) + (ZERO_CELSIUS_K if self.celsius else 0.0)
        steps = np.rint((kelvin - self.kelvin.offset) / self.kelvin.gain)
        good = np.isfinite(steps) & (steps >= 0) & (steps <= 65535)
        return np.where(good, steps, 0).astype(np.uint16), int(good.size - np.count_nonzero(good))


def _meaning(source: _Source, options: ImportOptions) -> _Meaning:
    kind = StreamKind(words.choice(options.extra, "kind", _KINDS, "thermal"))
    dtype = source.dtype
    where = source.files[0]
    if len(source.shape) != 2:
        raise SessionImportError(f"{where} has pictures of {source.shape}; one channel is expected, no colour")
    unused = [w for w in _THERMAL_WORDS if w in options.extra and kind is not StreamKind.THERMAL]
    if options.unit_mm is not None and kind is not StreamKind.DEPTH:
        unused.append("unit_mm (give --set kind=depth for depth)")
    if unused:
        raise SessionImportError(f"a {kind} TIFF takes no {', '.join(unused)}")
    if kind is StreamKind.THERMAL and dtype.kind == "f":
        return _float_meaning(source, options)
    if "unit" in options.extra:
        raise SessionImportError(f"--set unit= is for floating-point temperatures; {where} has {dtype} counts")
    if dtype == np.uint8 and kind in (StreamKind.GRAY, StreamKind.INFRARED):
        return _Meaning(kind, "uint8", None, None, f"taken as {kind} of 8 bits")
    if dtype != np.uint16:
        hint = {"u1": "8 bits are a picture, no measure: --set kind=gray or infrared takes it as one"}.get(
            dtype.str[1:], "convert it to unsigned 16 bits first"
        )
        raise SessionImportError(f"{where} has {dtype} pixels; {kind} must be unsigned 16 bits ({hint})")
    if kind is StreamKind.DEPTH:
        unit_mm = words.positive("unit_mm", 1.0 if options.unit_mm is None else options.unit_mm)
        return _Meaning(
            kind, "uint16", None, round(unit_mm / 1000, 12), f"{unit_mm:g} mm a depth count" + _assumed(options)
        )
    if kind is not StreamKind.THERMAL:
        return _Meaning(kind, "uint16", None, None, f"taken as {kind} of 16 bits")
    kelvin, note = kelvin_given(options.extra)
    return _Meaning(kind, "uint16", kelvin, None, note)


def _assumed(options: ImportOptions) -> str:
    return " (assumed; --unit-mm says otherwise)" if options.unit_mm is None else ""


def _float_meaning(source: _Source, options: ImportOptions) -> _Meaning:
    """Floating-point temperatures go into the finest even steps that hold them all, which takes a look at all."""
    given = [w for w in SCALE_WORDS if w in options.extra]
    if given:
        raise SessionImportError(f"floating-point temperatures take no {', '.join(given)}; give --set unit=")
    if "unit" not in options.extra:
        raise SessionImportError(
            f"{source.files[0]} has {source.dtype} pixels; if they are temperatures, say in what: "
            "--set unit=celsius or --set unit=kelvin"
        )
    unit = words.choice(options.extra, "unit", ("celsius", "kelvin"), "kelvin")
    lowest, highest = np.inf, -np.inf
    for image, _ in source.pictures():
        finite = image[np.isfinite(image)]
        if finite.size:
            lowest, highest = min(lowest, float(finite.min())), max(highest, float(finite.max()))
    zero = ZERO_CELSIUS_K if unit == "celsius" else 0.0
    if not (lowest + zero >= 0 and highest + zero <= 6000):
        raise SessionImportError(f"{source.path} holds {lowest:g} to {highest:g}, which are no temperatures in {unit}")
    kelvin = even_steps(lowest + zero, highest + zero)
    note = f"temperatures in {unit}, stored in steps of {kelvin.gain:g} K from {kelvin.offset:g} K"
    return _Meaning(StreamKind.THERMAL, "uint16", kelvin, None, note, unit == "celsius")


class Tiff:
    """The importer of 16-bit TIFF."""

    name = "tiff"
    title = "TIFF of 16 bits: thermal, depth, infrared or gray; a file of one or many pages, or a folder"
    uses = frozenset({"fps", "unit_mm", "fx", "fy", "cx", "cy", "hfov_deg", "kind", *_THERMAL_WORDS})
    kept = (
        "counts of 16 bits (of gray and infrared also 8), pixel for pixel",
        "the meaning of the counts as given by --set kind, scale, gain and offset, or --unit-mm",
        "floating-point temperatures (--set unit=), in steps of 0.001 to 0.1 K that the report names",
        "the frame rate and the camera's name where tags state them",
    )
    not_kept = ("all other tags (EXIF, GPS, XMP, times of day)", "thumbnails (counted in the report)")

    def recognises(self, path: Path) -> bool:
        try:
            if path.is_file():
                return path.suffix.lower() in SUFFIXES and is_tiff(path)
            files = sorted(p for p in path.iterdir() if p.suffix.lower() in SUFFIXES and p.is_file())
            return bool(files) and is_tiff(files[0])
        except OSError:
            return False

    def run(self, path: Path, out: Path, options: ImportOptions, on_progress: Progress | None = None) -> ImportReport:
        check_options(self, options)
        source = _Source(path)
        words.refuse_own_source(out, source.files)
        meaning = _meaning(source, options)
        height, width = source.shape
        fps = words.positive("fps", options.fps if options.fps is not None else source.frame_rate or _DEFAULT_FPS)
        stream = StreamInfo(
            str(meaning.kind),
            meaning.kind,
            width,
            height,
            meaning.dtype,
            fps,
            unit_m=meaning.unit_m,
            kelvin=meaning.kelvin,
            intrinsics=calibration_files.from_numbers(
                width, height, (options.fx, options.fy, options.cx, options.cy), options.hfov_deg
            ),
            camera=source.camera,
        )
        whose = "given" if options.fps else "stated by the file" if source.frame_rate else "assumed"
        notes = [f"synthetic clock, {fps:g} frames/s ({whose})", meaning.note]
        name = path.resolve().name
        info = SessionInfo.create(
            [stream], title=name, source=f"TIFF {name}", clock="synthetic", notes={"import": "; ".join(notes)}
        )
        total, lost = len(source), 0
        times = words.synthetic_ns(total, fps)
        with options.writer(out, info) as writer:
            for k, (image, _) in enumerate(source.pictures()):
                pixels, without = meaning.counts(image)
                lost += without
                writer.write_frame(Frame(stream, pixels, k, times[k], times[k]))
                if k == 0 and meaning.kelvin is not None:
                    low, high = meaning.kelvin.celsius(np.array([pixels.min(), pixels.max()]))
                    notes.append(f"the first picture then has {low:.1f} to {high:.1f} C")
                if on_progress is not None:
                    on_progress(k + 1, total)
        if lost:
            notes.append(f"{lost} pixels have no temperature (NaN) and stand at 0 counts")
        return ImportReport(
            path=out,
            frames={stream.name: total},
            seconds=(times[-1] - times[0]) / 1e9,
            clock="synthetic",
            ignored=source.ignored,
            notes=tuple(notes),
            bytes=out.stat().st_size,
        )


IMPORTER: Importer = Tiff()
