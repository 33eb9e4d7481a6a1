"""What is said of a machine's GPU and driver: right, in time, and without a crash whatever answers."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from engines import gpu
from engines.gpu import Gpu, gpu_facts, why_no_gpu

Smi = Callable[[str], None]
Libcuda = Callable[..., None]

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the fakes are shell scripts and ELF libraries")

TWO = """0, NVIDIA H100 80GB HBM3, GPU-5c8a, 570.133.20, 81559, 9.0
1, "NVIDIA RTX 4090, fast", GPU-77aa, 570.133.20, 24564, 8.9
"""

_LIBCUDA = """
#include <string.h>
#include <stdlib.h>
#include <unistd.h>
int cuDriverGetVersion(int *v) { *v = 12080; return 0; }
int cuInit(unsigned f) {
  const char *what = getenv("FAKE_CUINIT");
  if (!strcmp(what, "abort")) abort();
  if (!strcmp(what, "segfault")) return *(volatile int *)0;
  if (!strcmp(what, "hang")) sleep(60);
  return atoi(what);
}
int cuDeviceGetCount(int *n) { *n = atoi(getenv("FAKE_GPUS")); return 0; }
int cuDeviceGet(int *d, int i) { *d = 40 + i; return 0; }
int cuDeviceGetName(char *s, int n, int d) { strncpy(s, "NVIDIA Fake 1", n); return 0; }
int cuDeviceTotalMem_v2(size_t *m, int d) { *m = 85899345920UL; return 0; }
int cuDeviceGetUuid(unsigned char *u, int d) { for (int i = 0; i < 16; i++) u[i] = 16 * i + i; return 0; }
int cuDeviceGetAttribute(int *v, int a, int d) { *v = a == 75 ? 9 : a == 76 ? 0 : a == 16 ? 132 : -1; return 0; }
"""


@pytest.fixture(autouse=True)
def _nothing_is_remembered(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """A machine without GPU, whatever this one has: nothing on PATH, no kernel module, no cache."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(gpu, "PROC", tmp_path / "proc")
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    gpu._found.cache_clear()
    yield
    gpu._found.cache_clear()


@pytest.fixture
def smi(tmp_path: Path) -> Smi:
    """Install a fake nvidia-smi: the body of a shell script."""

    def install(body: str) -> None:
        program = tmp_path / "bin" / "nvidia-smi"
        program.parent.mkdir(exist_ok=True)
        program.write_text(f"#!/bin/sh\nPATH=/usr/bin:/bin\n{body}\n")
        program.chmod(0o755)

    return install


@pytest.fixture(scope="module")
def _fake_libcuda(tmp_path_factory: pytest.TempPathFactory) -> Path:
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        pytest.skip("needs a C compiler for a fake of the driver's library")
    folder = tmp_path_factory.mktemp("lib")
    (folder / "cuda.c").write_text(_LIBCUDA)
    library = str(folder / "libcuda.so.1")
    subprocess.run([compiler, "-shared", "-fPIC", "-w", "-o", library, str(folder / "cuda.c")], check=True)
    return folder


@pytest.fixture
def libcuda(_fake_libcuda: Path, _nothing_is_remembered: None, monkeypatch: pytest.MonkeyPatch) -> Libcuda:
    """Install a fake libcuda: what cuInit does or returns, and how many GPUs it has."""

    def install(init: str, count: int = 1) -> None:
        monkeypatch.setenv("FAKE_CUINIT", init)
        monkeypatch.setenv("FAKE_GPUS", str(count))
        monkeypatch.setenv("LD_LIBRARY_PATH", str(_fake_libcuda))

    return install


