"""Other ways to record the same frames, to measure ours against. Each writes, and each reads its file back.

All of them do the same work beside the pixels: an XXH3-64 of each frame's pixels is stored with its number and clocks,
what is written reaches the disk (fdatasync) after each FLUSH_NS of recorded time, and the file is synced at its end.

- `mcap + PNG`: the `mcap` package's own writer in plain Python, its defaults (chunks of 1 MiB, CRCs) without chunk
  compression; a `foxglove.CompressedImage` by google.protobuf with `cv2.imencode(".png")` at OpenCV's defaults, and a
  JSON message beside it. That writer cannot end a chunk early: up to 1 MiB stays in memory at a flush.
- `foxglove-sdk zstd|lz4|none`: foxglove-sdk's writer (Rust), its default chunk size and level; `foxglove.RawImage`.
- `h5py gzip1`: a dataset a stream, a chunk a frame, HDF5's own deflate filter at level 1 (no shuffle).
- `h5py blosc2`: the same, each chunk compressed by `blosc2.compress2` (bitshuffle, zstd 1, one thread) and stored by
  `write_direct_chunk`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
import xxhash
from numpy.typing import NDArray

from drivers.frame import Frame, StreamInfo
from recordings.reader import SessionReader
from recordings.session import SessionInfo
from recordings.writer import SessionWriter

FLUSH_NS: Final = 400_000_000
"""As the recorder's default."""

Writer = Callable[[Path, Iterable[Frame]], None]


@dataclass(frozen=True)
class Peer:
    """A way to record: ``write(path, frames)``; ``read(path)`` gives (stream, pixels) and checks each checksum."""

    name: str
    suffix: str
    write: Writer
    read: Callable[[Path], Iterator[tuple[str, NDArray[Any]]]]


def checksum(pixels: NDArray[Any]) -> str:
    return f"{xxhash.xxh3_64_intdigest(pixels):016x}"


class Flushes:
    """Says when FLUSH_NS of recorded time have gone by."""

    def __init__(self) -> None:
        self._next: int | None = None

    def due(self, frame: Frame) -> bool:
        if self._next is None or frame.host_ns >= self._next:
            first, self._next = self._next is None, frame.host_ns + FLUSH_NS
            return not first
        return False


# -- ours ------------------------------------------------------------------------------------------------------------


def ours(layout: Any, **options: Any) -> Peer:
    def write(path: Path, frames: Iterable[Frame]) -> None:
        due = Flushes()
        with SessionWriter(path, session_info(), layout, **options) as writer:
            for frame in frames:
                if due.due(frame):
                    writer.flush()
                writer.write_frame(frame)

    return Peer(f"tapetum {layout}", ".mcap", write, read_ours)


def read_ours(path: Path) -> Iterator[tuple[str, NDArray[Any]]]:
    with SessionReader(path) as reader:
        for frame in reader.frames():
            yield frame.stream, frame.pixels


def session_info() -> SessionInfo:
    from benchmarks.four_streams import STREAMS

    return SessionInfo.create(STREAMS, title="benchmark", source="benchmark")


# -- mcap + PNG ------------------------------------------------------------------------------------------------------


def write_mcap_png(path: Path, frames: Iterable[Frame]) -> None:
    from mcap.writer import CompressionType, Writer

    due = Flushes()
    image_class, schema = _protobuf("CompressedImage")
    topics: dict[str, tuple[int, int]] = {}
    with path.open("wb") as file:
        writer = Writer(file, compression=CompressionType.NONE)
        writer.start()
        image_schema = writer.register_schema(schema.name, schema.encoding, schema.data)
        frame_schema = writer.register_schema("Frame", "jsonschema", b'{"type":"object"}')
        for f in frames:
            if due.due(f):
                file.flush()
                os.fdatasync(file.fileno())
            if f.stream not in topics:
                topics[f.stream] = (
                    writer.register_channel(f"/{f.stream}/image", "protobuf", image_schema),
                    writer.register_channel(f"/{f.stream}/frame", "json", frame_schema),
                )
            image = image_class(frame_id=f.stream, format="png", data=cv2.imencode(".png", f.pixels)[1].tobytes())
            image.timestamp.FromNanoseconds(f.host_ns)
            said = json.dumps(_described(f)).encode()
            writer.add_message(topics[f.stream][1], f.host_ns, said, f.host_ns)
            writer.add_message(topics[f.stream][0], f.host_ns, image.SerializeToString(), f.host_ns)
        writer.finish()
        file.flush()
        os.fsync(file.fileno())


