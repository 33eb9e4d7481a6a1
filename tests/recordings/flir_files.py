"""FLIR record files made for the tests: a writer of our own, byte by byte after the format's description."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

W, H = 24, 18
CAMERA_BYTES = 0x9AC
EPOCH_S = 1_700_000_000

PLANCK = {"r1": 16951.796875, "b": 1435.0999755859375, "f": 1.0, "o": -7142, "r2": 0.014294867403805256}

Record = tuple[int, int, bytes]  # kind, subtype, content


def counts_image(n: int = 0, width: int = W, height: int = H) -> NDArray[np.uint16]:
    """A warm blob before a cool wall, in counts of the camera of ``PLANCK``."""
    y, x = np.mgrid[:height, :width]
    blob = 3000 * np.exp(-((x - width / 2 - n) ** 2 + (y - height / 2) ** 2) / 30)
    return (16000 + blob + (x * 7 + y * 3) % 5).astype(np.uint16)


def camera_record(
    width: int = W,
    height: int = H,
    *,
    order: str = "<",
    seconds: int = EPOCH_S,
    milliseconds: int = 0,
    zone_minutes: int = 0,
    counter: int = 0,
    status: int = 0,
    fps: int = 30,
    emissivity: float = 0.95,
    humidity: float = 0.5,
    planck: dict[str, float] = PLANCK,
    counts_range: tuple[int, int] = (8556, 59303),
    serial: str = "12345",
    length: int = CAMERA_BYTES,
) -> bytes:
    out = bytearray(CAMERA_BYTES)

    def put(form: str, at: int, *values: Any) -> None:
        struct.pack_into(order + form, out, at, *values)

    put("HHH", 0, 2, width, height)
    put("H", 0x18, counter)
    put("6f", 0x20, emissivity, 1.0, 293.15, 293.15, 293.15, 1.0)
    put("f", 0x3C, humidity)
    put("3f", 0x58, planck["r1"], planck["b"], planck["f"])
    put("5f", 0x70, 0.006569, 0.01262, -0.002276, -0.00667, 1.9)
    put("2f", 0x90, 423.15, 233.15)
    put("2f", 0xA8, 453.15, 213.15)
    put("32s", 0xD4, b"Test Cam")
    put("16s", 0x104, serial.encode())
    put("f", 0x1B4, 45.0)
    put("if", 0x308, int(planck["o"]), planck["r2"])
    put("HH", 0x310, *counts_range)
    put("IIh", 0x384, seconds, milliseconds, -zone_minutes)
    put("H", 0x464, fps)
    put("H", 0x46A, status)
    return bytes(out[:length])


def image_record(content: bytes, width: int, height: int, first: int = 2, order: str = "<") -> bytes:
    return struct.pack(order + "HHH", first, width, height).ljust(32, b"\0") + content


def raw_record(counts: NDArray[np.uint16], how: str = "raw") -> Record:
    """The counts as a camera stores them: raw, raw-be, png (its bytes swapped, as usual), png-be, or jpeg-ls."""
    height, width = counts.shape
    if how == "raw":
        return 1, 2, image_record(counts.astype("<u2").tobytes(), width, height)
    if how == "raw-be":
        return 1, 1, image_record(counts.astype(">u2").tobytes(), width, height, order=">")
    if how.startswith("png"):
        ok, data = cv2.imencode(".png", counts.byteswap() if how == "png" else counts)
        assert ok
        return 1, 3, image_record(data.tobytes(), width, height)
    assert how == "jpeg-ls"
    return 1, 4, image_record(jpeg_ls(counts), width, height)


def jpeg_ls(counts: NDArray[np.uint16]) -> bytes:
    """16 bits, by FFmpeg's encoder."""
    import av

    context: Any = av.CodecContext.create("jpegls", "w")
    context.height, context.width = counts.shape
    context.pix_fmt, context.time_base = "gray16le", Fraction(1, 30)
    packets = [*context.encode(av.VideoFrame.from_ndarray(counts, "gray16le")), *context.encode(None)]
    return b"".join(bytes(p) for p in packets)


def fff(records: Sequence[Record], *, order: str = ">", checksums: bool = True, magic: bytes = b"FFF\0") -> bytes:
    """Header, a directory of 14 places, the records."""
    places = 14
    head = struct.pack(order + "4s16sIIII", magic, b"TEST", 100, 64, places, 2).ljust(64, b"\0")
    directory, body, at = b"", b"", 64 + 32 * places
    for kind, subtype, content in records:
        crc = zlib.crc32(content) if checksums else 0
        directory += struct.pack(order + "HHIIIIIII", kind, subtype, 100, 1, at + len(body), len(content), 0, 0, crc)
        body += content
    return head + directory.ljust(32 * places, b"\0") + body


def frame(n: int = 0, how: str = "raw", *, order: str = ">", checksums: bool = True, **camera: Any) -> bytes:
    """Frame n of a sequence, a thirtieth of a second after the one before (in the records' milliseconds)."""
    milliseconds = n * 1000 // 30
    given = {"seconds": EPOCH_S + milliseconds // 1000, "milliseconds": milliseconds % 1000, **camera}
    return fff([raw_record(counts_image(n), how), (0x20, 1, camera_record(**given))], order=order, checksums=checksums)


def time_ns(n: int) -> int:
    return (EPOCH_S * 1000 + n * 1000 // 30) * 1_000_000


def visual_jpeg(n: int = 0, width: int = 40, height: int = 30) -> bytes:
    ramp = np.add.outer(np.arange(height) * 3, np.arange(width) * 2)
    ok, data = cv2.imencode(".jpg", np.dstack([ramp + n, ramp * 2, 255 - ramp]).astype(np.uint8))
    assert ok
    return data.tobytes()


def radiometric_jpeg(content: bytes, piece: int = 3000) -> bytes:
    """A JPEG that a viewer shows, with a record file in numbered pieces within."""
    outer = visual_jpeg(100)
    pieces = [content[k : k + piece] for k in range(0, len(content), piece)]
    segments = b"".join(
        b"\xff\xe1" + struct.pack(">H", len(p) + 10) + b"FLIR\0\x01" + bytes([k, len(pieces) - 1]) + p
        for k, p in enumerate(pieces)
    )
    return outer[:2] + segments + outer[2:]


def write_picture(path: Path, n: int = 0, how: str = "png", visual: bytes | None = None, **camera: Any) -> Path:
    given = {"seconds": EPOCH_S + n, **camera}
    records = [(0x20, 1, camera_record(**given)), raw_record(counts_image(n), how)]
    if visual is not None:
        records.append((0x0E, 5, image_record(visual, 40, 30, first=3)))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(radiometric_jpeg(fff(records)))
    return path
