"""A folder that can't be written into is told in a line before any work, and none is left behind that nothing is in."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from training.out_folder import OutFolderError, make_folder, replace_file, tried_folder


def test_a_file_in_place_of_the_folder_is_told(tmp_path: Path) -> None:
    file = tmp_path / "taken"
    file.write_text("mine")
    with pytest.raises(OutFolderError, match=r"taken is a file; name a folder with --out"), tried_folder(file):
        pytest.fail("the work began")
    assert file.read_text() == "mine"


def test_a_folder_that_cant_be_made_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(OutFolderError, match=r"taken/deep can't be made \(Not a directory\); name another --out"):
        make_folder(tmp_path / "taken" / "deep")
    with pytest.raises(OutFolderError, match=r"can't be made \(File name too long\)"):
        make_folder(tmp_path / "new" / ("long" * 100))
    assert [one.name for one in tmp_path.iterdir()] == ["taken"]


def test_a_folder_that_takes_no_files_is_told_before_the_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(**where: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr("training.out_folder.tempfile.TemporaryFile", full)
    with pytest.raises(OutFolderError, match="Read-only file system"), tried_folder(tmp_path / "new"):
        pytest.fail("the work began")
    assert not any(tmp_path.iterdir())


def test_folders_go_again_where_the_work_left_nothing_in_them(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no"), tried_folder(tmp_path / "a" / "b"):
        raise ValueError("no")
    assert not any(tmp_path.iterdir())
    with tried_folder(tmp_path / "a" / "b"):
        (tmp_path / "a" / "b" / "result").write_text("")
    (tmp_path / "old").mkdir()
    with tried_folder(tmp_path / "old"):
        pass
    assert {one.name for one in tmp_path.iterdir()} == {"a", "old"}, "what was there stays, empty or not"


def test_a_file_that_cant_be_replaced_stays_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "results.md"
    replace_file(path, b"old")
    written = Path.write_bytes

    def full(self: Path, data: bytes) -> int:
        written(self, data[:1])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OutFolderError, match=r"results\.md can't be written \(No space left on device\); free some"):
        replace_file(path, b"new")
    assert [one.name for one in tmp_path.iterdir()] == ["results.md"]
    assert path.read_bytes() == b"old"
