"""What a file or folder is, is recognised; what it is not, is told."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from recordings.errors import SessionImportError
from recordings.importers.protocol import Importer, ImportOptions
from recordings.importers.registry import importer_for, importers
from tests.recordings.sessions import simple_session


def refusal(path: Path, name: str | None = None) -> str:
    with pytest.raises(SessionImportError) as caught:
        importer_for(path, name)
    return str(caught.value)


def test_nothing_at_the_path(tmp_path: Path) -> None:
    assert "there is no file or folder" in refusal(tmp_path / "a.seq")


@pytest.mark.parametrize("name", ["a.seq", "a.jpg", "a.mp4", "a.bag", "a.tiff", "a.bin"])
def test_an_empty_file_is_called_empty(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    assert refusal(tmp_path / name) == f"{tmp_path / name} is empty"


def test_an_empty_folder_is_called_empty(tmp_path: Path) -> None:
    assert refusal(tmp_path) == f"the folder {tmp_path} is empty"


@pytest.mark.parametrize(
    ("name", "form"),
    [("a.SEQ", "flir-seq"), ("a.csq", "flir-seq"), ("a.jpg", "flir-jpeg"), ("a.mp4", "video"), ("a.tif", "tiff")],
)
def test_a_damaged_file_is_told_from_an_unknown_one_by_its_suffix(tmp_path: Path, name: str, form: str) -> None:
    (tmp_path / name).write_bytes(b"nonsense" * 100)
    said = refusal(tmp_path / name)
    assert f"--format {form} says more" in said
    assert "b'nonsense'" in said
    (tmp_path / "a.xyz").write_bytes(b"nonsense")
    assert "is of no format that can be imported" in refusal(tmp_path / "a.xyz")


def test_a_session_needs_no_import(tmp_path: Path) -> None:
    assert "a session is none to import" in refusal(simple_session(tmp_path / "a.mcap", 1))


def test_a_format_that_is_not_there_is_told_with_those_that_are(tmp_path: Path) -> None:
    said = refusal(tmp_path, "matroska")
    assert all(one.name in said for one in importers())


@pytest.mark.parametrize("importer", importers(), ids=lambda one: one.name)
@pytest.mark.parametrize("what", ["nothing", "empty folder", "empty file", "device", "broken link", "nonsense"])
def test_any_importer_ends_with_a_sentence_over_what_is_none_of_its_files(
    importer: Importer, what: str, tmp_path: Path
) -> None:
    path = tmp_path / "ein Gerät (1)"
    if what == "empty folder":
        path.mkdir()
    elif what == "empty file":
        path.touch()
    elif what == "device":
        path = Path(os.devnull)
    elif what == "broken link":
        path.symlink_to(tmp_path / "gone")
    elif what == "nonsense":
        path.write_bytes(b"nonsense" * 1000)
    assert not importer.recognises(path)
    (tmp_path / "out").mkdir()
    with pytest.raises(SessionImportError):
        importer.run(path, tmp_path / "out" / "a.mcap", ImportOptions())
    assert list((tmp_path / "out").iterdir()) == []
