"""Same person or not, from depth crops: pairs, scores to compare with, and accuracy with a threshold from elsewhere.

Every pair's frames come from one half of the subjects; the threshold is taken on one half and tried on the other. A
different-subject pair is picked for each same-subject pair with the same difference of distances: a person's frames
were taken at one distance, which alone would tell random pairs apart.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.real.crops import head_ellipse
from training.real.relief import SIZE, normals

SURFACE_MM = 120.0
REACH_PX, STEP_PX = 4, 2


@dataclass(frozen=True)
class Pairs:
    """(P,) rows a and b, whether they show one person, in which half, and whether both are near frontal."""

    a: NDArray[np.int64]
    b: NDArray[np.int64]
    same: NDArray[np.bool_]
    half: NDArray[np.int64]
    front: NDArray[np.bool_]

    def where(self, mask: NDArray[np.bool_]) -> Pairs:
        return Pairs(self.a[mask], self.b[mask], self.same[mask], self.half[mask], self.front[mask])


def matched_pairs(subject: NDArray, distance_mm: NDArray, front: NDArray[np.bool_], seed: int = 0) -> Pairs:
    """All same-subject pairs, and as many others matched in their difference of distances."""
    random = np.random.RandomState(seed)  # its order is part of the definition
    names = np.array(sorted(set(subject.tolist())))
    random.shuffle(names)
    half = {name: int(k >= len(names) // 2) for k, name in enumerate(names)}
    rows: list[tuple[int, int, int, int]] = []
    for h in (0, 1):
        members = [i for i in range(len(subject)) if half[subject[i]] == h]
        every = list(itertools.combinations(members, 2))
        same = [(i, j) for i, j in every if subject[i] == subject[j]]
        other = [(i, j) for i, j in every if subject[i] != subject[j]]
        random.shuffle(other)
        apart = np.array([abs(distance_mm[i] - distance_mm[j]) for i, j in other], float)
        chosen = []
        for i, j in same:
            k = int(np.argmin(np.abs(apart - abs(distance_mm[i] - distance_mm[j]))))
            chosen.append(other[k])
            apart[k] = np.inf
        rows += [(i, j, 1, h) for i, j in same] + [(i, j, 0, h) for i, j in sorted(chosen)]
    table = np.array(rows)
    a, b = table[:, 0], table[:, 1]
    return Pairs(a, b, table[:, 2] == 1, table[:, 3], front[a] & front[b])


class Reliefs:
    """Depth crops prepared for comparing: relief within 120 mm of the head's distance, in the head's ellipse."""

    def __init__(self, depth_mm: NDArray, distance_mm: NDArray) -> None:
        """Args: (N, 96, 96) mm, 0 = no reading, and (N,)."""
        ellipse = head_ellipse(SIZE)
        self._relief = depth_mm.astype(np.float32) - distance_mm[:, None, None].astype(np.float32)
        self._valid = (depth_mm > 0) & (np.abs(self._relief) <= SURFACE_MM) & ellipse
        self._normals = [normals(z, m) for z, m in zip(self._relief, self._valid, strict=True)]
        self.background = (depth_mm > 0)[:, ~ellipse].mean(axis=1)

    def front(self) -> NDArray[np.bool_]:
        """(N,) near frontal: left and right differ no more than in the middle one of all crops."""
        uneven = []
        for z, valid in zip(self._relief, self._valid, strict=True):
            both = valid & valid[:, ::-1]
            uneven.append(float(np.abs((z - z[:, ::-1])[both]).mean()) if both.any() else np.inf)
        return np.array(uneven) <= np.median(uneven)

    def likeness(self, i: int, j: int) -> tuple[float, float]:
        """- RMS of the difference in mm after the best shift without its median, - mean angle of normals there."""
        best = (np.inf, 0, 0)
        for dy, dx in itertools.product(range(-REACH_PX, REACH_PX + 1, STEP_PX), repeat=2):
            both = self._valid[i] & np.roll(self._valid[j], (dy, dx), (0, 1))
            if not both.any():
                continue
            apart = (self._relief[i] - np.roll(self._relief[j], (dy, dx), (0, 1)))[both]
            best = min(best, (float(np.sqrt(np.mean((apart - np.median(apart)) ** 2))), dy, dx))
        rms, dy, dx = best
        (first, whole), (second, other) = self._normals[i], self._normals[j]
        both = whole & np.roll(other, (dy, dx), (0, 1))
        if not both.any():
            return -rms, -90.0
        cosine = np.clip((first * np.roll(second, (dy, dx), (0, 1))).sum(axis=-1)[both], -1, 1)
        return -rms, -float(np.degrees(np.arccos(cosine)).mean())


def evaluate(score: NDArray, pairs: Pairs) -> dict[str, float]:
    """Accuracy both ways round, the lesser of the two, equal error rate and area under the curve; higher = same.

    NaN where a half of the subjects has no pair of each sort.
    """
    for h in (0, 1):
        inside = pairs.same[pairs.half == h]
        if not inside.any() or inside.all():
            nothing = float("nan")
            return dict.fromkeys(("accuracy", "worse half", "EER", "AUC"), nothing) | {"pairs": float(len(score))}
    accuracy, equal, area = [], [], []
    for h in (0, 1):
        learn, test = pairs.half == h, pairs.half != h
        steps = np.unique(score[learn])
        best = steps[int(np.argmax([np.mean((score[learn] >= s) == pairs.same[learn]) for s in steps]))]
        accuracy.append(float(np.mean((score[test] >= best) == pairs.same[test])))
        equal.append(_equal_error(score[test], pairs.same[test]))
        area.append(_area(score[test], pairs.same[test]))
    return {
        "pairs": float(len(score)),
        "accuracy": float(np.mean(accuracy)),
        "worse half": min(accuracy),
        "EER": float(np.mean(equal)),
        "AUC": float(np.mean(area)),
    }


def _equal_error(score: NDArray, same: NDArray[np.bool_]) -> float:
    steps = np.unique(score)[::-1]
    false_accept = np.array([np.mean(score[~same] >= s) for s in steps])
    false_reject = np.array([np.mean(score[same] < s) for s in steps])
    i = int(np.argmin(np.abs(false_accept - false_reject)))
    return float((false_accept[i] + false_reject[i]) / 2)


def _area(score: NDArray, same: NDArray[np.bool_]) -> float:
    yes, no = score[same][:, None], score[~same][None]
    return float(np.mean((yes > no) + 0.5 * (yes == no)))
