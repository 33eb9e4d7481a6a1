"""The channels of a session file: topic, encoding and schema of each."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from typing import Any, Final

from foxglove import Schema
from foxglove.messages import CameraCalibration, ImageAnnotations, Log

from drivers.frame import StreamInfo
from recordings import image_codec, schemas
from recordings.container_writer import ChannelSpec
from recordings.image_codec import Codec
from recordings.session import SCHEMA_VERSION

MAX_HOST_NS: Final = (1 << 32) * 10**9
"""What the timestamps of the image messages can hold."""


def _json(topic: str, schema: Mapping[str, Any]) -> ChannelSpec:
    version = {"schema_version": str(SCHEMA_VERSION)}
    return ChannelSpec(topic, "json", str(schema["title"]), "jsonschema", json.dumps(schema).encode(), version)


def _protobuf(topic: str, schema: Schema, metadata: Mapping[str, str] | None = None) -> ChannelSpec:
    return ChannelSpec(topic, "protobuf", schema.name, schema.encoding, schema.data, dict(metadata or {}))


OBSERVATIONS: Final = _json(schemas.OBSERVATIONS_TOPIC, schemas.OBSERVATION_SCHEMA)
EVENTS: Final = _json(schemas.EVENTS_TOPIC, schemas.EVENT_SCHEMA)
SIGNALS: Final = _json(schemas.SIGNALS_TOPIC, schemas.SIGNALS_SCHEMA)
SCHEDULE: Final = _json(schemas.SCHEDULE_TOPIC, schemas.SCHEDULE_SCHEMA)
LOG: Final = _protobuf(schemas.LOG_TOPIC, Log.get_schema())


@functools.cache
def frame(stream: str) -> ChannelSpec:
    return _json(schemas.frame_topic(stream), schemas.FRAME_SCHEMA)


def image(info: StreamInfo, codec: Codec) -> ChannelSpec:
    metadata = {"kind": info.kind.value, "codec": codec}
    return _protobuf(schemas.image_topic(info.name), image_codec.schema_of(codec), metadata)


@functools.cache
def calibration(stream: str) -> ChannelSpec:
    return _protobuf(schemas.calibration_topic(stream), CameraCalibration.get_schema())


@functools.cache
def drawn(stream: str) -> ChannelSpec:
    return _protobuf(schemas.annotations_topic(stream), ImageAnnotations.get_schema())
