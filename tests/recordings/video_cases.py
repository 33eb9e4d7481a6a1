"""Small videos for tests, and what importing one gives."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from recordings.importers.video import IMPORTER
from tests.recordings.import_cases import Importing

importing = Importing(IMPORTER)
run, fails = importing.run, importing.fails


W, H = 64, 48
MS = Fraction(1, 1000)


def scene(n: int, width: int = W, height: int = H) -> NDArray[np.uint8]:
    """RGB, smooth, brightest in its upper left corner."""
    y, x = np.mgrid[:height, :width]
    return np.dstack([255 - x * 3, 255 - y * 3 - n, (x + y) // 2 + 3 * n]).clip(0, 255).astype(np.uint8)


def counts(n: int, dtype: Any = np.uint16) -> NDArray[Any]:
    return np.random.default_rng(n).integers(0, np.iinfo(dtype).max, (H, W)).astype(dtype)


Images = Sequence[NDArray[Any]]


def write(
    path: Path,
    *tracks: tuple[str, str, Images],
    ms: Sequence[int] | None = None,
    rate: int = 25,
    options: dict[str, str] | None = None,
    metadata: dict[str, str] | None = None,
    sound: bool = False,
) -> Path:
    """Tracks of (codec, pixel format, images), frame k at ms[k] or k / rate."""
    with av.open(str(path), "w") as out:
        out.metadata.update(metadata or {})
        streams: list[Any] = []
        for codec, form, images in tracks:
            stream: Any = out.add_stream(codec, rate=rate, options=options or {})
            stream.height, stream.width = images[0].shape[:2]
            stream.pix_fmt = form
            stream.codec_context.time_base = MS if ms else Fraction(1, rate)
            streams.append(stream)
        audio: Any = out.add_stream("pcm_s16le", rate=8000) if sound else None
        for k in range(max(len(images) for _, _, images in tracks)):
            for stream, (_, _, images) in zip(streams, tracks, strict=True):
                if k < len(images):
                    one = images[k]
                    given_as = "rgb24" if one.ndim == 3 else "gray16le" if one.dtype == np.uint16 else "gray"
                    frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(one), given_as)
                    frame.pts, frame.time_base = (ms[k], MS) if ms else (k, Fraction(1, rate))
                    out.mux(stream.encode(frame))
        if audio is not None:
            silence = av.AudioFrame.from_ndarray(np.zeros((1, 800), np.int16), format="s16", layout="mono")
            silence.sample_rate, silence.pts = 8000, 0
            out.mux(audio.encode(silence))
        for stream in [*streams, *([audio] if audio is not None else [])]:
            out.mux(stream.encode(None))
    if tracks[0][0] == "rawvideo":  # AVI: name the format as cameras' drivers do (biCompression of BITMAPINFOHEADER)
        data = bytearray(path.read_bytes())
        at = data.index(b"strf") + 8 + 16
        data[at : at + 4] = b"Y16 "
        path.write_bytes(data)
    return path


def color(n: int = 6) -> list[NDArray[np.uint8]]:
    return [scene(k) for k in range(n)]


def remux_jpegs(path: Path, jpegs: Sequence[bytes]) -> Path:
    with av.open(str(path), "w") as out:
        stream: Any = out.add_stream("mjpeg", rate=25)
        stream.width, stream.height, stream.pix_fmt = W, H, "yuvj420p"
        for k, data in enumerate(jpegs):
            packet = av.Packet(data)
            packet.stream, packet.time_base = stream, Fraction(1, 25)
            packet.pts = packet.dts = k
            packet.duration = 1
            out.mux(packet)
    return path


NOISE = [np.random.default_rng(k).integers(0, 255, (H, W, 3)).astype(np.uint8) for k in range(20)]
