"""Every export appears whole or not at all, replaces only what it may, and says what stopped it."""

from __future__ import annotations

from pathlib import Path

import pytest

from recordings.errors import SessionExportError, SessionFormatError
from recordings.exporters.protocol import Exporter, ExportOptions
from recordings.exporters.registry import exporters
from recordings.reader import SessionReader
from tests.recordings.export_cases import all_names, damaged_session, export, full_disk, full_session
from tests.recordings.sessions import DEPTH, simple_session

FORMS = exporters()
FOLDERS = tuple(e for e in FORMS if not e.suffix)
every_form = pytest.mark.parametrize("form", FORMS, ids=lambda e: e.name)
every_folder = pytest.mark.parametrize("form", FOLDERS, ids=lambda e: e.name)


@pytest.fixture
def session(tmp_path: Path) -> Path:
    return full_session(tmp_path / "in.mcap")


def out_of(form: Exporter, folder: Path) -> Path:
    return folder / f"out{form.suffix}"


def test_the_forms_are_exporters_with_names_of_their_own() -> None:
    assert all(isinstance(form, Exporter) for form in FORMS)
    assert len({form.name for form in FORMS}) == len(FORMS)
    assert all(form.kept and form.not_kept for form in FORMS)


@every_form
def test_what_is_there_is_replaced_only_when_asked(form: Exporter, session: Path, tmp_path: Path) -> None:
    out = out_of(form, tmp_path)
    first = export(form, session, out)
    with pytest.raises(SessionExportError, match="exists already; choose another name, or --overwrite"):
        export(form, session, out)
    again = export(form, session, out, overwrite=True)
    assert again.frames == first.frames
    assert again.bytes == first.bytes
    assert {p.name for p in tmp_path.iterdir()} == {"in.mcap", out.name}


@every_form
def test_progress_counts_to_the_end(form: Exporter, session: Path, tmp_path: Path) -> None:
    calls: list[tuple[int, int]] = []
    with SessionReader(session) as reader:
        report = form.run(reader, out_of(form, tmp_path), ExportOptions(), lambda *both: calls.append(both))
    total = sum(report.frames.values())
    assert calls == [(n, total) for n in range(1, total + 1)]


