"""The structures and numbers of calls that we and linuxpy use are the kernel's, by the headers of this system."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from drivers.cameras.v4l2_controls import _NAMES
from drivers.cameras.v4l2_extension import CTRL_QUERY, CtrlQuery

HEADERS = ("/usr/include/linux/videodev2.h", "/usr/include/linux/uvcvideo.h")

CALLS = (
    *("QUERYCAP", "ENUM_FMT", "ENUM_FRAMESIZES", "ENUM_FRAMEINTERVALS", "S_FMT", "G_FMT", "S_PARM", "G_PARM"),
    *("REQBUFS", "QUERYBUF", "QBUF", "DQBUF", "STREAMON", "STREAMOFF"),
    *("QUERY_EXT_CTRL", "QUERYMENU", "G_CTRL", "S_CTRL"),
)
FIELDS = {
    "v4l2_capability": ("card", "bus_info", "capabilities", "device_caps"),
    "v4l2_fmtdesc": ("index", "type", "pixelformat"),
    "v4l2_requestbuffers": ("count", "type", "memory"),
    "v4l2_buffer": ("index", "type", "bytesused", "flags", "timestamp", "sequence", "memory", "m", "length"),
    "v4l2_pix_format": ("width", "height", "pixelformat", "bytesperline", "sizeimage"),
    "v4l2_query_ext_ctrl": ("id", "type", "name", "minimum", "maximum", "step", "flags"),
    "v4l2_querymenu": ("id", "index"),
    "v4l2_control": ("id", "value"),
}
CONSTANTS = ("V4L2_BUF_FLAG_ERROR", "V4L2_CAP_VIDEO_CAPTURE", "V4L2_CAP_STREAMING", "V4L2_CAP_DEVICE_CAPS")
CONTROLS = {
    "V4L2_CID_EXPOSURE_ABSOLUTE": "exposure_us",
    "V4L2_CID_EXPOSURE_AUTO": "exposure_auto",
    "V4L2_CID_GAIN": "gain",
    "V4L2_CID_BRIGHTNESS": "brightness",
    "V4L2_CID_POWER_LINE_FREQUENCY": "power_line",
    "V4L2_CID_WHITE_BALANCE_TEMPERATURE": "white_balance_k",
    "V4L2_CID_AUTO_WHITE_BALANCE": "white_balance_auto",
    "V4L2_CID_FOCUS_ABSOLUTE": "focus",
    "V4L2_CID_BACKLIGHT_COMPENSATION": "backlight",
}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, int]:
    """What a small program, compiled with the kernel's headers, says of them."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None or not all(Path(h).is_file() for h in HEADERS):
        pytest.skip("needs a C compiler and the kernel's headers: sudo apt install gcc linux-libc-dev")
    lines = [f'printf("{c} %llu\\n", (unsigned long long)VIDIOC_{c});' for c in CALLS]
    lines += [f'printf("{c} %llu\\n", (unsigned long long){c});' for c in (*CONSTANTS, *CONTROLS)]
    lines.append('printf("XU %llu\\n", (unsigned long long)UVCIOC_CTRL_QUERY);')
    for struct, fields in {**FIELDS, "uvc_xu_control_query": ("unit", "selector", "query", "size", "data")}.items():
        lines.append(f'printf("{struct} %zu\\n", sizeof(struct {struct}));')
        lines += [f'printf("{struct}.{f} %zu\\n", offsetof(struct {struct}, {f}));' for f in fields]
    includes = "#include <stdio.h>\n#include <stddef.h>\n#include <linux/videodev2.h>\n#include <linux/uvcvideo.h>\n"
    folder = tmp_path_factory.mktemp("headers")
    (folder / "ask.c").write_text(includes + "int main(void) {\n" + "\n".join(lines) + "\nreturn 0; }\n")
    subprocess.run([compiler, "-o", folder / "ask", folder / "ask.c"], check=True, timeout=60)
    said = subprocess.run([folder / "ask"], check=True, capture_output=True, text=True, timeout=10).stdout
    return {name: int(value) for name, value in (line.split() for line in said.splitlines())}


def test_calls_and_constants_are_the_kernels(told: dict[str, int]) -> None:
    import linuxpy.video.device as video

    for call in CALLS:
        assert video.IOC[call].value % 2**32 == told[call], call
    assert told["XU"] == CTRL_QUERY
    assert told["V4L2_BUF_FLAG_ERROR"] == video.BufferFlag.ERROR
    assert told["V4L2_CAP_VIDEO_CAPTURE"] == video.Capability.VIDEO_CAPTURE
    assert told["V4L2_CAP_STREAMING"] == video.Capability.STREAMING
    assert told["V4L2_CAP_DEVICE_CAPS"] == video.Capability.DEVICE_CAPS


def test_structures_are_laid_out_as_the_kernels(told: dict[str, int]) -> None:
    import linuxpy.video.device as video

    structures: dict[str, Any] = {name: getattr(video.raw, name) for name in FIELDS}
    structures["uvc_xu_control_query"] = CtrlQuery
    for name, structure in structures.items():
        assert ctypes.sizeof(structure) == told[name], name
        for field in (key.partition(".")[2] for key in told if key.startswith(f"{name}.")):
            assert getattr(structure, field).offset == told[f"{name}.{field}"], f"{name}.{field}"


def test_our_words_for_controls_stand_for_the_kernels(told: dict[str, int]) -> None:
    for name, word in CONTROLS.items():
        assert _NAMES[told[name]][0] == word