@pytest.fixture
def no_libcuda(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A libcuda that cannot be loaded, even where there is a real one."""
    folder = tmp_path / "lib"
    folder.mkdir()
    (folder / "libcuda.so.1").write_text("no library")
    monkeypatch.setenv("LD_LIBRARY_PATH", str(folder))


def test_without_driver_there_are_no_facts_but_a_reason(no_libcuda: None):
    assert gpu_facts() is None
    assert "driver is not installed" in why_no_gpu()
    assert "nvidia-smi is not there" in why_no_gpu()


def test_two_gpus_are_told_though_cuda_cannot_use_them(no_libcuda: None, smi: Smi):
    smi(f"cat <<'END'\n{TWO}END")
    facts = gpu_facts()
    assert facts is not None
    assert facts.driver == "570.133.20"
    assert facts.gpus == (
        Gpu(0, "NVIDIA H100 80GB HBM3", 81559 * 2**20, (9, 0), 0, "GPU-5c8a"),
        Gpu(1, "NVIDIA RTX 4090, fast", 24564 * 2**20, (8, 9), 0, "GPU-77aa"),
    )
    assert not facts.usable
    assert "libcuda.so.1 cannot be loaded" in why_no_gpu()
    assert "NVIDIA H100 80GB HBM3, 80 GiB, compute capability 9.0" in why_no_gpu()


def test_a_driver_too_old_to_know_the_compute_capability_is_asked_again_without(no_libcuda: None, smi: Smi):
    smi(
        'case "$1" in *compute_cap*) echo \'Field "compute_cap" is not a valid field to query.\'; exit 2;; esac\n'
        "echo '0, Tesla P4, GPU-1, 440.33.01, [N/A]'"
    )
    facts = gpu_facts()
    assert facts is not None
    assert facts.gpus == (Gpu(0, "Tesla P4", 0, (0, 0), 0, "GPU-1"),)


@pytest.mark.parametrize(
    "body",
    [
        "echo 'NVIDIA-SMI has failed because it could not communicate with the NVIDIA driver.'; exit 9",
        "echo 'No devices were found'",
        "head -c 300000 /dev/urandom",
        "printf '\\000%0200000d' 1",
        "true",
        "kill -SEGV $$",
        "printf '0,\\n\\n,,,,\\n\"'",
    ],
    ids=["no driver", "no devices", "noise", "one long line", "silence", "crash", "commas"],
)
def test_an_nvidia_smi_that_makes_no_sense_gives_a_reason(no_libcuda: None, smi: Smi, body: str):
    smi(body)
    assert gpu_facts() is None
    assert "nvidia-smi" in why_no_gpu()


def test_an_nvidia_smi_that_hangs_is_ended_with_its_children(
    no_libcuda: None, smi: Smi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(gpu, "TIMEOUT_S", 1.0)
    smi(f"sleep 60 & echo $! > {tmp_path}/pid\nwait")
    assert gpu_facts() is None
    assert "no answer within 1 s" in why_no_gpu()
    grandchild = int((tmp_path / "pid").read_text())
    deadline = time.monotonic() + 10
    while _runs(grandchild) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not _runs(grandchild)


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:  # gone
        return False


def test_the_driver_tells_a_gpu_as_cuda_sees_it(libcuda: Libcuda, tmp_path: Path):
    libcuda("0", 2)
    version = tmp_path / "proc" / "version"
    version.parent.mkdir()
    version.write_text("NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  570.133.20  Release Build\n")
    facts = gpu_facts()
    assert facts is not None
    assert why_no_gpu() == ""
    assert (facts.driver, facts.cuda, facts.usable) == ("570.133.20", "12.8", True)
    uuid = "GPU-00112233-4455-6677-8899-aabbccddeeff"
    assert facts.gpus[1] == Gpu(1, "NVIDIA Fake 1", 80 * 2**30, (9, 0), 132, uuid)


@pytest.mark.parametrize(
    ("init", "count", "reason"),
    [
        ("999", 1, "cuInit gave error 999: the driver failed for an unknown reason"),
        ("803", 1, "restart the machine"),
        ("12345", 1, "error 12345"),
        ("0", 0, "shows this process no GPU"),
        ("abort", 1, "ended by signal 6"),
        ("segfault", 1, "ended by signal 11"),
        ("hang", 1, "no answer within 1 s"),
    ],
)
def test_a_driver_that_fails_crashes_or_hangs_gives_a_reason(
    libcuda: Libcuda, monkeypatch: pytest.MonkeyPatch, init: str, count: int, reason: str
):
    monkeypatch.setattr(gpu, "TIMEOUT_S", 1.0)
    libcuda(init, count)
    facts = gpu_facts()
    assert facts is None or not facts.usable
    assert reason in why_no_gpu()


def test_hidden_gpus_are_told_with_the_variable_that_hides_them(libcuda: Libcuda, monkeypatch: pytest.MonkeyPatch):
    libcuda("100")
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "-1")
    assert "CUDA_VISIBLE_DEVICES is '-1'" in why_no_gpu()


def test_it_is_asked_once_and_again_when_wanted(no_libcuda: None, smi: Smi):
    assert gpu_facts() is None
    smi(f"cat <<'END'\n{TWO}END")
    assert gpu_facts() is None
    facts = gpu_facts(again=True)
    assert facts is not None
    assert len(facts.gpus) == 2


@pytest.mark.gpu
def test_the_real_gpu_is_told(monkeypatch: pytest.MonkeyPatch):
    if not Path("/dev/nvidiactl").exists():
        pytest.skip("needs an NVIDIA GPU: there is no /dev/nvidiactl")
    monkeypatch.undo()
    gpu._found.cache_clear()
    assert why_no_gpu() == ""
    facts = gpu_facts()
    assert facts is not None
    assert facts.usable
    assert facts.driver
    assert all(card.name and card.memory_bytes > 2**30 and card.capability >= (5, 0) for card in facts.gpus)
