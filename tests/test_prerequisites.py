"""Before anything is installed it is said when the disk is too full for it, with what is needed and what there is."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

pytestmark = pytest.mark.skipif(
    shutil.which("sh") is None or shutil.which("df") is None, reason="needs a POSIX shell, as make does"
)


def prerequisites(tmp_path: Path, free_mb: dict[str, int], *arguments: str) -> subprocess.CompletedProcess[str]:
    """The script on a machine with so much room, by the beginning of a folder's name."""
    df = tmp_path / "bin" / "df"
    df.parent.mkdir(exist_ok=True)
    answers = "".join(f"{place}*) free={mb} ;; " for place, mb in free_mb.items())
    words = 'echo "Filesystem 1048576-blocks Used Available Capacity Mounted on"; echo "/dev/x 9 9 $free 9% /"'
    df.write_text(f'#!/bin/sh\ncase "$2" in {answers}esac\n{words}\n')
    df.chmod(0o755)
    environment = {**os.environ, "PATH": f"{df.parent}:{os.environ['PATH']}", "TMPDIR": str(tmp_path / "writes")}
    (tmp_path / "writes").mkdir(exist_ok=True)
    script = ["sh", "scripts/prerequisites.sh", *arguments]
    return subprocess.run(script, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize(
    ("goal", "again"),
    [("run", "make run VENV=FOLDER"), ("test", "make test VENV=FOLDER"), ("train", "test-training TRAIN_VENV=FOLDER")],
)
def test_a_full_disk_is_told_before_anything_is_installed(tmp_path: Path, goal: str, again: str) -> None:
    environment = tmp_path / "not" / "there" / "yet"
    done = prerequisites(tmp_path, {f"{tmp_path}/writes": 9000, f"{tmp_path}": 399}, goal, "python3", str(environment))
    assert done.returncode == 1
    assert f"MB in {environment}, found 399 MB" in done.stderr
    assert again in done.stderr
    assert not environment.parent.exists()


def test_so_is_a_full_folder_for_what_is_written_for_a_while(tmp_path: Path) -> None:
    done = prerequisites(tmp_path, {f"{tmp_path}/writes": 12, f"{tmp_path}": 9000}, "train", "python3", str(tmp_path))
    assert done.returncode == 1
    assert f"MB in {tmp_path}/writes, found 12 MB" in done.stderr
    assert "TMPDIR=FOLDER" in done.stderr


def test_an_environment_that_is_there_needs_no_room(tmp_path: Path) -> None:
    room = {f"{tmp_path}/writes": 9000, f"{tmp_path}": 5}
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / ".train").touch()
    done = prerequisites(tmp_path, room, "train", "python3", str(tmp_path / "there"))
    assert (done.returncode, done.stderr) == (0, "")
    assert prerequisites(tmp_path, room, "train", "python3", str(tmp_path / "other")).returncode == 1


def test_a_disk_that_does_not_tell_is_not_refused(tmp_path: Path) -> None:
    done = prerequisites(tmp_path, {}, "train", "python3", str(tmp_path / "other"))
    assert (done.returncode, done.stderr) == (0, "")
