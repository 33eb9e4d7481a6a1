"""What the window shows of a live run's status. No Qt here."""

from __future__ import annotations

from collections.abc import Sequence

from drivers.camera import CameraState
from drivers.frame import StreamInfo
from gui.feed import KeptStatus, RecordingStatus, SaveStatus, StreamStatus
from gui.status.camera_words import clock_words, count_words
from pipeline.config import PipelineConfig
from pipeline.live_recording import RecordingState
from pipeline.live_status import LiveStatus, given_up_words
from pipeline.run import LiveRun

MOST_ERRORS = 3
"""That are shown at once."""


def streams_of(run: LiveRun, status: LiveStatus) -> tuple[StreamStatus, ...]:
    """Rates and losses per stream, with the state of the cameras."""
    return tuple(_stream(info, status) for info in run.streams)


def _stream(info: StreamInfo, status: LiveStatus) -> StreamStatus:
    """Of one stream, with the state of the camera that gives it."""
    camera = next(c for c in status.cameras if info.name in c.counts)
    count = camera.counts[info.name]
    silent_s = camera.silent.get(info.name)
    clock = camera.clocks.get(info.name)
    # The meter tells the rate of the last frames, however long ago they came.
    is_streaming = camera.state is CameraState.STREAMING and silent_s is None
    note = f"no frame for {silent_s:.1f} s, while other streams go on" if silent_s is not None else camera.note
    return StreamStatus(
        info,
        status.meter.rates_hz.get(f"camera {info.name}", 0.0) if is_streaming else 0.0,
        count.dropped_by_device + count.dropped_by_us,
        "silent" if silent_s is not None else str(camera.state),
        note,
        "\n".join(filter(None, (count_words(count), "" if clock is None else clock_words(clock)))),
        clock,
    )


def recording_of(status: LiveStatus) -> RecordingStatus | None:
    """What the window shows of the recording."""
    now = status.recording
    if now is None:
        return None
    recorder = now.recorder
    common = {"path": now.path, "state": str(now.state), "reason": now.reason, "trouble": now.trouble}
    is_over = now.state in (RecordingState.ENDED, RecordingState.FAILED)
    if recorder is None:
        return RecordingStatus(**common, is_over=is_over)
    return RecordingStatus(
        **common,
        profile=recorder.profile,
        is_over=is_over,
        frames=recorder.frames,
        bytes_written=recorder.bytes_written,
        bytes_per_second=recorder.bytes_per_second,
        free_bytes=recorder.free_bytes,
        hours_left=recorder.hours_left,
        lost=recorder.lost,
        clips=recorder.clips,
        clip_problems=recorder.clip_problems,
    )


def kept_of(status: LiveStatus, config: PipelineConfig) -> KeptStatus | None:
    """What the window shows of the last seconds."""
    kept = status.kept
    if kept is None:
        return None
    limit = round(config.keep.mib * 2**20)
    return KeptStatus(kept.reach_s, config.keep.seconds, kept.bytes, limit, kept.is_bounded_by_bytes)


def saves_of(status: LiveStatus) -> tuple[SaveStatus, ...]:
    """And of what is saved of them."""
    return tuple(
        SaveStatus(
            one.number,
            one.path,
            str(one.state),
            one.reason,
            0.0 if one.saved is None else one.saved.seconds,
            0 if one.saved is None else one.saved.frames,
        )
        for one in status.saves
    )


def problem_of(problem: str, sources: Sequence[str], status: LiveStatus) -> str:
    lines = [problem, *_newest(status.errors), *_troubles(sources, status)]
    return "\n".join(dict.fromkeys(filter(None, lines)))


def _newest(errors: Sequence[str]) -> list[str]:
    """What the message bar has room for: the newest errors, each once."""
    each = list(dict.fromkeys(reversed(errors)))
    more = [f"and {len(each) - MOST_ERRORS} more, see the log"] if len(each) > MOST_ERRORS else []
    return each[:MOST_ERRORS] + more


def _troubles(sources: Sequence[str], status: LiveStatus) -> list[str]:
    """Cameras that give nothing, in words that stay the same while it lasts."""
    words = {
        CameraState.STALLED: "gives no frames: the pictures are old",
        CameraState.WAITING: "failed: the pictures are old; it will be opened again",
        CameraState.GONE: "is gone: the pictures are old; it is opened as soon as it is back",
    }
    return [
        given_up_words(source, camera.note) if camera.has_given_up else f"{source} {words[camera.state]}"
        for source, camera in zip(sources, status.cameras, strict=True)
        if camera.state in words
    ]
