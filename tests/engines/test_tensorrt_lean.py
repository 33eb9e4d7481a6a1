"""The real lean runtime of TensorRT on a machine without a driver, in a child process: what it does, what we answer.

The package ``tensorrt_lean_cu13_libs`` (with ``tensorrt_lean_cu13_bindings`` and ``cuda-bindings``) is the one part of
TensorRT's libraries that lies on PyPI. Its Runtime is the real one; it can read plans only, and only on a GPU.
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

_LACKING = [
    name for name in ("tensorrt_lean_bindings", "tensorrt_lean_libs", "cuda") if importlib.util.find_spec(name) is None
]
_DRIVER = Path("/proc/driver/nvidia/version").exists() or Path("/dev/dxg").exists()

pytestmark = [
    pytest.mark.skipif(
        bool(_LACKING), reason="needs tensorrt_lean_cu13_libs, tensorrt_lean_cu13_bindings and cuda-bindings"
    ),
    pytest.mark.skipif(_DRIVER, reason="shows what happens without an NVIDIA driver, and there is one here"),
]

_BEGIN = """
import resource, sys
from pathlib import Path
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
import tensorrt_lean_bindings as lean
sys.modules["tensorrt"] = lean
from engines.card import load_card
from engines.backends import tensorrt
from engines.backends.tensorrt_cuda import Device, find_device, load_cuda
from engines.backends.tensorrt_errors import logger_of
from engines.errors import EngineError
card = load_card(Path(sys.argv[1]))
class Plans:
    def plan_for(self, card, options, fields):
        return b"ftrt" + bytes(4000)
backend = tensorrt.TensorRtBackend(plans=Plans())
"""


def child(program: str, weights: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", _BEGIN + program, weights / "face_landmarks.json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


def test_the_librarys_runtime_ends_the_process_when_it_is_deleted(weights: Path):
    """As above: this says why the backend never deletes one that complained."""
    done = child(
        """
logger, messages = logger_of(lean)
runtime = lean.Runtime(logger)
print("made", flush=True)
del runtime
""",
        weights,
    )
    assert (done.stdout.strip(), done.returncode) == ("made", -11), done.stderr


@pytest.mark.parametrize("plan", ["b''", "b'x' * 1000", "b'ftrt' + bytes(4000)"])
def test_the_librarys_runtime_is_truthy_without_a_driver_and_ends_the_process_when_it_reads_a_plan(
    weights: Path, plan: str
):
    """If this fails, the library has mended it: then the guards below are no longer needed, and do no harm."""
    done = child(
        f"""
logger, messages = logger_of(lean)
runtime = lean.Runtime(logger)
print(bool(runtime), len(messages.since(0)) > 0, flush=True)
runtime.deserialize_cuda_engine({plan})
""",
        weights,
    )
    assert done.stdout.split() == ["True", "True"]
    assert done.returncode == -11, done.stderr


def test_the_backend_says_that_there_is_no_driver_and_goes_on(weights: Path):
    done = child(
        """
try:
    backend.load(card, card.onnx_path)
except EngineError as error:
    print(type(error).__name__, error)
backend.close()
""",
        weights,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("NoDriverError there is no NVIDIA driver on this machine")


def test_a_runtime_that_complains_is_not_asked_to_read_a_plan(weights: Path):
    """As where the driver serves the CUDA bindings but not TensorRT: what the check before cannot see."""
    done = child(
        """
device = Device(0, "made up", "8.9", 1, 1, "13.0", "580", "13.0")
tensorrt.find_device = lambda cuda, index: device
tensorrt.plan_fields = lambda card, options: {}
try:
    backend.load(card, card.onnx_path)
except EngineError as error:
    print(type(error).__name__, error)
""",
        weights,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("WrongVersionError TensorRT ")
    assert "needs a newer NVIDIA driver" in done.stdout
    assert "CUDA initialization failure with error: 35" in done.stdout
