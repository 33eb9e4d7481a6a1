"""Messages in bytes whose framing or CRC is broken: where one may begin, and what a frame's message says.

Nothing found here is believed until a frame's own checksum verifies it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from mcap.opcode import Opcode
from mcap.records import Channel, Schema

from recordings.byte_source import WINDOW, ByteSource
from recordings.mcap_strict import MAX_CHUNK, MAX_SMALL, MESSAGE, RECORD, Unfit, parse

_MESSAGE_LIKE: Final = re.compile(rb"\x05(?=.{4}\x00{4}.{6}(?!\x00{8})(.{8})\1)", re.DOTALL)
"""The log time stands twice in a message of ours: as publish time, too."""
_DESCRIPTION_LIKE: Final = re.compile(rb"[\x03\x04](?=.{2}\x00{6}.{2,4}.{2}\x00\x00[ -~])", re.DOTALL)
_SPAN: Final = 64
_FRAME_MOST: Final = 4096
_INT64: Final = 1 << 63


@dataclass(frozen=True, slots=True)
class MessagePlace:
    """A message: its head, and where its data lies (in the file or in a chunk's content)."""

    channel: int
    sequence: int
    log_time: int
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class FrameWords:
    """What a `tapetum.Frame` message says."""

    number: int
    device_ns: int
    host_ns: int
    flags: int
    checksum: int
    bytes: int


def place_of(head: bytes, body: int, length: int) -> MessagePlace:
    """Of the message whose body of ``length`` bytes begins at ``body`` with ``head``."""
    channel, sequence, log_time, _ = MESSAGE.unpack_from(head)
    return MessagePlace(channel, sequence, log_time, body + MESSAGE.size, length - MESSAGE.size)


def possible_messages(source: ByteSource, begin: int, end: int) -> Iterator[MessagePlace]:
    """What may be messages in a range of the file; offsets are the file's."""
    at = begin
    while at < end:
        window = source.read(at, min(WINDOW // 2 + _SPAN, end - at))
        last = at + len(window) >= end or not window
        stop = len(window) if last else len(window) - _SPAN
        for match in _MESSAGE_LIKE.finditer(window):
            if match.start() >= stop:
                break
            _, length = RECORD.unpack_from(window, match.start())
            body = at + match.start() + RECORD.size
            if MESSAGE.size <= length <= min(MAX_CHUNK, end - body):
                yield place_of(window[match.start() + RECORD.size :], body, length)
        if last:
            return
        at += stop


def possible_messages_in(data: bytes) -> Iterator[MessagePlace]:
    """The same in bytes at hand; offsets are theirs."""
    for match in _MESSAGE_LIKE.finditer(data):
        _, length = RECORD.unpack_from(data, match.start())
        body = match.start() + RECORD.size
        if MESSAGE.size <= length <= len(data) - body:
            yield place_of(data[body : body + MESSAGE.size], body, length)


def possible_descriptions(data: bytes) -> Iterator[Schema | Channel]:
    """What may be schema and channel records in the bytes."""
    for match in _DESCRIPTION_LIKE.finditer(data):
        opcode, length = RECORD.unpack_from(data, match.start())
        body = match.start() + RECORD.size
        if length > min(MAX_SMALL, len(data) - body) or opcode not in (Opcode.SCHEMA, Opcode.CHANNEL):
            continue
        try:
            found = parse(opcode, data[body : body + length])
        except Unfit:
            continue
        if isinstance(found, Schema | Channel):
            yield found


def frame_words(data: bytes) -> FrameWords | None:
    """What a message says if it is a `tapetum.Frame`; None when it is something else, or damaged."""
    if len(data) > _FRAME_MOST or not data.startswith(b"{") or b'"checksum"' not in data:
        return None
    try:
        said: dict[str, Any] = json.loads(data)
        words = FrameWords(
            number=said["number"],
            device_ns=said["device_ns"],
            host_ns=said["host_ns"],
            flags=said["flags"],
            checksum=int(said["checksum"], 16),
            bytes=said["bytes"],
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    counts = (words.number, words.device_ns, words.host_ns, words.flags, words.bytes)
    if any(type(n) is not int or not -_INT64 <= n < _INT64 for n in counts):
        return None
    if not 0 <= words.checksum < 2 * _INT64 or words.host_ns < 0 or min(words.flags, words.bytes) < 0:
        return None
    return words
