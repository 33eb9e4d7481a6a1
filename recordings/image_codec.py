"""Pixels to Foxglove image messages and back.

Messages are built by foxglove-sdk, which offers no decoding; google.protobuf decodes them with the SDK's own schema
(30 microseconds for a 640 x 480 16-bit image).
"""

from __future__ import annotations

import functools
import sys
from typing import Any, Final, Literal

import cv2
import numpy as np
import xxhash
from foxglove import Schema
from foxglove.messages import CameraCalibration, CompressedImage, RawImage, Timestamp
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.message import DecodeError
from numpy.typing import NDArray

from drivers.frame import StreamInfo, StreamKind
from recordings import lens_names, predictive
from recordings.errors import SessionFormatError

Codec = Literal["raw", "png", "jpeg", "compact"]
"""How a frame's pixels are stored: as they are, as lossless PNG, as the camera's own JPEG bytes, or by
:mod:`recordings.predictive`."""

FORMATS: Final[dict[Codec, str]] = {"png": "png", "jpeg": "jpeg", "compact": "x-tapetum-compact"}
"""The word in `foxglove.CompressedImage.format`; ``raw`` is a RawImage."""

RAW_SCHEMA: Final = "foxglove.RawImage"
COMPRESSED_SCHEMA: Final = "foxglove.CompressedImage"

_DATA_FIELDS: Final = {RAW_SCHEMA: 6, COMPRESSED_SCHEMA: 2}
_RAW_DATA: Final = b"\x32"  # field 6, length-delimited: RawImage.data
_COMPRESSED_DATA: Final = b"\x12"  # field 2, length-delimited: CompressedImage.data
_VARINT, _FIXED64, _DELIMITED, _FIXED32 = 0, 1, 2, 5  # protobuf's wire types

_PNG_LEVEL: Final = 3
"""zlib's. Higher is much slower and hardly smaller on sensor noise."""


def raw_encoding(info: StreamInfo) -> str:
    """The encoding word of `foxglove.RawImage` for a stream's pixels."""
    if info.kind is StreamKind.COLOR:
        return "rgb8"
    if info.dtype == "uint8":
        return "mono8"
    return "16UC1" if info.kind in (StreamKind.DEPTH, StreamKind.THERMAL) else "mono16"


def schema_of(codec: Codec) -> Schema:
    return RawImage.get_schema() if codec == "raw" else CompressedImage.get_schema()


def pixel_bytes(pixels: NDArray[Any]) -> bytes:
    """Row by row, little-endian, as they are stored and as the checksum takes them."""
    if sys.byteorder == "big":
        pixels = pixels.astype(pixels.dtype.newbyteorder("<"))
    return pixels.tobytes()


def pixel_view(pixels: NDArray[Any]) -> bytes | memoryview:
    """The bytes of :func:`pixel_bytes`, without a copy where the pixels lie so already."""
    if sys.byteorder == "big" or not pixels.flags.c_contiguous:
        return pixel_bytes(pixels)
    return pixels.data.cast("B")


def checksum(data: bytes | memoryview) -> int:
    """XXH3-64."""
    return int(xxhash.xxh3_64_intdigest(data))


def encode(pixels: NDArray[Any], codec: Codec) -> bytes:
    """Pixels to the bytes of a lossless codec.

    Raises:
        ValueError: ``jpeg``, which only cameras and folders bring.
    """
    if codec == "raw":
        return pixel_bytes(pixels)
    if codec == "png":
        return encode_png(pixels)
    if codec == "compact":
        return predictive.encode(pixels)
    raise ValueError(f"frames are not encoded as {codec}; a camera's own JPEG bytes are kept as they are")


def decode(data: bytes, codec: Codec, info: StreamInfo) -> NDArray[Any]:
    """The bytes of any codec to pixels of the stream's shape and dtype.

    Raises:
        SessionFormatError: they do not decode, or to another size or depth.
    """
    if codec == "raw":
        return raw_pixels(data, info)
    if codec == "compact":
        try:
            return predictive.decode(data, info.dtype, info.shape)
        except SessionFormatError as error:
            raise SessionFormatError(f"stream {info.name}: {error}") from error
    return decode_compressed(data, info)


def encode_png(pixels: NDArray[Any]) -> bytes:
    """Lossless PNG of 8 or 16 bits; three channels are RGB."""
    image = cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR) if pixels.ndim == 3 else pixels
    ok, out = cv2.imencode(".png", image, [cv2.IMWRITE_PNG_COMPRESSION, _PNG_LEVEL])
    if not ok:
        raise SessionFormatError(f"OpenCV could not encode a PNG of {pixels.dtype} {pixels.shape}")
    return out.tobytes()


def decode_compressed(data: bytes, info: StreamInfo) -> NDArray[Any]:
    """PNG or JPEG bytes to pixels of the stream's shape and dtype.

    Raises:
        SessionFormatError: OpenCV cannot read them, or they are of another size or depth than the stream.
    """
    flag = cv2.IMREAD_COLOR if info.kind is StreamKind.COLOR else cv2.IMREAD_UNCHANGED
    try:
        image = cv2.imdecode(np.frombuffer(data, np.uint8), flag)
    except cv2.error as error:
        raise SessionFormatError(f"stream {info.name}: an image does not decode: {error}") from error
    if image is None:
        raise SessionFormatError(f"stream {info.name}: an image of {len(data)} bytes does not decode")
    if image.shape != info.shape or image.dtype.name != info.dtype:
        raise SessionFormatError(
            f"stream {info.name} promises {info.dtype} {info.shape}, "
            f"an image decodes to {image.dtype.name} {image.shape}"
        )
    return cv2.cvtColor(image, cv2.COLOR_BGR2RGB, dst=image) if image.ndim == 3 else image


