"""Long work as an operator meets it: real commands, real cancelling, and nothing left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gui.work.child_task import ChildTask
from gui.work.orders import WHOLE, Order, Span, cut_order, export_order, verify_order
from gui.work.tasks import TaskBook, TaskState, TaskView
from tests.gui.work.processes import is_there

STUBBORN = """
import os, signal, sys, time
for number in (signal.SIGINT, signal.SIGTERM):
    signal.signal(number, signal.SIG_IGN)
with open(sys.argv[1] + ".part", "w") as file:
    file.write(str(os.getpid()))
os.replace(sys.argv[1] + ".part", sys.argv[1])
while True:
    time.sleep(1)
"""
POLITE = """
import os, sys, time
from pathlib import Path
import subprocess
kin = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(100)"], stderr=subprocess.DEVNULL)
Path(sys.argv[1] + ".kin").write_text(str(kin.pid))
Path(sys.argv[1] + ".part").write_text(str(os.getpid()))
os.replace(sys.argv[1] + ".part", sys.argv[1])  # whole when it is there
try:
    time.sleep(100)
except KeyboardInterrupt:
    print("tapetum: stopped", file=sys.stderr)
    sys.exit(130)
"""
CHATTY = """
import json, sys, time
for n in range(11):
    told = {"what": "a", "done": n, "of": 10, "unit": "frames", "share": n / 10}
    print(json.dumps({"progress": told}), file=sys.stderr)
for n in range(5000):
    print(f"line {n} " + "x" * 1000, file=sys.stderr)
print(json.dumps({"answer": "all is well"}), file=sys.stderr)
print("{not json", file=sys.stderr)
print("before", flush=True)
print(json.dumps({"good": True}))
"""


def wait(until: Callable[[], bool], seconds: float = 15.0) -> None:
    end = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.02)


def over(book: TaskBook, number: int, seconds: float = 30.0) -> TaskView:
    wait(lambda: book.view(number).state.is_over, seconds)
    return book.view(number)


def order(*arguments: str) -> Order:
    return Order("cut", "something", arguments)


@pytest.fixture
def book() -> Iterator[TaskBook]:
    book = TaskBook()
    yield book
    assert book.close()


@pytest.fixture
def scripts() -> Iterator[TaskBook]:
    """A book whose tasks are little programs."""
    book = TaskBook(program=(sys.executable, "-c"))
    yield book
    assert book.close()


def test_a_cut_is_made_and_says_what_it_made(book: TaskBook, session: Path, tmp_path: Path) -> None:
    made = tmp_path / "part.mcap"
    done = over(book, book.add(cut_order(session, made, Span(0.2, 0.6), ["color", "depth"])))
    assert done.state is TaskState.DONE, done
    assert made.exists()
    assert done.answer is not None
    assert any("part.mcap" in line for line in done.answer_lines)
    assert done.share == 1.0
    assert done.seconds > 0


def test_a_sound_session_is_verified_in_the_commands_words(book: TaskBook, session: Path) -> None:
    done = over(book, book.add(verify_order(session)))
    assert done.state is TaskState.DONE
    assert any("frames checked, none damaged" in line for line in done.answer_lines)


def test_a_damaged_session_is_an_answer_not_a_failure(book: TaskBook, session: Path, tmp_path: Path) -> None:
    torn = tmp_path / "torn.mcap"
    data = bytearray(session.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 64] = bytes(64)
    torn.write_bytes(data)
    done = over(book, book.add(verify_order(torn)))
    assert done.state in (TaskState.NO, TaskState.FAILED)
    assert done.answer_lines or "torn.mcap" in done.problem


def test_what_fails_says_it_in_the_commands_own_words(book: TaskBook, session: Path, tmp_path: Path) -> None:
    there = tmp_path / "there.mcap"
    there.write_bytes(b"mine")
    failed = over(book, book.add(cut_order(session, there, WHOLE)))
    assert failed.state is TaskState.FAILED
    assert "there.mcap" in failed.problem
    assert "Traceback" not in "\n".join(failed.lines)
    assert there.read_bytes() == b"mine"


def test_tasks_wait_for_their_turn(scripts: TaskBook, tmp_path: Path) -> None:
    first = scripts.add(order(POLITE, str(tmp_path / "a")))
    second = scripts.add(order("print('{}')"))
    wait((tmp_path / "a").exists)
    assert scripts.view(second).state is TaskState.QUEUED
    assert scripts.busy == 2
    assert scripts.cancel(first)
    assert over(scripts, second).state is TaskState.DONE
    assert scripts.view(first).state is TaskState.CANCELLED


def test_a_waiting_task_that_is_cancelled_never_begins(scripts: TaskBook, tmp_path: Path) -> None:
    first = scripts.add(order(POLITE, str(tmp_path / "a")))
    second = scripts.add(order(POLITE, str(tmp_path / "b")))
    assert scripts.cancel(second)
    assert not scripts.cancel(second)
    scripts.cancel(first)
    over(scripts, first)
    assert not (tmp_path / "b").exists()


def test_cancelling_interrupts_the_command_and_what_it_started(scripts: TaskBook, tmp_path: Path) -> None:
    number = scripts.add(order(POLITE, str(tmp_path / "pid")))
    wait((tmp_path / "pid").exists)
    pids = [int((tmp_path / name).read_text()) for name in ("pid", "pid.kin")]
    assert all(map(is_there, pids))
    scripts.cancel(number)
    cancelled = over(scripts, number)
    assert cancelled.state is TaskState.CANCELLED
    assert cancelled.lines == ("tapetum: stopped",)
    wait(lambda: not any(map(is_there, pids)))


def test_a_command_that_ignores_every_request_is_killed(tmp_path: Path) -> None:
    child = ChildTask((sys.executable, "-c", STUBBORN, str(tmp_path / "pid")), lambda _: None, lambda _: None)
    endings = []
    thread = threading.Thread(target=lambda: endings.append(child.run()), name="stubborn")
    thread.start()
    wait(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text() != "")
    pid = int((tmp_path / "pid").read_text())
    child.stop(0.3, 0.3)
    thread.join(10)
    assert endings[0].code == -signal.SIGKILL
    wait(lambda: not is_there(pid))


def test_a_real_export_is_cancelled_and_leaves_no_half_file(book: TaskBook, tmp_path: Path) -> None:
    from recordings.samples import bundled_session

    number = book.add(export_order(bundled_session(), tmp_path / "images", "png16", WHOLE))
    wait(lambda: book.view(number).done > 0 or book.view(number).state.is_over, 30)
    book.cancel(number)
    assert over(book, number).state in (TaskState.CANCELLED, TaskState.DONE)
    if book.view(number).state is TaskState.CANCELLED:
        assert not (tmp_path / "images").exists()


def test_closing_the_book_ends_what_runs_and_what_waits(tmp_path: Path) -> None:
    book = TaskBook(program=(sys.executable, "-c"))
    stubborn = book.add(order(STUBBORN, str(tmp_path / "pid")))
    waiting = book.add(order(POLITE, str(tmp_path / "never")))
    wait(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text() != "")
    pid = int((tmp_path / "pid").read_text())
    assert book.close(3.0)
    wait(lambda: not is_there(pid), 10)
    assert book.view(stubborn).state is TaskState.CANCELLED
    assert book.view(waiting).state is TaskState.CANCELLED
    with pytest.raises(RuntimeError):
        book.add(order("pass"))


@pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")
def test_a_killed_window_leaves_no_command_behind(tmp_path: Path) -> None:
    owner = f"""
