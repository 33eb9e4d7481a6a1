"""Image messages of any writer are read as protobuf itself reads them; damaged ones are refused."""

from __future__ import annotations

from typing import Any

import pytest
from foxglove.messages import CompressedImage, RawImage
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from hypothesis import given
from hypothesis import strategies as st

from drivers.frame import StreamInfo, StreamKind
from recordings.errors import SessionFormatError
from recordings.image_codec import COMPRESSED_SCHEMA, RAW_SCHEMA, image_message, stored_bytes

INFO = StreamInfo("depth", StreamKind.DEPTH, 8, 4, "uint16", 30.0, unit_m=0.001)


def protobuf_class(schema: str) -> Any:
    source = (RawImage if schema == RAW_SCHEMA else CompressedImage).get_schema()
    pool = descriptor_pool.DescriptorPool()
    for file in descriptor_pb2.FileDescriptorSet.FromString(source.data).file:
        pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(schema))


CLASSES = {schema: protobuf_class(schema) for schema in (RAW_SCHEMA, COMPRESSED_SCHEMA)}


def described(schema: str, **values: Any) -> Any:
    """A message of google.protobuf that says what the stream promises."""
    if schema == RAW_SCHEMA:
        values = {"width": 8, "height": 4, "encoding": "16UC1", "step": 16, **values}
    return CLASSES[schema](frame_id="depth", **values)


def varint(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes([*out, value])


fields_of_later_versions = st.one_of(
    st.builds(lambda n, v: varint(n << 3) + varint(v), st.integers(20, 5000), st.integers(0, (1 << 64) - 1)),
    st.builds(lambda n, v: varint(n << 3 | 1) + v, st.integers(20, 5000), st.binary(min_size=8, max_size=8)),
    st.builds(lambda n, v: varint(n << 3 | 5) + v, st.integers(20, 5000), st.binary(min_size=4, max_size=4)),
    st.builds(lambda n, v: varint(n << 3 | 2) + varint(len(v)) + v, st.integers(20, 5000), st.binary(max_size=300)),
)


@pytest.mark.parametrize("codec", ["raw", "compact"])
@given(data=st.binary(max_size=400))
def test_the_recorders_own_messages_give_their_bytes_back(codec: Any, data: bytes) -> None:
    schema = RAW_SCHEMA if codec == "raw" else COMPRESSED_SCHEMA
    message = memoryview(b"".join(image_message(INFO, 1_790_000_000_000_000_000, codec, data)))
    assert stored_bytes(message, schema, INFO) == data == CLASSES[schema].FromString(message).data


@pytest.mark.parametrize("schema", [RAW_SCHEMA, COMPRESSED_SCHEMA])
@given(parts=st.lists(st.one_of(st.binary(max_size=300), fields_of_later_versions.map(bytearray)), max_size=6))
def test_fields_in_any_order_and_of_later_versions_do_not_matter(schema: str, parts: list[bytes | bytearray]) -> None:
    """Parts that are bytes are images: the last one counts. The others are fields that nobody knows."""
    whole = b"".join(
        bytes(p) if isinstance(p, bytearray) else CLASSES[schema](data=p).SerializeToString() for p in parts
    )
    whole += described(schema).SerializeToString()
    assert stored_bytes(memoryview(whole), schema, INFO) == CLASSES[schema].FromString(whole).data


@pytest.mark.parametrize("schema", [RAW_SCHEMA, COMPRESSED_SCHEMA])
def test_a_message_cut_short_is_refused_or_read_as_protobuf_reads_it(schema: str) -> None:
    whole = described(schema, data=bytes(range(64))).SerializeToString()
    for length in range(len(whole)):
        try:
            found = stored_bytes(memoryview(whole[:length]), schema, INFO)
        except SessionFormatError:
            continue
        assert found == CLASSES[schema].FromString(whole[:length]).data
    refused = 0
    for length in range(len(whole) - 70, len(whole)):
        try:
            stored_bytes(memoryview(whole[:length]), schema, INFO)
        except SessionFormatError:
            refused += 1
    assert refused > 60


@pytest.mark.parametrize("schema", [RAW_SCHEMA, COMPRESSED_SCHEMA])
@given(st.binary(max_size=200))
def test_rubbish_is_refused_or_read_as_protobuf_reads_it(schema: str, rubbish: bytes) -> None:
    try:
        found = stored_bytes(memoryview(rubbish), schema, INFO)
    except SessionFormatError:
        return
    assert found == CLASSES[schema].FromString(rubbish).data


def test_an_image_of_another_size_is_refused_by_name() -> None:
    with pytest.raises(SessionFormatError, match="depth promises 8x4 16UC1, an image is 9x4 16UC1"):
        stored_bytes(memoryview(described(RAW_SCHEMA, width=9, data=b"").SerializeToString()), RAW_SCHEMA, INFO)
