"""The pages of a TIFF file, one at a time, and whether they are all there.

tifffile reads what TIFF has of variants; what it decodes only with a further package (LZW, say) is left to OpenCV.
"""

from __future__ import annotations

import contextlib
import logging
import lzma
import struct
import zlib
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import cv2
import numpy as np
from numpy.typing import NDArray

from recordings.errors import SessionImportError
from recordings.importers.words import FORMATS_EXTRA

MAGICS: Final = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")

_LARGEST_PIXELS: Final = 1 << 28
_MOST_PAGES: Final = 10_000_000
_FRAME_RATE_TAG: Final = 51044
_MINISBLACK: Final = 1

# What tifffile raises on damaged files, beside its own error.
_DAMAGED: Final = (
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    ArithmeticError,
    RuntimeError,
    AssertionError,
    OSError,
    MemoryError,
    struct.error,
    zlib.error,
    lzma.LZMAError,
)

logging.getLogger("tifffile").addHandler(logging.NullHandler())  # it logs what is raised or checked here anyway


def is_tiff(path: Path) -> bool:
    """By its first bytes."""
    with path.open("rb") as file:
        return file.read(4) in MAGICS


class TiffPages:
    """One file. A context manager.

    Attributes:
        count: of the pictures, thumbnails left out.
        thumbnails: how many were left out.
        shape, dtype: of every picture.

    Raises:
        SessionImportError: tifffile is not installed; the file is no TIFF, truncated, or its pages differ.
    """

    def __init__(self, path: Path) -> None:
        try:
            import tifffile
        except ImportError as error:
            raise SessionImportError(f"{path} is a TIFF, which needs tifffile: {FORMATS_EXTRA}") from error
        self.path = path
        self._damaged = (tifffile.TiffFileError, *_DAMAGED)
        self._bytes: NDArray[np.uint8] | None = None
        self._stack: NDArray[Any] | None = None
        _check_directories(path)
        with self._told("is no readable TIFF"):
            self._file = tifffile.TiffFile(path)
        try:
            with self._told("is damaged"):
                self._look()
        except BaseException:  # whatever it was: the file must not stay open
            self._file.close()
            raise

    def _look(self) -> None:
        import tifffile

        self._pages: list[int] = []
        self.thumbnails = 0
        kinds: list[tuple[Any, Any]] = []
        page: Any
        for k, page in enumerate(self._file.pages):  # one at a time: a page's tags take kilobytes
            if page.is_reduced:
                self.thumbnails += 1
                continue
            self._pages.append(k)
            kinds = [*kinds[:1], (tuple(int(n) for n in page.shape), page.dtype)]
            if kinds[0] != kinds[-1]:
                raise SessionImportError(
                    f"page {k} of {self.path} is {page.dtype} {page.shape}, the first one {kinds[0][1]} "
                    f"{kinds[0][0]}; all pictures of a stream must be alike"
                )
        if not self._pages:
            raise SessionImportError(f"{self.path} holds no picture")
        self.shape, self.dtype = kinds[0][0], np.dtype(kinds[0][1] or np.void)
        self.count = len(self._pages)
        if not 0 < int(np.prod(self.shape)) <= _LARGEST_PIXELS:
            raise SessionImportError(f"{self.path}: a picture of {self.shape} is not believable; the file is damaged")
        # ImageJ may write one directory for a whole stack, whose other pictures follow the first one.
        images = (self._file.imagej_metadata or {}).get("images", 1) if self.count == 1 else 1
        if images > 1:
            if self._file.series[0].size != images * int(np.prod(self.shape)):
                raise SessionImportError(f"{self.path} is truncated: ImageJ's {images} pictures are not all there")
            self._stack = tifffile.memmap(self.path, mode="r").reshape(-1, *self.shape)
            self.count = len(self._stack)

    @property
    def frame_rate(self) -> float:
        """Frames a second as the file states them, 0 when it does not."""
        value = self._tag(_FRAME_RATE_TAG)
        try:
            rate = float(Fraction(*value)) if isinstance(value, tuple) else float(value or 0)
        except (TypeError, ValueError, ZeroDivisionError):
            return 0.0
        return rate if 0 < rate <= 10_000 else 0.0

    @property
    def camera(self) -> str:
        """Maker, model and serial number, as far as the file states them."""
        stated = (self._tag(number) for number in (271, 272, 50735))
        return " ".join(text for text in (str(v or "").strip("\0 ") for v in stated) if text.isprintable() and text)

    def _tag(self, number: int) -> Any:
        with contextlib.suppress(*self._damaged):
            first: Any = self._file.pages[self._pages[0]]
            tag = first.tags.get(number)
            return None if tag is None else tag.value
        return None

    def page(self, k: int) -> NDArray[Any]:
        """Picture k as it is stored.

        Raises:
            SessionImportError: it is truncated or does not decode.
        """
        with self._told(f"is truncated or damaged: page {k} does not decode"):
            image = np.asarray(self._stack[k]) if self._stack is not None else self._decode(self._pages[k])
            if tuple(image.shape) != self.shape or image.dtype.newbyteorder("=") != self.dtype.newbyteorder("="):
                raise ValueError(f"it decodes to {image.dtype} {image.shape}")
        return image.astype(image.dtype.newbyteorder("="), copy=False)

    def _decode(self, k: int) -> NDArray[Any]:
        page: Any = self._file.pages[k]
        if self._bytes is None:
            try:
                image: NDArray[Any] = page.asarray()
                return image
            except ValueError as error:
                if "imagecodecs" not in str(error) or page.photometric != _MINISBLACK:
                    raise
            # Mapped, not read: of a file of many pages only the one that is decoded is needed.
            self._bytes = np.memmap(self.path, np.uint8, "r")
        with _quiet_opencv():
            ok, images = cv2.imdecodemulti(self._bytes, cv2.IMREAD_UNCHANGED, range=(k, k + 1))
        if not ok or len(images) != 1:
            raise ValueError(f"OpenCV cannot decode its {page.compression!r} data (pip install imagecodecs may help)")
        return images[0]

    @contextlib.contextmanager
    def _told(self, what: str) -> Iterator[None]:
        """What a library raises, as our error that names the file."""
        try:
            yield
        except SessionImportError:
            raise
        except (*self._damaged, cv2.error) as error:
            raise SessionImportError(f"{self.path} {what}: {error or type(error).__name__}") from error

    def close(self) -> None:
        """Safe to call twice."""
        self._stack = self._bytes = None
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


