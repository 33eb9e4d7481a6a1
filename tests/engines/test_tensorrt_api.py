"""The fakes of TensorRT and CUDA have what the real bindings have, name by name; and these are as they were read."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import json
import subprocess
import sys
import types
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.fake_tensorrt import VERSIONS, Machine
from tests.helpers.fake_tensorrt.cuda_runtime import make_runtime
from tests.helpers.fake_tensorrt.module import make_tensorrt

ROOT = Path(__file__).resolve().parents[2]
REAL: dict[str, dict[str, Any]] = json.loads((ROOT / "tests" / "helpers" / "tensorrt_api.json").read_text())
"""Read from the real bindings by scripts/read_tensorrt_api.py."""

SCRIPT = ROOT / "scripts" / "read_tensorrt_api.py"

READ = sorted(REAL["tensorrt"])
INSTALLED = importlib.util.find_spec("tensorrt") or importlib.util.find_spec("tensorrt_bindings")


def of_fake(version: str) -> Any:
    return make_tensorrt(Machine(), int(version.split(".")[0]), version)


def public(kind: Any) -> dict[str, Any]:
    """What a class of the fake offers. Its constructor counts where it is its own and takes something."""
    own = {name: inspect.getattr_static(kind, name) for name in dir(kind) if not name.startswith("_")}
    made = {} if issubclass(kind, (tuple, bytes)) else vars(kind)
    for name in list(own):
        if issubclass(kind, (tuple, bytes)) and name not in vars(kind):
            del own[name]  # what a tuple or bytes can do beside
    if "__init__" in made and len(inspect.signature(made["__init__"]).parameters) > 1:
        own["__init__"] = made["__init__"]
    return own


def test_both_majors_and_the_first_ten_were_read():
    assert set(VERSIONS.values()) <= set(READ)
    assert "10.0.1" in READ


@pytest.mark.parametrize("version", READ)
def test_every_class_and_function_of_the_fake_is_real(version: str):
    fake, real = of_fake(version), REAL["tensorrt"][version]
    classes = {n: k for n, k in vars(fake).items() if inspect.isclass(k)}
    assert len(classes) > 15
    for name, kind in classes.items():
        assert name in real, f"TensorRT {version} has no {name}, or the script does not read it"
        if hasattr(kind, "__members__"):
            assert dict(kind.__members__).keys() <= real[name].keys()
            continue
        for member, value in public(kind).items():
            if member == "__init__" and name in ("ParserError", "INetworkDefinition"):
                continue  # the real ones are made by others only
            assert member in real[name], f"TensorRT {version} has no {name}.{member}"
            overloads = real[name][member]
            if overloads is None or isinstance(value, property):
                assert overloads is None or not callable(value)
                continue
            own = [p for p in inspect.signature(value).parameters if p != "self"]
            assert any(own == told[: len(own)] for told in overloads), f"{name}.{member}{own} is {overloads}"


@pytest.mark.parametrize("version", READ)
def test_enumerations_that_are_used_as_numbers_have_the_real_numbers(version: str):
    fake, real = of_fake(version), REAL["tensorrt"][version]
    kind = fake.NetworkDefinitionCreationFlag
    assert {m.name: int(m) for m in kind}.items() <= real["NetworkDefinitionCreationFlag"].items()
    assert {m.name: int(m) for m in fake.ILogger.Severity}.items() <= real["ILogger.Severity"].items()


@pytest.mark.parametrize("version", READ)
def test_what_the_backend_sets_on_a_configuration_exists(version: str):
    """Attributes that are set are not functions: an unknown one would be made in silence on a fake."""
    real = REAL["tensorrt"][version]["IBuilderConfig"]
    assert {"builder_optimization_level", "max_aux_streams", "progress_monitor"} <= real.keys()
    assert {"TF32", "DISABLE_TIMING_CACHE"} <= REAL["tensorrt"][version]["BuilderFlag"].keys()
    assert "WORKSPACE" in REAL["tensorrt"][version]["MemoryPoolType"]


def test_version_11_has_no_precision_flags_and_the_fake_neither():
    eleven, ten = (REAL["tensorrt"][VERSIONS[major]]["BuilderFlag"].keys() for major in (11, 10))
    gone = {"FP16", "BF16", "INT8", "OBEY_PRECISION_CONSTRAINTS"}
    assert gone <= ten
    assert not gone & eleven
    assert not gone & of_fake(VERSIONS[11]).BuilderFlag.__members__.keys()


@pytest.mark.parametrize("version", sorted(REAL["cuda"]))
def test_every_function_of_the_fake_cuda_is_real(version: str):
    fake, real = make_runtime(Machine()), REAL["cuda"][version]
    functions = {n: f for n, f in vars(fake).items() if isinstance(f, types.FunctionType)}
    assert functions.keys() == real["functions"].keys()
    for name, function in functions.items():
        assert list(inspect.signature(function).parameters) == real["functions"][name], name
    for name, members in real["enums"].items():
        assert {m.name: int(m) for m in getattr(fake, name)}.items() <= members.items()
    assert {n: getattr(fake, n) for n in real["constants"]} == real["constants"]
    assert set(vars(fake.cudaDeviceProp())) == set(real["cudaDeviceProp"])


@pytest.mark.parametrize("version", sorted(REAL["cuda"]))
def test_every_sticky_error_is_one_of_cudas(version: str):
    from engines.backends.tensorrt_cuda import STICKY

    assert REAL["cuda"][version]["enums"]["cudaError_t"].keys() >= STICKY


@pytest.mark.skipif(not INSTALLED, reason="needs tensorrt or tensorrt_cu13_bindings, which the tests do not bring")
def test_the_installed_bindings_are_as_they_were_read(tmp_path: Path):
    found = tmp_path / "api.json"
    subprocess.run([sys.executable, SCRIPT, found], check=True, capture_output=True, timeout=100)
    told = json.loads(found.read_text())
    assert told["tensorrt"]
    for what, versions in told.items():
        for version, api in versions.items():
            if version not in REAL[what]:
                pytest.skip(f"{what} {version} was not read yet; run {SCRIPT.name} tests/helpers/tensorrt_api.json")
            assert api == REAL[what][version]


_SUBCLASSES = """
import importlib.util, sys
from pathlib import Path
spec = importlib.util.spec_from_file_location("read_tensorrt_api", sys.argv[1])
script = importlib.util.module_from_spec(spec)
spec.loader.exec_module(script)
trt = script.import_tensorrt()
from engines.backends.tensorrt_build import _monitor
from engines.backends.tensorrt_errors import logger_of
logger, messages = logger_of(trt)
logger.log(trt.ILogger.Severity.ERROR, "heard")
assert logger_of(trt)[0] is logger
assert messages.since(0) == ["heard"], messages.since(0)
shares, cancelled = [], []
monitor = _monitor(trt, lambda share, what: bool(shares.append(share)) or len(shares) < 2, cancelled)
monitor.phase_start("all", None, 4)
assert isinstance(monitor, trt.IProgressMonitor)
assert monitor.step_complete("all", 0) is True and monitor.step_complete("all", 1) is False
assert shares == [0.25, 0.5] and cancelled == [True]
assert trt.Dims((1, 2)) is not None
print("fits", trt.__version__)
"""


@pytest.mark.skipif(not INSTALLED, reason="needs tensorrt or tensorrt_cu13_bindings, which the tests do not bring")
def test_the_real_bindings_take_our_logger_and_our_progress():
    done = subprocess.run(
        [sys.executable, "-c", _SUBCLASSES, SCRIPT], cwd=ROOT, capture_output=True, text=True, timeout=100, check=False
    )
    assert done.stdout.startswith("fits"), done.stderr
