"""The cards of the faces: what is known, what is unsure, and what they cost."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from drivers.frame import FrameSet
from gui.faces.face_card import MOST_SIGNALS, FaceCard
from gui.faces.face_column import MOST_CARDS, MOST_NEW, FaceColumn
from gui.faces.generated_view import LEAST_MS, generated_tip, sureness
from gui.qt import QtWidgets
from gui.tiles.face_pictures import generated_rgb
from pipeline.overlay_temperature import FaceTemperature
from pipeline.overlay_words import UNKNOWN
from pipeline.steps.follow import EYES_NOT_TOLD, followed_words
from recordings.observation import Box, EyeOpenness, Face, GeneratedImage, HeadPose, Landmarks, Observation, SignalValue
from tests.pipeline.pictures import THERMAL, face, frame_set, observation


@pytest.fixture
def card(qtbot: QtBot) -> FaceCard:
    card = FaceCard()
    qtbot.addWidget(card)
    return card


@pytest.fixture
def column(qtbot: QtBot) -> FaceColumn:
    column = FaceColumn()
    qtbot.addWidget(column)
    column.show()
    return column


def relief(sure: float | None) -> GeneratedImage:
    heights = np.zeros((96, 96), np.float32)
    confidence = None if sure is None else np.full((96, 96), sure, np.float32)
    return GeneratedImage("relief", "gray_to_depth 1", np.full((96, 96), 128, np.uint8), heights, confidence)


def words(card: FaceCard) -> list[str]:
    readings = [card.title, card.confidence, card.distance, *card.angles.values(), card.temperature, *card.signals]
    return [r.words for r in readings if not r.isHidden()]


def test_a_card_says_who_how_far_and_which_way(card: FaceCard) -> None:
    card.show_face(face(3))
    assert card.title.words == "Face 3"
    assert card.distance.words == "1.00 m"
    assert {k: r.words for k, r in card.angles.items()} == {"yaw": "+20°", "pitch": "-5°", "roll": "+3°"}
    assert card.eyes["right"].words == "right open 90 %"
    assert card.eyes["left"].words == "left CLOSED 10 %"
    assert card.temperature.isHidden(), "nothing was said of the temperature"
    assert {r.tone for r in card.angles.values()} == {""}


def test_nothing_is_written_anew_that_did_not_change(card: FaceCard, monkeypatch: pytest.MonkeyPatch) -> None:
    one = face(3)
    card.show_face(one)
    painted: list[object] = []
    for reading in (card.title, card.confidence, card.distance, *card.angles.values()):
        monkeypatch.setattr(reading, "update", lambda: painted.append(1))
    card.show_face(replace(one, generated=()))
    assert painted == []
    card.show_face(replace(one, pose=HeadPose(21.4, -5.0, 3.0), generated=()))
    assert len(painted) == 1


def test_values_that_are_not_known_are_dim_dashes(card: FaceCard) -> None:
    card.show_face(face(1, distance_m=None, pose=None, eyes=None, landmarks=None, invalid={"pose": "no landmarks"}))
    assert card.distance.words == f"{UNKNOWN} m"
    assert {r.words for r in card.angles.values()} == {f"{UNKNOWN}°"}
    assert {r.tone for r in (card.distance, *card.angles.values())} == {"dim"}
    assert {bar.words for bar in card.eyes.values()} == {"right eye unknown", "left eye unknown"}
    assert card.reasons == "not known: head pose – no landmarks"


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_numbers_that_are_none_never_look_like_some(card: FaceCard, number: float) -> None:
    broken = face(
        1,
        box=Box(number, number, number, number),
        confidence=number,
        distance_m=number,
        head_center_m=(number, number, number),
        pose=HeadPose(number, number, number, number),
        eyes=EyeOpenness(number, number),
        landmarks=Landmarks(np.full((68, 2), number, np.float32), np.full(68, number, np.float32)),
        signals={"perclos": SignalValue(number, "", number), "x": SignalValue(number, "/min", number)},
        generated=(),
    )
    card.resize(320, 400)
    card.show_face(broken, FaceTemperature("thermal", None, "broken"))
    card.grab()
    said = " ".join([*words(card), *(bar.words for bar in card.eyes.values())]).lower()
    assert "nan" not in said
    assert "inf" not in said
    assert card.distance.tone == "dim"
    assert card.confidence.tone == "warn"
    assert card.temperature.words == f"hottest {UNKNOWN} °C"


def test_a_face_that_is_not_believed_looks_so_in_every_number(card: FaceCard) -> None:
    card.show_face(face(1, invalid={"face": "a picture of a face", "pose": "a picture of a face"}))
    assert "not believed" in card.confidence.words
    assert card.title.tone == "dim"
    assert {r.tone for r in (card.distance, *card.angles.values())} == {"dim"}
    assert {bar.words for bar in card.eyes.values()} == {"right eye unknown", "left eye unknown"}


def test_a_face_that_was_followed_and_not_read_is_dim_and_one_of_low_confidence_is_uncertain(card: FaceCard) -> None:
    said = followed_words(2)
    card.show_face(face(1, eyes=None, invalid={"landmarks": said, "pose": said, "eyes": EYES_NOT_TOLD}))
    assert {r.tone for r in card.angles.values()} == {"dim"}
    assert "not believed" not in card.confidence.words
    card.show_face(face(1, confidence=0.3))
    assert card.confidence.words == "30 % sure, uncertain"
    assert card.confidence.tone == "warn"


def test_a_temperature_that_is_none_says_why_in_its_tip(card: FaceCard) -> None:
    card.show_face(face(1), FaceTemperature("thermal", 34.26))
    assert card.temperature.words == "hottest 34.3 °C"
    assert "95th percentile" in card.temperature.toolTip()
    card.show_face(face(1), FaceTemperature("thermal", None, "the shutter is closed"))
    assert card.temperature.words == f"hottest {UNKNOWN} °C"
    assert card.temperature.toolTip() == "the shutter is closed"
    card.show_face(face(1))
    assert card.temperature.isHidden()


def test_of_the_signals_what_matters_stands_on_the_card_and_what_asks_for_a_look_stands_out(card: FaceCard) -> None:
    signals = {
        "perclos": SignalValue(0.08, "", 0.82),
        "eyes_closed_s": SignalValue(1.2, "s", 0.9),
        "breathing_rate": SignalValue(0.0, "1/min", 0.0, "moves too much"),
        "pulse": SignalValue(0.0, "/min", 0.1, "of other software"),
    }
    card.show_face(face(1, signals=signals))
    assert [(r.words, r.tone) for r in card.signals] == [
        ("eyes closed for 1.2 s", "warn"),
        ("PERCLOS 8 %", ""),
        (f"pulse {UNKNOWN}  of other software", ""),
    ]
    card.show_face(face(1, signals={f"s{i}": SignalValue(1.0, "", 1.0) for i in range(MOST_SIGNALS + 3)}))
    assert [r.words for r in card.signals if not r.isHidden()][-1] == "3 more signals"
    card.show_face(face(1))
    assert all(r.isHidden() for r in card.signals)


def test_the_card_says_how_sure_the_relief_is_and_that_the_other_model_does_not_tell(card: FaceCard) -> None:
    color = GeneratedImage("color", "depth_to_color 1", np.zeros((64, 64, 3), np.uint8))
    card.show_face(face(1, generated=(relief(0.42), color)))
    assert card.sureness.words == "relief 42 % sure,  color: sureness not told"
    assert "10 mm" in generated_tip(relief(0.42))
    assert "42 %" in generated_tip(relief(0.42))
    assert "imagined, not measured" in generated_tip(color)
    assert "no part of this picture is surer" in generated_tip(color)
    assert "no part of this picture is surer" not in generated_tip(relief(None))
    assert sureness(relief(None)) == "relief: sureness not told"


def test_a_face_from_an_eye_is_called_no_likeness_and_does_not_push_the_others_off_the_line(card: FaceCard) -> None:
    color = GeneratedImage("color", "depth_to_color 1", np.zeros((64, 64, 3), np.uint8))
    imagined = GeneratedImage("face from eye", "eye_to_face 1", np.zeros((128, 128, 3), np.uint8))
    card.show_face(face(1, generated=(color, relief(0.42), imagined)))
    assert len(card.pictures) == 3
    assert card.sureness.words == "relief 42 % sure,  color, face from eye: sureness not told"
    assert "no likeness of anybody" in generated_tip(imagined)
    assert "no likeness" not in generated_tip(color)


def test_an_unsure_relief_looks_different_from_a_sure_one(card: FaceCard) -> None:
    card.show_face(face(1, generated=(relief(0.95),)))
    sure = card.pictures[0].picture
    card.show_face(face(1, generated=(relief(0.1),)))
    assert card.pictures[0].picture != sure


def test_a_generated_picture_is_painted_a_few_times_a_second_and_ends_with_the_newest(
    card: FaceCard, qtbot: QtBot
) -> None:
    card.show()
    card.show_face(face(1, generated=(relief(0.9),)))
    qtbot.waitExposed(card)
    picture = card.pictures[0]
    last = relief(0.2)
    for image in (relief(0.8), relief(0.6), last):
        card.show_face(face(1, generated=(image,)))
    qtbot.wait(3 * LEAST_MS)
    assert picture._painted is not None
    assert picture._painted[0] is last


def test_a_column_has_a_card_for_every_face_up_to_twelve_and_counts_the_rest(column: FaceColumn, qtbot: QtBot) -> None:
    def faces(count: int) -> tuple[Face, ...]:
        """The later ones are larger, and nearer."""
        return tuple(face(i, box=Box(10, 10, 20 + i, 20 + i)) for i in range(1, count + 1))

    column.show_faces(observation(*faces(3)))
    assert [c.title.words for c in column.cards if not c.isHidden()] == ["Face 1", "Face 2", "Face 3"]
    column.show_faces(observation(*faces(50)))
    assert column._none.text() == "38 more faces, farther away"
    qtbot.waitUntil(lambda: len(column.cards) == MOST_CARDS, timeout=20_000)
    shown = [c.title.words for c in column.cards if not c.isHidden()]
    assert shown == [f"Face {i}" for i in range(51 - MOST_CARDS, 51)], "the nearest have a card"
    column.show_faces(observation())
    assert not [c for c in column.cards if not c.isHidden()]
    assert column._none.text() == "no face"


def test_many_faces_at_once_get_their_cards_one_after_the_other_and_the_newest_of_each(
    column: FaceColumn, qtbot: QtBot
) -> None:
    def seen(count: int, metres: float) -> Observation:
        return observation(*(face(i, distance_m=metres) for i in range(1, count + 1)))

    column.show_faces(seen(12, 1.0))
    assert len(column.cards) == MOST_NEW, "a card takes some milliseconds: the others wait for their turn"
    column.show_faces(seen(11, 2.0))  # before their turn has come
    assert len(column.cards) == 2 * MOST_NEW
    qtbot.waitUntil(lambda: len(column.cards) == 11, timeout=20_000)
    assert [c.title.words for c in column.cards] == [f"Face {i}" for i in range(1, 12)]
    assert {c.distance.words for c in column.cards} == {"2.00 m"}
    assert not any(c.isHidden() for c in column.cards)


def test_faces_that_are_gone_before_their_cards_were_made_get_none(column: FaceColumn, qtbot: QtBot) -> None:
    column.show_faces(observation(*(face(i) for i in range(1, 13))))
    column.show_faces(observation())
    QtWidgets.QApplication.processEvents()
    assert len(column.cards) == MOST_NEW
    assert all(c.isHidden() for c in column.cards)
    assert column._none.text() == "no face"


def test_numbers_are_written_a_few_times_a_second_and_end_with_the_newest(column: FaceColumn, qtbot: QtBot) -> None:
    column.show_faces(observation(face(1, distance_m=1.0)))
    for metres in (1.1, 1.2, 1.3):
        column.show_faces(observation(face(1, distance_m=metres)))
    assert column.cards[0].distance.words == "1.00 m"
    qtbot.waitUntil(lambda: column.cards[0].distance.words == "1.30 m", timeout=10_000)
    column.show_faces(observation(face(1), face(2)))
    assert [c.title.words for c in column.cards if not c.isHidden()] == ["Face 1", "Face 2"], "at once"
    column.show_faces(observation())
    assert all(c.isHidden() for c in column.cards), "at once"


def test_a_column_with_the_frames_tells_the_temperatures(column: FaceColumn, qtbot: QtBot) -> None:
    frames = frame_set()
    warm = THERMAL.kelvin
    assert warm is not None
    column.show_faces(observation(face(1)), frames)
    assert column.cards[0].temperature.words == "hottest 26.9 °C"  # 30000 counts of 10 mK
    without = FrameSet(1, 0, {k: f for k, f in frames.frames.items() if k != "thermal"})
    column.show_faces(observation(face(1)), without)
    qtbot.waitUntil(column.cards[0].temperature.isHidden, timeout=10_000)


def test_a_change_of_the_unit_holds_at_once_on_every_card(qtbot: QtBot) -> None:
    column = FaceColumn()
    qtbot.addWidget(column)
    column.show_faces(observation(face(1)), frame_set())
    column.set_temperatures("°F")
    assert column.cards[0].temperature.words == "hottest 80.3 °F"
    column.show_faces(observation(face(1), face(2)), frame_set())
    assert column.cards[1].temperature.words == "hottest 80.3 °F", "a card that came later"
    column.set_temperatures("°C")
    assert column.cards[0].temperature.words == "hottest 26.9 °C"


def test_at_night_the_word_generated_is_as_bright_as_other_words() -> None:
    relief = next(image for image in face(1).generated)
    plain, red = (generated_rgb(relief, 138, is_red).astype(int) for is_red in (False, True))
    assert red[-24:, :, 0].max() == 255
    assert red[0, 0, 0] == 255, "the frame"
    assert red[..., 1:].max() < 40, "nothing that takes the eye's night away"
    assert plain[-24:].max() == 255
