"""A window over a recording of one FrameSet."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from gui.feed import Mode
from gui.replay.player import Player
from gui.window import Window
from recordings.session import SessionInfo
from recordings.writer import SessionWriter
from tests.gui.conftest import FakeSteps, frame, make, no_models, streams


def one_frame_set_window(qtbot: QtBot, folder: Path) -> Window:
    """Shown, paused, at its only FrameSet: color and depth, without events."""
    infos = streams()[:2]
    path = folder / "a.mcap"
    with SessionWriter(path, SessionInfo.create(infos, title="a", source="a test")) as writer:
        for info in infos:
            writer.write_frame(frame(info, 0))
    player = Player(path, playing=False, load=no_models, make_steps=make(FakeSteps()))
    window = Window(player, Mode.REPLAY, path.name)
    qtbot.addWidget(window)
    player.start()
    window.show()
    qtbot.waitUntil(lambda: window.position == 0, timeout=20_000)
    return window
