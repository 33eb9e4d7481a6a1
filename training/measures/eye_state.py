"""eye_state: how far from the truth openness is, whether closed eyes are told, and whether its confidence is right."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import numpy as np

from engines.card import Measured
from engines.models.eye_state import EyeState
from training.eye_truth import SIZES, WITHIN, closed_f1, held_out_eyes
from training.faces.eye_shards import EyeStore
from training.feed import FaceStore
from training.measures.report import EvaluationError, Report, some


def synthetic(model: EyeState, store: FaceStore, count: int) -> list[Measured]:
    """Held-out people at three sizes, by night and by day. Raises EvaluationError."""
    eyes_of = cast(EyeStore, store)
    chosen = some(eyes_of.held_out_faces, count)
    if not len(chosen):
        raise EvaluationError("There are no held-out people (identities divisible by ten) among these samples.")
    report = Report("eye_state", real=False)
    for size, scale in SIZES.items():
        for infrared, light in ((True, "near infrared"), (False, "gray")):
            patches, truth = held_out_eyes(eyes_of, chosen, scale, infrared)
            told = model.many(patches)
            openness = np.array([one.openness for one in told], np.float32)
            confidence = np.array([one.confidence for one in told])
            on = f"{len(truth)} rendered eyes of held-out people, |yaw| <= 35 deg, {size} px between the outer corners"
            report.add(f"openness MAE, {light}", float(np.abs(openness - truth).mean()), "1", on)
            report.add(f"F1 of closed eyes (openness < 0.2), {light}", closed_f1(openness, truth), "1", on)
            within = float(np.mean(np.abs(openness - truth) < WITHIN))
            report.add(f"openness within {WITHIN:g} of the truth, {light}", within, "1", on)
            report.add(f"mean confidence, {light}", float(confidence.mean()), "1", on)
    return report.values


def real(model: EyeState, data: Path) -> list[Measured]:
    """There is none. Raises EvaluationError."""
    raise EvaluationError(
        "No real recording tells how far eyes are open: eye_state is measured on rendered ones alone."
    )
