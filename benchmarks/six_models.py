"""What the six models cost together on one face in a 640 x 480 frame, by precision and threads, best of many.

    python -m benchmarks.six_models

Each model is called once, pre- and post-processing included: in the product not all of them look at every frame, and
FaceVerifier and EyeToFace only where they are asked for. int8 files must have been built before:
tapetum engines build face_landmarks face_finder face_verifier eye_to_face --precision int8
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from benchmarks.tracked_face import best_ms
from engines.loading import Models, load_models

NAMES = ("face_finder", "face_landmarks", "gray_to_depth", "depth_to_color", "face_verifier", "eye_to_face")
POLICIES = ("openvino", "openvino:bf16", "openvino:int8")


def calls(models: Models) -> dict[str, Callable[[], object]]:
    """One call of each model on a picture of its size."""
    rng = np.random.default_rng(0)

    def picture(*shape: int) -> np.ndarray:
        return rng.integers(0, 256, shape).astype(np.uint8)

    finder, landmarks, relief = models.face_finder, models.face_landmarks, models.gray_to_depth
    color, verifier, eye = models.depth_to_color, models.face_verifier, models.eye_to_face
    missing = SystemExit(f"models are missing: {dict(models.missing)}")
    if finder is None or landmarks is None or relief is None:
        raise missing
    if color is None or verifier is None or eye is None:
        raise missing
    frame, crop, gray = picture(480, 640), picture(128, 128), picture(relief.size, relief.size)
    depth, head, one_eye = picture(color.size, color.size), picture(verifier.size, verifier.size), picture(32, 32, 3)
    return {
        "face_finder": lambda: finder.picture(frame),
        "face_landmarks": lambda: landmarks(crop),
        "gray_to_depth": lambda: relief(gray),
        "depth_to_color": lambda: color(depth),
        "face_verifier": lambda: verifier(head),
        "eye_to_face": lambda: eye(one_eye),
    }


def main() -> None:
    print(f"| engine | threads | {' | '.join(NAMES)} | together, ms |")
    print("|---" * (len(NAMES) + 3) + "|")
    for policy in POLICIES:
        for threads in (1, 2):
            models = load_models(f"prefer {policy}", threads, list(NAMES))
            models.warm_up()
            runs = {models.served[name].selection.wish.text() for name in models.served}
            each = {name: best_ms(call) for name, call in calls(models).items()}
            cells = " | ".join(f"{each[name]:.2f}" for name in NAMES)
            print(f"| {', '.join(sorted(runs))} | {threads} | {cells} | {sum(each.values()):.2f} |", flush=True)
            models.close()


if __name__ == "__main__":
    main()
