"""Questions to a process: answered, late, or given up."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gui.qt import QtCore
from gui.work.asking import Answer, Asking
from gui.work.questions import Questions
from tests.gui.work.processes import is_there

SOON_S = 20.0
ENDLESS = "import signal, time; signal.signal(signal.SIGINT, signal.SIG_IGN); time.sleep(1000)"


def ask(code: str, deadline_s: float = 60.0) -> Asking:
    return Asking((sys.executable, "-c", code), deadline_s, "it does not answer")


def test_the_last_line_is_the_answer() -> None:
    asking = ask("print('words'); print('{\"n\": 3}')")
    assert asking.join(SOON_S)
    assert asking.answer == Answer({"n": 3})


def test_what_went_wrong_is_the_problem() -> None:
    asking = ask("import sys; sys.exit('tapetum: there is no such file')")
    assert asking.join(SOON_S)
    assert asking.answer == Answer(None, "there is no such file")


def test_a_late_answer_is_none() -> None:
    asking = ask(ENDLESS, 0.2)
    assert asking.join(SOON_S)
    assert asking.answer == Answer(None, "it does not answer")


@pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")
def test_what_is_given_up_is_gone_though_it_minds_no_interrupt(qtbot: QtBot, tmp_path: Path) -> None:
    told = tmp_path / "pid"
    asking = ask(f"import os; open({str(told)!r}, 'w').write(f'{{os.getpid()}} '); {ENDLESS}")
    qtbot.waitUntil(lambda: told.exists() and told.read_text().endswith(" "), timeout=20_000)
    asking.give_up()
    assert asking.join(SOON_S)
    qtbot.waitUntil(lambda: not is_there(int(told.read_text())), timeout=20_000)


def test_what_is_given_up_at_once_ends_as_well() -> None:
    asking = ask(ENDLESS)
    asking.give_up()
    assert asking.join(SOON_S)


def test_an_answer_that_closes_the_window_is_the_last_one(qtbot: QtBot) -> None:
    owner = QtCore.QObject()
    questions = Questions(owner)
    told: list[Answer] = []

    def close(answer: Answer) -> None:
        told.append(answer)
        questions.close()

    both = [ask("print('{}')"), ask("print('{}')")]
    assert all(asking.join(SOON_S) for asking in both)
    for asking in both:
        questions.ask(asking, close)
    qtbot.waitUntil(lambda: bool(told), timeout=20_000)
    qtbot.wait(100)  # two looks
    assert told == [Answer({})]
