"""What signals say in passing is said in the operator's language, and so are the labels within."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

import pipeline.signals
from gui.alarms import signal_phrases
from gui.alarms.signal_phrases import LABELS, MEANINGS, label_words, say
from gui.qt import QtWidgets
from gui.translations import load
from pipeline import signal_words
from pipeline.signal_words import briefs_of
from pipeline.signals.names import COVERS, SIGNALS
from recordings.observation import SignalValue


@pytest.fixture
def italian(qtbot: QtBot) -> Iterator[None]:
    app = QtWidgets.QApplication.instance()
    load.use(app, "it")
    yield
    load.use(app, "en")


def ready_zones() -> set[str]:
    files = list((Path(pipeline.signals.__file__).parent / "zone_sets").glob("*.toml"))
    assert files
    return {zone["name"] for file in files for zone in tomllib.loads(file.read_text("utf-8"))["zones"]}


def test_every_sentence_of_the_signals_can_be_translated_and_no_other_is_asked_for() -> None:
    assert set(signal_phrases.PHRASES) == set(signal_words.PHRASES)


def test_what_every_signal_is_can_be_said() -> None:
    assert set(MEANINGS) == {signal.meaning for signal in SIGNALS}


def test_every_zone_of_the_ready_sets_and_every_cover_has_words_and_no_other() -> None:
    assert set(LABELS) == ready_zones() | set(COVERS)


def test_no_two_labels_read_alike(italian: None) -> None:
    assert len({label_words(label) for label in LABELS}) == len(LABELS)


def test_the_operator_reads_where_somebody_looks_in_one_language(italian: None) -> None:
    signals = {
        "gaze_zone": SignalValue(0.0, "", 0.9, label="left"),
        "off_road_s": SignalValue(2.5, "s", 0.9),
        "face_covered": SignalValue(1.0, "", 0.9, label="hand"),
    }
    assert {brief.words for brief in briefs_of(signals, say, asked={"off_road_s"})} == {
        "guarda altrove da 2.5 s: lato sinistro",
        "volto coperto: mano",
    }


def test_a_zone_of_somebodys_own_file_keeps_its_name(italian: None) -> None:
    assert say("looks at: {zone}", zone="Open") == "guarda: Open"


def test_other_sentences_are_said_as_the_window_says_them(italian: None) -> None:
    assert say("Choose: {what}", what="left") == "Scegli: left"
    assert say("Full screen") == "Schermo intero"
