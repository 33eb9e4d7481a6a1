"""Recipes for the builds' tests: they sleep, eat memory, crash, print... Called in the child process."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from engines.backend import LoadOptions
from engines.build_recipes import Progress, Recipe
from engines.card import ModelCard
from engines.errors import QuantizeError
from engines.selfcheck import CheckReport

HERE = "tests.engines.build_work"


def recipe(run: str, check: str = "", bounded_addresses: bool = True) -> Recipe:
    """A recipe with these functions of this file."""
    return Recipe(
        run, f"{run} build", f"{HERE}:{run}", f"{HERE}:fields", f"{HERE}:{check}" if check else "", bounded_addresses
    )


def fields(card: ModelCard, options: LoadOptions) -> dict[str, str]:
    return {"backend": "none", "precision": options.precision, "device": str(options.device)}


def _plan(folder: Path) -> Path:
    path = folder / "engine.plan"
    path.write_bytes(b"a plan")
    return path


def good(card: ModelCard, options: LoadOptions, folder: Path, progress: Progress) -> Path:
    progress(0.5, "half of it")
    progress(0.25, "it says less than before")
    print("printed by a library")  # noqa: T201 - what a library may do
    os.write(1, b'{"done": "written by a library past Python"}\n')
    progress(1.0, "all of it")
    return _plan(folder)


def sleepy(card: ModelCard, options: LoadOptions, folder: Path, progress: Progress) -> Path:
    (folder / "half").write_bytes(b"half a plan")
    with tempfile.NamedTemporaryFile(delete=False) as file:
        assert folder in Path(file.name).parents, "a build that is ended would leave this"
    progress(0.1, f"asleep as {os.getpid()}")
    time.sleep(600)
    return _plan(folder)


def deaf(card: ModelCard, options: LoadOptions, folder: Path, progress: Progress) -> Path:
    """As a library that computes for long without letting go of Python's lock."""
    progress(0.1, f"asleep as {os.getpid()}")
    ctypes.PyDLL(None).sleep(600)
    return _plan(folder)


def parental(card: ModelCard, options: LoadOptions, folder: Path, progress: Progress) -> Path:
    """As a library that starts a process of its own."""
    inner = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    progress(0.1, f"asleep as {os.getpid()} and {inner.pid}")
    time.sleep(600)
    return _plan(folder)


def slow(card: ModelCard, options: LoadOptions, folder: Path, progress: Progress) -> Path:
    progress(0.1, "asleep")
    time.sleep(0.4)
    with (folder.parent.parent / "built").open("a") as file:
        file.write("once\n")
    return _plan(folder)


def hungry(card: ModelCard, options: LoadOptions, folder: Path, progress: Progress) -> Path:
    eaten = []
    for i in range(4000):
        eaten.append(bytearray(b"x") * (4 << 20))
        progress(i / 4000, "eating")
        time.sleep(0.02)
    return _plan(folder)


def greedy(card: ModelCard, options: LoadOptions, folder: Path, progress: Progress) -> Path:
    bytearray(100 << 30)  # at once: faster than anybody could watch
    return _plan(folder)


def segfault(card: ModelCard, options: LoadOptions, folder: Path, progress: Progress) -> Path:
    print("the library was last seen here", file=sys.stderr)  # noqa: T201 - as a library would
    signal.signal(signal.SIGSEGV, signal.SIG_DFL)
    ctypes.string_at(0)
    return _plan(folder)


def abort(card: ModelCard, options: LoadOptions, folder: Path, progress: Progress) -> Path:
    os.write(2, b"terminate called after throwing an instance of 'nvinfer'\n" + b"noise " * 50_000 + b"\nthe end\n")
    os.abort()


def leave(card: ModelCard, options: LoadOptions, folder: Path, progress: Progress) -> Path:
    os._exit(3)


def refuse(card: ModelCard, options: LoadOptions, folder: Path, progress: Progress) -> Path:
    raise QuantizeError(f"{card.name} loses 3 %")


def stumble(card: ModelCard, options: LoadOptions, folder: Path, progress: Progress) -> Path:
    raise ZeroDivisionError("of all things")


def outside(card: ModelCard, options: LoadOptions, folder: Path, progress: Progress) -> Path:
    return card.onnx_path


def passes(card: ModelCard, options: LoadOptions, artefact: Path) -> CheckReport:
    assert artefact.read_bytes() == b"a plan"
    return CheckReport(card.name, "none", "fp32", "none-key", (), ())


def fails(card: ModelCard, options: LoadOptions, artefact: Path) -> CheckReport:
    return CheckReport(card.name, "none", "fp32", "none-key", (), ("points off by 5 %",))


def start_and_wait(cache: str, card: str, run: str) -> None:
    """A program that builds and is about to be killed: it says which processes it started."""
    from engines.build import Build
    from engines.build_recipes import RECIPES
    from engines.card import load_card
    from engines.store import EngineStore

    RECIPES[run] = recipe(run)
    build = Build(run, load_card(Path(card)), store=EngineStore(Path(cache))).start()
    while "asleep" not in build.progress().phase:
        time.sleep(0.01)
    sys.stdout.write(build.progress().phase + "\n")
    sys.stdout.flush()
    time.sleep(600)


def command(weights: str) -> None:
    """`tapetum engines build` of something that never ends."""
    from dataclasses import replace

    from commands.engines_app import engines_app
    from engines.build_recipes import RECIPES

    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as the front door does
    RECIPES["int8"] = replace(recipe("sleepy"), name="int8")
    engines_app(["build", "face_landmarks", "--weights", weights])


if __name__ == "__main__":
    if sys.argv[1] == "command":
        command(sys.argv[2])
    else:
        start_and_wait(*sys.argv[1:])
