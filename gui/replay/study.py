"""What is known of a session beside its pictures: stored signals and observations, differences, bookmarks. No Qt here.

Three threads: one reads what is stored, one keeps the bookmarks, and where rules are asked for, one minds them. The
replay thread adds what it computes.
"""

from __future__ import annotations

import json
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path

from engines.loading import Models
from gui.replay.bookmark_keeper import BookmarkKeeper
from gui.replay.differences import Differences, FrameDifference
from gui.replay.recorded import Recorded
from gui.replay.rules_run import RulesRun
from gui.replay.timeline import Timeline
from gui.replay.track_values import values_of
from gui.replay.tracks import Tracks
from pipeline.config import PipelineConfig
from pipeline.errors import ConfigError
from pipeline.signals.config import SignalsConfig
from pipeline.signals.lag import Lag, lags
from pipeline.stored_run import added_settings, compare_engines, stored_config
from recordings import schemas
from recordings.bookmarks import Bookmarks
from recordings.errors import RecordingError
from recordings.observation import Observation
from recordings.parts import why_not_replayable
from recordings.reader import SessionReader
from recordings.session import ScheduleEntry
from recordings.splice import MessageFile

PAUSE_S = 0.001
"""Between two looks at the stop flag the reading thread lets others have the processor for so long."""

LATELY = 64
"""FrameSets whose differences are kept one by one."""


class Study:
    """Of one session.

    Attributes:
        computed: signals as they were computed in this window.
        recorded: what the session stores of a run.
        differences: of both, where they were compared.
        bookmarks: what stands beside the session.
        reasons: what differs between the run then and this one, in words; told when comparing begins.
        unreadable: positions that could not be read -> why.
        rules: what rules make of the session.
        lags: signal -> how late its smoothing makes it; filled when what is stored was read.
    """

    def __init__(
        self,
        path: Path,
        reader: SessionReader,
        line: Timeline,
        config: PipelineConfig | None = None,
        weights_dir: Path | None = None,
    ) -> None:
        self._path = path
        self._reader = reader
        self._line = line
        marks = line.marks
        self.computed = Tracks(marks.elapsed_ns)
        self.recorded = Recorded(Tracks(marks.elapsed_ns))
        self.differences = Differences(len(marks))
        self.bookmarks = BookmarkKeeper(Bookmarks(path, reader.info.id))
        self.rules = RulesRun(path, marks, reader.observation_count() > 0, config, weights_dir)
        self._config = config or PipelineConfig()
        self.lags: Mapping[str, Lag] = {}
        self.reasons: tuple[str, ...] = ()
        self.unreadable: dict[int, str] = {}
        self.stores_observations = reader.observation_count() > 0
        self.has_stored = bool(reader.observation_count() or reader.schedule_count())
        self._places = line.places() if self.has_stored else None
        self._lately: OrderedDict[int, FrameDifference] = OrderedDict()
        self._file: MessageFile | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._read, name="tapetum-stored-signals")

    def start(self) -> None:
        self.bookmarks.start()
        self._thread.start()

    def close(self, deadline_s: float) -> bool:
        """Stop the threads; False when one did not end in time."""
        until = time.monotonic() + deadline_s
        self._stop.set()
        if self._thread.ident is not None:
            self._thread.join(deadline_s)
        is_clean = self.bookmarks.close(max(until - time.monotonic(), 0.1))
        is_clean = self.rules.close(max(until - time.monotonic(), 0.1)) and is_clean
        if self._file is not None:
            self._file.close()
        return is_clean and not self._thread.is_alive()

    @property
    def can_compare(self) -> bool:
        return self.recorded.is_read and not self.recorded.is_empty

    @property
    def tracks(self) -> Tracks:
        """What is drawn: the stored signals, or those computed now where none are stored."""
        return self.recorded.tracks if self.has_stored and not self._stores_no_signals else self.computed

    @property
    def _stores_no_signals(self) -> bool:
        return self.recorded.is_read and not self.recorded.observations

    def difference(self, position: int) -> FrameDifference | None:
        """Of one that was compared lately."""
        return self._lately.get(position)

    def damage_words(self, one_is_told: bool) -> str:
        """What was met that cannot be read, for the message bar."""
        found = dict(self.unreadable)
        if not found or (len(found) == 1 and one_is_told):
            return ""
        first = min(found)
        if len(found) == 1:
            return f"frame {first} cannot be read and is left out: {found[first]}"
        return f"{len(found)} frames cannot be read and are left out; the first is {first}: {found[first]}"

    # -- from the replay thread -------------------------------------------------------------------------------------

    def begin_anew(self) -> None:
        """Tracking does."""
        self.computed.forget_faces()

    def keep(self, position: int, observation: Observation) -> None:
        """What was computed at a position."""
        self.computed.add(position, values_of(observation))

    def differ(self, found: FrameDifference) -> None:
        """What comparing gave."""
        self._lately[found.position] = found
        while len(self._lately) > LATELY:
            self._lately.popitem(last=False)

    def stored(self, position: int) -> bytes | None:
        """The recorded observation of a position; None where there is none that can be read."""
        host_ns = self.recorded.observed_ns(position)
        if host_ns < 0:
            return None
        try:
            if self._file is None:
                self._file = MessageFile(self._path)
            return bytes(self._file.message(schemas.OBSERVATIONS_TOPIC, host_ns))
        except RecordingError:
            return None

    def observation_of(self, stored: bytes | None) -> Observation | None:
        """A stored one, where it can be understood."""
        try:
            return None if stored is None else Observation.from_json(json.loads(stored))
        except (RecordingError, ValueError):
            return None

    def stored_config(self, otherwise: PipelineConfig) -> PipelineConfig:
        """What the recorded run was configured with; tells it where that is not known."""
        try:
            run = self._reader.run()
            config = stored_config(run)
        except (RecordingError, ConfigError) as error:
            self.reasons = (f"{error}; the settings of this window are used",)
            return otherwise
        added = added_settings(run)
        self.reasons = (f"the stored settings lack {', '.join(added)}: today's defaults are used",) if added else ()
        return config

    def tell_provenance(self, models: Models, config: PipelineConfig) -> None:
        """Find what differs between the run then and this one."""
        told = list(self.reasons)
        try:
            run = self._reader.run()
            why = why_not_replayable(self._reader.info, run)
            told += [f"the session says that it cannot be replayed to the same results: {why}"] if why else []
            entries = [ScheduleEntry(0, {}, engines) for engines in self.recorded.engines]
            told += compare_engines(run, entries, models, config).reasons if entries else []
        except RecordingError as error:
            told.append(str(error))
        if not self.recorded.engines:
            told.append("the session does not store which models ran on which FrameSet")
        if self.recorded.unplaced:
            told.append(f"{self.recorded.unplaced} processed FrameSets are not in the recording: it lost their frames")
        if self.recorded.problem:
            told.append(self.recorded.problem)
        self.reasons = tuple(dict.fromkeys(told))

    def _read(self) -> None:
        if self._places is not None:
            self.recorded.read(self._path, self._line.streams, self._places, self._should_stop)
            self._places = None
        self.lags = lags(self._signals_config(), self._line.marks.rate_hz)
        self.recorded.is_read = True

    def _signals_config(self) -> SignalsConfig:
        """Of the values that are drawn: that of the recorded run, or this window's."""
        try:
            config = stored_config(self._reader.run()) if self.stores_observations else self._config
        except (RecordingError, ConfigError):
            config = self._config
        return config.signals

    def _should_stop(self) -> bool:
        return self._stop.wait(PAUSE_S)
