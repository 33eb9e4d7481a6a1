"""The window as an operator uses it."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from drivers.frame import FrameSet
from drivers.host_clock import now_ns
from gui.app import application, run_window
from gui.faces.reading import Reading
from gui.feed import FeedStatus, Mode, Phase, Shown, StreamStatus
from gui.qt import QtCore, QtGui, QtWidgets, rgb_of
from gui.replay.player import Player
from gui.window import Window
from pipeline.labels import ORANGE
from recordings.observation import Observation
from tests.gui.conftest import FRAMES, FakeSteps, frame, made_up_face, make, no_models, streams
from tests.gui.tiles.board_desk import part, settled

Key = QtCore.Qt.Key


@pytest.fixture
def window(qtbot: QtBot, session: Path, steps: FakeSteps) -> Iterator[Window]:
    """A paused replay of the tiny session, at its first frame."""
    player = Player(session, playing=False, load=no_models, make_steps=make(steps))
    window = Window(player, Mode.REPLAY, "tiny.mcap")
    qtbot.addWidget(window)
    player.start()
    window.show()
    qtbot.waitUntil(lambda: _position(window) == 0, timeout=20_000)
    qtbot.waitUntil(lambda: window.transport.slider.maximum() == FRAMES - 1, timeout=20_000)
    yield window
    window.close()
    assert window.closed_cleanly


def _position(window: Window) -> int:
    return window.position


def _press(qtbot: QtBot, window: Window, key: Key) -> None:
    qtbot.keyClick(window, key)


def test_it_shows_every_stream_the_face_and_the_numbers(window: Window, qtbot: QtBot) -> None:
    assert set(window.pictures.tiles) == {"color", "depth", "thermal"}
    assert window.pictures.main == "color"
    qtbot.waitUntil(lambda: "93 %" in _texts(window) and "find" in _texts(window), timeout=5_000)
    words = _texts(window)
    for expected in ("Face 1", "0.85 m", "+12°", "-4°", "+2°", "frames/s", "tiny.mcap", "find"):
        assert expected in words


def test_space_plays_to_the_end_where_it_stops(window: Window, qtbot: QtBot) -> None:
    window.transport.speeds.setCurrentIndex(window.transport.speeds.count() - 1)
    _press(qtbot, window, Key.Key_Space)
    qtbot.waitUntil(lambda: _position(window) == FRAMES - 1, timeout=20_000)
    qtbot.waitUntil(lambda: window.badges.state.text() == "END", timeout=5_000)
    assert window.transport.slider.value() == FRAMES - 1


def test_space_pauses(window: Window, qtbot: QtBot) -> None:
    _press(qtbot, window, Key.Key_Space)
    qtbot.waitUntil(lambda: _position(window) > 2, timeout=20_000)
    _press(qtbot, window, Key.Key_Space)
    qtbot.waitUntil(lambda: window.badges.state.text() == "PAUSED", timeout=5_000)
    qtbot.wait(100)
    stopped = _position(window)
    qtbot.wait(150)
    assert _position(window) == stopped


def test_arrows_and_dots_step(window: Window, qtbot: QtBot) -> None:
    for key, expected in (
        (Key.Key_Right, 1),
        (Key.Key_Period, 2),
        (Key.Key_Left, 1),
        (Key.Key_Comma, 0),
        (Key.Key_Comma, 0),
    ):
        _press(qtbot, window, key)
        qtbot.waitUntil(lambda expected=expected: _position(window) == expected, timeout=5_000)


def test_the_slider_seeks_and_a_restart_of_tracking_is_said(window: Window, qtbot: QtBot) -> None:
    window.transport.slider.setValue(25)
    qtbot.waitUntil(lambda: _position(window) == 25, timeout=10_000)
    qtbot.waitUntil(lambda: "tracking began at frame" in window._note.text(), timeout=5_000)
    _press(qtbot, window, Key.Key_Home)
    qtbot.waitUntil(lambda: _position(window) == 0, timeout=10_000)
    qtbot.waitUntil(lambda: not window._note.text(), timeout=5_000)
    _press(qtbot, window, Key.Key_End)
    qtbot.waitUntil(lambda: _position(window) == FRAMES - 1, timeout=10_000)


def test_a_click_on_the_slider_goes_there(window: Window, qtbot: QtBot) -> None:
    slider = window.transport.slider
    x = slider.width() * 2 // 3
    expected = slider.value_at(x)
    assert 10 < expected < FRAMES - 2
    qtbot.mouseClick(slider, QtCore.Qt.MouseButton.LeftButton, pos=QtCore.QPoint(x, slider.height() // 2))
    qtbot.waitUntil(lambda: _position(window) == expected, timeout=10_000)


def test_the_loop_key_makes_it_begin_again(window: Window, qtbot: QtBot) -> None:
    window.actions_by_key["loop"].trigger()
    window.transport.speeds.setCurrentIndex(window.transport.speeds.count() - 1)
    _press(qtbot, window, Key.Key_End)
    qtbot.waitUntil(lambda: _position(window) == FRAMES - 1, timeout=10_000)
    _press(qtbot, window, Key.Key_Space)
    qtbot.waitUntil(lambda: 0 <= _position(window) < FRAMES - 1, timeout=10_000)


def test_every_switch_of_the_overlay_changes_the_picture(window: Window, qtbot: QtBot) -> None:
    tile = window.pictures.tiles["color"]
    for key in ("box", "id", "distance", "confidence", "landmarks", "axes", "eyes", "generated"):
        before = _pixels(tile.view.grab())
        window.actions_by_key[key].trigger()
        QtWidgets.QApplication.processEvents()
        assert not np.array_equal(before, _pixels(tile.view.grab())), key


def test_generated_pictures_in_the_cards_carry_the_word_on_their_pixels(window: Window) -> None:
    pictures = window.faces.cards[0].pictures
    assert len(pictures) == 2
    for picture in pictures:
        pixels = _image_pixels(picture.picture)
        assert _ink(pixels[3:-3, 3:-3]) > 100, "the made-up images are black: what is orange inside is the word"
        assert "GENERATED" in picture.toolTip()


def test_generated_insets_on_the_picture_carry_the_word(window: Window) -> None:
    window.actions_by_key["generated"].trigger()
    for key in ("box", "id", "distance", "confidence", "landmarks", "axes", "eyes", "reasons"):
        window.actions_by_key[key].trigger()
    QtWidgets.QApplication.processEvents()
    assert _ink(_pixels(window.pictures.tiles["color"].view.grab())) > 300


def test_colors_swap_and_lock(window: Window, qtbot: QtBot) -> None:
    tile, thermal = (window.pictures.tiles[name] for name in ("depth", "thermal"))
    before = _pixels(thermal.view.grab())
    window.actions_by_key["palette"].trigger()  # of the chosen picture, at first the thermal one
    QtWidgets.QApplication.processEvents()
    assert not np.array_equal(before, _pixels(thermal.view.grab()))
    window.actions_by_key["swap"].trigger()
    assert window.pictures.main == "depth"
    window.actions_by_key["lock"].trigger()
    looks = window.pictures.looks
    low = looks.counts(tile.frame_shown).low
    _press(qtbot, window, Key.Key_End)
    qtbot.waitUntil(lambda: _position(window) == FRAMES - 1, timeout=10_000)
    assert looks.counts(window.pictures.tiles["depth"].frame_shown).low == pytest.approx(low)


def test_every_control_has_a_name_for_those_who_cannot_see_it(window: Window) -> None:
    kinds = (QtWidgets.QToolButton, QtWidgets.QComboBox, QtWidgets.QSlider)
    nameless = [
        w
        for kind in kinds
        for w in window.findChildren(kind)
        if not w.accessibleName() and not w.objectName().startswith("qt_")
    ]
    assert not nameless


def test_every_control_of_the_replay_can_be_reached_by_the_tab_key(window: Window) -> None:
    for control in (window.transport.slider, window.transport.speeds):
        assert control.focusPolicy() & QtCore.Qt.FocusPolicy.TabFocus


def test_what_is_no_session_is_told_in_the_window(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "broken.mcap"
    path.write_bytes(b"nothing")
    player = Player(path, load=no_models, make_steps=make(FakeSteps()))
    window = Window(player, Mode.REPLAY, path.name)
    qtbot.addWidget(window)
    player.start()
    window.show()
    qtbot.waitUntil(lambda: "broken.mcap" in window.messages.text, timeout=10_000)
    assert window.messages.isVisible()
    window.close()
    assert window.closed_cleanly


def test_closing_while_it_plays_leaves_no_thread(qtbot: QtBot, session: Path) -> None:
    player = Player(session, loop=True, load=no_models, make_steps=make(FakeSteps()))
    window = Window(player, Mode.REPLAY, "tiny.mcap", loop=True)
    qtbot.addWidget(window)
    player.start()
    window.show()
    qtbot.waitUntil(lambda: _position(window) > 1, timeout=20_000)
    window.close()
    assert window.closed_cleanly
    assert not [t for t in threading.enumerate() if t.name == "tapetum-replay"]


def test_the_program_ends_with_0_when_the_window_is_closed(qtbot: QtBot, session: Path) -> None:
    app = application()
    player = Player(session, load=no_models, make_steps=make(FakeSteps()))

    def close() -> None:
        for widget in app.topLevelWidgets():
            if isinstance(widget, Window):
                widget.close()

    QtCore.QTimer.singleShot(400, close)
    assert run_window(player, Mode.REPLAY, "tiny.mcap") == 0


class StillFeed:
    """A live feed that gave one result and then nothing."""

    def __init__(self, age_s: float) -> None:
        host_ns = now_ns() - int(age_s * 1e9)
        infos = streams()[:2]
        frames = {i.name: frame(i, 1, host_ns) for i in infos}
        self.infos = infos
        seen = Observation(1, 0, host_ns, 0, {"color": 1}, (made_up_face(1),))
        self.result: Shown | None = Shown(FrameSet(1, 0, frames), seen)
        self.problem = ""

    def start(self) -> None: ...

    def newest(self) -> Shown | None:
        result, self.result = self.result, None
        return result

    def status(self) -> FeedStatus:
        states = tuple(StreamStatus(i, 30.0, 2, "stalled", "no frame for 4 s") for i in self.infos)
        return FeedStatus(Mode.LIVE, "virtual:", Phase.RUNNING, self.problem, streams=states)

    def close(self, deadline_s: float = 5.0) -> bool:
        return True


def test_a_live_picture_that_is_old_is_greyed_and_says_how_old(qtbot: QtBot) -> None:
    window = Window(StillFeed(4.0), Mode.LIVE, "virtual:")
    qtbot.addWidget(window)
    window.show()
    tile = _wait_tile(window, qtbot)
    qtbot.waitUntil(lambda: tile.is_greyed, timeout=5_000)
    # The camera says that it gives nothing: "no signal" says more than "stale".
    assert tile.view.banner.startswith("NO SIGNAL 4.")
    depth = window.pictures.tiles["depth"]
    settled(qtbot, window.pictures)
    qtbot.waitUntil(lambda: depth.is_greyed and np.ptp(part(depth.view, 5, 90, 30, 25), axis=2).max() == 0)
    qtbot.waitUntil(lambda: "STALLED" in window.badges.state.text(), timeout=5_000)
    assert window.faces.is_faded, "what was said of an old picture is old"
    window.close()


def test_a_fresh_live_picture_is_not_greyed(qtbot: QtBot) -> None:
    window = Window(StillFeed(0.0), Mode.LIVE, "virtual:")
    qtbot.addWidget(window)
    window.show()
    tile = _wait_tile(window, qtbot)
    assert not tile.is_greyed
    depth = window.pictures.tiles["depth"]
    assert np.ptp(part(depth.view, 5, 90, 30, 25), axis=2).max() > 0
    qtbot.waitUntil(lambda: tile.is_greyed, timeout=5_000)
    window.close()


def test_a_live_window_has_no_replay_bar_and_no_replay_keys(qtbot: QtBot) -> None:
    window = Window(StillFeed(0.0), Mode.LIVE, "virtual:")
    qtbot.addWidget(window)
    assert window.transport is None
    assert "play" not in window.actions_by_key
    window.close()


def test_a_problem_stands_in_the_message_bar_until_it_is_put_away(qtbot: QtBot) -> None:
    feed = StillFeed(0.0)
    window = Window(feed, Mode.LIVE, "virtual:")
    qtbot.addWidget(window)
    window.show()
    feed.problem = "the camera is gone"  # other parts may have told something before, as that here is no sound
    qtbot.waitUntil(lambda: "the camera is gone" in window.messages.text, timeout=5_000)
    assert window.messages.isVisible()
    window.messages.findChild(QtWidgets.QToolButton).click()
    qtbot.wait(400)
    assert not window.messages.isVisible()
    feed.problem = "the disk is full"
    qtbot.waitUntil(lambda: window.messages.isVisible(), timeout=5_000)
    assert "the disk is full" in window.messages.text
    window.close()


def _wait_tile(window: Window, qtbot: QtBot):  # type: ignore[no-untyped-def]  # a test's helper
    qtbot.waitUntil(lambda: "color" in window.pictures.tiles, timeout=5_000)
    settled(qtbot, window.pictures)
    return window.pictures.tiles["color"]


def _texts(window: Window) -> str:
    labels = [label.text() for label in window.findChildren(QtWidgets.QLabel)]
    return "\n".join(labels + [reading.words for reading in window.findChildren(Reading)])


def _pixels(pixmap: QtGui.QPixmap) -> np.ndarray:
    return _image_pixels(pixmap.toImage())


def _image_pixels(image: QtGui.QImage) -> np.ndarray:
    return rgb_of(image)


def _ink(rgb: np.ndarray) -> int:
    """Pixels in the color of the mark."""
    return int((np.abs(rgb.astype(int) - np.array(ORANGE)).sum(axis=2) < 60).sum())


def test_a_part_of_the_status_that_cannot_be_drawn_keeps_none_of_the_others_from_it(window: Window) -> None:
    window._status_timer.stop()
    drawn: list[str] = []

    def torn() -> None:
        raise RuntimeError("torn")

    window._slices = deque([torn, lambda: drawn.append("numbers")])
    for _ in range(2):
        with pytest.raises(RuntimeError, match="torn"):
            window._draw_next_slice()
        window._draw_next_slice()
    assert drawn == ["numbers", "numbers"]
