"""What finder and landmarks cost a frame while one face is followed, by precision and threads, best of many.

    python -m benchmarks.tracked_face

The finder looks at every fourth FrameSet while a face is followed (find.model_every), so a frame pays a quarter of it.
int8 files must have been built before: tapetum engines build face_landmarks face_finder --precision int8
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from engines.loading import load_models
from pipeline.config import PipelineConfig

CALLS = 200
POLICIES = ("openvino", "openvino:bf16", "openvino:int8")


def best_ms(call: Callable[[], object]) -> float:
    """The quickest of many calls, in milliseconds."""
    best = float("inf")
    for _ in range(CALLS):
        start = time.perf_counter()
        call()
        best = min(best, time.perf_counter() - start)
    return 1e3 * best


def main() -> None:
    rng = np.random.default_rng(0)
    crop = rng.integers(0, 256, (128, 128)).astype(np.uint8)
    frame = rng.integers(0, 256, (480, 640)).astype(np.uint8)
    every = PipelineConfig().find.model_every
    print(f"| engine | threads | landmarks, ms | finder (640x480), ms | a frame, finder every {every}th, ms |")
    print("|---|---|---|---|---|")
    for policy in POLICIES:
        for threads in (1, 2):
            models = load_models(f"prefer {policy}", threads, ["face_landmarks", "face_finder"])
            landmarks, finder = models.face_landmarks, models.face_finder
            if landmarks is None or finder is None:
                raise SystemExit(f"models are missing: {dict(models.missing)}")
            models.warm_up()
            runs = {models.served[name].selection.wish.text() for name in models.served}
            one, whole = best_ms(lambda: landmarks(crop)), best_ms(lambda: finder.picture(frame))  # noqa: B023 - called at once
            print(f"| {', '.join(sorted(runs))} | {threads} | {one:.2f} | {whole:.2f} | {one + whole / every:.2f} |")
            models.close()


if __name__ == "__main__":
    main()
