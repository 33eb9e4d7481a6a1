"""The training tests' environment stands on that of the others: what is installed there is found, its own first."""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parent.parent / "scripts" / "stand_on.py"


@pytest.fixture
def above(tmp_path: Path) -> Path:
    """An environment without any package."""
    venv.create(tmp_path / "above", with_pip=False)
    return tmp_path / "above"


def python(above: Path, program: str) -> subprocess.CompletedProcess[str]:
    found = next(p for p in (above / "bin" / "python", above / "Scripts" / "python.exe") if p.exists())
    command = [str(found), "-c", program]
    return subprocess.run(command, cwd=above, capture_output=True, text=True, timeout=60, check=False)


def stand_on(above: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, SCRIPT, above], capture_output=True, text=True, timeout=60, check=False)


def test_what_is_installed_below_is_found_and_what_is_installed_above_comes_first(above: Path) -> None:
    assert "No module named" in python(above, "import numpy").stderr
    assert stand_on(above).returncode == 0
    find = "from importlib.util import find_spec as f; print(f('numpy').origin, f('tapetum').origin)"
    done = python(above, find)
    assert done.returncode == 0, done.stderr
    numpy, tapetum = done.stdout.split()
    assert not Path(numpy).is_relative_to(above)
    assert Path(tapetum).name == "tapetum.py", "what is installed as a folder of sources is found, too"
    where = Path(python(above, "import sysconfig; print(sysconfig.get_path('purelib'))").stdout.strip())
    (where / "numpy.py").write_text("")
    assert Path(python(above, "import numpy; print(numpy.__file__)").stdout.strip()) == where / "numpy.py"


def test_a_folder_that_is_no_environment_is_told(tmp_path: Path) -> None:
    done = stand_on(tmp_path)
    assert done.returncode == 1
    assert f"{tmp_path} is no environment of Python {sys.version_info.major}.{sys.version_info.minor}" in done.stderr
