"""A topic's messages on their way into a copy, each between the frames it belongs between."""

from __future__ import annotations

from collections.abc import Iterator

from recordings.container import McapFile
from recordings.exporters.part import Part


class Messages:
    """The messages of one topic in the part's span, in the order of the file."""

    def __init__(self, source: McapFile, topic: str, part: Part) -> None:
        self.channel = source.channels[topic]
        self.schema = source.schemas.get(self.channel.schema_id)
        self._rest = (
            (time, bytes(data))
            for time, data in source.messages(topic)
            if part.is_whole or part.begin_ns <= time <= part.end_ns
        )
        self._next = next(self._rest, None)

    def before(self, host_ns: int | None) -> Iterator[tuple[int, bytes]]:
        """Log time and data of those older than a host time that were not given yet; of all left when it is None."""
        while self._next is not None and (host_ns is None or self._next[0] < host_ns):
            given, self._next = self._next, next(self._rest, None)
            yield given
