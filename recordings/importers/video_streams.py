"""What each picture stream of a video file becomes, and how its frames are turned into pixels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from drivers.frame import Frame, FrameFlag, StreamInfo, StreamKind
from recordings.errors import SessionImportError
from recordings.importers import calibration_files, image_files, words
from recordings.importers.protocol import ImportOptions
from recordings.importers.thermal_words import SCALE_WORDS, kelvin_given
from recordings.importers.video_container import raw_y16_streams

KINDS: Final = ("color", "gray", "infrared", "thermal", "depth")

_PACKETS_LOOKED_AT: Final = 5000
_UNSPECIFIED: Final = 2
_HD_HEIGHT: Final = 720


@dataclass(frozen=True, slots=True)
class Look:
    """What the first frame of a stream shows.

    Attributes:
        index: of the stream in the file.
        codec: FFmpeg's name of it.
        lossless: whether the codec never changes a pixel.
        pixel_format: FFmpeg's name of it.
        bits: of the first channel.
        is_gray: one channel of whole numbers.
        width, height: as stored, before any rotation.
        turns: how many quarters the picture must be turned counter-clockwise to stand upright.
        as_jpeg: whether the stream's packets are JPEG files that OpenCV reads.
        as_y16: whether they are bare counts of 16 bits, which FFmpeg does not know.
        fps: average, 0 when not stated.
        remarks: what people should know.
    """

    index: int
    codec: str
    lossless: bool
    pixel_format: str
    bits: int
    is_gray: bool
    width: int
    height: int
    turns: int
    as_jpeg: bool
    as_y16: bool
    fps: float
    remarks: tuple[str, ...]


def look_at(container: Any, path: Path) -> tuple[list[Look], dict[str, int]]:
    """(the picture streams by their first frames, what else is in the file).

    Raises:
        SessionImportError: there is no stream with pictures.
    """
    import av

    ignored: dict[str, int] = {}
    wanted: list[Any] = []
    for stream in container.streams:
        if stream.type == "video" and not _is_cover(stream):
            wanted.append(stream)
        else:
            what = "cover picture" if stream.type == "video" else f"{stream.type} stream"
            ignored[what] = ignored.get(what, 0) + 1
    y16 = raw_y16_streams(path)
    looks = [_y16_look(stream, *y16[stream.index]) for stream in wanted if stream.index in y16]
    # One whose codec is not known has no decoder.
    unknown = [s for s in wanted if s.codec_context is None and s.index not in y16]
    if unknown:
        ignored["video stream of an unknown codec"] = len(unknown)
    wanted = [s for s in wanted if s.codec_context is not None and s.index not in y16]
    first: dict[int, tuple[Any, bytes]] = {}
    left = {stream.index for stream in wanted}
    if wanted:
        for seen, packet in enumerate(container.demux(wanted)):
            index = packet.stream.index
            if index in left:
                try:
                    frames = packet.decode()
                except av.error.FFmpegError:
                    frames = []  # what is damaged is told when the frames are read
                if frames:
                    first[index] = (frames[0], bytes(packet) if packet.size else b"")
                    left.discard(index)
            if not left or seen > _PACKETS_LOOKED_AT:
                break
    if left:
        ignored["video stream without a frame"] = len(left)
    looks += [_look(stream, *first[stream.index], path) for stream in wanted if stream.index in first]
    if not looks:
        raise SessionImportError(f"{path} holds no video frame that can be decoded")
    return sorted(looks, key=lambda look: look.index), ignored


def _y16_look(stream: Any, width: int, height: int) -> Look:
    rate = float(stream.average_rate or 0)
    return Look(stream.index, "Y16", True, "gray16le", 16, True, width, height, 0, False, True, round(rate, 3), ())


def _is_cover(stream: Any) -> bool:
    return "attached_pic" in str(getattr(stream.disposition, "name", "") or "").lower()


def _look(stream: Any, frame: Any, packet: bytes, path: Path) -> Look:
    form = frame.format
    codec = stream.codec_context.codec
    # "ya8" and the like have a second channel; "grayf32" holds no whole numbers.
    is_gray = form.name.startswith("gray") and "f" not in form.name[4:]
    turns, crooked = divmod(frame.rotation, 90)
    bits = int(form.components[0].bits)
    remarks: list[str] = []
    if crooked:
        remarks.append(f"the file asks for a turn by {frame.rotation} degrees, which is not done")
    elif turns % 4:
        remarks.append(f"turned by {frame.rotation % 360} degrees counter-clockwise, as the file asks")
    if bits > 8 and not is_gray:
        remarks.append(f"{bits} bits a channel were reduced to 8")
    if frame.interlaced_frame:
        remarks.append("interlaced; the fields were not taken apart")
    shape = stream.sample_aspect_ratio
    if shape and shape != 1:
        remarks.append(f"its pixels are not square ({shape.numerator}:{shape.denominator}) and were kept as they are")
    rate = stream.average_rate
    return Look(
        index=stream.index,
        codec=codec.name,
        lossless=bool(codec.lossless and not codec.lossy),
        pixel_format=form.name,
        bits=bits,
        is_gray=is_gray,
        width=frame.width,
        height=frame.height,
        turns=0 if crooked else turns % 4,
        as_jpeg=codec.name == "mjpeg" and not turns and not crooked and _is_plain_jpeg(packet, frame, is_gray, path),
        as_y16=False,
        fps=round(float(rate), 3) if rate else 0.0,
        remarks=tuple(remarks),
    )


def _is_plain_jpeg(packet: bytes, frame: Any, is_gray: bool, path: Path) -> bool:
    """Whether a packet is a whole JPEG of the frame's size: not so with two fields in one, or without its tables."""
    try:
        image = image_files.decode(packet, path)
    except SessionImportError:
        return False
    shape: tuple[int, ...] = (frame.height, frame.width)
    return image.shape == (shape if is_gray else (*shape, 3))


