"""Pictures that are coloured while the models compute: the same pictures, sooner."""

from __future__ import annotations

import itertools
import threading
from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from drivers.frame import Frame, FrameSet, StreamKind
from gui.feed import Mode
from gui.looks.looks import Looks
from gui.qt import QtWidgets, rgb_of
from gui.settings import Settings
from gui.tiles import scene
from gui.tiles.board import Board
from gui.tiles.grounds import Ground, Grounds
from gui.tiles.overlay_painter import OverlayPainter
from gui.tiles.rendering import FrameContent, RgbContent
from gui.tiles.scene import Scene, Sight, paint_scene
from gui.tiles.viewport import Viewport
from pipeline.labels import WHITE
from pipeline.primitives import Dots
from tests.gui.looks.made import frame_of, warm
from tests.gui.tiles.board_desk import Make, settled, shown, status

DOT = Dots("s", np.array([(20.0, 15.0)], np.float32), 4.0, WHITE)


def depth(level: int = 1000) -> Frame:
    ramp = np.linspace(level, level + 900, 80)
    return frame_of(StreamKind.DEPTH, np.repeat(ramp[None], 60, 0).astype(np.uint16))


def gray() -> Frame:
    return frame_of(StreamKind.GRAY, np.random.default_rng(1).integers(0, 200, (60, 80), dtype=np.uint8))


def sight_of(frame: Frame, ratio: float = 1.0, is_old: bool = False) -> Sight:
    room = (200, 120)
    view = Viewport((frame.info.width, frame.info.height), room)
    return Sight(room, ratio, *view.stand(), is_old, "dark")


def content_of(frame: Frame, looks: Looks) -> FrameContent:
    return FrameContent(frame, looks.counts(frame), looks.look(frame.info))


def made_ahead(frame: Frame, looks: Looks, sight: Sight) -> Ground:
    ground = Ground()
    ground.seen(content_of(frame, looks), sight)
    ground.make(FrameSet(0, frame.device_ns, {frame.stream: frame}), looks)
    return ground


@pytest.mark.parametrize("is_old", [False, True])
@pytest.mark.parametrize("ratio", [1.0, 1.5])
@pytest.mark.parametrize("frame", [depth(), gray(), warm(30.0)], ids=lambda one: one.kind.value)
def test_a_picture_on_a_ground_that_was_made_ahead_is_the_same(
    qtbot: QtBot, frame: Frame, ratio: float, is_old: bool
) -> None:
    looks, sight = Looks(Settings()), sight_of(frame, ratio, is_old)
    ground = made_ahead(frame, looks, sight)
    content = content_of(frame, looks)
    ahead = ground.take(content, sight)
    assert ahead is not None
    whole = Scene(content, [DOT])
    with_it, without = (rgb_of(paint_scene(whole, sight, OverlayPainter(), one)) for one in (ahead, None))
    assert np.array_equal(with_it, without)


def test_it_is_given_away_once(qtbot: QtBot) -> None:
    frame, looks = depth(), Looks(Settings())
    sight = sight_of(frame)
    ground = made_ahead(frame, looks, sight)
    assert ground.take(content_of(frame, looks), sight) is not None
    assert ground.take(content_of(frame, looks), sight) is None


def test_the_next_frame_may_be_foretold_before_the_picture_of_this_one_is_made(qtbot: QtBot) -> None:
    looks, ground = Looks(Settings()), Ground()
    frames = [replace(depth(), number=number) for number in range(4)]
    sight = sight_of(frames[0])
    ground.seen(content_of(frames[0], looks), sight)
    for this, following in itertools.pairwise(frames):
        ground.make(FrameSet(following.number, following.device_ns, {"depth": following}), looks)
        if this.number:
            content = content_of(this, looks)
            ground.seen(content, sight)
            assert ground.take(content, sight) is not None


def test_for_a_tile_that_shows_nothing_any_more_nothing_is_made(qtbot: QtBot, painted_grounds: list[str]) -> None:
    frame, looks = depth(), Looks(Settings())
    ground = made_ahead(frame, looks, sight_of(frame))
    for number in range(1, 20):
        ground.make(FrameSet(number, number, {"depth": replace(frame, number=number)}), looks)
    assert 1 <= len(painted_grounds) <= 4
    assert not ground._ready, "it holds no frame"


