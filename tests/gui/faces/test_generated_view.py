"""A generated picture that is made beside the Qt thread."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from gui.faces import generated_view
from gui.faces.generated_view import GeneratedPicture
from gui.look import theme
from gui.qt import QtGui, QtWidgets, rgb_of
from gui.tiles.picture_worker import Pictures
from recordings.observation import GeneratedImage


def gray(level: int, name: str = "color") -> GeneratedImage:
    return GeneratedImage(name, "a model 0", np.full((64, 64, 3), level, np.uint8))


def level(picture: GeneratedPicture) -> int:
    """How bright it is above the word."""
    return int(rgb_of(picture.picture)[20:60, 20:100].mean())


@pytest.fixture
def worker() -> Iterator[Pictures]:
    worker = Pictures()
    yield worker
    assert worker.close()
    theme.use("dark")


@pytest.fixture
def picture(worker: Pictures, qtbot: QtBot) -> GeneratedPicture:
    picture = GeneratedPicture()
    picture.use(worker)
    qtbot.addWidget(picture)
    picture.show_image(gray(200))
    picture.show()
    qtbot.waitExposed(picture)
    return picture


def test_the_last_of_many_is_what_stands_there_and_the_worker_made_it(
    picture: GeneratedPicture, worker: Pictures, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    threads: list[str] = []
    original = generated_view._made

    def made(image: GeneratedImage, ratio: float, is_night: bool) -> QtGui.QImage:
        threads.append(threading.current_thread().name)
        return original(image, ratio, is_night)

    assert level(picture) == 200
    monkeypatch.setattr(generated_view, "_made", made)
    for brightness in range(20, 120, 10):
        picture.show_image(gray(brightness))
        QtWidgets.QApplication.processEvents()
    qtbot.waitUntil(lambda: level(picture) == 110, timeout=20_000)
    assert set(threads) == {"tapetum-pictures"}


def test_a_picture_of_another_kind_never_stands_under_the_new_name(picture: GeneratedPicture) -> None:
    picture.show_image(gray(40, "relief"))
    assert picture.accessibleName() == "Generated relief"
    assert level(picture) == 40


def test_at_night_it_is_red_at_once(picture: GeneratedPicture) -> None:
    theme.use("red")
    rgb = rgb_of(picture.picture)
    assert rgb[..., 1:].max() < 40
    assert rgb[..., 0].max() > 100


def test_one_that_cannot_be_made_is_not_the_last_one_for_ever(
    picture: GeneratedPicture, worker: Pictures, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    original, failed = generated_view._made, threading.Event()

    def once(image: GeneratedImage, ratio: float, is_night: bool) -> QtGui.QImage:
        if not failed.is_set():
            failed.set()
            raise ValueError("broken")
        return original(image, ratio, is_night)

    monkeypatch.setattr(generated_view, "_made", once)
    picture.show_image(gray(70))
    qtbot.waitUntil(lambda: failed.is_set() and not worker.is_busy, timeout=20_000)
    assert level(picture) == 70


def test_one_that_was_ordered_and_does_not_come_fades_what_stands_in_its_place(
    picture: GeneratedPicture, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    original, gate = generated_view._made, threading.Event()

    def made(image: GeneratedImage, ratio: float, is_night: bool) -> QtGui.QImage:
        assert gate.wait(20)
        return original(image, ratio, is_night)

    def seen() -> int:
        return int(rgb_of(picture.grab().toImage())[20:60, 20:100].mean())

    assert seen() == 200
    monkeypatch.setattr(generated_view, "_made", made)
    try:
        picture.show_image(gray(70))
        qtbot.waitUntil(lambda: picture.is_late, timeout=20_000)
        assert seen() < 150, "the old one, faded"
        picture.show_image(gray(90))
        assert picture.is_late
    finally:
        gate.set()
    qtbot.waitUntil(lambda: not picture.is_late and level(picture) == 90, timeout=20_000)
    assert seen() == 90
