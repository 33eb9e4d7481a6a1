"""What the window says in other languages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gui.qt import QtCore, QtWidgets
from gui.settings import Settings
from gui.translations import fonts, load
from gui.translations.literals import literals, places
from gui.translations.update import (
    LANGUAGES,
    Entry,
    compile_qm,
    lrelease,
    qm_path,
    read_ts,
    ts_path,
    write_ts,
)
from gui.words import CONTEXT, tr


@pytest.fixture(autouse=True)
def english_after(qtbot: QtBot) -> Iterator[None]:
    yield
    load.use(QtWidgets.QApplication.instance(), "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_of_the_window_is_translated_and_none_beside_them(language: str) -> None:
    said, known = literals().texts, read_ts(ts_path(language))
    assert not [text for text in said if not known.get(text, Entry(text)).translation]
    assert not known.keys() - said.keys()


def test_no_sentence_is_put_together_before_it_is_translated() -> None:
    assert not literals().unread


@pytest.mark.parametrize("language", LANGUAGES)
def test_values_keep_their_places_and_generated_images_their_word(language: str) -> None:
    for source, entry in read_ts(ts_path(language)).items():
        if entry.translation:
            assert places(entry.translation) == places(source), source
            assert entry.translation.count("GENERATED") == source.count("GENERATED"), source
            assert entry.translation.count("\n") == source.count("\n"), source


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_window_loads_says_what_the_translators_wrote(language: str, qtbot: QtBot) -> None:
    translator = QtCore.QTranslator()
    assert translator.load(str(qm_path(language)))
    app = QtWidgets.QApplication.instance()
    app.installTranslator(translator)
    try:
        for source, entry in read_ts(ts_path(language)).items():
            if entry.translation:
                assert QtCore.QCoreApplication.translate(CONTEXT, source) == entry.translation
    finally:
        app.removeTranslator(translator)


@pytest.mark.skipif(lrelease() is None, reason="needs lrelease (PySide6-Essentials or Qt's tools)")
@pytest.mark.parametrize("language", LANGUAGES)
def test_compiling_again_gives_the_same_file(language: str, tmp_path: Path) -> None:
    again = compile_qm(language, tmp_path / "again.qm")
    assert again.read_bytes() == qm_path(language).read_bytes()


def test_the_window_speaks_italian_and_english_again(qtbot: QtBot) -> None:
    app = QtWidgets.QApplication.instance()
    assert load.use(app, "it") == load.Choice("it")
    assert tr("Full screen") == "Schermo intero"
    assert tr("text size {percent} %", percent=120) == "dimensione del testo 120 %"
    assert QtCore.QCoreApplication.translate("QPlatformTheme", "Cancel") == "Annulla"
    assert load.use(app, "en") == load.Choice("en")
    assert tr("Full screen") == "Full screen"


def test_without_letters_for_it_the_window_stays_english_and_says_what_to_install(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load, "can_show", lambda language: False)
    choice = load.use(QtWidgets.QApplication.instance(), "zh")
    assert choice.language == "en"
    assert "fonts-noto-cjk" in choice.problem
    assert tr("Full screen") == "Full screen"


def test_with_letters_it_speaks_chinese(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "can_show", lambda language: True)
    assert load.use(QtWidgets.QApplication.instance(), "zh").language == "zh"
    assert tr("Full screen") == "全屏"


def test_a_translation_that_cannot_be_read_leaves_english_and_is_said(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "tapetum_it.qm").write_bytes(b"no translation")
    monkeypatch.setattr(load, "FOLDER", tmp_path)
    choice = load.use(QtWidgets.QApplication.instance(), "it")
    assert choice.language == "en"
    assert "tapetum_it.qm" in choice.problem


def test_the_option_goes_before_the_variable_before_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings()
    settings.set("look.language", "zh")
    monkeypatch.delenv(load.VARIABLE, raising=False)
    assert load.wanted("", settings) == "zh"
    monkeypatch.setenv(load.VARIABLE, "it_IT.UTF-8")
    assert load.wanted("", settings) == "it"
    assert load.wanted("en", settings) == "en"
    monkeypatch.setenv(load.VARIABLE, "klingon")
    assert load.wanted("", settings) == "zh"
    settings.set("look.language", 7)
    assert load.wanted("", settings) in load.LANGUAGES


def test_letters_are_asked_for_without_a_screen() -> None:
    assert fonts.has_letters("en") in (True, None)
    for language, there, how in fonts.doctor_lines():
        assert language in load.LANGUAGES
        assert there in (True, False, None)
        assert how.startswith("apt install ")


def test_literals_are_read_from_the_source(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(
        'tr("one")\nmark("two " "words")\ntr("x" if y else "z")\n'
        'tr(f"no {x}")\ntr("a" + b)\ntr(row.text)\nother("no")\n'
    )
    found = literals(tmp_path)
    assert sorted(found.texts) == ["one", "two words", "x", "z"]
    assert [place.rpartition(":")[2] for place in found.unread] == ["4", "5"]


def test_a_file_for_translators_is_written_as_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "x.ts"
    entries = {"a <b> & “c”": Entry("a <b> & “c”", "ä\nö", ("gui/a.py",)), "later": Entry("later", "", ("gui/b.py",))}
    write_ts(path, "it", entries)
    assert read_ts(path) == entries
    path.write_text("no xml")
    with pytest.raises(ValueError, match=r"no \.ts file"):
        read_ts(path)
