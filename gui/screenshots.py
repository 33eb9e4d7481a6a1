"""Pictures of the window with the bundled session, for the documentation: ``python -m gui.screenshots --out DIR``."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

from gui.app import application
from gui.feed import Mode
from gui.player import Player
from gui.qt import QtWidgets
from gui.window import Window
from recordings.samples import bundled_session

TIMEOUT_S = 120.0


def main(arguments: list[str] | None = None) -> int:
    """Save the pictures; 1 when the session could not be shown."""
    parser = argparse.ArgumentParser(prog="python -m gui.screenshots", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder for the pictures")
    parser.add_argument("--frames", type=int, nargs="*", default=[40], help="positions in the session")
    parser.add_argument("--width", type=int, default=1440)
    parser.add_argument("--height", type=int, default=900)
    parser.add_argument("--session", type=Path, help="another session than the bundled one")
    parser.add_argument("--weights", type=Path, help="folder of models in place of the shipped ones")
    parser.add_argument("--generated", action="store_true", help="show the generated images on the picture, too")
    chosen = parser.parse_args(arguments)

    chosen.out.mkdir(parents=True, exist_ok=True)
    app = application()
    session = chosen.session or bundled_session()
    player = Player(session, playing=False, weights_dir=chosen.weights)
    window = Window(player, Mode.REPLAY, session.name)
    window.resize(chosen.width, chosen.height)
    window.actions_by_key["generated"].setChecked(chosen.generated)
    player.start()
    window.show()
    try:
        for position in chosen.frames:
            if not _wait(app, lambda: window.position >= 0):
                return _failed(window)
            # From the beginning, as a run would come there: no restart of tracking on the picture.
            for at in range(window.position, position + 1):
                player.seek(at)
                if not _wait(app, lambda at=at: window.position == at):
                    return _failed(window)
            _settle(app)
            path = chosen.out / f"replay-{position:04d}.png"
            window.grab().save(str(path), "PNG")
            print(path)  # noqa: T201 - what was written, for whoever called the script
        dialog = window.show_engines()
        _settle(app)
        path = chosen.out / "engines.png"
        dialog.grab().save(str(path), "PNG")
        print(path)  # noqa: T201 - as above
    finally:
        window.close()
    return 0


def _wait(app: QtWidgets.QApplication, true: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + TIMEOUT_S
    while not true():
        if time.monotonic() > deadline:
            return False
        app.processEvents()
        time.sleep(0.01)
    return True


def _settle(app: QtWidgets.QApplication) -> None:
    """Until the numbers, which come a few times a second, are there too."""
    until = time.monotonic() + 0.6
    _wait(app, lambda: time.monotonic() > until)


def _failed(window: Window) -> int:
    print(f"no picture: {window.messages.text or 'nothing was shown in time'}", file=sys.stderr)  # noqa: T201 - the error
    return 1


if __name__ == "__main__":
    sys.exit(main())