import sys
sys.path[:0] = {sys.path!r}
from gui.work.orders import Order
from gui.work.tasks import TaskBook
book = TaskBook(program=(sys.executable, "-c"))
book.add(Order("cut", "x", ({POLITE!r}, {str(tmp_path / "pid")!r})))
import time
time.sleep(100)
"""
    window = subprocess.Popen([sys.executable, "-c", owner])
    try:
        wait((tmp_path / "pid").exists)
        pids = [int((tmp_path / name).read_text()) for name in ("pid", "pid.kin")]
    finally:
        window.kill()
        window.wait()
    wait(lambda: not any(map(is_there, pids)))


def test_a_leash_that_is_killed_takes_the_command_along(scripts: TaskBook, tmp_path: Path) -> None:
    number = scripts.add(order(POLITE, str(tmp_path / "pid")))
    wait((tmp_path / "pid").exists)
    pid = int((tmp_path / "pid").read_text())
    with scripts._lock:
        leash = scripts._tasks[number].child.pid
    os.kill(leash, signal.SIGKILL)
    ended = over(scripts, number)
    assert ended.state is TaskState.FAILED
    assert "SIGKILL" in ended.words
    wait(lambda: not is_there(pid))
    os.kill(int((tmp_path / "pid.kin").read_text()), signal.SIGKILL)


def test_what_a_task_says_is_bounded_and_its_progress_is_read(scripts: TaskBook) -> None:
    done = over(scripts, scripts.add(order(CHATTY)))
    assert done.state is TaskState.DONE, done.lines[-3:]
    assert (done.done, done.of, done.unit, done.share) == (10.0, 10.0, "frames", 1.0)
    assert len(done.lines) == 200
    assert max(map(len, done.lines)) <= 500
    assert done.lines[-1] == "{not json"
    assert done.answer == {"good": True}
    assert done.answer_lines == ("all is well",)


def test_what_cannot_be_started_fails_with_words() -> None:
    book = TaskBook(program=("/nowhere/tapetum",))
    failed = over(book, book.add(order("x")))
    assert failed.state is TaskState.FAILED
    assert "cannot be started" in failed.problem
    assert book.close()


def test_the_list_is_cleared_of_what_is_over(scripts: TaskBook, tmp_path: Path) -> None:
    done = scripts.add(order("print('{}')"))
    over(scripts, done)
    running = scripts.add(order(POLITE, str(tmp_path / "a")))
    scripts.clear()
    assert [v.number for v in scripts.views()] == [running]


def test_more_than_two_at_once_are_refused() -> None:
    with pytest.raises(ValueError, match="one at a time or two"):
        TaskBook(at_once=3)
