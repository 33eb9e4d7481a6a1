"""The command finds the right exporter, the list of formats is true, and the document about them is up to date."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

import tapetum
from commands import formats, optional_packages
from pipeline.doctor import _formats
from pipeline.exporters.registry import exporter_for, exporters
from recordings.errors import SessionExportError
from recordings.exporters.protocol import Exporter
from recordings.importers.registry import importers
from recordings.reader import SessionReader
from tests.conftest import ROOT
from tests.recordings.export_cases import FRAMES, all_names, full_session
from tests.recordings.sessions import DEPTH, simple_session

DOCUMENT = ROOT / "docs" / "import-export.md"


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        tapetum.main(list(arguments))
    code = ended.value.code
    return code if isinstance(code, int) else 0


def last_line(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(capsys.readouterr().out.splitlines()[-1])
    return data


def test_names_are_unique_and_everything_is_an_exporter() -> None:
    names = [one.name for one in exporters()]
    assert len(set(names)) == len(names)
    assert {"viewable", "png16", "ply", "ros2", "overlay", "parquet", "csv"} <= set(names)
    assert all(isinstance(one, Exporter) for one in exporters())


def test_a_suffix_is_enough_where_only_one_form_has_it() -> None:
    assert exporter_for(Path("a.MP4")).name == "overlay"
    assert exporter_for(Path("a.mcap"), "ros2").name == "ros2"
    with pytest.raises(SessionExportError, match=r"say by --format.*viewable: .*ros2: ") as error:
        exporter_for(Path("a.mcap"))
    assert "png16" not in str(error.value)
    with pytest.raises(SessionExportError, match=r"say by --format.*viewable: .*png16: .*overlay: "):
        exporter_for(Path("folder"))
    with pytest.raises(SessionExportError, match="there is no export format 'avi'; there are viewable: "):
        exporter_for(Path("a.avi"), "avi")


@pytest.mark.parametrize("form", [one.name for one in exporters()])
def test_the_command_writes_every_form(form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = full_session(tmp_path / "in.mcap", "compact")
    suffix = next(one.suffix for one in exporters() if one.name == form)
    out = tmp_path / f"out{suffix}"
    assert run("session", "export", str(source), "-o", str(out), "--format", form, "--json") == 0
    told = last_line(capsys)
    assert (told["format"], told["path"]) == (form, str(out))
    assert told["bytes"] > 0
    assert out.exists()
    assert run("session", "export", str(source), "-o", str(out), "--format", form) == 1
    assert "exists already; choose another name, or --overwrite" in capsys.readouterr().err
    assert run("session", "export", str(source), "-o", str(out), "--format", form, "--overwrite") == 0


def test_the_command_takes_parts_and_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = full_session(tmp_path / "in.mcap", "compact")
    out = str(tmp_path / "out")
    words = ["--streams", "depth, gray", "--from-s", "0.03", "--to-s", "0.07", "--json"]
    assert run("session", "export", str(source), "-o", out, "--format", "png16", *words) == 0
    assert last_line(capsys)["frames"] == {"depth": 2, "gray": 2}
    assert run("session", "export", str(source), "-o", str(tmp_path / "p"), "--format", "ply", "--set", "every=4") == 0
    assert len(list((tmp_path / "p").rglob("*.ply"))) == 1
    assert run("session", "export", str(source), "-o", str(tmp_path / "q"), "--format", "ply", "--set", "every") == 2
    assert "--set takes KEY=VALUE" in capsys.readouterr().err
    assert run("session", "export", str(source), "-o", str(tmp_path / "q"), "--format", "ply", "--streams", ",") == 2
    assert run("session", "export", str(source), "-o", str(tmp_path / "q"), "--format", "ply", "--streams", "x") == 1
    assert "has no stream 'x'; its streams: color, depth" in capsys.readouterr().err
    assert "q" not in all_names(tmp_path)


def test_viewable_is_one_word(tmp_path: Path) -> None:
    source = simple_session(tmp_path / "in.mcap", FRAMES, [DEPTH])
    assert run("session", "export", str(source), "-o", str(tmp_path / "out.mcap"), "--viewable") == 0
    with SessionReader(tmp_path / "out.mcap") as session:
        assert session.count("depth") == FRAMES


def test_what_is_no_session_is_told_in_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, data in (("none.mcap", None), ("bad.mcap", b"no session")):
        if data is not None:
            (tmp_path / name).write_bytes(data)
        assert run("session", "export", str(tmp_path / name), "-o", str(tmp_path / "out"), "--format", "csv") == 1
        told = capsys.readouterr().err
        assert told.startswith("tapetum: ")
        assert "Traceback" not in told


def test_the_list_names_every_format(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("session", "formats") == 0
    told = capsys.readouterr().out
    for one in (*importers(), *exporters()):
        assert f"  {one.name} " in told
        assert one.title in told
    assert run("session", "formats", "--json") == 0
    data = last_line(capsys)
    assert [one["name"] for one in data["import"]] == [one.name for one in importers()]
    assert [one["name"] for one in data["export"]] == [one.name for one in exporters()]


def test_what_is_missing_is_told_with_how_to_get_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(optional_packages, "is_installed", lambda package: False)
    assert run("session", "formats") == 0
    lines = {line.split()[0]: line for line in capsys.readouterr().out.splitlines() if line.startswith("  ")}
    assert lines["overlay"].endswith('needs av: pip install "tapetum[formats]"')
    assert lines["realsense"].endswith('needs pyrealsense2: pip install "tapetum[realsense]"')
    assert lines["flir-seq"].endswith('needs av for JPEG-LS: pip install "tapetum[formats]"')
    for name in ("viewable", "png16", "ply", "ros2", "parquet", "csv", "rgbd"):
        assert "pip install" not in lines[name]
    assert run("session", "formats", "--json") == 0
    told = {one["name"]: one for group in last_line(capsys).values() for one in group}
    assert (told["overlay"]["available"], told["overlay"]["lacks"]) == (False, {"av": ""})
    assert (told["flir-seq"]["available"], told["viewable"]["available"]) == (True, True)
    both = formats.Format("a", "a", (), (), (), {"pyrealsense2": "", "av": "JPEG-LS"})
    assert both.state() == 'needs pyrealsense2, av for JPEG-LS: pip install "tapetum[formats,realsense]"'


BASE = {"numpy", "cv2", "mcap", "foxglove", "google", "zstandard", "lz4", "xxhash", "isal", "pyarrow", "pydantic"}
"""Import names of what Tapetum always brings (pyproject.toml)."""

ROOMS = {"drivers", "engines", "pipeline", "recordings"}


def test_a_package_that_may_be_missing_is_known_by_its_extra() -> None:
    """A new optional package belongs into EXTRAS of commands/optional_packages.py."""
    for one in (*importers(), *exporters()):
        foreign = optional_packages._imported(type(one).__module__, set()) - set(sys.stdlib_module_names)
        assert foreign - BASE - ROOMS <= set(optional_packages.EXTRAS), one.name
    assert optional_packages.is_installed("numpy")
    assert not optional_packages.is_installed("no_such_package_at_all")


def test_what_only_a_part_of_a_format_needs_is_really_imported() -> None:
    modules = {one.name: type(one).__module__ for one in (*importers(), *exporters())}
    for name, package in formats.PARTLY:
        assert package in optional_packages.imported_by(modules[name])


def test_every_format_says_what_it_keeps_and_what_not() -> None:
    for one in (*formats.importable(), *formats.exportable()):
        assert one.kept, one.name
        assert one.not_kept, one.name
        for words in (*one.kept, *one.not_kept):
            assert words == words.strip(), one.name
            assert "\n" not in words, one.name


def test_the_document_is_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    """When it is not: python -m commands.formats docs/import-export.md"""
    text = DOCUMENT.read_text(encoding="utf-8")
    assert formats.refreshed(text) == text, "run: python -m commands.formats docs/import-export.md"
    assert run("session", "formats", "--markdown") == 0
    assert capsys.readouterr().out in text


def test_the_document_shows_every_format_at_work() -> None:
    """Each format's name stands in an example of a command, outside the tables."""
    text = DOCUMENT.read_text(encoding="utf-8").partition(formats.BEGIN)[0]
    for one in exporters():
        assert f"--format {one.name}" in text or f"--{one.name}" in text, one.name


def test_refreshing_changes_only_what_stands_between_the_marks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "doc.md"
    path.write_text(f"before\n{formats.BEGIN}\nstale text\n{formats.END}\nafter\n", encoding="utf-8")
    assert formats.main([str(path)]) == 0
    text = path.read_text(encoding="utf-8")
    assert text.startswith(f"before\n{formats.BEGIN}\n")
    assert text.endswith(f"{formats.END}\nafter\n")
    assert "#### `png16`" in text
    assert "stale text" not in text
    path.write_text("no marks", encoding="utf-8")
    assert formats.main([str(path)]) == 2
    assert path.read_text(encoding="utf-8") == "no marks"
    assert formats.main([]) == 2
    assert "usage" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["import flir-seq", "import pandora", "export ros2"])
def test_what_was_never_tried_on_the_real_thing_is_called_unverified(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    way, form = name.split()
    assert formats.session_formats(False, False) == 0
    listed = capsys.readouterr().out.split("export:\n")[way == "export"]
    assert next(line for line in listed.splitlines() if line.split()[0] == form).count("UNVERIFIED") == 1
    (check,) = [c for c in _formats() if c.name == name]
    assert "UNVERIFIED" in check.found
