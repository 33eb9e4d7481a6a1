"""What a session stores of its faces, drawn over its pictures, as a video. No model runs."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import numpy as np

from drivers.frame import Frame, FrameSet
from pipeline.colormap import Rgb
from pipeline.panel import Panel
from recordings.errors import SessionExportError
from recordings.exporters.output import new_file, refused
from recordings.exporters.part import Part, part_of
from recordings.exporters.protocol import (
    Exporter,
    ExportOptions,
    ExportReport,
    Progress,
    check_options,
    whole_number,
)
from recordings.observation import Observation
from recordings.reader import SessionReader

TIME_BASE: Final = Fraction(1, 90_000)
"""Of the video; a time is right to 6 microseconds."""

_CODECS: Final = (("libx264", {"preset": "veryfast", "bf": "0"}), ("mpeg4", {"qmin": "2", "qmax": "5", "bf": "0"}))
"""The first that this build of FFmpeg has. Without B-frames every time is written as it is."""

_LONGEST_S: Final = 10.0
"""A longer silence is shown as long as this: a camera's clock that jumped would make a video of years."""


class OverlayVideo:
    """The exporter to a video with the overlay."""

    name = "overlay"
    title = "video of the pictures with what was seen in them (MP4)"
    suffix = ".mp4"
    uses = frozenset({"width", "height", "crf"})
    kept = (
        "every FrameSet with an observation: its streams side by side, faces, landmarks, pose, values drawn in",
        "the times of the FrameSets (camera's clock): the video plays as fast as it happened",
        "what is wrong with a frame, and GENERATED on pictures that a model imagined",
    )
    not_kept = (
        "pixels as they were: a video is for looking",
        "FrameSets without an observation (in a live recording: those that were skipped)",
        "generated images, of which a session stores only the digest (`tapetum batch` draws them)",
        f"silences beyond {_LONGEST_S:g} s",
    )

    def run(
        self, session: SessionReader, out: Path, options: ExportOptions, on_progress: Progress | None = None
    ) -> ExportReport:
        check_options(self, options)
        width = whole_number(options, "width", 1280, 480, 3840)
        height = whole_number(options, "height", 720, 270, 2160)
        crf = whole_number(options, "crf", 20, 0, 51)
        av = _av()
        part = part_of(session, options)
        if not session.observation_count():
            raise SessionExportError(
                f"{session.path} holds no observations to draw; `tapetum batch {session.path}` computes them and "
                "writes its own overlay.mp4"
            )
        # The times first, the rest one by one: a night's observations do not fit into memory.
        moments = [(o.device_ns, o.host_ns) for o in _observations(session, part)]
        if not moments:
            raise SessionExportError(f"{session.path} holds no observation in that span")
        times, notes = presentation_times(moments)
        shown = 0
        with new_file(out, session, self.suffix, options.overwrite) as file:
            try:
                with _Video(av, file.path, session, (width // 2 * 2, height // 2 * 2), crf, times) as video:
                    panel = Panel((width, height), origin_ns=moments[0][0])
                    for done, (observation, time) in enumerate(
                        zip(_observations(session, part), times, strict=True), 1
                    ):
                        frame_set = _frame_set(session, part, observation)
                        if frame_set is not None:
                            video.add(panel.compose(frame_set, observation), time)
                            shown += 1
                        if on_progress is not None:
                            on_progress(done, len(moments))
                    if not shown:
                        raise SessionExportError(
                            f"{session.path} holds none of the frames that its observations name in the chosen streams"
                        )
            except av.error.FFmpegError as error:
                raise refused(out, error) from error
        if any(b'"digest":' in data for data in session.observation_bytes()):
            notes.append("generated images are not drawn: a session stores only their digests")
        if shown < len(moments):
            notes.append(f"{len(moments) - shown} observations name frames that are not there; they are left out")
        return ExportReport(out, {"overlay": shown}, out.stat().st_size, tuple(notes))


def _observations(session: SessionReader, part: Part) -> Iterator[Observation]:
    return (o for o in session.observations() if part.begin_ns <= o.host_ns <= part.end_ns)


def presentation_times(moments: Sequence[tuple[int, int]]) -> tuple[list[int], list[str]]:
    """When each moment is shown, in units of TIME_BASE from 0 on and strictly rising; and what was to be mended.

    Args:
        moments: device time and host time in ns. The camera's clock counts; ours where the camera's does not rise.
    """
    device = [m[0] for m in moments]
    notes = []
    times = device
    if any(b <= a for a, b in itertools.pairwise(device)):
        notes.append("the camera's clock does not rise throughout, so the video goes by the recorder's")
        times = [m[1] for m in moments]
    longest = round(_LONGEST_S * 1e9)
    cut = 0
    out = [0]
    at = 0  # ns
    for a, b in itertools.pairwise(times):
        step = b - a
        cut += step > longest
        at += min(max(step, 0), longest)
        out.append(max(round(at * 1e-9 / TIME_BASE), out[-1] + 1))
    if cut:
        notes.append(f"{cut} silences of more than {_LONGEST_S:g} s are shown as {_LONGEST_S:g} s")
    return out, notes


def _av() -> ModuleType:
    try:
        import av
    except ImportError as error:
        raise SessionExportError(
            f'videos are written by PyAV, which is not here ({error}); install it with `pip install "tapetum[formats]"`'
        ) from error
    module: ModuleType = av
    return module


def _frame_set(session: SessionReader, part: Part, observation: Observation) -> FrameSet | None:
    """The frames an observation was made from, as far as they are there and chosen."""
    frames: dict[str, Frame] = {}
    missing = []
    for info in part.streams:
        number = observation.frames.get(info.name)
        try:
            if number is None:
                raise KeyError(info.name)
            frames[info.name] = session.frame_by_number(info.name, number)
        except KeyError:
            missing.append(info.name)
    if not frames:
        return None
    return FrameSet(observation.frame_set, observation.device_ns, frames, observation.skew_ns, tuple(missing))


class _Video:
    """The MP4 under construction. A context manager: left by an exception it writes nothing more."""

    def __init__(
        self, av: ModuleType, path: Path, session: SessionReader, size: tuple[int, int], crf: int, times: Sequence[int]
    ) -> None:
        self._av = av
        gaps = np.diff(times)
        self._usual = int(np.median(gaps)) if len(gaps) else int(Fraction(1, 15) / TIME_BASE)
        codec, settings = next((c, s) for c, s in _CODECS if c in av.codecs_available)
        self._container = av.open(str(path), "w", format="mp4", options={"movflags": "+faststart"})
        self._container.metadata["title"] = session.info.title
        self._container.metadata["comment"] = f"Tapetum overlay of session {session.info.id}"
        self._stream: Any = self._container.add_stream(
            codec,
            rate=max(1, round(1 / (self._usual * TIME_BASE))),
            options={**settings, "crf": str(crf)} if codec == "libx264" else settings,
        )
        self._stream.width, self._stream.height = size
        self._stream.pix_fmt = "yuv420p"
        self._stream.codec_context.time_base = TIME_BASE
        self._stream.time_base = TIME_BASE

    def __enter__(self) -> _Video:
        return self

    def __exit__(self, *failed: object) -> None:
        try:
            if failed[0] is None:
                self._container.mux(self._stream.encode(None))
        finally:
            if failed[0] is None:
                self._container.close()
            else:
                with contextlib.suppress(self._av.error.FFmpegError, OSError):
                    self._container.close()

    def add(self, picture: Rgb, time: int) -> None:
        frame = self._av.VideoFrame.from_ndarray(picture, format="rgb24")
        frame.pts, frame.time_base, frame.duration = time, TIME_BASE, self._usual
        self._container.mux(self._stream.encode(frame))


EXPORTER: Exporter = OverlayVideo()