class VideoStream:
    """One stream of the session, made from one of the file.

    Raises:
        SessionImportError: the options do not fit what is in the file.
    """

    def __init__(self, look: Look, name: str, kind: StreamKind, options: ImportOptions, path: Path) -> None:
        self.look = look
        self.path = path
        self.written = 0
        self.last_ns: int | None = None
        self.lost_before = False
        if look.as_y16 and kind is StreamKind.COLOR:
            raise SessionImportError(f"{path} holds gray pictures of 16 bits, no colour")
        # Luma alone is not what a colour JPEG's bytes decode to.
        self.as_jpeg = look.as_jpeg and (kind is StreamKind.COLOR) != look.is_gray
        turned = bool(look.turns % 2)
        width, height = (look.height, look.width) if turned else (look.width, look.height)
        pinhole = (options.fx, options.fy, options.cx, options.cy)
        kelvin, self.note = kelvin_given(options.extra) if kind is StreamKind.THERMAL else (None, "")
        unit_mm = words.positive("unit_mm", 1.0 if options.unit_mm is None else options.unit_mm)
        self.info = StreamInfo(
            name,
            kind,
            width,
            height,
            "uint16" if look.is_gray and look.bits > 8 and kind is not StreamKind.COLOR else "uint8",
            options.fps or look.fps,
            unit_m=round(unit_mm / 1000, 12) if kind is StreamKind.DEPTH else None,
            kelvin=kelvin,
            intrinsics=calibration_files.from_numbers(width, height, pinhole, options.hfov_deg),
            camera=path.name,
        )
        if kind is StreamKind.DEPTH:
            assumed = " (assumed; --unit-mm says otherwise)" if options.unit_mm is None else ""
            self.note = f"{unit_mm:g} mm a depth count{assumed}"
        # The way from luma and chroma to RGB, or out of more bits, rounds; gray and RGB of 8 bits come as they are.
        exact = (
            look.is_gray if kind is not StreamKind.COLOR else look.pixel_format in ("rgb24", "bgr24", "gbrp", "pal8")
        )
        self.is_lossy = not (look.lossless and exact)

    def pixels(self, frame: Any) -> NDArray[Any]:
        """A decoded frame as pixels of the stream, upright.

        Raises:
            SessionImportError: it is not like the first one.
        """
        look = self.look
        if (frame.width, frame.height, frame.format.name) != (look.width, look.height, look.pixel_format):
            raise SessionImportError(
                f"{self.path}: a frame of stream {self.info.name} is {frame.width}x{frame.height} {frame.format.name}, "
                f"the first one {look.width}x{look.height} {look.pixel_format}; a stream keeps its size and format"
            )
        if look.is_gray and self.info.kind is not StreamKind.COLOR:
            image = _gray_of(frame)
        else:
            wanted = "rgb24" if self.info.kind is StreamKind.COLOR else "gray"
            image = frame.to_ndarray(format=wanted, src_colorspace=_matrix_of(frame))
        return np.ascontiguousarray(np.rot90(image, look.turns))

    def jpeg_pixels(self, data: bytes) -> NDArray[Any]:
        """The pixels of a packet that is a JPEG.

        Raises:
            SessionImportError: it is damaged, or not like the first one.
        """
        where = self.path.with_name(f"{self.path.name}, frame {self.written} of stream {self.info.name}")
        image = image_files.decode(data, where)
        if image.shape != self.info.shape:
            raise SessionImportError(f"{where} decodes to {image.shape}, {self.info.shape} is expected")
        return image

    def y16_pixels(self, data: bytes) -> NDArray[Any]:
        """The pixels of a packet that is bare counts, its rows perhaps filled up to four bytes.

        Raises:
            SessionImportError: there are too few or too many.
        """
        height, width = self.info.shape[:2]
        for row in (width * 2, (width * 2 + 3) // 4 * 4):
            if len(data) == row * height:
                rows = np.frombuffer(data, "<u2").reshape(height, row // 2)
                return rows[:, :width].astype(np.uint16)
        raise SessionImportError(
            f"{self.path}: frame {self.written} of stream {self.info.name} has {len(data)} bytes; {width}x{height} px "
            f"of 16 bits take {width * height * 2}"
        )

    def frame(self, pixels: NDArray[Any], device_ns: int, host_ns: int) -> Frame:
        """The stream's next frame.

        Raises:
            SessionImportError: its time is not after that of the one before.
        """
        if self.last_ns is not None and device_ns <= self.last_ns:
            raise SessionImportError(
                f"{self.path}: frame {self.written} of stream {self.info.name} has the time {device_ns / 1e9:.6f} s, "
                f"after {self.last_ns / 1e9:.6f} s; --fps N makes even times instead of the file's"
            )
        flags = FrameFlag.LOSSY if self.is_lossy else FrameFlag.NONE
        if self.lost_before:
            flags |= FrameFlag.DROPPED_BEFORE
        number = self.written
        self.written, self.last_ns, self.lost_before = number + 1, device_ns, False
        return Frame(self.info, pixels, number, device_ns, host_ns, flags)


def _gray_of(frame: Any) -> NDArray[Any]:
    """The one channel with the values that the file has (to_ndarray knows not all depths)."""
    form, plane = frame.format, frame.planes[0]
    dtype = np.dtype(np.uint8) if form.components[0].bits <= 8 else np.dtype(">u2" if form.is_big_endian else "<u2")
    rows = np.frombuffer(plane, dtype).reshape(-1, plane.line_size // dtype.itemsize)
    return rows[: frame.height, : frame.width].astype(dtype.newbyteorder("="))


def _matrix_of(frame: Any) -> int | None:
    """The luma matrix: the stated one, or as players guess, that of HD television for pictures of its height."""
    from av.video.reformatter import Colorspace

    if int(frame.colorspace) != _UNSPECIFIED:
        return None  # as the frame says
    return int(Colorspace.ITU709 if frame.height >= _HD_HEIGHT else Colorspace.ITU601)


def streams_of(looks: list[Look], options: ImportOptions, path: Path) -> list[VideoStream]:
    """The session's streams.

    Raises:
        SessionImportError: a word of ``--set`` fits none of what is in the file.
    """
    chosen = _chosen(looks, options.extra, path)
    by_hand = any(getattr(options, name) is not None for name in ("fx", "fy", "cx", "cy", "hfov_deg"))
    if len(chosen) > 1 and (by_hand or "kind" in options.extra):
        listed = ", ".join(f"{look.index} ({look.width}x{look.height} {look.codec})" for look in looks)
        raise SessionImportError(
            f"{path} has several video streams: {listed}; --set stream=NUMBER takes one, to which the calibration and "
            "kind then belong"
        )
    out: list[VideoStream] = []
    for look in chosen:
        kind = _kind_of(look, options, path)
        alike = sum(s.info.kind is kind for s in out)
        out.append(VideoStream(look, f"{kind}{alike + 1 if alike else ''}", kind, options, path))
    return out


def _chosen(looks: list[Look], extra: Mapping[str, str], path: Path) -> list[Look]:
    if "stream" not in extra:
        return looks
    chosen = [look for look in looks if str(look.index) == extra["stream"]]
    if not chosen:
        known = ", ".join(str(look.index) for look in looks)
        raise SessionImportError(f"{path} has no video stream {extra['stream']}; there are {known}")
    return chosen


def _kind_of(look: Look, options: ImportOptions, path: Path) -> StreamKind:
    usual = "gray" if look.is_gray else "color"
    kind = StreamKind(words.choice(options.extra, "kind", KINDS, usual))
    if kind in (StreamKind.THERMAL, StreamKind.DEPTH) and not (look.is_gray and look.bits > 8):
        raise SessionImportError(
            f"{path} has {look.pixel_format} pictures ({look.bits} bits a channel); {kind} needs one channel of more "
            "than 8 bits (a coloured or 8-bit picture has lost its measure)"
        )
    unused = [w for w in SCALE_WORDS if w in options.extra and kind is not StreamKind.THERMAL]
    if options.unit_mm is not None and kind is not StreamKind.DEPTH:
        unused.append("unit_mm")
    if unused:
        raise SessionImportError(f"a {kind} stream takes no {', '.join(unused)} (--set kind=thermal or depth does)")
    return kind
