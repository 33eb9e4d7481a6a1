"""Which frames of a session an export takes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from drivers.frame import StreamInfo, StreamKind
from recordings.errors import SessionExportError
from recordings.exporters.protocol import ExportOptions, span_ns
from recordings.reader import SessionReader


@dataclass(frozen=True, slots=True)
class Part:
    """The part of a session that was asked for.

    Attributes:
        streams: those chosen, in the session's order; some may have no frame in the span.
        begin_ns, end_ns: host times, both inclusive.
        order: (stream, position) of every frame, by host time.
        is_whole: nothing of the session's frames is left out.
    """

    streams: tuple[StreamInfo, ...]
    begin_ns: int
    end_ns: int
    order: tuple[tuple[str, int], ...]
    is_whole: bool

    def counts(self) -> dict[str, int]:
        """Stream -> frames, for the streams that have any."""
        out = {s.name: 0 for s in self.streams}
        for name, _ in self.order:
            out[name] += 1
        return {name: n for name, n in out.items() if n}


def part_of(session: SessionReader, options: ExportOptions, kinds: Collection[StreamKind] | None = None) -> Part:
    """The frames that the options ask for.

    Args:
        session: open.
        options: its streams and its span are looked at.
        kinds: what the exporter can take; streams of other kinds are left out, or refused when they are named.

    Raises:
        SessionExportError: a stream that is not there or of the wrong kind, or no frame is left.
    """
    names = [s.name for s in session.streams]
    for name in options.streams or ():
        if name not in names:
            raise SessionExportError(
                f"{session.path} has no stream {name!r}; its streams: {', '.join(names) or 'none'}"
            )
    chosen = [s for s in session.streams if options.streams is None or s.name in options.streams]
    if kinds is not None:
        words = " or ".join(sorted(k.value for k in kinds))
        wrong = [s for s in chosen if s.kind not in kinds]
        if options.streams is not None and wrong:
            raise SessionExportError(f"stream {wrong[0].name} is {wrong[0].kind}; this form takes {words}")
        chosen = [s for s in chosen if s.kind in kinds]
        if not chosen:
            raise SessionExportError(
                f"{session.path} has no stream of {words}; its streams: {', '.join(names) or 'none'}"
            )
    begin, end = span_ns(session, options)
    host = {s.name: session.times(s.name).host_ns for s in chosen}
    order = tuple(
        (name, index) for name, index in session.order([s.name for s in chosen], begin) if int(host[name][index]) <= end
    )
    if not order:
        raise SessionExportError(
            f"{session.path} has no frame of {', '.join(s.name for s in chosen) or 'any stream'} in that span"
        )
    everything = sum(session.count(name) for name in names)
    return Part(tuple(chosen), begin, end, order, len(order) == everything and len(chosen) == len(names))


def frame_stem(number: int, device_ns: int) -> str:
    """A frame's file name without suffix: its number and the device time in seconds with every digit."""
    return f"{number:06d}_{seconds_text(device_ns)}"


def seconds_text(ns: int) -> str:
    """Nanoseconds as seconds with nine digits after the point; exact, which a float is not."""
    whole, rest = divmod(abs(ns), 10**9)
    return f"{'-' if ns < 0 else ''}{whole}.{rest:09d}"


def folder_names(streams: Collection[StreamInfo], taken: Collection[str] = ()) -> dict[str, str]:
    """Stream -> a folder's name of its own that every file system takes (``cabin/infrared`` -> ``cabin_infrared``)."""
    out: dict[str, str] = {}
    used = {t.lower() for t in taken}
    for info in streams:
        name = "".join(c if c.isascii() and (c.isalnum() or c in "_-.") else "_" for c in info.name).lstrip(".")
        name = base = name.rstrip(".") or "stream"
        count = 2
        while name.lower() in used:
            name, count = f"{base}_{count}", count + 1
        used.add(name.lower())
        out[info.name] = name
    return out
