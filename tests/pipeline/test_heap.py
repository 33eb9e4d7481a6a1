"""Memory that is free goes back to the system. malloc is of a whole process: these tests begin one of their own."""

from __future__ import annotations

import ctypes
import os
import platform
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import pytest

import pipeline.heap as heap
from drivers.registry import open_camera
from engines.loading import Models
from pipeline.run import LiveRun
from tests.helpers.sessions import write_session

glibc = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="glibc's malloc alone can be told")

ARENAS = """
    import ctypes, sys, tempfile, threading
    from pipeline.heap import use_few_arenas

    if sys.argv[1] == "few":
        assert use_few_arenas()
    libc = ctypes.CDLL(None)
    libc.malloc.argtypes, libc.malloc.restype = (ctypes.c_size_t,), ctypes.c_void_p
    libc.fopen.restype = ctypes.c_void_p
    together = threading.Barrier(8)

    def work():
        together.wait(60)
        assert libc.malloc(5000)
        together.wait(60)  # while all live, none takes over the arena of another

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    with tempfile.NamedTemporaryFile() as file:
        out = ctypes.c_void_p(libc.fopen(file.name.encode(), b"w"))
        libc.malloc_info(0, out)
        libc.fclose(out)
        print(open(file.name).read().count("<heap nr="))
"""

HOLES = """
    import ctypes, os
    from pathlib import Path
    from pipeline.heap import give_back

    def resident_mib():
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20

    libc = ctypes.CDLL(None)
    libc.malloc.argtypes, libc.malloc.restype = (ctypes.c_size_t,), ctypes.c_void_p
    libc.free.argtypes, libc.free.restype = (ctypes.c_void_p,), None
    pieces = [libc.malloc(60_000) for _ in range(1700)]  # 97 MiB
    for piece in pieces: ctypes.memset(piece, 1, 60_000)
    for number, piece in enumerate(pieces[:-1]):
        if number % 10: libc.free(piece)  # what is left between, and above, keeps malloc from doing it by itself
    before = resident_mib()
    done = give_back()
    print(done, round(before - resident_mib()), give_back())
"""


def _in_a_process(code: str, *words: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code), *words],
        cwd=Path(heap.__file__).parents[1],
        env={k: v for k, v in os.environ.items() if not k.startswith(("MALLOC_", "GLIBC_TUNABLES"))},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@glibc
def test_many_threads_share_two_arenas() -> None:
    assert int(_in_a_process(ARENAS, "few")[0]) == heap.ARENAS
    assert int(_in_a_process(ARENAS, "as it is")[0]) > heap.ARENAS, "or the call above would change nothing"


@glibc
def test_what_is_free_between_what_is_held_goes_back_to_the_system_and_not_again_at_once() -> None:
    done, mib, again = _in_a_process(HOLES)
    assert done == "True"
    assert again == "False"
    assert int(mib) > 60, "of 87 MiB that were free"


def test_another_libc_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(name: object) -> object:
        raise TypeError("as on Windows, where nothing has no handle")

    heap._glibc.cache_clear()
    monkeypatch.setattr(ctypes, "CDLL", refuse)
    try:
        assert not heap.use_few_arenas()
        assert not heap.give_back()
        monkeypatch.setattr(ctypes, "CDLL", lambda name: object())  # musl has no such functions
        heap._glibc.cache_clear()
        assert not heap.use_few_arenas()
        assert not heap.give_back()
    finally:
        heap._glibc.cache_clear()


def test_a_recording_and_a_saving_give_back_what_they_held_when_they_are_done(
    tmp_path: Path, models: Models, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[str] = []
    came = threading.Semaphore(0)

    def note() -> bool:
        given.append(threading.current_thread().name)
        came.release()
        return True

    monkeypatch.setattr("pipeline.live_recording.give_back", note)
    monkeypatch.setattr("pipeline.live_saves.give_back", note)
    session = write_session(tmp_path / "night.mcap", 40)
    seen = threading.Event()
    run = LiveRun(
        [open_camera(f"virtual:{session}?loop=1")], models, keep=True, on_frame_set=lambda frame_set: seen.set()
    )
    run.start()
    try:
        assert seen.wait(30)
        run.start_recording(tmp_path / "out.mcap")
        assert given == []
        assert run.stop_recording()
        assert came.acquire(timeout=30)
        assert given == ["tapetum-recording"], "not in a thread that draws or brings frames"
        run.save_last(30.0, tmp_path / "last.mcap")
        assert came.acquire(timeout=30)
        assert given[1].startswith("tapetum-save")
    finally:
        assert run.stop(10.0)
