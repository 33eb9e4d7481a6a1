from __future__ import annotations

from pathlib import Path

import pytest

from tests.recordings.sessions import simple_session


@pytest.fixture
def session(tmp_path: Path) -> Path:
    return simple_session(tmp_path / "drive.mcap")
