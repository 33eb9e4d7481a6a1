"""The camera of docs/adding-a-camera.md, as it stands there, keeps every promise, from a package of its own."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import commands.doctor_camera
from drivers.camera import Camera
from drivers.errors import UnsupportedFeatureError
from drivers.isolate import isolated
from drivers.registry import families, open_camera
from tests.drivers.camera_conformance import CameraConformance

PAGE = Path(__file__).resolve().parents[2] / "docs" / "adding-a-camera.md"


def code() -> str:
    """The page's one block of Python."""
    blocks = PAGE.read_text(encoding="utf-8").split("```python\n")
    assert len(blocks) == 2, "one block, and it is run here"
    return blocks[1].split("```")[0]


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Installed beside Tapetum: a module, and an entry point of its own distribution."""
    (tmp_path / "night_pattern.py").write_text(code())
    info = tmp_path / "night_pattern-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: night-pattern\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[tapetum.cameras]\npattern = night_pattern:PatternCamera\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    importlib.invalidate_caches()
    yield tmp_path
    sys.modules.pop("night_pattern", None)


class TestTheCameraOfThePage(CameraConformance):
    @pytest.fixture(autouse=True)
    def _package(self, package: Path) -> None: ...

    def make(self) -> Camera:
        return open_camera("pattern:?fps=100")


class TestTheCameraOfThePageInAProcessOfItsOwn(TestTheCameraOfThePage):
    def make(self) -> Camera:
        return isolated("night_pattern:PatternCamera", "pattern:?fps=100", "?fps=100")


def test_it_is_thirty_lines() -> None:
    lines = [line for line in code().splitlines() if line.strip() and not line.startswith(("import ", "from "))]
    assert len(lines) <= 30


def test_the_registry_lists_it_and_finds_it(package: Path) -> None:
    family = next(family for family in families() if family.name == "pattern")
    assert (family.title, family.available) == ("Test picture", True)
    found = importlib.import_module("night_pattern").PatternCamera.discover()
    assert [camera.source for camera in found] == ["pattern:"]


def test_words_that_it_does_not_know_are_refused(package: Path) -> None:
    with pytest.raises(UnsupportedFeatureError, match="from 1 to 120"):
        open_camera("pattern:?fps=0")
    with pytest.raises(UnsupportedFeatureError, match="it knows fps"):
        open_camera("pattern:?size=3")


def test_the_doctor_finds_nothing_wrong_with_it(package: Path) -> None:
    report = commands.doctor_camera.examine_camera("pattern:?fps=50", 1.0, find=list)
    assert report.passed, report.lines
