"""A session as a ROS 2 bag: an MCAP file of CDR messages, as `ros2 bag` plays and Foxglove and Rerun show it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from drivers.frame import Frame, FrameFlag, StreamInfo, StreamKind
from recordings import image_codec, schemas
from recordings.container import McapFile
from recordings.container_writer import ChannelSpec, ContainerWriter
from recordings.errors import SessionExportError, SessionFormatError
from recordings.exporters import cdr
from recordings.exporters.messages import Messages
from recordings.exporters.output import MANIFEST_VERSION, new_file
from recordings.exporters.part import Part, part_of
from recordings.exporters.protocol import Exporter, ExportOptions, ExportReport, Progress, check_options
from recordings.reader import SessionReader
from recordings.session import program_name
from recordings.stored import StoredFrame, decode_frame

METADATA: Final = "tapetum.export"
RIG_FRAME: Final = "rig"

_IMAGE = "sensor_msgs/msg/Image"
_COMPRESSED = "sensor_msgs/msg/CompressedImage"
_INFO = "sensor_msgs/msg/CameraInfo"
_TF = "tf2_msgs/msg/TFMessage"
_STRING = "std_msgs/msg/String"

_LAST_NS: Final = (1 << 31) * 10**9
"""ROS 2 counts seconds in 32 bits with a sign."""

_PACKERS: Final = 2


class Ros2:
    """The exporter to ROS 2 bags."""

    name = "ros2"
    title = "ROS 2 bag (MCAP with CDR messages); under ROS 2 itself UNVERIFIED"
    suffix = ".mcap"
    uses = frozenset({"stamp"})
    kept = (
        "every pixel: depth of 1 mm as 16UC1, of other units as 32FC1 in metres; mono8, mono16, rgb8",
        "a camera's own JPEG, byte for byte (CompressedImage)",
        "intrinsics (camera_info), poses in the rig (tf_static)",
        "the session's description (units, the map to kelvin), numbers, both clocks, flags, observations and events, "
        "as JSON in std_msgs/String",
    )
    not_kept = (
        "depth counts of other units than 1 mm as integers",
        "drawings, schedule, log, attachments, what the results were made with",
    )

    def run(
        self, session: SessionReader, out: Path, options: ExportOptions, on_progress: Progress | None = None
    ) -> ExportReport:
        check_options(self, options)
        part = part_of(session, options)
        stamp = options.extra.get("stamp", "host")
        if stamp not in ("host", "device"):
            raise SessionExportError(
                f"--set stamp takes host or device (whose clock the headers tell), found {stamp!r}"
            )
        with new_file(out, session, self.suffix, options.overwrite) as file:
            with ThreadPoolExecutor(_PACKERS, "tapetum-pack") as packers:
                writer = ContainerWriter(file, profile="ros2", library=program_name(), packers=packers)
                bag = _Bag(session, part, writer, stamp)
                bag.write(on_progress)
                writer.finish()
            notes = bag.notes()
        return ExportReport(out, part.counts(), out.stat().st_size, tuple(notes))


@dataclass(frozen=True, slots=True)
class _Topics:
    """Where one stream's messages go."""

    raw: ChannelSpec
    jpeg: ChannelSpec
    info: ChannelSpec
    frame: ChannelSpec
    frame_id: str

    @classmethod
    def of(cls, base: str, inner: str = "") -> _Topics:
        return cls(
            cdr.channel(f"/{base}{inner}/image_raw", _IMAGE),
            cdr.channel(f"/{base}{inner}/image_raw/compressed", _COMPRESSED),
            cdr.channel(f"/{base}{inner}/camera_info", _INFO),
            cdr.channel(f"/{base}{inner}/frame", _STRING),
            base,
        )


