"""What a damaged file says of its session: which channel carries what, and the description of its streams."""

from __future__ import annotations

import dataclasses
import json
import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
import zstandard

from drivers.errors import DriverError
from drivers.frame import FrameFlag, Intrinsics, StreamInfo, StreamKind
from recordings import image_codec, schemas
from recordings.byte_source import ByteSource
from recordings.errors import SessionFormatError
from recordings.image_parts import ImageParts, image_parts, intrinsics_of, is_intact
from recordings.session import SCHEMA_VERSION, SessionInfo
from recordings.stored import StoredFrame, decode_frame
from recordings.survey import ContentCache, Survey

_LOOKS: Final = 5
"""Messages of a channel that are looked at to find out what it carries."""

_IMAGE_TOPIC: Final = re.compile(r"/(\S+)/image")
_FRAME_TOPIC: Final = re.compile(r"/(\S+)/frame")
_GUESSED_UNIT_M: Final = 0.001

_KINDS: Final = {
    "rgb8": StreamKind.COLOR,
    "mono8": StreamKind.GRAY,
    "mono16": StreamKind.INFRARED,
    "16UC1": StreamKind.DEPTH,
}


@dataclass(frozen=True, slots=True)
class Known:
    """What a file's channels and description are.

    Attributes:
        info: the session's description as it was, or as far as it could be found out.
        images, words: channel id -> stream: of the images, of the `tapetum.Frame` messages.
        unsaid: what of the description was lost and had to be guessed, for people.
    """

    info: SessionInfo
    images: Mapping[int, str]
    words: Mapping[int, str]
    unsaid: tuple[str, ...]


def find_out(source: ByteSource, survey: Survey) -> Known:
    """The session's description, from its own record or, without one, from what its channels and images say.

    Raises:
        SessionFormatError: a newer version of this program wrote it, or nothing of a session is in it.
    """
    return _Finder(source, survey).run()