def test_what_was_made_for_anything_else_is_not_shown(qtbot: QtBot) -> None:
    frame, looks = depth(), Looks(Settings())
    sight = sight_of(frame)
    content = content_of(frame, looks)
    assert made_ahead(frame, looks, sight).take(content, replace(sight, room=(201, 120))) is None, "another size"
    assert made_ahead(frame, looks, sight).take(content, replace(sight, is_old=True)) is None, "it has grown old"
    other = content_of(replace(frame, number=2), looks)
    assert made_ahead(frame, looks, sight).take(other, sight) is None, "another frame"
    ground = made_ahead(frame, looks, sight)
    looks.change(frame.info, palette="rainbow")
    assert ground.take(content_of(frame, looks), sight) is None, "other colours"
    ground = made_ahead(frame, looks, sight)
    looks.set_range(frame.info, 1.0, 3.0)
    assert ground.take(content_of(frame, looks), sight) is None, "another range"
    assert made_ahead(frame, looks, sight).take(RgbContent(np.zeros((60, 80, 3), np.uint8)), sight) is None, "a face"


def test_a_stream_that_has_grown_smaller_or_is_not_there_is_no_failure(qtbot: QtBot) -> None:
    frame, looks = depth(), Looks(Settings())
    small = frame_of(StreamKind.DEPTH, np.full((20, 30), 900, np.uint16))
    ground = Ground()
    for frames in (FrameSet(0, 1, {"depth": small}), FrameSet(1, 2, {"gray": gray()})):
        ground.make(frames, looks)  # nothing was shown there yet
        ground.seen(content_of(frame, looks), sight_of(frame))
        ground.make(frames, looks)
        assert ground.take(content_of(frame, looks), sight_of(frame)) is None


def test_the_range_follows_a_frame_once_though_it_is_asked_for_ahead_and_again() -> None:
    looks, plain = Looks(Settings()), Looks(Settings())
    first, second, third = depth(1000), depth(1400), depth(1100)
    expected = [plain.counts(one) for one in (first, second, third)]
    assert [looks.counts(one) for one in (first, second)] == expected[:2]
    assert looks.counts(first) == expected[0], "shown while the next one was made ahead"
    assert looks.counts(second) == expected[1]
    assert looks.counts(third) == expected[2]


def test_pictures_that_somebody_waits_for_come_first() -> None:
    looks, frame = Looks(Settings()), depth()
    work: list[object] = []
    grounds = Grounds(lambda: looks, work.append, lambda: True)
    ground = Ground()
    grounds.add(ground)
    ground.seen(content_of(frame, looks), sight_of(frame))
    grounds.foretell(FrameSet(0, 1, {"depth": frame}))
    assert len(work) == 1, "not in the thread that foretells"
    make = work[0]
    assert callable(make)
    make()
    assert ground.take(content_of(frame, looks), sight_of(frame)) is None


@pytest.fixture
def painted_grounds(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The streams of which a ground was painted, in their order."""
    found: list[str] = []
    usual = FrameContent.render

    def render(content: FrameContent, *how: object) -> object:
        found.append(f"{content.frame.stream} {content.frame.number} {threading.current_thread().name}")
        return usual(content, *how)  # type: ignore[arg-type]  # as they came

    monkeypatch.setattr(FrameContent, "render", render)
    return found


def test_when_the_result_comes_only_the_overlay_is_left_to_be_painted(
    make: Make, qtbot: QtBot, painted_grounds: list[str]
) -> None:
    board: Board = make(mode=Mode.LIVE)
    board.show_status(status(mode=Mode.LIVE))
    for number in range(2):  # the bars of colours come with the first and take some room
        board.show_result(shown(number=number, live=True))
        settled(qtbot, board)
        QtWidgets.QApplication.processEvents()
    coming = shown(number=2, live=True)
    painted_grounds.clear()
    assert board.grounds is not None
    board.grounds.foretell(coming.frame_set)
    qtbot.waitUntil(lambda: len(painted_grounds) == 3, timeout=20_000)
    painted: list[Frame] = []
    board.painted.connect(painted.append)
    board.show_result(coming)
    qtbot.waitUntil(lambda: len(painted) == 3, timeout=20_000)
    assert all(line.endswith("2 tapetum-pictures") for line in painted_grounds)
    assert len(painted_grounds) == 3, "no ground was painted twice"
    for frame in painted:
        tile = board.tiles[frame.stream]
        assert tile.canvas.image is not None
        assert tile.canvas.scene is not None
        again = scene.paint_scene(
            tile.canvas.scene, tile.canvas._sight_of(tile.canvas.scene.content.size), OverlayPainter()
        )
        assert np.array_equal(rgb_of(tile.canvas.image), rgb_of(again))


def test_a_replay_foretells_nothing(make: Make) -> None:
    assert make(mode=Mode.REPLAY).grounds is None
