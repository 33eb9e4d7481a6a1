"""A calibration board to print, to scale: a PNG that knows its dots per inch, or a PDF page."""

from __future__ import annotations

import os
import struct
import zlib
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.boards import Board, ink
from drivers.errors import CalibrationError

Gray = NDArray[np.uint8]

PAGES_MM: Final = {"a4": (210.0, 297.0), "a3": (297.0, 420.0), "a2": (420.0, 594.0), "letter": (215.9, 279.4)}
MARGIN_MM: Final = 10.0
_RULER_MM: Final = 12.0
_INCH_MM: Final = 25.4
_BIGGEST_PX: Final = 30_000


def draw_board(board: Board, dpi: float, page: str = "fit") -> Gray:
    """The page as it is printed: (H, W) uint8, 0 ink and 255 paper, with a ruler below the pattern.

    Args:
        page: one of :data:`PAGES_MM` (turned where the board is wider than high), or ``fit``: as large as the board
            with a margin.

    Raises:
        CalibrationError: there is no such page, or the board does not fit.
    """
    width, height = board.extent_mm()
    need = width + 2 * MARGIN_MM, height + 2 * MARGIN_MM + _RULER_MM
    if page == "fit":
        size = need
    elif page not in PAGES_MM:
        raise CalibrationError(f"there is no page {page!r}; there are fit, {', '.join(PAGES_MM)}")
    else:
        short, long = PAGES_MM[page]
        size = (long, short) if need[0] > need[1] else (short, long)
        if need[0] > size[0] or need[1] > size[1]:
            fits = min((size[0] - 2 * MARGIN_MM) / width, (size[1] - 2 * MARGIN_MM - _RULER_MM) / height)
            raise CalibrationError(
                f"the board is {width:.0f} x {height:.0f} mm and needs {need[0]:.0f} x {need[1]:.0f} mm of paper, "
                f"{page} has {size[0]:.0f} x {size[1]:.0f}; take squares of {board.square_mm * fits:.1f} mm at most"
            )
    scale = dpi / _INCH_MM
    columns, rows = round(size[0] * scale), round(size[1] * scale)
    if not 36 <= dpi <= 2400 or max(columns, rows) > _BIGGEST_PX:
        raise CalibrationError(f"{dpi:g} dpi make a picture of {columns}x{rows} px; take 36 to 2400 dpi, fewer here")
    left, top = (size[0] - width) / 2, (size[1] - _RULER_MM - height) / 2
    x = (np.arange(columns) + 0.5) / scale - left
    out = np.full((rows, columns), 255, np.uint8)
    for begin in range(0, rows, 256):  # a strip at a time: a large board at 1200 dpi is large
        y = (np.arange(begin, min(begin + 256, rows)) + 0.5) / scale - top
        across, down = np.meshgrid(x, y)
        out[begin : begin + len(y)][ink(board, across, down)] = 0
    _draw_ruler(out, scale, board, top + height)
    return out


def _draw_ruler(page: Gray, scale: float, board: Board, below_mm: float) -> None:
    """A line of a known length, so that who prints it sees whether the printer scaled it, and what board it is."""
    long = 100 if page.shape[1] / scale >= 130 else 20
    y, x, thick = round((below_mm + 5) * scale), round(MARGIN_MM * scale), max(1, round(0.3 * scale))
    end, tick = round(x + long * scale), round(1.5 * scale)
    for begin, stop in (((x, y), (end, y)), ((x, y - tick), (x, y + tick)), ((end, y - tick), (end, y + tick))):
        cv2.line(page, begin, stop, 0, thick)
    words = f"{long} mm   {board.words()}"
    font, size = cv2.FONT_HERSHEY_SIMPLEX, 0.09 * scale
    (wide, _), _ = cv2.getTextSize(words, font, size, thick)
    size *= min(1.0, (page.shape[1] - 2 * x) / max(wide, 1))
    cv2.putText(page, words, (x, round(y + 5 * scale)), font, size, 0, max(1, thick // 2), cv2.LINE_AA)


def write_board(path: Path, board: Board, dpi: float = 300.0, page: str = "fit") -> tuple[float, float]:
    """Write ``*.png`` or ``*.pdf``.

    Returns:
        The page's width and height in mm.

    Raises:
        CalibrationError: another ending, a board that does not fit, or a file that cannot be written.
    """
    if path.suffix not in (".png", ".pdf"):
        raise CalibrationError(f"a board is written as .png or .pdf, found {path.name}")
    picture = draw_board(board, dpi, page)
    data = _png(picture, dpi) if path.suffix == ".png" else _pdf(picture, dpi)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(data)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise CalibrationError(f"the board {path} cannot be written ({error.strerror})") from error
    return picture.shape[1] / dpi * _INCH_MM, picture.shape[0] / dpi * _INCH_MM


def _png(picture: Gray, dpi: float) -> bytes:
    """With a pHYs chunk (dots a metre) before the first IDAT: https://www.w3.org/TR/png/#11pHYs."""
    data = bytes(np.asarray(cv2.imencode(".png", picture)[1]))
    dots = round(dpi / _INCH_MM * 1000)
    body = b"pHYs" + struct.pack(">IIB", dots, dots, 1)
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    head = data.index(b"IDAT") - 4
    return data[:head] + chunk + data[head:]


def _pdf(picture: Gray, dpi: float) -> bytes:
    """One page, one picture of one bit a dot."""
    rows, columns = picture.shape
    width, height = columns / dpi * 72, rows / dpi * 72
    bits = zlib.compress(np.packbits(picture >= 128, axis=1).tobytes(), 9)
    place = f"q {width:.4f} 0 0 {height:.4f} 0 0 cm /B Do Q".encode()
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R /ViewerPreferences << /PrintScaling /None >> >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %.4f %.4f] /Contents 4 0 R "
        b"/Resources << /XObject << /B 5 0 R >> >> >>" % (width, height),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(place), place),
        b"<< /Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 1 "
        b"/Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (columns, rows, len(bits), bits),
    ]
    out, starts = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"), []
    for number, part in enumerate(parts, 1):
        starts.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1)
    for start in starts:
        out += b"%010d 00000 n \n" % start
    out += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(parts) + 1, table)
    return bytes(out)
