"""What is said of one face: where it is, what the closer look showed, and why what is missing or doubtful is so."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from drivers.frame import Intrinsics
from engines.loading import Models
from pipeline.config import PipelineConfig
from pipeline.steps.crop import Crop, CropFailure
from pipeline.steps.follow import EYES_NOT_TOLD, followed_words
from pipeline.steps.haar import HaarHit
from pipeline.steps.landmarks import Reading, eyes_of
from pipeline.steps.pose import SolvedPose
from pipeline.steps.register import View
from pipeline.steps.track import Track
from pipeline.steps.validity import doubts_of
from recordings.observation import EyeOpenness, Face, HeadPose


@dataclass(slots=True)
class CloserLook:
    """What a closer look at one track showed in this FrameSet."""

    reading: Reading | None = None
    evidence: float = 0.0
    solved: SolvedPose | str = "no landmarks"
    hit: HaarHit | None = None
    followed: int = 0
    """FrameSets since the model read it; 0 where it did so now."""


class FaceTeller:
    """Puts a face of an Observation together. Remembers nothing."""

    def __init__(self, config: PipelineConfig, models: Models) -> None:
        self._config = config
        self._models = models

    def __call__(
        self, view: View, intrinsics: Intrinsics, track: Track, look: CloserLook, crop: Crop, wrong: str
    ) -> Face:
        """One face of an Observation, without generated images.

        Args:
            view: the images.
            intrinsics: of the reference stream, guessed where it has none.
            track: the face.
            look: what the closer look at it showed.
            crop: the papers' crop of it.
            wrong: why the whole image is not to be believed; or empty.
        """
        invalid: dict[str, str] = {}
        distance_m, center_m = self._place(view, intrinsics, track, crop, invalid)
        landmarks = None
        pose: HeadPose | None = None
        eyes: EyeOpenness | None = None
        if look.reading is None or look.evidence < self._config.track.face_below:
            reason = self._no_landmarks(look)
            invalid.update(landmarks=reason, pose=reason, eyes=reason)
        else:
            landmarks = look.reading.landmarks
            if isinstance(look.solved, str):
                invalid["pose"] = look.solved
            else:
                pose = look.solved.pose
                if view.intrinsics is None:
                    invalid["pose"] = (
                        f"uncalibrated camera: the angles assume a field of view of "
                        f"{self._config.crop.default_fov_deg:.0f} degrees"
                    )
        believed = look.reading if landmarks is not None else None
        solved = look.solved if isinstance(look.solved, SolvedPose) and believed is not None else None
        doubts = doubts_of(view, crop, believed, solved, intrinsics, wrong, self._config.validity)
        invalid = {**invalid, **doubts.invalid}
        if look.followed:
            invalid = _with_following(invalid, look)
        if believed is not None:
            opened = invalid.get("eyes") or eyes_of(believed, pose, self._config.landmarks)
            if isinstance(opened, str):
                invalid["eyes"] = opened
            else:
                eyes = opened
        return Face(
            id=track.id,
            stream=view.stream,
            box=track.box,
            confidence=float(track.evidence or 0.0) * doubts.trust,
            distance_m=distance_m,
            head_center_m=center_m,
            crop=crop.box,
            landmarks=landmarks,
            pose=pose,
            eyes=eyes,
            invalid=invalid,
        )

    def _place(
        self, view: View, intrinsics: Intrinsics, track: Track, crop: Crop, invalid: dict[str, str]
    ) -> tuple[float | None, tuple[float, float, float] | None]:
        """Distance and head centre in metres, both of the surface; what cannot be told goes into ``invalid``."""
        if crop.distance is None:
            reason = view.no_depth if view.depth_mm is None else str(CropFailure.NO_DEPTH)
            invalid.update(distance_m=reason, head_center_m=reason)
            return None, None
        distance_m = crop.distance.mm / 1000.0
        if crop.distance.note:
            invalid.update(distance_m=crop.distance.note, head_center_m=crop.distance.note)
        if view.intrinsics is None:
            invalid["head_center_m"] = "uncalibrated camera"
            return distance_m, None
        x, y, z = intrinsics.back_project(np.array([track.center_px]), distance_m, undistort=True)[0]
        if not (np.isfinite(x) and np.isfinite(y)):
            invalid["head_center_m"] = "the head centre lies beyond what the lens shows"
            return distance_m, None
        return distance_m, (float(x), float(y), float(z))

    def _no_landmarks(self, look: CloserLook) -> str:
        if self._models.face_landmarks is None:
            why = self._models.missing.get("face_landmarks", "it was not asked for")
            return f"the model face_landmarks is not loaded: {why}"
        if look.reading is None:
            return "no image could be read at the face"
        return f"the landmark model sees no face here ({look.evidence:.2f})"


def _with_following(invalid: dict[str, str], look: CloserLook) -> dict[str, str]:
    """The reasons of a face that was followed: what else speaks against it stands before that."""
    words = followed_words(look.followed)
    both = {name: f"{invalid[name]}; {words}" if name in invalid else words for name in ("landmarks", "pose")}
    return {**invalid, **both, "eyes": invalid.get("eyes", EYES_NOT_TOLD)}
