"""The overlay video shows what a session stores, as long as it took, and nothing of it is computed again."""

from __future__ import annotations

import builtins
import itertools
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from drivers.frame import Frame, FrameFlag, FrameSet
from pipeline.exporters.overlay_video import EXPORTER, TIME_BASE, presentation_times
from pipeline.panel import Panel
from recordings.errors import SessionExportError
from recordings.exporters.protocol import ExportOptions
from recordings.observation import Observation
from recordings.reader import SessionReader
from recordings.session import SessionInfo
from recordings.writer import SessionWriter
from tests.pipeline.pictures import COLOR, DEPTH, THERMAL, face
from tests.recordings.export_cases import all_names, export, full_disk

av = pytest.importorskip("av", reason="needs the extra formats")

MS = 1_000_000
EPOCH = 1_700_000_000_000_000_000
TIMES_MS = (0, 33, 67, 100, 400, 433)
"""Between the fourth and the fifth something was silent."""

SMALL = {"width": "480", "height": "270"}


def write(path: Path, times_ms: tuple[int, ...] = TIMES_MS, *, clock_ms: tuple[int, ...] | None = None) -> Path:
    """A session with an observation of each moment; the third frame is GENERATED."""
    info = SessionInfo.create([COLOR, DEPTH, THERMAL], title="night", source="tests")
    ramp = np.linspace(0, 255, COLOR.width).astype(np.uint8)
    with SessionWriter(path, info, "compact") as writer:
        for n, (host, device) in enumerate(zip(times_ms, clock_ms or times_ms, strict=True)):
            flags = FrameFlag.GENERATED if n == 2 else FrameFlag.NONE
            pixels: dict[str, NDArray[Any]] = {
                "color": np.repeat(np.tile(ramp, (COLOR.height, 1))[..., None], 3, axis=2) // (n + 1),
                "depth": np.full((240, 320), 700 + 100 * n, np.uint16),
                "thermal": np.full((120, 160), 30_000 + 10 * n, np.uint16),
            }
            for stream in info.streams:
                writer.write_frame(Frame(stream, pixels[stream.name], n, device * MS, EPOCH + host * MS, flags))
            seen = (face(1),) if n % 2 == 0 else ()
            numbers = {s.name: n for s in info.streams}
            writer.write_observation(Observation(n, device * MS, EPOCH + host * MS, 0, numbers, seen))
    return path


def decoded(path: Path) -> list[tuple[float, NDArray[np.uint8]]]:
    """Time in seconds and RGB picture of every frame of a video."""
    with av.open(str(path)) as video:
        return [(float(f.time), f.to_ndarray(format="rgb24")) for f in video.decode(video=0)]


def test_the_video_shows_the_panel_of_each_moment_at_its_time(tmp_path: Path) -> None:
    source = write(tmp_path / "in.mcap")
    report = export(EXPORTER, source, tmp_path / "out.mp4", extra={**SMALL, "crf": "5"})
    assert report.frames == {"overlay": len(TIMES_MS)}
    pictures = decoded(tmp_path / "out.mp4")
    assert [round(t * 1000) for t, _ in pictures] == list(TIMES_MS)
    panel = Panel((480, 270), origin_ns=0)
    with SessionReader(source) as session:
        for n, (observation, (_, picture)) in enumerate(zip(session.observations(), pictures, strict=True)):
            frames = {s.name: session.frame(s.name, n) for s in session.streams}
            expected = panel.compose(FrameSet(n, TIMES_MS[n] * MS, frames), observation)
            assert picture.shape == expected.shape
            assert np.abs(picture.astype(int) - expected).mean() < 3.0