def read_mcap_png(path: Path) -> Iterator[tuple[str, NDArray[Any]]]:
    from mcap.reader import make_reader

    image_class, _ = _protobuf("CompressedImage")
    wanted = ""
    with path.open("rb") as file:
        for _, channel, message in make_reader(file).iter_messages():
            if channel.topic.endswith("/frame"):
                wanted = json.loads(message.data)["checksum"]
                continue
            png = image_class.FromString(message.data).data
            pixels = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_UNCHANGED)
            _check(pixels, wanted)
            yield channel.topic.split("/")[1], pixels


def seek_mcap_png(path: Path) -> Callable[[StreamInfo, int], NDArray[Any]]:
    """A function from stream and host time to pixels, on one open reader."""
    from mcap.reader import make_reader

    image_class, _ = _protobuf("CompressedImage")
    reader = make_reader(path.open("rb"))

    def seek(info: StreamInfo, host_ns: int) -> NDArray[Any]:
        found = {}
        topics = [f"/{info.name}/image", f"/{info.name}/frame"]
        for _, channel, message in reader.iter_messages(topics, host_ns, host_ns + 1):
            found[channel.topic] = message.data
        png = image_class.FromString(found[topics[0]]).data
        pixels = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_UNCHANGED)
        _check(pixels, json.loads(found[topics[1]])["checksum"])
        return pixels

    return seek


# -- foxglove-sdk ----------------------------------------------------------------------------------------------------


