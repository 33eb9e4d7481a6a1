"""What every test shares: the folder of development data where there is one, and no thread left behind."""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

# How long an example takes depends on what else the machine does; what hangs is ended by pytest-timeout.
hypothesis.settings.register_profile("tapetum", deadline=None)
# What decides whether a change lands must say the same twice; everybody else looks for new examples at each run.
hypothesis.settings.register_profile("repeatable", deadline=None, derandomize=True)
hypothesis.settings.load_profile(os.environ.get("TAPETUM_HYPOTHESIS", "tapetum"))

# A shell lets what it runs in the background ignore Ctrl-C, and every child inherits that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# Built engines and remembered probes of the tests are no user's.
_CACHE = tempfile.mkdtemp(prefix="tapetum-tests-")
os.environ["TAPETUM_CACHE"] = _CACHE
os.environ["TAPETUM_DATA"] = str(Path(_CACHE) / "data")
os.environ["TAPETUM_LANGUAGE"] = "en"
os.environ["TAPETUM_CONFIG"] = str(Path(_CACHE) / "config")
atexit.register(shutil.rmtree, _CACHE, ignore_errors=True)

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of development data (never part of the repository); the test skips where it is absent."""
    folder = Path(os.environ.get("TAPETUM_SHARED_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip("needs the development data in ../shared/data (or TAPETUM_SHARED_DATA)")
    return folder


@pytest.fixture(autouse=True)
def _no_thread_is_left() -> Iterator[None]:
    """Every thread has an owner that ends it: a test fails when it leaves one running."""
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + 5.0
    left: list[threading.Thread] = []
    while time.monotonic() < deadline:
        left = [t for t in threading.enumerate() if t not in before and t.is_alive() and not _is_foreign(t)]
        if not left:
            return
        time.sleep(0.02)
    pytest.fail(f"the test left threads running: {[t.name for t in left]}")


def _is_foreign(thread: threading.Thread) -> bool:
    """Threads that Qt or a library registered with Python by calling back from them; nobody here can join them."""
    return isinstance(thread, threading._DummyThread)
