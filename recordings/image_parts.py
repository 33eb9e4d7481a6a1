"""Image and calibration messages taken apart by what they say themselves, and frames checked against their checksum."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any, Final

from foxglove import Schema
from foxglove.messages import CameraCalibration, CompressedImage, RawImage
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.message import DecodeError

from drivers.errors import DriverError
from drivers.frame import Intrinsics
from recordings import image_codec, lens_names
from recordings.errors import SessionFormatError
from recordings.image_codec import FORMATS, Codec
from recordings.stored import StoredFrame

_ENCODINGS: Final = frozenset({"rgb8", "mono8", "mono16", "16UC1"})
_CODECS: Final[dict[str, Codec]] = {word: codec for codec, word in FORMATS.items()}


@dataclass(frozen=True, slots=True)
class ImageParts:
    """An image message: whose it is, how it is stored, its bytes; size and encoding where it is raw."""

    stream: str
    codec: Codec
    data: bytes
    width: int = 0
    height: int = 0
    encoding: str = ""


def image_parts(message: bytes) -> ImageParts | None:
    """A `foxglove.RawImage` or `foxglove.CompressedImage` as this program writes them; None when it is neither."""
    raw = _parsed(message, RawImage.get_schema())
    if raw is not None and raw.encoding in _ENCODINGS and raw.width and raw.height and raw.frame_id:
        return ImageParts(raw.frame_id, "raw", raw.data, raw.width, raw.height, raw.encoding)
    packed = _parsed(message, CompressedImage.get_schema())
    if packed is not None and packed.format in _CODECS and packed.frame_id:
        return ImageParts(packed.frame_id, _CODECS[packed.format], packed.data)
    return None


def intrinsics_of(message: bytes) -> Intrinsics | None:
    """What a `foxglove.CameraCalibration` says; None when it says nothing of use.

    A lens that the message has no model for reads as a pinhole (see :func:`image_codec.calibration_message`).
    """
    said = _parsed(message, CameraCalibration.get_schema())
    if said is None or len(said.K) != 9:
        return None
    lens = lens_names.model_of(said.distortion_model, said.D)
    if lens is None:
        return None
    k, (model, coefficients) = list(said.K), lens
    try:
        return Intrinsics(said.width, said.height, k[0], k[4], k[2], k[5], coefficients, model)
    except DriverError:
        return None


def is_intact(stored: StoredFrame) -> bool:
    """Whether a frame's checksum fits. A JPEG is not decoded for it: its checksum is of its bytes."""
    if stored.codec == "jpeg":
        return image_codec.checksum(stored.data) == stored.checksum
    try:
        pixels = image_codec.decode(stored.data, stored.codec, stored.info)
    except SessionFormatError:
        return False
    summed = stored.data if stored.codec == "raw" else image_codec.pixel_bytes(pixels)
    return image_codec.checksum(summed) == stored.checksum


def _parsed(message: bytes, schema: Schema) -> Any | None:
    try:
        return _message_class(schema.name, schema.data).FromString(message)
    except DecodeError:
        return None


@functools.cache
def _message_class(name: str, descriptors: bytes) -> Any:
    pool = descriptor_pool.DescriptorPool()
    for file in descriptor_pb2.FileDescriptorSet.FromString(descriptors).file:
        pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(name))
