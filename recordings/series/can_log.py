"""Series from a CAN log: python-can reads the log's frames, cantools says by a DBC file what their bytes mean."""

from __future__ import annotations

import difflib
import gzip
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Any, Final, cast

import numpy as np

from recordings.series.errors import SeriesError
from recordings.series.source import (
    EPOCH_FROM_NS,
    Progress,
    SourceOptions,
    SourceRead,
    SourceSeries,
    clean,
    place_times,
    times_to_ns,
)

SUFFIXES: Final = (".asc", ".blf", ".log", ".trc", ".mf4")
ALL: Final = "all"

_LOCAL: Final[Mapping[str, str]] = {
    ".asc": "the log's date names no time zone and was taken as this machine's local time",
    ".trc": "the log's date names no time zone and was taken as UTC (PEAK's tools write local time)",
    ".blf": "the log's date names no time zone and was taken as UTC (Vector's tools may write local time)",
}
_MOST_LISTED: Final = 20
_STEP: Final = 10_000


@dataclass(slots=True)
class _Signal:
    """One signal while it is read; ``series`` is the name that was asked for, '' for its own."""

    series: str
    name: str
    message: str
    unit: str
    choices: Mapping[float, str]
    times: list[float] = field(default_factory=list)
    values: list[float] = field(default_factory=list)


@dataclass(slots=True)
class _Log:
    """What was met on the way through a log."""

    frames: int = 0
    seen: Counter[tuple[int, bool]] = field(default_factory=Counter)
    undecoded: Counter[str] = field(default_factory=Counter)
    channels: dict[str, set[Any]] = field(default_factory=dict)
    torn: str = ""
    undated: str = ""


def suffix_of(path: Path) -> str:
    """The suffix that tells the format, also of a packed log (.asc.gz)."""
    *_, last = ("", *(s.lower() for s in path.suffixes))
    before = path.with_suffix("").suffix.lower()
    return before if last == ".gz" and before in SUFFIXES else last


def read(path: Path, options: SourceOptions, on_progress: Progress | None = None) -> SourceRead:
    """Series of a CAN log's signals.

    Raises:
        SeriesError: the log or the DBC file cannot be read, a signal is not in it or never occurs, or a package is
            not installed.
    """
    if options.columns is not None or options.time_column is not None or options.time_unit is not None:
        raise SeriesError(f"{path} is a CAN log: it takes --dbc and --signals, not columns (those are for tables)")
    if options.dbc is None:
        raise SeriesError(
            f"{path} is a CAN log: it holds bytes, and a DBC file says what they mean; give it with --dbc FILE"
        )
    database, notes = _database(options.dbc)
    messages = {(int(m.frame_id), bool(m.is_extended_frame)): m for m in database.messages}
    log = _Log()
    if options.signals is None:
        for message in _frames(path, log, on_progress, options):
            log.seen[(message.arbitration_id, message.is_extended_id)] += 1
        raise SeriesError(
            f"say which signals are wanted with --signals Message.Signal,... (or all); {path.name} has "
            f"{_occurring(messages, log)}"
        )
    wanted = _wanted(options.dbc, messages, options.signals)
    _decode(path, messages, wanted, log, on_progress, options)
    signals = [s for of_one in wanted.values() for s in of_one.values() if s.times]
    absent = [f"{s.message}.{s.name}" for of_one in wanted.values() for s in of_one.values() if not s.times]
    every = list(options.signals) == [ALL]
    if not signals or (absent and not every):
        raise SeriesError(
            f"{path} has no value of {', '.join(absent[:_MOST_LISTED])}; it has {_occurring(messages, log)}"
        )
    notes += _told(path, log)
    return _series(path, signals, options, notes)


