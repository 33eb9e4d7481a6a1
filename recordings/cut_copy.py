"""The copying of a cut: frames in the order of their times, every other message between the frames it belongs to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from heapq import merge

from recordings import schemas
from recordings.container_writer import ChannelSpec
from recordings.cut_results import EventPlaces, ResultsCut, Span, event_of, frame_set_number, schedule_messages
from recordings.reader import SessionReader
from recordings.splice import MessageFile, is_drawn, write_copy
from recordings.writer import SessionWriter

Progress = Callable[[int, int], None]
"""Called with the number of frames done and of all."""

_STEP = 64


class CutCopy:
    """Copies what a cut holds; ``messages`` counts what is no frame, by topic.

    Args:
        reader, file: of the session.
        span: what is cut out.
        results: which of its results.
        whole: nothing is left out: every message is copied as it is, wherever its log time lies.
    """

    def __init__(
        self, *, reader: SessionReader, file: MessageFile, span: Span, results: ResultsCut, whole: bool
    ) -> None:
        self._reader = reader
        self._file = file
        self._span = span
        self._results = results
        self._whole = whole
        self._times = {name: reader.times(name).host_ns for name in span.positions}
        self.messages: Counter[str] = Counter()

    def run(self, writer: SessionWriter, on_progress: Progress | None) -> None:
        """Write it all.

        Raises:
            SessionFormatError: the session is damaged there.
            SessionWriteError: the disk refuses.
        """
        queues = [_Queue(self._file.spec(topic), self._messages(topic)) for topic in self._topics()]
        total = sum(len(p) for p in self._span.positions.values())
        streams = [self._order(rank, name) for rank, name in enumerate(self._span.positions)]
        for done, (host_ns, _, name, index) in enumerate(merge(*streams), 1):
            for queue in queues:
                self._write(queue, host_ns, writer)
            writer.write_stored(self._reader.stored(name, index))
            if on_progress is not None and (done % _STEP == 0 or done == total):
                on_progress(done, total)
        for queue in queues:
            self._write(queue, None, writer)

    def _order(self, rank: int, name: str) -> Iterator[tuple[int, int, str, int]]:
        host = self._times[name]
        for index in self._span.positions[name]:
            yield int(host[index]), rank, name, index

    def _write(self, queue: _Queue, before_ns: int | None, writer: SessionWriter) -> None:
        for log_time, data in queue.take(before_ns):
            write_copy(writer, queue.spec, log_time, data)
            self.messages[queue.spec.topic] += 1

    def _topics(self) -> list[str]:
        info = self._reader.info
        left_out = {schemas.annotations_topic(s.name) for s in info.streams if s.name not in self._span.positions}
        return [topic for topic in self._file.other_topics(info) if topic not in left_out]

    def _messages(self, topic: str) -> Iterator[tuple[int, bytes]]:
        if self._whole:
            yield from self._file.between(topic)
            return
        for log_time, data in self._chosen(topic):
            # what began before, or was written down later, must not make the cut look longer than it is
            yield min(max(log_time, self._span.begin_ns), self._span.end_ns), data

    def _chosen(self, topic: str) -> Iterator[tuple[int, bytes]]:
        file, span, results = self._file, self._span, self._results
        if topic == schemas.EVENTS_TOPIC:
            yield from self._events()
            return
        if topic == schemas.SCHEDULE_TOPIC:
            messages = schedule_messages(file, span)
            yield from (message for place, message in enumerate(messages) if place in results.schedule)
            return
        of_results = topic == schemas.SIGNALS_TOPIC or is_drawn(topic, self._reader.info)
        for time, data in file.between(topic, span.begin_ns, span.end_ns):
            if topic == schemas.OBSERVATIONS_TOPIC and results.only is not None:
                wanted = frame_set_number(file, data) in results.only
            else:
                wanted = not (of_results and time in results.left_out_ns)
            if wanted:
                yield time, data

    def _events(self) -> Iterator[tuple[int, bytes]]:
        """Those that the span overlaps; one that still lasts, lasts to the session's end."""
        span = self._span
        places = EventPlaces(self._reader.streams, {s.name: self._reader.times(s.name) for s in self._reader.streams})
        for log_time, data in self._file.between(schemas.EVENTS_TOPIC):
            begin, end = places.span(event_of(self._file, data), log_time)
            if begin <= span.end_ns and (span.last_ns if end is None else end) >= span.begin_ns:
                yield log_time, data


class _Queue:
    """The messages of one topic on their way into the copy."""

    def __init__(self, spec: ChannelSpec, messages: Iterator[tuple[int, bytes]]) -> None:
        self.spec = spec
        self._rest = messages
        self._next = next(messages, None)

    def take(self, before_ns: int | None) -> Iterator[tuple[int, bytes]]:
        """Those older than a host time that were not given yet; all that are left when it is None."""
        while self._next is not None and (before_ns is None or self._next[0] < before_ns):
            given, self._next = self._next, next(self._rest, None)
            yield given