class _Bag:
    """Writes the messages of one export."""

    def __init__(self, session: SessionReader, part: Part, writer: ContainerWriter, stamp: str) -> None:
        self._session, self._part, self._writer = session, part, writer
        self._stamp: Callable[[StoredFrame], int] = lambda f: f.device_ns if stamp == "device" else f.host_ns
        self._names = topic_names([s.name for s in part.streams])
        self._topics = {s: _Topics.of(base) for s, base in self._names.items()}
        # What a model imagined has its own topics, with the word in their names.
        self._generated = {s: _Topics.of(base, "/GENERATED") for s, base in self._names.items()}
        self._in_metres = [s.name for s in part.streams if is_in_metres(s)]
        self._has_generated = False

    def write(self, on_progress: Progress | None) -> None:
        """Everything, in the order of the host times."""
        session, part = self._session, self._part
        self._writer.metadata(METADATA, {"version": str(MANIFEST_VERSION), "json": json.dumps(self._description())})
        begin = self._start()
        text = json.dumps(self._description(), sort_keys=True)
        self._put(cdr.channel("/tapetum/session", _STRING, is_latched=True), begin, cdr.string(text))
        placed = [(self._names[s.name], s.extrinsics) for s in part.streams]
        self._put(cdr.channel("/tf_static", _TF, is_latched=True), begin, cdr.transforms(begin, RIG_FRAME, placed))
        source = McapFile(session.path)
        try:
            results = [
                (cdr.channel(topic, _STRING), Messages(source, topic, part))
                for topic in (schemas.OBSERVATIONS_TOPIC, schemas.EVENTS_TOPIC)
                if topic in source.channels
            ]
            for done, (name, index) in enumerate(part.order, 1):
                stored = session.stored(name, index)
                self._results(results, stored.host_ns)
                self._frame(stored)
                if on_progress is not None:
                    on_progress(done, len(part.order))
            self._results(results, None)
        finally:
            source.close()

    def _results(self, results: list[tuple[ChannelSpec, Messages]], before_ns: int | None) -> None:
        """Observations and events older than a host time; all that are left when it is None."""
        for spec, messages in results:
            for log_ns, data in messages.before(before_ns):
                self._put(spec, log_ns, cdr.string(data.decode("utf-8", "replace")))

    def notes(self) -> list[str]:
        """What to know of the bag."""
        out = [f"{name}: depth as 32FC1 in metres, since its unit is not 1 mm" for name in self._in_metres]
        out += [f"{name} is named {base} here" for name, base in self._names.items() if base != name]
        if self._has_generated:
            out.append("frames that a model GENERATED are on topics with that word in their names")
        return out

    def _description(self) -> dict[str, Any]:
        return {"session": self._session.info.to_json(), "topics": self._names}

    def _start(self) -> int:
        name, index = self._part.order[0]
        return int(self._session.times(name).host_ns[index])

    def _put(self, spec: ChannelSpec, log_ns: int, *data: bytes) -> None:
        self._writer.message(spec, log_ns, *data)

    def _frame(self, stored: StoredFrame) -> None:
        info = stored.info
        generated = bool(stored.flags & FrameFlag.GENERATED)
        self._has_generated |= generated
        topics = (self._generated if generated else self._topics)[info.name]
        ns = self._stamp(stored)
        if not -_LAST_NS <= ns < _LAST_NS:
            raise SessionExportError(
                f"frame {stored.number} of {info.name} is at {ns} ns, which ROS 2 cannot tell (it counts seconds in "
                "32 bits); try --set stamp=host"
            )
        stamp = cdr.Stamp(ns, topics.frame_id)
        try:
            frame = decode_frame(stored)
        except SessionFormatError as error:
            raise SessionFormatError(f"{self._session.path}: {error}") from error
        if stored.codec == "jpeg":
            self._put(topics.jpeg, stored.host_ns, *cdr.compressed_image(stamp, "jpeg", stored.data))
        else:
            encoding, data = pixels_of(frame)
            self._put(topics.raw, stored.host_ns, *cdr.image(stamp, info.width, info.height, encoding, data))
        if info.intrinsics is not None:
            self._put(topics.info, stored.host_ns, cdr.camera_info(stamp, info.intrinsics))
        said = {
            "number": stored.number,
            "device_ns": stored.device_ns,
            "host_ns": stored.host_ns,
            "flags": int(stored.flags),
        }
        self._put(topics.frame, stored.host_ns, cdr.string(json.dumps(said)))


def is_in_metres(info: StreamInfo) -> bool:
    """Whether a depth stream is written in metres: ROS takes integers for millimetres (REP 118)."""
    return info.kind is StreamKind.DEPTH and info.unit_m is not None and abs(info.unit_m - 0.001) > 1e-12


def pixels_of(frame: Frame) -> tuple[str, bytes]:
    """A frame's encoding in ROS' words, and its little-endian bytes.

    Thermal is mono16: as 16UC1 it would be taken for depth. Depth in metres has NaN where there is no reading.
    """
    if is_in_metres(frame.info):
        return "32FC1", frame.depth_m().astype("<f4").tobytes()
    if frame.kind is StreamKind.THERMAL:
        return "mono16", image_codec.pixel_bytes(frame.pixels)
    return image_codec.raw_encoding(frame.info), image_codec.pixel_bytes(frame.pixels)


def topic_names(streams: Sequence[str]) -> Mapping[str, str]:
    """Stream -> a name that ROS takes: letters, digits and single underscores, no part beginning with a digit."""
    out: dict[str, str] = {}
    for stream in streams:
        parts = [re.sub(r"_+", "_", re.sub(r"[^A-Za-z0-9_]", "_", part)) for part in stream.split("/") if part]
        name = base = "/".join(f"s{p}" if p[0].isdigit() else p for p in parts) or "stream"
        count = 2
        while name in out.values():
            name, count = f"{base}_{count}", count + 1
        out[stream] = name
    return out


EXPORTER: Exporter = Ros2()
