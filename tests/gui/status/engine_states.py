"""Made-up states of engines."""

from __future__ import annotations

from typing import Any

from engines.build import BuildProgress
from engines.build_times import BuildTime
from engines.engine_state import EngineState

NOT_BUILT = "face_landmarks (int8) was not built on this machine; run: tapetum engines build face_landmarks"
NO_TENSORRT = "not installed (no package tensorrt); run: pip install 'tapetum[tensorrt]'"
LEFT = "failed: the device is lost"
UNVERIFIED = "UNVERIFIED: has not run on a GPU yet; `tapetum engines check --backend torch` verifies it"


def state(model: str = "face_landmarks", wish: str = "openvino", **more: Any) -> EngineState:
    """An engine as the policy asked for it, but for what is given."""
    given = {
        "device": "CPU",
        "precision": "f32",
        "is_fallback": False,
        "reasons": {
            "onnxruntime": "openvino runs",
            **dict.fromkeys(("tensorrt", "torch", "onnxruntime-cuda"), "not in the policy (prefer openvino)"),
        },
    }
    return EngineState(model=model, wish=wish, **{**given, **more})


def fallen(**more: Any) -> EngineState:
    """Something that runs since TensorRT is not there."""
    reasons = {"tensorrt": NO_TENSORRT, "openvino:int8": NOT_BUILT, "onnxruntime": "openvino runs"}
    return state(is_fallback=True, reasons=reasons, **more)


def building(fraction: float = 0.42, usual: BuildTime | None = None, seconds: float = 12.3) -> EngineState:
    """An int8 file is being made."""
    progress = BuildProgress("building", fraction, "measuring in float32", seconds, usual=usual)
    return state(coming="openvino:int8", build=progress)
