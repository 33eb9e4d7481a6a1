"""The moment as files: raw without loss, and as seen."""

from __future__ import annotations

import json
import re
from pathlib import Path

import cv2
import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from drivers.frame import Frame, FrameSet, KelvinMap, StreamInfo, StreamKind
from gui.feed import Shown
from gui.qt import QtCore
from gui.work import snapshot_files
from gui.work.snapshot import SnapshotPart
from gui.work.snapshot_files import OwnWindow, Snapshot, png_of, unit_words, write_snapshot
from tests.gui.conftest import FakeSteps, frame, streams
from tests.gui.work.live_window import live_window, says, until

KEY, CONTROL = QtCore.Qt.Key, QtCore.Qt.KeyboardModifier.ControlModifier
SHIFT = QtCore.Qt.KeyboardModifier.ShiftModifier


def moment(*names: str) -> Snapshot:
    frames = {info.name: frame(info, 7) for info in streams()}
    members = {name: frames[name] for name in names}
    frame_set = FrameSet(3, 70, members, 0, tuple(set(frames) - set(names)))
    return Snapshot(Shown(frame_set, FakeSteps()(frame_set)), frames, "virtual:tiny", "live")


def test_every_stream_is_there_without_loss_and_says_its_unit(tmp_path: Path) -> None:
    folder = write_snapshot(moment("color", "depth"), tmp_path / "new" / "a")
    told = json.loads((folder / "snapshot.json").read_text("utf-8"))
    assert {name: one["is_of_the_frame_set"] for name, one in told["streams"].items()} == {
        "color": True,
        "depth": True,
        "thermal": False,
    }
    for info in streams():
        pixels = cv2.imread(str(folder / told["streams"][info.name]["file"]), cv2.IMREAD_UNCHANGED)
        wanted = frame(info, 7).pixels
        assert pixels.dtype == wanted.dtype
        assert np.array_equal(pixels[..., ::-1] if info.kind is StreamKind.COLOR else pixels, wanted)
    assert b"counts x 0.001 m; 0 is no reading" in (folder / "depth.png").read_bytes()
    assert b"not radiometric" in (folder / "thermal.png").read_bytes()
    assert told["streams"]["depth"]["stream"]["intrinsics"]["fx"] > 0
    assert told["streams"]["depth"]["host_ns"] == frame(streams()[1], 7).host_ns
    assert told["observation"]["faces"][0]["distance_m"] == 0.85
    assert told["as_seen"] is None
    assert [path.name for path in folder.parent.iterdir()] == ["a"]


def test_units_of_a_radiometric_camera_and_of_gray() -> None:
    heat = StreamInfo("heat", StreamKind.THERMAL, 4, 3, "uint16", kelvin=KelvinMap(0.01, 2.0))
    gray = StreamInfo("left", StreamKind.GRAY, 4, 3, "uint16")
    assert unit_words(Frame(heat, np.zeros((3, 4), np.uint16), 0, 0, 1)) == "kelvin: counts x 0.01 + 2"
    frame_16 = Frame(gray, np.array([[0, 1, 256, 65535]] * 3, np.uint16), 0, 0, 1)
    assert "counts" in unit_words(frame_16)
    back = cv2.imdecode(np.frombuffer(png_of(frame_16), np.uint8), cv2.IMREAD_UNCHANGED)
    assert np.array_equal(back, frame_16.pixels)


def test_names_that_are_taken_or_strange_are_no_trouble(tmp_path: Path) -> None:
    infos = [StreamInfo(n, StreamKind.GRAY, 4, 3, "uint8") for n in ("a/gray", "a:gray", "window", "../up")]
    frames = {i.name: Frame(i, np.full((3, 4), k, np.uint8), 0, 0, 1) for k, i in enumerate(infos)}
    one = Snapshot(None, frames, "", "live", lambda path: bool(path.write_bytes(b"seen")))
    first, second = write_snapshot(one, tmp_path / "s"), write_snapshot(one, tmp_path / "s")
    assert (first.name, second.name) == ("s", "s-2")
    names = {path.name for path in first.iterdir()}
    assert names == {"a-gray.png", "a-gray-2.png", "window-2.png", "up.png", "window.png", "snapshot.json"}
    assert (first / "window.png").read_bytes() == b"seen"