class _Finder:
    def __init__(self, source: ByteSource, survey: Survey) -> None:
        self._source = source
        self._survey = survey
        self._cache = ContentCache()
        self._unsaid: list[str] = []
        self._images: dict[int, str] = {}
        self._words: dict[int, str] = {}
        self._looks: dict[str, list[tuple[Any, ImageParts]]] = {}

    def run(self) -> Known:
        copies = list(self._copies())
        names = {s.name for copy in copies for s in copy.streams}
        self._find_images(names)
        self._find_words_by_topic()
        info = self._chosen(copies) if copies else None
        if info is None and not self._images:
            raise SessionFormatError(
                f"{self._source.path} holds nothing of a Tapetum session that could be saved: neither its "
                "description nor an image"
            )
        info = self._settled(info)
        self._find_words_by_content(info)
        return Known(info, self._images, self._words, tuple(self._unsaid))

    # -- channels ----------------------------------------------------------------------------------------------

    def _find_images(self, names: set[str]) -> None:
        messages = self._survey.messages
        for channel in np.unique(messages["channel"]).tolist():
            rows = messages[messages["channel"] == channel]
            # those that a CRC covers first
            rows = rows[np.argsort(-rows["proven"], kind="stable")][:_LOOKS]
            said = self._topic(channel, _IMAGE_TOPIC)
            if said is not None:
                self._images[channel] = said
            for row in rows:
                parts = image_parts(self._survey.message_data(self._source, row, self._cache))
                if parts is None or (said or parts.stream) != parts.stream:
                    continue
                if said is None and (parts.stream not in names and names):
                    continue
                self._images.setdefault(channel, parts.stream)
                self._looks.setdefault(parts.stream, []).append((row, parts))

    def _topic(self, channel: int, pattern: re.Pattern[str]) -> str | None:
        """The stream in a channel's topic; None when its record is lost, is not to be trusted or names none."""
        found = self._survey.channels.get(channel)
        if found is None or not found.trust:
            return None
        match = pattern.fullmatch(found.record.topic)
        return match[1] if match else None

    def _find_words_by_topic(self) -> None:
        for channel in np.unique(self._survey.words["channel"]).tolist():
            stream = self._topic(channel, _FRAME_TOPIC)
            if stream is not None:
                self._words[channel] = stream

    def _find_words_by_content(self, info: SessionInfo) -> None:
        """Channels whose records are lost: by the images whose checksums their messages hold."""
        words = self._survey.words
        for channel in np.unique(words["channel"]).tolist():
            if channel in self._words:
                continue
            for row in words[words["channel"] == channel][: 4 * _LOOKS]:
                stream = self._stream_of(row, info)
                if stream is not None:
                    self._words[channel] = stream
                    break

    def _stream_of(self, words: Any, info: SessionInfo) -> str | None:
        messages = self._survey.messages
        for image in messages[messages["log_time"] == words["host_ns"]]:
            stream = self._images.get(int(image["channel"]))
            if stream is None or stream not in {s.name for s in info.streams}:
                continue
            parts = image_parts(self._survey.message_data(self._source, image, self._cache))
            if parts is not None and is_intact(_stored(info.stream(stream), words, parts)):
                return stream
        return None

    # -- the description ---------------------------------------------------------------------------------------

    def _copies(self) -> Iterator[SessionInfo]:
        """Every copy of the description that reads."""
        newer = None
        for name, said in self._survey.metadata:
            if name != schemas.SESSION_METADATA:
                continue
            text = said.get("json", "")
            if "checksum" in said and said["checksum"] != f"{image_codec.checksum(text.encode()):016x}":
                continue
            try:
                data = json.loads(text)
                # said twice: once alone it may be a flipped bit
                if data["schema_version"] > SCHEMA_VERSION and str(data["schema_version"]) == said["schema_version"]:
                    newer = data["schema_version"]
                    continue
                yield SessionInfo.from_json(data)
            except (ValueError, KeyError, TypeError, RecursionError, SessionFormatError):
                continue
        if newer is not None:
            raise SessionFormatError(
                f"{self._source.path} has schema version {newer}, this program reads up to {SCHEMA_VERSION}; "
                "update tapetum"
            )

    def _chosen(self, copies: list[SessionInfo]) -> SessionInfo:
        distinct: list[SessionInfo] = []
        for copy in copies:
            if copy not in distinct:
                distinct.append(copy)
        if len(distinct) == 1:
            return distinct[0]
        # damage in one of the copies that still reads as a description: what the rest of the file bears out wins
        scores = [self._score(copy) for copy in distinct]
        best = distinct[scores.index(max(scores))]
        if scores.count(max(scores)) > 1:
            fields = [k for k in best.to_json() if len({json.dumps(d.to_json()[k]) for d in distinct}) > 1]
            self._unsaid.append(
                f"the copies of the session's description differ ({', '.join(fields)}); the first one was taken"
            )
        return best

    def _score(self, info: SessionInfo) -> int:
        calibrations = self._calibrations()
        right = sum(calibrations.get(s.name, s.intrinsics) == s.intrinsics for s in info.streams)
        right += sum(self._fits(s) is not False for s in info.streams)
        titles = [said.get("title") for name, said in self._survey.metadata if name == schemas.SESSION_METADATA]
        return right + sum(title == info.title for title in titles)

    def _settled(self, info: SessionInfo | None) -> SessionInfo:
        """With every stream that has images described so that they decode."""
        known = {} if info is None else {s.name: s for s in info.streams}
        for stream in sorted(set(self._images.values())):
            said = known.get(stream)
            if said is not None and self._fits(said) is not False:
                continue
            rebuilt = self._rebuilt(stream)
            if rebuilt is not None:
                known[stream] = rebuilt
            elif said is None:
                self._unsaid.append(f"the images of stream {stream} are left out: nothing says what they are")
        if info is not None:
            return dataclasses.replace(info, streams=tuple(known.values()))
        self._unsaid.insert(0, "the session's description is lost: title, notes, cameras and poses are not known")
        return SessionInfo(
            id=uuid.uuid4().hex,
            title=self._source.path.name,
            created_utc=_utc(int(self._survey.messages["log_time"].min())),
            clock="device",
            source="recovered without its description",
            streams=tuple(known.values()),
        )

    def _fits(self, info: StreamInfo) -> bool | None:
        """Whether a stream's images decode as its description says; None when none can tell."""
        verdict = None
        for stored in self._samples(info):
            verdict = False
            try:
                decode_frame(stored)
            except SessionFormatError:
                continue
            return True
        return verdict

    def _samples(self, info: StreamInfo) -> Iterator[StoredFrame]:
        words = self._survey.words
        channels = {c for c, s in self._words.items() if s == info.name}
        index = self._survey.indexes.get(info.name)
        for row, parts in self._looks.get(info.name, []):
            near = words[words["host_ns"] == row["log_time"]]
            said = [w for w in near if not channels or int(w["channel"]) in channels]
            if index is not None:
                said += list(index[index["host_ns"] == row["log_time"]])
            for one in said:
                yield _stored(info, one, parts)

    # -- a stream without a description ------------------------------------------------------------------------

    def _rebuilt(self, stream: str) -> StreamInfo | None:
        kind = self._kind(stream)
        intrinsics = self._calibrations().get(stream)
        for _, parts in self._looks.get(stream, []):
            for width, height, dtype, colored in self._shapes(stream, parts):
                info = _described(stream, kind or _guess(stream, parts, dtype, colored), width, height, dtype)
                if info is None or (self._fits(info) is not True):
                    continue
                if intrinsics is not None and (intrinsics.width, intrinsics.height) == (width, height):
                    info = dataclasses.replace(info, intrinsics=intrinsics)
                self._unsaid.append(self._words_of(info, kind is not None))
                return info
        return None

    def _words_of(self, info: StreamInfo, kind_is_said: bool) -> str:
        guessed = [] if kind_is_said else [f"that it is {info.kind.value}"]
        if info.kind is StreamKind.DEPTH:
            guessed.append(f"{1000 * _GUESSED_UNIT_M:g} mm a count")
        if info.kind is StreamKind.THERMAL:
            guessed.append("not radiometric")
        words = f"stream {info.name} is described from its images: {info.width}x{info.height} {info.dtype}"
        return words + (f"; guessed: {', '.join(guessed)}" if guessed else "")

    def _kind(self, stream: str) -> StreamKind | None:
        for channel, name in self._images.items():
            found = self._survey.channels.get(channel)
            if name == stream and found is not None and found.trust:
                said = found.record.metadata.get("kind", "")
                if said in list(StreamKind):
                    return StreamKind(said)
        return None

    def _calibrations(self) -> dict[str, Intrinsics]:
        out: dict[str, Intrinsics] = {}
        messages = self._survey.messages
        for channel, found in self._survey.channels.items():
            topic = found.record.topic
            if not found.trust or not topic.startswith("/") or not topic.endswith("/calibration"):
                continue
            for row in messages[(messages["channel"] == channel) & (messages["proven"] == 1)][:1]:
                said = intrinsics_of(self._survey.message_data(self._source, row, self._cache))
                if said is not None:
                    out[topic[1 : -len("/calibration")]] = said
        return out

    def _shapes(self, stream: str, parts: ImageParts) -> Iterator[tuple[int, int, str, bool]]:
        """Widths, heights, dtypes that an image may have, and whether it is in colour."""
        if parts.codec == "raw":
            dtype = "uint8" if parts.encoding in ("rgb8", "mono8") else "uint16"
            yield parts.width, parts.height, dtype, parts.encoding == "rgb8"
        elif parts.codec == "compact":
            yield from self._compact_shapes(stream, parts.data)
        else:
            try:
                image = cv2.imdecode(np.frombuffer(parts.data, np.uint8), cv2.IMREAD_UNCHANGED)
            except cv2.error:
                return
            if image is not None:
                yield image.shape[1], image.shape[0], image.dtype.name, image.ndim == 3

    def _compact_shapes(self, stream: str, data: bytes) -> Iterator[tuple[int, int, str, bool]]:
        """A compact image says how many pixels it has, not how wide it is: its checksum tells which width is right."""
        if len(data) < 6 or not 1 <= data[1] <= 3:
            return
        try:
            pixels = zstandard.frame_content_size(data[2 + 4 * data[1] :])
        except zstandard.ZstdError:
            return
        dtype = "uint16" if data[1] == 2 else "uint8"
        intrinsics = self._calibrations().get(stream)
        widths = [w for w in range(1, 1 << 16) if pixels > 0 and pixels % w == 0 and pixels // w < 1 << 16]
        # the calibrated width first, then the most usual forms
        widths.sort(key=lambda w: (intrinsics is None or w != intrinsics.width, abs(w / (pixels / w) - 4 / 3)))
        for width in widths:
            yield width, pixels // width, dtype, data[1] == 3


def _described(stream: str, kind: StreamKind, width: int, height: int, dtype: str) -> StreamInfo | None:
    unit = _GUESSED_UNIT_M if kind is StreamKind.DEPTH else None
    try:
        return StreamInfo(stream, kind, width, height, dtype, unit_m=unit)
    except DriverError:
        return None


def _guess(stream: str, parts: ImageParts, dtype: str, colored: bool) -> StreamKind:
    if "therm" in stream.lower() and dtype == "uint16":
        return StreamKind.THERMAL
    if parts.encoding:
        return _KINDS[parts.encoding]
    if colored:
        return StreamKind.COLOR
    if dtype == "uint8":
        return StreamKind.GRAY
    return StreamKind.INFRARED if "infra" in stream.lower() or "ir" in stream.lower() else StreamKind.DEPTH


def _stored(info: StreamInfo, words: Any, parts: ImageParts) -> StoredFrame:
    return StoredFrame(
        info=info,
        number=int(words["number"]),
        device_ns=int(words["device_ns"]),
        host_ns=int(words["host_ns"]),
        flags=FrameFlag(int(words["flags"]) & sum(FrameFlag)),
        codec=parts.codec,
        data=parts.data,
        checksum=int(words["checksum"]),
    )


def _utc(host_ns: int) -> str:
    return str(np.datetime64(host_ns // 10**9, "s")) + "Z"