def _database(dbc: Path) -> tuple[Any, list[str]]:
    try:
        import cantools
    except ImportError as error:
        raise SeriesError(f'DBC files need the package cantools: pip install "tapetum[formats]" ({error})') from error
    if not dbc.is_file():
        raise SeriesError(f"there is no DBC file {dbc}; check the path")
    try:
        return cantools.database.load_file(dbc), []
    except Exception as strict:  # noqa: BLE001 - cantools' parsers share no base class of errors
        try:
            return cantools.database.load_file(dbc, strict=False), [f"{dbc.name} is not sound ({_short(strict)})"]
        except Exception as error:  # cantools raises many kinds for what is no DBC
            raise SeriesError(f"{dbc} cannot be read as a DBC file: {_short(error)}") from error


def _frames(path: Path, log: _Log, on_progress: Progress | None, options: SourceOptions) -> Iterator[Any]:
    """The data frames of a log; a log that is torn ends early, and says so in ``log.torn``."""
    try:
        import can
    except ImportError as error:
        raise SeriesError(f'CAN logs need the package python-can: pip install "tapetum[formats]" ({error})') from error
    if not path.is_file():
        raise SeriesError(f"there is no file {path}; check the path")
    try:
        with _opened(path) as file:
            for message in _reader(can, path, file, options):
                log.frames += 1
                if on_progress is not None and log.frames % _STEP == 0:
                    on_progress(log.frames)
                if not (message.is_error_frame or message.is_remote_frame):
                    yield message
    except SeriesError:
        raise
    except (NotImplementedError, ImportError) as error:
        raise SeriesError(
            f"{path}: python-can reads this format only with another package: {_short(error)}; convert the log to "
            ".blf or .asc, or install that package"
        ) from error
    except Exception as error:  # noqa: BLE001 - what python-can's readers raise on a torn log shares no base class
        if suffix_of(path) == ".asc" and not log.frames and options.times is None:
            # Most likely its date is in a language that python-can does not read: then from zero.
            log.undated = _short(error)
            yield from _frames(path, log, on_progress, replace(options, times="relative"))
            return
        log.torn = _short(error)
    if not log.frames:
        why = f" ({log.torn})" if log.torn else ""
        raise SeriesError(f"{path} holds no CAN frame that python-can reads as {suffix_of(path)}{why}")


def _opened(path: Path) -> IO[Any]:
    """The log as its reader wants it: as text but for .blf and .mf4. Opened here, since not every reader closes."""
    text = suffix_of(path) not in (".blf", ".mf4")
    if path.suffix.lower() == ".gz":
        return cast(IO[Any], gzip.open(path, "rt", encoding="utf-8", errors="replace") if text else gzip.open(path))
    return path.open("r", encoding="utf-8", errors="replace") if text else path.open("rb")


def _reader(can: Any, path: Path, file: IO[Any], options: SourceOptions) -> Iterable[Any]:
    suffix = suffix_of(path)
    if suffix == ".asc":
        # Its times count from the date in its head, unless they are to count from zero.
        return cast(Iterable[Any], can.ASCReader(file, relative_timestamp=options.times == "relative"))
    if suffix == ".mf4":
        return cast(Iterable[Any], can.MF4Reader(path))
    kinds = {".blf": can.BLFReader, ".log": can.CanutilsLogReader, ".trc": can.TRCReader}
    return cast(Iterable[Any], kinds[suffix](file))


def _wanted(
    dbc: Path, messages: Mapping[tuple[int, bool], Any], words: Sequence[str]
) -> dict[tuple[int, bool], dict[str, _Signal]]:
    """Message -> signal name -> where its samples go."""
    every = [(key, m, s) for key, m in messages.items() for s in m.signals]
    out: dict[tuple[int, bool], dict[str, _Signal]] = {}
    for asked in words:
        series, _, word = (w.strip() for w in asked.rpartition("="))
        if word == ALL:
            found = every
        else:
            found = [(k, m, s) for k, m, s in every if word == f"{m.name}.{s.name}"]
            found = found or [(k, m, s) for k, m, s in every if word == s.name]
            if not found or len(found) > 1:
                raise SeriesError(_not_one(dbc, word, [f"{m.name}.{s.name}" for _, m, s in found or every], found))
        for key, message, signal in found:
            choices = {float(value): str(name) for value, name in (signal.choices or {}).items()}
            one = _Signal(series, signal.name, message.name, signal.unit or "", choices)
            out.setdefault(key, {}).setdefault(signal.name, one)
    return out