def test_windows_of_their_own_have_a_picture_each_under_a_name_that_says_what_they_show(tmp_path: Path) -> None:
    own = [
        OwnWindow("thermal", "thermal", {"stream": "thermal"}, False, lambda path: bool(path.write_bytes(b"a"))),
        OwnWindow(
            "../thermal", "../thermal", {"stream": "../thermal"}, False, lambda path: bool(path.write_bytes(b"b"))
        ),
        OwnWindow(
            "最近的脸: 彩色",
            "face/nearest/color",
            {"picture": "color", "face": None},
            True,
            lambda path: bool(path.write_bytes(b"c")),
        ),
    ]
    stream = StreamInfo("window-thermal", StreamKind.GRAY, 4, 3, "uint8")
    frames = {"window-thermal": Frame(stream, np.zeros((3, 4), np.uint8), 0, 0, 1)}
    folder = write_snapshot(Snapshot(None, frames, "", "live", None, own), tmp_path / "s")
    told = json.loads((folder / "snapshot.json").read_text("utf-8"))["own_windows"]
    assert [one["file"] for one in told] == [
        "window-thermal-2.png",
        "window-..-thermal.png",
        "window-face-nearest-color-generated.png",
    ]
    assert [(folder / one["file"]).read_bytes() for one in told] == [b"a", b"b", b"c"]
    assert [one["title"] for one in told] == [one.title for one in own]
    assert [one["is_generated"] for one in told] == [False, False, True]
    assert told[2]["shows"] == {"picture": "color", "face": None}
    assert {path.parent for path in folder.rglob("*")} == {folder}


def test_a_window_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    own = OwnWindow("thermal", "thermal", {"stream": "thermal"}, False, lambda path: False)
    with pytest.raises(OSError, match="window of thermal could not be written"):
        write_snapshot(Snapshot(None, {}, "", "live", None, [own]), tmp_path / "s")
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_refuses_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: Frame) -> bytes:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="could not be written"):
        write_snapshot(Snapshot(None, {}, "", "live", lambda path: False), tmp_path / "a")
    monkeypatch.setattr(snapshot_files, "png_of", full)
    with pytest.raises(OSError, match="No space left"):
        write_snapshot(moment("color"), tmp_path / "b")
    assert list(tmp_path.iterdir()) == []


def test_one_key_saves_the_moment_and_says_where(qtbot: QtBot, session: Path, tmp_path: Path) -> None:
    with live_window(qtbot, session, tmp_path / "Tapetum") as window:
        until(qtbot, lambda: set(window.part(SnapshotPart)._frames) == {"color", "depth", "thermal"})
        for _ in range(2):
            qtbot.keyClick(window, KEY.Key_S, CONTROL)
        says(qtbot, window, "saved in", "snapshot")
        until(qtbot, lambda: len(list((tmp_path / "Tapetum").glob("*-snapshot*/snapshot.json"))) == 2)
    for folder in (tmp_path / "Tapetum").iterdir():
        assert re.fullmatch(r"tapetum-\d{8}-\d{6}-snapshot(-2)?", folder.name)
        seen = cv2.imread(str(folder / "window.png"))
        assert seen.shape[0] > 500
        assert {p.name for p in folder.iterdir()} == {
            "color.png",
            "depth.png",
            "thermal.png",
            "window.png",
            "snapshot.json",
        }


def test_a_tile_in_a_window_of_its_own_is_in_the_snapshot(qtbot: QtBot, session: Path, tmp_path: Path) -> None:
    with live_window(qtbot, session, tmp_path / "Tapetum") as window:
        until(qtbot, lambda: set(window.part(SnapshotPart)._frames) == {"color", "depth", "thermal"})
        window.actions_by_key["detach"].trigger()
        until(qtbot, lambda: len(window.pictures.windows) == 1)
        shows = window.pictures.windows[0].tile.source.stream
        size = window.pictures.windows[0].grab().toImage().size()
        window.actions_by_key["snapshot"].trigger()
        until(qtbot, lambda: list((tmp_path / "Tapetum").glob("*-snapshot*/snapshot.json")))
    (folder,) = (tmp_path / "Tapetum").iterdir()
    told = json.loads((folder / "snapshot.json").read_text("utf-8"))
    (own,) = told["own_windows"]
    assert (own["file"], own["shows"]) == (f"window-{shows}.png", {"stream": shows})
    seen = cv2.imread(str(folder / own["file"]))
    assert seen.shape[:2] == (size.height(), size.width())
    assert seen.std() > 5, "it shows the stream"
    assert told["as_seen"] == "window.png"


def test_what_cannot_be_saved_is_said_until_it_can(qtbot: QtBot, session: Path, tmp_path: Path) -> None:
    blocked = tmp_path / "a file"
    blocked.write_text("no folder")
    with live_window(qtbot, session, blocked) as window:
        qtbot.keyClick(window, KEY.Key_S, CONTROL)
        until(qtbot, lambda: "could not be saved" in window._told.get("snapshot", ""))
        chooser = window.part(SnapshotPart).snapshot_as()
        chooser.fileSelected.emit(str(tmp_path / "chosen"))
        chooser.close()
        until(qtbot, lambda: window._told["snapshot"] == "")
    assert (tmp_path / "chosen" / "snapshot.json").is_file()


def test_closing_at_once_finishes_what_was_asked_for(qtbot: QtBot, session: Path, tmp_path: Path) -> None:
    with live_window(qtbot, session, tmp_path) as window:
        qtbot.keyClick(window, KEY.Key_S, CONTROL)
    (folder,) = tmp_path.iterdir()
    assert (folder / "snapshot.json").is_file()
