"""Through the real calls of the system: a program that opens a video device, whose answers come from C (LD_PRELOAD)."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).with_name("fake_v4l2.c")
ROOT = Path(__file__).resolve().parents[3]

PROGRAM = """
import json, sys
from pathlib import Path
import numpy as np
from drivers.cameras import v4l2_nodes
from drivers.cameras.webcam import WebcamCamera
from drivers.errors import CameraLostError

folder = Path(sys.argv[1])
v4l2_nodes.SYS, v4l2_nodes.DEV = folder / "sys", folder / "dev"
camera = WebcamCamera("0?gain=7")
camera.open()
ramp = np.add.outer(np.arange(48), np.arange(64))
frames = []
try:
    while True:
        frames.append(camera.read(5.0))
except CameraLostError as error:
    lost = str(error)
camera.close()
maps = Path("/proc/self/maps").read_text()
print(json.dumps({
    "lost": lost,
    "numbers": [f.number for f in frames],
    "right": all(np.array_equal(f.pixels, (ramp + f.number).astype(np.uint8)) for f in frames),
    "rising": all(b.device_ns > a.device_ns for a, b in zip(frames, frames[1:])),
    "mapped": str(folder / "dev") in maps,
    "options": dict(camera.options()),
    "fps": frames[0].info.fps,
}))
"""


@pytest.fixture(scope="module")
def preload(tmp_path_factory: pytest.TempPathFactory) -> Path:
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None or not Path("/usr/include/linux/videodev2.h").is_file():
        pytest.skip("needs a C compiler and the kernel's headers: sudo apt install gcc linux-libc-dev")
    library = tmp_path_factory.mktemp("preload") / "device.so"
    flags = ["-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-Werror"]
    subprocess.run([compiler, *flags, "-o", library, SOURCE, "-ldl"], check=True, timeout=60)
    return library


def test_frames_settings_and_a_loss_through_the_systems_own_calls(preload: Path, tmp_path: Path) -> None:
    (tmp_path / "dev").mkdir()
    (tmp_path / "dev" / "video0").touch()
    node = tmp_path / "sys" / "video0"
    node.mkdir(parents=True)
    (node / "name").write_text("Camera in C\n")
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, tmp_path],
        env={**os.environ, "LD_PRELOAD": str(preload), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["numbers"] == list(range(20))
    assert told["right"]
    assert told["rising"]
    assert "unplugged" in told["lost"]
    assert not told["mapped"]
    assert told["fps"] == 30.0
    assert (told["options"]["model"], told["options"]["driver"], told["options"]["gain"]) == (
        *("Camera in C", "preloaded"),
        "7",
    )