@every_form
def test_who_stops_it_finds_nothing_of_it(form: Exporter, session: Path, tmp_path: Path) -> None:
    def stop(done: int, total: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with SessionReader(session) as reader, pytest.raises(KeyboardInterrupt):
        form.run(reader, out_of(form, tmp_path), ExportOptions(), stop)
    assert all_names(tmp_path) == ["in.mcap"]


@every_form
def test_who_stops_a_replacement_keeps_what_was_there(form: Exporter, session: Path, tmp_path: Path) -> None:
    out = out_of(form, tmp_path)
    export(form, session, out)
    before = all_names(tmp_path)

    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with SessionReader(session) as reader, pytest.raises(KeyboardInterrupt):
        form.run(reader, out, ExportOptions(overwrite=True), stop)
    assert all_names(tmp_path) == before


@every_form
@pytest.mark.parametrize("share", [0.0, 0.5, 0.99])
def test_a_full_disk_is_told_and_leaves_nothing(form: Exporter, share: float, tmp_path: Path) -> None:
    """The largest file of the export finds room for a share of it only."""
    session = simple_session(tmp_path / "in.mcap", 100, [DEPTH])
    good = out_of(form, tmp_path)
    export(form, session, good)
    largest = max(p.stat().st_size for p in (good, *good.rglob("*")) if p.is_file())
    (tmp_path / "small").mkdir()
    told = "could not be written: File too large; free some space"
    with pytest.raises(SessionExportError, match=told), full_disk(int(share * largest)):
        export(form, session, out_of(form, tmp_path / "small"))
    assert all_names(tmp_path / "small") == []


@every_form
def test_a_damaged_frame_stops_it(form: Exporter, tmp_path: Path) -> None:
    session = damaged_session(tmp_path / "in.mcap")
    with pytest.raises(SessionFormatError, match=r"in\.mcap: .* depth is damaged"):
        export(form, session, out_of(form, tmp_path))
    assert all_names(tmp_path) == ["in.mcap"]


@every_form
def test_an_unknown_word_is_refused(form: Exporter, session: Path, tmp_path: Path) -> None:
    with pytest.raises(SessionExportError, match="knows no option colour; it knows"):
        export(form, session, out_of(form, tmp_path), extra={"colour": "yes"})


@every_form
def test_the_folder_to_write_in_must_be_there(form: Exporter, session: Path, tmp_path: Path) -> None:
    with pytest.raises(SessionExportError, match="does not exist; make it first"):
        export(form, session, out_of(form, tmp_path / "nowhere"))


@pytest.mark.parametrize("form", [f for f in FORMS if f.suffix], ids=lambda e: e.name)
def test_files_have_their_suffix_and_are_never_the_session(form: Exporter, session: Path, tmp_path: Path) -> None:
    with pytest.raises(SessionExportError, match=f"give -o NAME{form.suffix}"):
        export(form, session, tmp_path / "out.txt")
    with pytest.raises(SessionExportError, match="is the session itself"):
        export(form, session, session, overwrite=True)
    (tmp_path / f"folder{form.suffix}").mkdir()
    with pytest.raises(SessionExportError, match="is a folder; name a file"):
        export(form, session, tmp_path / f"folder{form.suffix}", overwrite=True)
    (tmp_path / f"out{form.suffix}.part").write_bytes(b"left")
    with pytest.raises(SessionExportError, match="another export is writing it, or was stopped"):
        export(form, session, out_of(form, tmp_path))
    export(form, session, out_of(form, tmp_path), overwrite=True)
    assert not (tmp_path / f"out{form.suffix}.part").exists()


@every_folder
def test_a_folder_of_somebody_else_is_never_touched(form: Exporter, session: Path, tmp_path: Path) -> None:
    foreign = tmp_path / "holiday"
    foreign.mkdir()
    (foreign / "photo.jpg").write_bytes(b"mine")
    with pytest.raises(SessionExportError, match="was not made by an export"):
        export(form, session, foreign, overwrite=True)
    assert (foreign / "photo.jpg").read_bytes() == b"mine"
    file = tmp_path / "file"
    file.write_bytes(b"mine")
    with pytest.raises(SessionExportError, match="it is no folder"):
        export(form, session, file, overwrite=True)
    assert file.read_bytes() == b"mine"


@every_folder
@pytest.mark.parametrize("where", ["notes.txt", "depth/notes.txt"])
def test_a_folder_that_somebody_added_to_is_never_touched(
    form: Exporter, where: str, session: Path, tmp_path: Path
) -> None:
    out = out_of(form, tmp_path)
    export(form, session, out)
    (out / where).write_text("mine")
    with pytest.raises(SessionExportError, match="is not as the export left it"):
        export(form, session, out, overwrite=True)
    assert (out / where).read_text() == "mine"


@every_folder
def test_an_empty_folder_is_as_good_as_none(form: Exporter, session: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    export(form, session, tmp_path / "out")
    assert (tmp_path / "out" / "export.json").is_file()
    assert not [p for p in tmp_path.iterdir() if p.name.startswith(".")]


@every_folder
def test_what_a_killed_export_left_is_replaced_when_asked(form: Exporter, session: Path, tmp_path: Path) -> None:
    part = tmp_path / "out.part"
    part.mkdir()
    (part / "export.json").write_text('{"tapetum_export": 1, "entries": {}}')
    (part / "half.png").write_bytes(b"half")
    with pytest.raises(SessionExportError, match=r"out\.part exists already"):
        export(form, session, tmp_path / "out")
    export(form, session, tmp_path / "out", overwrite=True)
    assert not part.exists()
    part.mkdir()
    (part / "photo.jpg").write_bytes(b"mine")
    with pytest.raises(SessionExportError, match="was not made by an export"):
        export(form, session, tmp_path / "out", overwrite=True)
    assert (part / "photo.jpg").exists()


@every_folder
@pytest.mark.parametrize("manifest", ["", "[]", "{}", '{"entries": {}}', '{"tapetum_export": 1, "entries": 3}'])
def test_only_our_own_manifest_counts(form: Exporter, manifest: str, session: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "export.json").write_text(manifest)
    with pytest.raises(SessionExportError, match="was not made by an export"):
        export(form, session, out, overwrite=True)