def image_message(info: StreamInfo, host_ns: int, codec: Codec, data: bytes) -> tuple[bytes, bytes]:
    """The serialised image message of a frame whose stored bytes are ``data``, in two parts.

    The second is ``data`` itself: protobuf takes fields in any order, so its field comes last and is not copied.
    """
    stamp = _timestamp(host_ns)
    if codec == "raw":
        head = RawImage(
            timestamp=stamp,
            frame_id=info.name,
            width=info.width,
            height=info.height,
            encoding=raw_encoding(info),
            step=len(data) // info.height,
            data=b"",
        ).encode()
        return head + _RAW_DATA + _varint(len(data)), data
    head = CompressedImage(timestamp=stamp, frame_id=info.name, data=b"", format=FORMATS[codec]).encode()
    return head + _COMPRESSED_DATA + _varint(len(data)), data


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def calibration_message(info: StreamInfo, host_ns: int) -> bytes | None:
    """`foxglove.CameraCalibration` of a stream, None when nobody calibrated it.

    A lens that Foxglove has no model for gets none: its distortion stands in the stream's description alone.
    """
    k = info.intrinsics
    if k is None:
        return None
    model, coefficients = lens_names.named(k, lens_names.FOXGLOVE_FISHEYE) or ("", ())
    return CameraCalibration(
        timestamp=_timestamp(host_ns),
        frame_id=info.name,
        width=k.width,
        height=k.height,
        distortion_model=model,
        D=list(coefficients),
        K=[k.fx, 0.0, k.cx, 0.0, k.fy, k.cy, 0.0, 0.0, 1.0],
        R=[1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0],
        P=[k.fx, 0.0, k.cx, 0.0, 0.0, k.fy, k.cy, 0.0, 0.0, 0.0, 1.0, 0.0],
    ).encode()


def stored_bytes(message: memoryview, schema: str, info: StreamInfo) -> bytes:
    """The image data in a serialised image message: raw pixels, or PNG or JPEG bytes.

    Raises:
        SessionFormatError: it does not parse, or contradicts the stream's description.
    """
    try:
        rest, data = _without_data(message, _DATA_FIELDS[schema])
        image = _message_class(schema).FromString(rest)
    except (DecodeError, IndexError) as error:
        raise SessionFormatError(f"stream {info.name}: an image message does not parse: {error}") from error
    if schema == RAW_SCHEMA:
        found = (image.width, image.height, image.encoding)
        if found != (info.width, info.height, raw_encoding(info)):
            raise SessionFormatError(
                f"stream {info.name} promises {info.width}x{info.height} {raw_encoding(info)}, "
                f"an image is {found[0]}x{found[1]} {found[2]}"
            )
    return bytes(data)


def _without_data(message: memoryview, number: int) -> tuple[bytes, memoryview]:
    """A message without its field of that number, and that field (the last, if it is there several times).

    google.protobuf would copy the image twice: into the message, and out of it.
    """
    rest, data, at = [], message[:0], 0
    while at < len(message):
        begin = at
        key, at = _read_varint(message, at)
        kind = key & 7
        length = {_FIXED64: 8, _FIXED32: 4}.get(kind, 0)
        if kind == _DELIMITED:
            length, at = _read_varint(message, at)
        elif kind == _VARINT:
            _, at = _read_varint(message, at)
        elif not length:
            raise DecodeError(f"a field of the wire type {kind}")
        field, at = message[at : at + length], at + length
        if at > len(message):
            raise DecodeError("it ends within a field")
        if key >> 3 == number and kind == _DELIMITED:
            data = field
        else:
            rest.append(message[begin:at])
    return b"".join(rest), data


def _read_varint(message: memoryview, at: int) -> tuple[int, int]:
    """The value and the place after it. IndexError when the message ends within it."""
    value = shift = 0
    while shift < 70:
        byte = message[at]
        value |= (byte & 127) << shift
        shift, at = shift + 7, at + 1
        if byte < 128:
            return value, at
    raise DecodeError("a number of more than 64 bits")


def raw_pixels(data: bytes, info: StreamInfo) -> NDArray[Any]:
    """Bytes as :func:`pixel_bytes` gives them to read-only pixels, without a copy.

    Raises:
        SessionFormatError: there are too few or too many.
    """
    dtype = np.dtype(info.dtype).newbyteorder("<")
    expected = int(np.prod(info.shape)) * dtype.itemsize
    if len(data) != expected:
        raise SessionFormatError(
            f"stream {info.name}: {info.dtype} {info.shape} takes {expected} bytes, an image has {len(data)}"
        )
    return np.frombuffer(data, dtype).reshape(info.shape).astype(info.dtype, copy=False)


def _timestamp(ns: int) -> Timestamp:
    return Timestamp(ns // 10**9, ns % 10**9)


@functools.cache
def _message_class(schema: str) -> Any:
    """The protobuf class of one of the two image schemas, from foxglove-sdk's own descriptors."""
    source = RawImage.get_schema() if schema == RAW_SCHEMA else CompressedImage.get_schema()
    pool = descriptor_pool.DescriptorPool()
    for file in descriptor_pb2.FileDescriptorSet.FromString(source.data).file:
        pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(source.name))