def test_what_a_model_imagined_is_marked_in_the_picture(tmp_path: Path) -> None:
    """The third FrameSet's frames are flagged: the video is nearer to them with the word than without."""
    source = write(tmp_path / "in.mcap")
    export(EXPORTER, source, tmp_path / "out.mp4", extra={**SMALL, "crf": "5"})
    picture = decoded(tmp_path / "out.mp4")[2][1].astype(int)
    with SessionReader(source) as session:
        observation = list(session.observations())[2]
        marked = {s.name: session.frame(s.name, 2) for s in session.streams}
    plain = {name: Frame(f.info, f.pixels, f.number, f.device_ns, f.host_ns) for name, f in marked.items()}
    assert all(f.flags & FrameFlag.GENERATED for f in marked.values())
    with_word, without = (
        Panel((480, 270), origin_ns=0).compose(FrameSet(2, 67 * MS, frames), observation).astype(int)
        for frames in (marked, plain)
    )
    where = np.abs(with_word - without).max(2) > 60
    assert where.sum() > 100
    assert np.abs(picture - with_word)[where].mean() < 0.5 * np.abs(picture - without)[where].mean()


def test_a_generated_image_that_is_not_stored_is_told(tmp_path: Path) -> None:
    report = export(EXPORTER, write(tmp_path / "in.mcap"), tmp_path / "out.mp4", extra=SMALL)
    assert report.notes == ("generated images are not drawn: a session stores only their digests",)


def test_players_open_it(tmp_path: Path) -> None:
    """OpenCV's reader as another program; the index stands at the front, so that it plays while it loads."""
    export(EXPORTER, write(tmp_path / "in.mcap"), tmp_path / "out.mp4", extra=SMALL)
    video = cv2.VideoCapture(str(tmp_path / "out.mp4"))
    assert int(video.get(cv2.CAP_PROP_FRAME_COUNT)) == len(TIMES_MS)
    assert video.read()[1].shape == (270, 480, 3)
    video.release()
    data = (tmp_path / "out.mp4").read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")


def test_without_observations_it_says_what_to_do(tmp_path: Path) -> None:
    with SessionWriter(tmp_path / "in.mcap", SessionInfo.create([COLOR], title="", source="")) as writer:
        writer.write_frame(Frame(COLOR, np.zeros(COLOR.shape, np.uint8), 0, 0, EPOCH))
    with pytest.raises(SessionExportError, match="holds no observations to draw; `tapetum batch"):
        export(EXPORTER, tmp_path / "in.mcap", tmp_path / "out.mp4")
    assert all_names(tmp_path) == ["in.mcap"]


def test_without_pyav_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = write(tmp_path / "in.mcap", (0,))
    real = builtins.__import__

    def without_av(name: str, *rest: Any) -> Any:
        if name == "av":
            raise ImportError("no module named av")
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without_av)
    with pytest.raises(SessionExportError, match=r'pip install "tapetum\[formats\]"'):
        export(EXPORTER, source, tmp_path / "out.mp4")


def test_a_part_and_some_streams(tmp_path: Path) -> None:
    source = write(tmp_path / "in.mcap")
    report = export(EXPORTER, source, tmp_path / "out.mp4", extra=SMALL, streams=("thermal",), from_s=0.05, to_s=0.41)
    assert report.frames == {"overlay": 3}
    assert [round(t * 1000) for t, _ in decoded(tmp_path / "out.mp4")] == [0, 33, 333]


def test_a_part_without_observations(tmp_path: Path) -> None:
    with SessionWriter(tmp_path / "in.mcap", SessionInfo.create([COLOR], title="", source="")) as writer:
        for n in range(2):
            writer.write_frame(Frame(COLOR, np.zeros(COLOR.shape, np.uint8), n, n * MS, EPOCH + n * MS))
        writer.write_observation(Observation(0, 0, EPOCH, 0, {"color": 0}))
    with pytest.raises(SessionExportError, match="holds no observation in that span"):
        export(EXPORTER, tmp_path / "in.mcap", tmp_path / "out.mp4", from_s=0.001)


