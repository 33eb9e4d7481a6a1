"""Sessions and a clock that stands still, for the tests of recordings that play as cameras."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from recordings.virtual import VirtualCamera
from tests.recordings.control_cases import Recorded
from tests.recordings.fault_cases import Script, Scripted
from tests.recordings.sessions import simple_session
from tests.recordings.still_pace import StillPace, opened


@pytest.fixture(scope="session")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    """A session of three streams; not to be changed."""
    return Recorded(tmp_path_factory.mktemp("recorded") / "drive.mcap")


@pytest.fixture
def pace() -> StillPace:
    """Clocks that move only when somebody waits."""
    return StillPace()


@pytest.fixture
def camera(recorded: Recorded, pace: StillPace) -> Iterator[VirtualCamera]:
    """The recorded drive as a camera, open."""
    camera = opened(recorded.path, pace)
    yield camera
    camera.close()


@pytest.fixture(scope="session")
def session(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """100 frames each of colour and depth, 33 ms apart; not to be changed."""
    return simple_session(tmp_path_factory.mktemp("session") / "a.mcap", 100)


@pytest.fixture
def scripted(tmp_path: Path, session: Path) -> Script:
    """A camera for the lines of one fault, or for a whole script."""

    def make(text: str, **options: object) -> Scripted:
        path = tmp_path / "faults.toml"
        path.write_text(text if "[[" in text else "[[fault]]\n" + text.replace("; ", "\n"), "utf-8")
        return Scripted(path, session, StillPace(), **options)

    return make