@contextlib.contextmanager
def _quiet_opencv() -> Iterator[None]:
    """OpenCV prints about every tag that it does not know."""
    log: Any = cv2.utils.logging  # whose type stubs lack the two
    level = log.getLogLevel()
    log.setLogLevel(0)
    try:
        yield
    finally:
        log.setLogLevel(level)


def _check_directories(path: Path) -> None:
    """Walk the chain of page directories to its end: tifffile stops at a broken link with what it has.

    Raises:
        SessionImportError: the file is empty, no TIFF, or the chain leaves it.
    """
    try:
        with path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(0)
            head = file.read(16)
            if head[:4] not in MAGICS:
                what = "is empty" if not size else f"is no TIFF: it begins with {head[:4]!r}"
                raise SessionImportError(f"{path} {what}")
            order = "<" if head[:2] == b"II" else ">"
            big = head[:4] in MAGICS[2:]
            # Classic: 2 bytes count, 12 an entry, 4 the next directory. BigTIFF: 8, 20, 8.
            count_form, entry, next_form, first_at = ("Q", 20, "Q", 8) if big else ("H", 12, "I", 4)
            at, seen = _number(head, first_at, order + next_form), set[int]()
            while at:
                if at in seen or len(seen) > _MOST_PAGES:
                    raise SessionImportError(f"{path} is damaged: its page directories run in a circle")
                seen.add(at)
                file.seek(at)
                entries = _number(file.read(struct.calcsize(count_form)), 0, order + count_form)
                if entries is not None:
                    file.seek(min(at + struct.calcsize(count_form) + entries * entry, size))
                following = _number(file.read(struct.calcsize(next_form)), 0, order + next_form)
                if at >= size or entries is None or following is None:
                    raise SessionImportError(
                        f"{path} is truncated: directory {len(seen)} at byte {at} lies beyond its {size} bytes"
                    )
                at = following
            if not seen:
                raise SessionImportError(f"{path} is truncated: it holds no page")
    except OSError as error:
        raise SessionImportError(f"{path} cannot be read: {error.strerror or error}") from error


def _number(data: bytes, at: int, form: str) -> int | None:
    if len(data) < at + struct.calcsize(form):
        return None
    return int(struct.unpack_from(form, data, at)[0])
