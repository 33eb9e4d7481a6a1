"""The engines as an operator sees and changes them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from engines.build_times import BuildTime
from engines.engine_state import EngineState
from engines.errors import PolicyError
from engines.registry import BACKENDS
from gui.feed import FeedStatus, Mode, Phase
from gui.qt import QtCore, QtGui, QtWidgets
from gui.settings import Settings
from gui.status.backend_facts import BackendFacts, BackendLook
from gui.status.engine_memory import PREFIX, EngineMemory
from gui.status.engine_orders import EngineOrders
from gui.status.engines_dialog import EnginesDialog
from pipeline.pacing import Pace
from tests.gui.status.engine_states import NO_TENSORRT, UNVERIFIED, building, fallen, state

BARRED = {"tensorrt": "not installed", "onnxruntime-cuda": "no driver"}


class Asked:
    """Remembers what the dialog asked of a live run."""

    def __init__(self) -> None:
        self.swaps: list[tuple[str, str]] = []
        self.cancelled = 0
        self.waiting_too = False
        self.error: Exception | None = None

    def swap(self, model: str, policy: str) -> None:
        if self.error is not None:
            raise self.error
        self.swaps.append((model, policy))

    def cancel(self, with_waiting: bool = False) -> bool:
        self.cancelled += 1
        self.waiting_too = with_waiting
        return True


@pytest.fixture
def look() -> BackendLook:
    look = BackendLook(lambda info: BackendFacts(BARRED.get(info.name, ""), UNVERIFIED if info.name == "torch" else ""))
    assert look.join(10)
    return look


@pytest.fixture
def asked() -> Asked:
    return Asked()


@pytest.fixture
def dialog(qtbot: QtBot, look: BackendLook, asked: Asked) -> EnginesDialog:
    dialog = EnginesDialog(EngineOrders(asked.swap, EngineMemory(Settings())), asked.cancel, None, look)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def status(*states: EngineState, mode: Mode = Mode.LIVE, **more: Any) -> FeedStatus:
    given = {"phase": Phase.RUNNING, **more}
    return FeedStatus(mode, "virtual:", engines=states, **given)


def row(dialog: EnginesDialog, number: int) -> list[str]:
    item = dialog.models.topLevelItem(number)
    return [item.text(column) for column in range(dialog.models.columnCount())]


def choose(dialog: EnginesDialog, backend: str, precision: str = "file") -> None:
    choice = dialog.choice
    choice.backends.setCurrentIndex(choice.backends.findData(backend))
    choice.precisions.setCurrentIndex(choice.precisions.findData(precision))


def test_each_model_has_a_row_with_what_runs_it(dialog: EnginesDialog) -> None:
    dialog.show_status(
        status(
            state(), fallen(model="gray_to_depth", retried=3), models={"face_finder": {"missing": "there is no card"}}
        )
    )
    assert row(dialog, 0) == ["Face landmarks", "OpenVINO", "CPU", "f32", "as asked for"]
    assert row(dialog, 1)[-1] == "FALLBACK · 3 calls retried"
    assert row(dialog, 2) == ["Face finder", "missing", "", "", "there is no card"]


def test_below_stands_why_each_backend_does_not_run(dialog: EnginesDialog) -> None:
    dialog.show_status(status(fallen(fault="openvino: out of <memory>")))
    words = dialog.page.toPlainText()
    assert NO_TENSORRT in words
    assert "out of <memory>" in words
    assert "This is a fallback" in words
    for name in BACKENDS:
        assert BACKENDS[name].title.split(" on ")[0].split(" with ")[0] in words


def test_the_page_is_of_the_model_that_the_arrow_keys_choose(dialog: EnginesDialog, qtbot: QtBot) -> None:
    dialog.show_status(status(state(), state("face_finder", "onnxruntime")))
    dialog.models.setFocus()
    qtbot.keyClick(dialog.models, QtCore.Qt.Key.Key_Down)
    assert "Face finder: ONNX Runtime" in dialog.page.toPlainText()
    assert dialog.choice.wish == "onnxruntime"


def test_what_is_marked_to_copy_stays_marked_while_the_numbers_go_on(dialog: EnginesDialog) -> None:
    dialog.show_status(status(building(0.1)))
    dialog.page.selectAll()
    dialog.show_status(status(building(0.9)))
    assert dialog.page.textCursor().hasSelection()


def test_all_of_it_can_be_copied(dialog: EnginesDialog) -> None:
    dialog.show_status(status(fallen(), state("face_finder"), not_computed=2))
    dialog.copy()
    words = QtWidgets.QApplication.clipboard().text()
    for expected in (NO_TENSORRT, "Face finder", "2 FrameSets could not be computed"):
        assert expected in words


def test_applying_asks_for_the_engine_and_says_what_runs_meanwhile(
    dialog: EnginesDialog, asked: Asked, qtbot: QtBot
) -> None:
    dialog.show_status(status(state()))
    assert not dialog.choice.apply.isEnabled(), "it runs already"
    choose(dialog, "openvino", "int8")
    qtbot.mouseClick(dialog.choice.apply, QtCore.Qt.MouseButton.LeftButton)
    assert asked.swaps == [("face_landmarks", "openvino:int8")]
    assert dialog.said.text() == "Asked for OpenVINO int8; OpenVINO runs until it is there."
    dialog.show_status(status(building()))
    assert dialog.choice.wish == "openvino:int8", "the poll leaves the lists where the operator put them"
    assert "runs until it is there" in dialog.said.text()
    dialog.show_status(status(state(wish="openvino:int8")))
    assert dialog.said.text() == "OpenVINO int8 runs now."


def test_what_was_asked_for_and_did_not_come_is_answered_with_the_reason(dialog: EnginesDialog) -> None:
    dialog.show_status(status(state()))
    choose(dialog, "openvino", "int8")
    dialog.choice.apply.click()
    dialog.show_status(status(building()))
    dialog.show_status(status(state(trouble="openvino:int8: it loses 1.8 %")))
    assert dialog.said.text() == "OpenVINO goes on. openvino:int8: it loses 1.8 %"
    assert dialog.said.property("tone") == "warn"


def test_what_is_refused_is_said(dialog: EnginesDialog, asked: Asked) -> None:
    asked.error = PolicyError("a swap needs a backend")
    dialog.show_status(status(state()))
    choose(dialog, "onnxruntime")
    dialog.choice.apply.click()
    assert dialog.said.text() == "a swap needs a backend"
    assert dialog.said.property("tone") == "warn"


def test_backends_and_precisions_that_cannot_be_had_are_off_and_say_why(dialog: EnginesDialog) -> None:
    dialog.show_status(status(state()))
    for name in BACKENDS:
        item = _item(dialog.choice.backends, name)
        assert item.isEnabled() == (name not in BARRED)
        assert BARRED.get(name, "") in item.toolTip()
    assert "UNVERIFIED" in _item(dialog.choice.backends, "torch").toolTip()
    fp16 = _item(dialog.choice.precisions, "fp16")
    assert not fp16.isEnabled()
    assert "OpenVINO computes in fp32, bf16, int8, not in fp16" in fp16.toolTip()
    choose(dialog, "torch", "fp16")
    assert fp16.isEnabled()


def test_a_precision_that_the_next_backend_lacks_cannot_be_applied(dialog: EnginesDialog, asked: Asked) -> None:
    dialog.show_status(status(state()))
    choose(dialog, "torch", "fp16")
    assert dialog.choice.apply.isEnabled()
    choose(dialog, "onnxruntime", "fp16")
    assert not dialog.choice.apply.isEnabled()
    dialog.choice.apply.click()
    assert not asked.swaps


def test_an_unverified_backend_is_called_that_before_it_is_asked_for(dialog: EnginesDialog) -> None:
    dialog.show_status(status(state()))
    choose(dialog, "torch")
    dialog.show_status(status(state()))
    assert UNVERIFIED in dialog.said.text()


def test_a_build_shows_how_far_it_is_and_can_be_cancelled(dialog: EnginesDialog, asked: Asked) -> None:
    dialog.show_status(status(state()))
    assert not dialog.strip.cancel.isVisible()
    dialog.show_status(status(building(0.42)))
    assert dialog.strip.bar.value() == 420
    assert "measuring in float32" in dialog.strip.words.text()
    dialog.strip.cancel.click()
    assert asked.cancelled == 1
    dialog.show_status(status(state(coming="onnxruntime")))
    assert dialog.strip.bar.maximum() == 0, "nobody knows how far loading is"
    assert not dialog.strip.cancel.isVisible(), "only a build can be given up"
    dialog.show_status(status(state(trouble="the build was cancelled")))
    assert not dialog.strip.bar.isVisible()
    assert "the build was cancelled" in dialog.page.toPlainText()


def test_the_latency_budget_and_frames_without_a_result_stand_at_the_top(dialog: EnginesDialog) -> None:
    dialog.show_status(status(state()))
    assert "No latency budget" in dialog.pace.text()
    note = "landmarks every 2nd frame: 17 ms of 20 ms"
    dialog.show_status(status(state(), pace=Pace(every={"face_landmarks": 2}, note=note), not_computed=7))
    assert note in dialog.pace.text()
    assert "7 frames could not be computed" in dialog.pace.text()
    assert dialog.pace.property("tone") == "warn"


def test_in_a_replay_nothing_can_be_changed_and_it_says_so(qtbot: QtBot, look: BackendLook) -> None:
    dialog = EnginesDialog(EngineOrders(None, EngineMemory(Settings())), None, None, look)
    qtbot.addWidget(dialog)
    dialog.show_status(status(state(), mode=Mode.REPLAY))
    assert "Engines are changed while cameras run" in dialog.said.text()
    assert not dialog.choice.backends.isEnabled()
    choose(dialog, "onnxruntime")
    assert not dialog.choice.apply.isEnabled()


def test_when_the_cameras_have_ended_nothing_can_be_changed_any_more(dialog: EnginesDialog) -> None:
    dialog.show_status(status(state(), phase=Phase.ENDED))
    choose(dialog, "onnxruntime")
    assert not dialog.choice.apply.isEnabled()
    assert "ended" in dialog.said.text()


def test_before_the_models_are_loaded_the_page_says_so(dialog: EnginesDialog) -> None:
    dialog.show_status(status(phase=Phase.LOADING))
    assert "No model is loaded yet" in dialog.page.toPlainText()
    dialog.show_status(status(state()))
    dialog.show_status(status(replace(state(), wish="onnxruntime")))
    assert "ONNX Runtime on the CPU" in dialog.page.toPlainText()


def test_one_button_asks_for_a_backend_for_every_model_that_does_not_run_it(
    dialog: EnginesDialog, asked: Asked, qtbot: QtBot
) -> None:
    dialog.show_status(status(state(), state("face_finder", "onnxruntime"), state("gray_to_depth")))
    choose(dialog, "onnxruntime")
    qtbot.mouseClick(dialog.choice.apply_to_all, QtCore.Qt.MouseButton.LeftButton)
    assert asked.swaps == [("face_landmarks", "onnxruntime"), ("gray_to_depth", "onnxruntime")]
    dialog.show_status(status(*(state(name, "onnxruntime") for name in ("face_landmarks", "face_finder"))))
    assert not dialog.choice.apply_to_all.isEnabled()
    assert "runs every model already" in dialog.choice.apply_to_all.toolTip()
    assert [row(dialog, n)[-1] for n in (0, 1)] == ["as remembered", "as asked for"]


def test_what_is_remembered_is_shown_and_undone(dialog: EnginesDialog, asked: Asked, qtbot: QtBot) -> None:
    configured = "prefer openvino, onnxruntime"
    dialog.show_status(status(state(configured=configured)))
    assert dialog.kept.words.text() == f"Nothing is remembered of this model. Configured is: {configured}."
    assert not dialog.kept.undo.isEnabled()
    choose(dialog, "onnxruntime")
    dialog.choice.apply.click()
    dialog.show_status(status(state(wish="onnxruntime", configured=configured)))
    assert dialog.kept.words.text().startswith("Remembered: ONNX Runtime, for the next start too.")
    qtbot.mouseClick(dialog.kept.undo, QtCore.Qt.MouseButton.LeftButton)
    assert asked.swaps[-1] == ("face_landmarks", configured)
    assert dialog.kept.words.text().startswith("Nothing is remembered")
    dialog.show_status(status(state(configured=configured)))
    assert dialog.said.text() == "OpenVINO runs now."


def test_nonsense_that_is_remembered_stands_out_and_can_be_forgotten(qtbot: QtBot, look: BackendLook) -> None:
    settings = Settings()
    settings.set(PREFIX + "face_landmarks", "abacus")
    dialog = EnginesDialog(EngineOrders(None, EngineMemory(settings)), None, None, look)
    qtbot.addWidget(dialog)
    dialog.show_status(status(state(), state("face_finder"), mode=Mode.REPLAY))
    assert "abacus" in dialog.kept.words.text()
    assert dialog.kept.words.property("tone") == "warn"
    dialog.kept.undo_all.click()
    assert settings.get(PREFIX + "face_landmarks") is None
    assert not dialog.kept.undo_all.isEnabled()


def test_a_choice_that_is_looked_at_says_what_its_build_takes(dialog: EnginesDialog) -> None:
    took = BuildTime(60.0, 60.0, 60.0, 1, True)
    dialog.show_status(status(state(build_times={"int8": took})))
    assert dialog.said.text() == ""
    choose(dialog, "openvino", "int8")
    assert dialog.said.text() == "Where it must be built first: the last one took 1 min 0 s here."
    assert dialog.said.property("tone") == ""
    dialog.choice.apply.click()
    assert "runs until it is there" in dialog.said.text()
    choose(dialog, "onnxruntime", "int8")
    assert "the last one took" in dialog.said.text(), "the answer was read: another choice is looked at"


def test_all_that_waits_can_be_given_up_at_once(dialog: EnginesDialog, asked: Asked) -> None:
    dialog.show_status(status(building()))
    assert not dialog.strip.cancel_all.isVisible(), "there is one only"
    dialog.show_status(status(building(), state("face_finder", coming="openvino:int8")))
    assert dialog.strip.words.text().endswith("\nThen: Face finder")
    dialog.strip.cancel_all.click()
    assert asked.waiting_too
    dialog.strip.cancel.click()
    assert not asked.waiting_too
    assert dialog.said.text() == "The build is being given up."


def test_a_build_that_was_given_up_is_told_calmly(dialog: EnginesDialog) -> None:
    dialog.show_status(status(state()))
    choose(dialog, "openvino", "int8")
    dialog.choice.apply.click()
    dialog.show_status(status(building()))
    dialog.show_status(status(state(given_up="openvino:int8")))
    assert row(dialog, 0)[-1] == "as asked for"
    assert dialog.said.text() == "OpenVINO int8 was given up; OpenVINO goes on."
    assert dialog.said.property("tone") == ""
    assert "OpenVINO int8 was given up" in dialog.page.toPlainText()


def test_every_control_has_a_name_and_can_be_reached_by_keys(dialog: EnginesDialog) -> None:
    dialog.show_status(status(building()))
    for control in (dialog.models, dialog.page, dialog.choice.backends, dialog.choice.precisions, dialog.strip.bar):
        assert control.accessibleName()
    for control in (dialog.models, dialog.page, dialog.choice.backends, dialog.choice.apply, dialog.strip.cancel):
        assert control.focusPolicy() & QtCore.Qt.FocusPolicy.TabFocus


def _item(box: QtWidgets.QComboBox, data: str) -> QtGui.QStandardItem:
    return box.model().item(box.findData(data))