def _not_one(dbc: Path, word: str, names: Sequence[str], found: Sequence[Any]) -> str:
    if found:
        return f"{word!r} is in several messages of {dbc.name}: {', '.join(names[:_MOST_LISTED])}; name the message too"
    near = difflib.get_close_matches(word, names, 3) or names[:_MOST_LISTED]
    return f"{dbc} has no signal {word!r}; it has for example {', '.join(near) or 'none'}"


def _decode(
    path: Path,
    messages: Mapping[tuple[int, bool], Any],
    wanted: Mapping[tuple[int, bool], Mapping[str, _Signal]],
    log: _Log,
    on_progress: Progress | None,
    options: SourceOptions,
) -> None:
    for frame in _frames(path, log, on_progress, options):
        key = (frame.arbitration_id, frame.is_extended_id)
        log.seen[key] += 1
        signals = wanted.get(key)
        if signals is None:
            continue
        message = messages[key]
        try:
            values = message.decode(bytes(frame.data), decode_choices=False, allow_truncated=True)
        except Exception:  # noqa: BLE001 - cantools raises its own and others; the frame is counted either way
            log.undecoded[message.name] += 1
            continue
        log.channels.setdefault(message.name, set()).add(frame.channel)
        if isinstance(values, dict):
            for name, signal in signals.items():
                value = values.get(name)  # none: of another branch of a multiplexed message, or cut off
                if isinstance(value, int | float):
                    signal.times.append(frame.timestamp)
                    signal.values.append(float(value))


def _series(path: Path, signals: Sequence[_Signal], options: SourceOptions, notes: list[str]) -> SourceRead:
    names = Counter(s.name for s in signals)
    t_ns = [times_to_ns("the log", np.array(s.times, np.float64), "s") for s in signals]
    times, minus, words = place_times(t_ns, options.times)
    local = _LOCAL.get(suffix_of(path))
    if local and times == "absolute" and min(int(t.min()) for t in t_ns) >= EPOCH_FROM_NS:
        words.append(local)
    out = []
    for signal, t in zip(signals, t_ns, strict=True):
        full = f"{signal.message}.{signal.name}"
        name = signal.series or (full if names[signal.name] > 1 else signal.name)
        t, values, said = clean(name, t - minus, np.array(signal.values, np.float64))
        notes += said
        out.append(SourceSeries(name, signal.unit, t, values, full, signal.choices))
    return SourceRead(tuple(out), times, "", tuple(notes + words))


def _told(path: Path, log: _Log) -> list[str]:
    notes = []
    if log.torn:
        notes.append(
            f"{path.name} is torn or damaged after {log.frames} frames ({log.torn}); what came before was read"
        )
    if log.undated:
        notes.append(f"the log's date cannot be told ({log.undated}), so its times count from its own beginning")
    notes += [f"{n} frames of {name} do not fit the DBC file" for name, n in sorted(log.undecoded.items())]
    for name, channels in sorted(log.channels.items()):
        if len(channels) > 1:
            notes.append(f"{name} is on {len(channels)} channels of the log; all were taken as one")
    return notes


def _occurring(messages: Mapping[tuple[int, bool], Any], log: _Log) -> str:
    """What of the DBC file is in the log."""
    there = [(messages[key], n) for key, n in log.seen.most_common() if key in messages]
    if not there:
        return f"{sum(log.seen.values())} frames of {len(log.seen)} ids, none of which is in the DBC file"
    listed = [
        f"{m.name} ({n} frames: {', '.join(s.name + (f' {s.unit}' if s.unit else '') for s in m.signals)})"
        for m, n in there[:_MOST_LISTED]
    ]
    more = len(there) - len(listed)
    return "; ".join(listed) + (f" and {more} messages more" if more > 0 else "")


def _short(error: Exception) -> str:
    words = " ".join(str(error).split())
    return (words[:197] + "...") if len(words) > 200 else words or type(error).__name__