def test_observations_of_frames_that_are_lost_are_counted(tmp_path: Path) -> None:
    info = SessionInfo.create([COLOR], title="", source="")
    with SessionWriter(tmp_path / "in.mcap", info) as writer:
        for n in range(3):
            if n != 1:
                writer.write_frame(Frame(COLOR, np.zeros(COLOR.shape, np.uint8), n, n * MS, EPOCH + n * MS))
            writer.write_observation(Observation(n, n * MS, EPOCH + n * MS, 0, {"color": n}))
    report = export(EXPORTER, tmp_path / "in.mcap", tmp_path / "out.mp4", extra=SMALL)
    assert report.frames == {"overlay": 2}
    assert report.notes == ("1 observations name frames that are not there; they are left out",)


@pytest.mark.parametrize("words", [{"width": "100"}, {"height": "9999"}, {"crf": "x"}, {"fps": "30"}])
def test_wrong_words_are_refused(words: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(SessionExportError, match=r"takes a whole number|knows no option fps"):
        export(EXPORTER, write(tmp_path / "in.mcap", (0,)), tmp_path / "out.mp4", extra=words)
    assert all_names(tmp_path) == ["in.mcap"]


@pytest.mark.parametrize("share", [0.0, 0.5, 0.99])
def test_a_full_disk_is_told_and_leaves_nothing(share: float, tmp_path: Path) -> None:
    source = write(tmp_path / "in.mcap")
    whole = export(EXPORTER, source, tmp_path / "whole.mp4", extra=SMALL).bytes
    with pytest.raises(SessionExportError, match="could not be written: File too large"), full_disk(int(share * whole)):
        export(EXPORTER, source, tmp_path / "out.mp4", extra=SMALL)
    assert all_names(tmp_path) == ["in.mcap", "whole.mp4"]


def test_who_stops_it_finds_nothing_of_it(tmp_path: Path) -> None:
    def stop(done: int, total: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with SessionReader(write(tmp_path / "in.mcap")) as session, pytest.raises(KeyboardInterrupt):
        EXPORTER.run(session, tmp_path / "out.mp4", ExportOptions(extra=SMALL), stop)
    assert all_names(tmp_path) == ["in.mcap"]


def test_a_clock_that_jumps_back_is_not_followed(tmp_path: Path) -> None:
    source = write(tmp_path / "in.mcap", clock_ms=(500, 533, 567, 0, 33, 67))
    report = export(EXPORTER, source, tmp_path / "out.mp4", extra=SMALL)
    assert "goes by the recorder's" in report.notes[0]
    assert [round(t * 1000) for t, _ in decoded(tmp_path / "out.mp4")] == list(TIMES_MS)


def test_a_silence_of_years_is_shown_short() -> None:
    year = 365 * 86_400 * 10**9
    times, notes = presentation_times([(0, 0), (year, 1), (year + 10**9, 2)])
    assert [round(float(t * TIME_BASE)) for t in times] == [0, 10, 11]
    assert notes == ["1 silences of more than 10 s are shown as 10 s"]


@given(st.lists(st.integers(0, 10**10), min_size=1, max_size=50, unique=True).map(sorted))
def test_rising_times_are_kept_to_six_microseconds(device: list[int]) -> None:
    times, notes = presentation_times([(t, 0) for t in device])
    assert all(b > a for a, b in itertools.pairwise(times))
    assert not notes
    if min(np.diff(device), default=10**6) > 11_112:  # further apart than the video's clock can tell
        shown = np.array([float(t * TIME_BASE) * 1e9 for t in times])
        np.testing.assert_allclose(shown, np.array(device) - device[0], atol=5_600)


@given(st.lists(st.tuples(st.integers(), st.integers()), min_size=1, max_size=20))
def test_any_times_give_a_video_that_can_be_played(moments: list[tuple[int, int]]) -> None:
    times, _ = presentation_times(moments)
    assert times[0] == 0
    assert all(b > a for a, b in itertools.pairwise(times))
    assert times[-1] <= 900_001 * len(times)