def foxglove_sdk(compression: str) -> Peer:
    def write(path: Path, frames: Iterable[Frame]) -> None:
        import foxglove
        from foxglove.channels import RawImageChannel
        from foxglove.mcap import MCAPCompression, MCAPWriteOptions
        from foxglove.messages import RawImage, Timestamp

        kinds = {"zstd": MCAPCompression.Zstd, "lz4": MCAPCompression.Lz4, "none": None}
        due, context = Flushes(), foxglove.Context()
        options = MCAPWriteOptions(compression=kinds[compression], compression_threads=0)
        writer = foxglove.open_mcap(path, context=context, writer_options=options)
        handle = os.open(path, os.O_RDWR)
        images: dict[str, Any] = {}
        said: dict[str, Any] = {}
        for f in frames:
            if due.due(f):
                writer.flush()
                os.fdatasync(handle)
            if f.stream not in images:
                images[f.stream] = RawImageChannel(f"/{f.stream}/image", context=context)
                said[f.stream] = foxglove.Channel(f"/{f.stream}/frame", message_encoding="json", context=context)
            said[f.stream].log(json.dumps(_described(f)).encode(), log_time=f.host_ns)
            image = RawImage(
                timestamp=Timestamp(f.host_ns // 10**9, f.host_ns % 10**9),
                frame_id=f.stream,
                width=f.info.width,
                height=f.info.height,
                encoding="mono8" if f.info.dtype == "uint8" else "16UC1",
                step=f.pixels.strides[0],
                data=f.pixels.tobytes(),
            )
            images[f.stream].log(image, log_time=f.host_ns)
        writer.close()
        os.fsync(handle)
        os.close(handle)

    return Peer(f"foxglove-sdk {compression}", ".mcap", write, read_foxglove)


def read_foxglove(path: Path) -> Iterator[tuple[str, NDArray[Any]]]:
    from mcap.reader import make_reader

    image_class, _ = _protobuf("RawImage")
    wanted = ""
    with path.open("rb") as file:
        for _, channel, message in make_reader(file).iter_messages():
            if channel.topic.endswith("/frame"):
                wanted = json.loads(message.data)["checksum"]
                continue
            image = image_class.FromString(message.data)
            dtype = np.uint8 if image.encoding == "mono8" else np.uint16
            pixels = np.frombuffer(image.data, dtype).reshape(image.height, image.width)
            _check(pixels, wanted)
            yield channel.topic.split("/")[1], pixels


# -- HDF5 ------------------------------------------------------------------------------------------------------------


def h5(name: str) -> Peer:
    def write(path: Path, frames: Iterable[Frame]) -> None:
        import h5py

        due = Flushes()
        described: dict[str, list[tuple[int, int, int, int]]] = {}
        handle = os.open(path, os.O_RDWR | os.O_CREAT)
        with h5py.File(path, "w") as file:

            def flush() -> None:
                for stream, rows in described.items():
                    table = file[f"{stream}/frames"]
                    done = len(table)
                    table.resize((len(rows), 4))
                    table[done:] = np.array(rows[done:], np.uint64).reshape(-1, 4)
                file.flush()
                os.fdatasync(handle)

            for f in frames:
                if due.due(f):
                    flush()
                if f.stream not in described:
                    described[f.stream] = []
                    shape = f.info.shape
                    filters = {"compression": "gzip", "compression_opts": 1} if name == "gzip1" else {}
                    file.create_dataset(
                        f"{f.stream}/pixels",
                        shape=(0, *shape),
                        dtype=f.info.dtype,
                        chunks=(1, *shape),
                        maxshape=(None, *shape),
                        **filters,
                    )
                    file.create_dataset(
                        f"{f.stream}/frames", shape=(0, 4), dtype="u8", chunks=(64, 4), maxshape=(None, 4)
                    )
                rows, pixels = described[f.stream], file[f"{f.stream}/pixels"]
                n = len(rows)
                pixels.resize(n + 1, axis=0)
                if name == "gzip1":
                    pixels[n] = f.pixels
                else:
                    pixels.id.write_direct_chunk((n, 0, 0), _blosc(f.pixels))
                rows.append((f.number, f.device_ns, f.host_ns, int(checksum(f.pixels), 16)))
            flush()
        os.fsync(handle)
        os.close(handle)

    def read(path: Path) -> Iterator[tuple[str, NDArray[Any]]]:
        import blosc2
        import h5py

        with h5py.File(path, "r") as file:
            tables = {stream: file[f"{stream}/frames"][:] for stream in file}
            order = sorted((int(row[2]), stream, n) for stream, table in tables.items() for n, row in enumerate(table))
            for _, stream, n in order:
                data = file[f"{stream}/pixels"]
                if name == "gzip1":
                    pixels = data[n]
                else:
                    _, packed = data.id.read_direct_chunk((n, 0, 0))
                    pixels = np.frombuffer(blosc2.decompress2(packed), data.dtype).reshape(data.shape[1:])
                _check(pixels, f"{int(tables[stream][n, 3]):016x}")
                yield stream, pixels

    return Peer(f"h5py {name}", ".h5", write, read)


def _blosc(pixels: NDArray[Any]) -> bytes:
    import blosc2

    packed: bytes = blosc2.compress2(
        np.ascontiguousarray(pixels),
        codec=blosc2.Codec.ZSTD,
        clevel=1,
        typesize=pixels.itemsize,
        nthreads=1,
        filters=[blosc2.Filter.BITSHUFFLE],
        filters_meta=[0],
    )
    return packed


# -- all -------------------------------------------------------------------------------------------------------------

BASELINE: Final = "mcap + PNG"


def peers() -> dict[str, Peer]:
    """By name; the baseline first."""
    all_of_them = [
        Peer(BASELINE, ".mcap", write_mcap_png, read_mcap_png),
        ours("viewable"),
        ours("compact"),
        *(foxglove_sdk(c) for c in ("zstd", "lz4", "none")),
        h5("gzip1"),
        h5("blosc2"),
    ]
    return {p.name: p for p in all_of_them}


def _described(f: Frame) -> dict[str, Any]:
    return {
        "schema_version": 1,
        "number": f.number,
        "device_ns": f.device_ns,
        "host_ns": f.host_ns,
        "flags": int(f.flags),
        "checksum": checksum(f.pixels),
        "checksum_of": "pixels",
    }


def _check(pixels: NDArray[Any], wanted: str) -> None:
    if checksum(pixels) != wanted:
        raise AssertionError("a frame came back otherwise than it was written")


def _protobuf(name: str) -> tuple[Any, Any]:
    """The google.protobuf class of a Foxglove message, and its schema."""
    import foxglove.messages
    from google.protobuf import descriptor_pb2, descriptor_pool, message_factory, timestamp_pb2

    schema = getattr(foxglove.messages, name).get_schema()
    pool = descriptor_pool.DescriptorPool()
    pool.AddSerializedFile(timestamp_pb2.DESCRIPTOR.serialized_pb)
    for file in descriptor_pb2.FileDescriptorSet.FromString(schema.data).file:
        if not file.name.startswith("google/"):
            pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(schema.name)), schema
