"""face_verifier: same person or not, on pairs whose distances tell nothing."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engines.card import Measured
from engines.models.face_verifier import FaceVerifier
from training.faces.subjects import Subjects
from training.feed import FaceStore
from training.measures.report import EvaluationError, Report
from training.real_data import RealSample, head_ellipse, kinect_person, rap3df

SIZE = 96
FRONTAL_MM = 120.0
"""Depths about the head's distance over which left and right are compared."""
VIEWS = 6
"""Held-out people are read so many times each."""


class Pairs(NamedTuple):
    """Which pictures are compared, whether both show one person, and in which half of the people they are."""

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    same: NDArray[np.bool_]
    half: NDArray[np.int64]

    def where(self, chosen: NDArray[np.bool_]) -> Pairs:
        """Some of the pairs."""
        return Pairs(*(column[chosen] for column in self))


class Scores(NamedTuple):
    """Accuracy and equal error rate in percent, area under the ROC curve in 0..1."""

    accuracy: float
    equal_error: float
    area: float


def matched_pairs(subject: Sequence[str] | NDArray, distance_mm: NDArray | None, seed: int = 0) -> Pairs:
    """All pairs of one person, and as many of two people of the same half of all people.

    With `distance_mm` every pair of two people has (as nearly as there is one left) the difference of distance of a
    pair of one person: pictures of one person are taken from one place, and distance alone would tell most pairs.

    Raises:
        EvaluationError: nobody has two pictures, or there are too few people.
    """
    subject = np.asarray(subject)
    rng = np.random.RandomState(seed)  # this old generator is part of the protocol: it decides the pairs
    people = np.array(sorted(set(subject.tolist())))
    rng.shuffle(people)
    second_half = set(people[len(people) // 2 :].tolist())
    half = np.array([who in second_half for who in subject.tolist()])
    rows: list[tuple[int, int, bool, int]] = []
    for part in (False, True):
        every = list(itertools.combinations(np.flatnonzero(half == part).tolist(), 2))
        same = [pair for pair in every if subject[pair[0]] == subject[pair[1]]]
        other = [pair for pair in every if subject[pair[0]] != subject[pair[1]]]
        if not same or len(other) < len(same):
            raise EvaluationError(
                f"{len(people)} people with {len(subject)} pictures make {len(same)} pairs of one person and "
                f"{len(other)} of two in one half; there is nothing to compare."
            )
        if distance_mm is None:
            kept = [other[k] for k in np.sort(rng.choice(len(other), len(same), replace=False))]
        else:
            rng.shuffle(other)
            kept = sorted(_alike(same, other, np.asarray(distance_mm, float)))
        rows += [(*pair, True, int(part)) for pair in same] + [(*pair, False, int(part)) for pair in kept]
    first, second, is_same, part_of = zip(*rows, strict=True)
    return Pairs(np.array(first), np.array(second), np.array(is_same), np.array(part_of))


def _alike(same: list[tuple[int, int]], other: list[tuple[int, int]], distance: NDArray) -> list[tuple[int, int]]:
    gaps = np.array([abs(distance[a] - distance[b]) for a, b in other])
    chosen = []
    for a, b in same:
        nearest = int(np.argmin(np.abs(gaps - abs(distance[a] - distance[b]))))
        chosen.append((other[nearest][0], other[nearest][1]))
        gaps[nearest] = np.inf
    return chosen


def balanced_pairs(who: Sequence[int], seed: int = 0) -> Pairs:
    """All pairs of one person and as many of two, at random; no halves (0 everywhere).

    Raises:
        EvaluationError: there are fewer than two people, or nobody is there twice.
    """
    number = np.asarray(who)
    first, second = np.triu_indices(len(number), 1)
    same = number[first] == number[second]
    other = np.flatnonzero(~same)
    if not same.any() or len(other) < same.sum():
        raise EvaluationError(f"{len(set(who))} people with {len(who)} readings make no pairs to compare.")
    kept = np.random.default_rng(seed).permutation(other)[: int(same.sum())]
    chosen = np.concatenate([np.flatnonzero(same), np.sort(kept)])
    return Pairs(first[chosen], second[chosen], same[chosen], np.zeros(len(chosen), np.int64))


def score_pairs(score: NDArray, pairs: Pairs) -> Scores:
    """What `score` (one a pair, higher = same person) is worth.

    The threshold with the best accuracy on one half of the people is tested on the other; both ways, averaged.
    """
    rows = []
    for part in (0, 1):
        learn, test = pairs.half == part, pairs.half != part
        levels = np.unique(score[learn])
        right = [np.mean((score[learn] >= level) == pairs.same[learn]) for level in levels]
        threshold = levels[int(np.argmax(right))]
        accuracy = np.mean((score[test] >= threshold) == pairs.same[test])
        rows.append((accuracy * 100, equal_error(score[test], pairs.same[test]), area(score[test], pairs.same[test])))
    return Scores(*(float(value) for value in np.mean(rows, axis=0)))


def equal_error(score: NDArray, same: NDArray[np.bool_]) -> float:
    """Percent of errors where as many pairs of two people pass as pairs of one person fail."""
    levels = np.unique(score)[::-1]
    passed = np.array([np.mean(score[~same] >= level) for level in levels])
    failed = np.array([np.mean(score[same] < level) for level in levels])
    nearest = int(np.argmin(np.abs(passed - failed)))
    return float(50 * (passed[nearest] + failed[nearest]))


def area(score: NDArray, same: NDArray[np.bool_]) -> float:
    """Probability that a pair of one person scores higher than a pair of two (ties count half)."""
    negatives = np.sort(score[~same])
    below = np.searchsorted(negatives, score[same], "left")
    not_above = np.searchsorted(negatives, score[same], "right")
    return float(np.mean(below + not_above) / (2 * len(negatives)))


def frontal(samples: Sequence[RealSample]) -> NDArray[np.bool_]:
    """Which crops are near frontal by depth alone: left and right differ no more than in the median crop."""
    ellipse = head_ellipse(SIZE)
    uneven = []
    for sample in samples:
        relief = sample.depth(SIZE).astype(np.float32) - np.float32(sample.head.distance_mm)
        known = (sample.depth(SIZE) > 0) & (np.abs(relief) <= FRONTAL_MM) & ellipse
        both = known & known[:, ::-1]
        uneven.append(np.abs((relief - relief[:, ::-1])[both]).mean())
    return np.array(uneven) <= np.median(uneven)


def synthetic(model: FaceVerifier, store: FaceStore, count: int) -> list[Measured]:
    """Pairs of held-out people, each read several times by a random sensor. Raises EvaluationError."""
    subjects = Subjects(store)
    rng = np.random.default_rng(0)
    people = subjects.held_out[: max(4, count // 4)]
    if len(people) < 2:
        raise EvaluationError("There are fewer than two held-out people (numbers divisible by ten) to compare.")
    who = [person for person in people for _ in range(VIEWS)]
    templates = [model(code) for person in people for code in subjects.read_several(person, VIEWS, rng)]
    pairs = balanced_pairs(who)
    verdicts = [model.compare(templates[a], templates[b]) for a, b in _both(pairs)]
    cosine = np.array([verdict.cosine for verdict in verdicts])
    probability = np.array([verdict.probability for verdict in verdicts])
    report = Report("face_verifier", real=False)
    on = f"{len(verdicts)} pairs of {len(people)} held-out people, half of one person, any pose up to 70 deg of yaw"
    report.add(
        "same person or not: accuracy at probability 0.5", 100 * np.mean((probability > 0.5) == pairs.same), "%", on
    )
    report.add("same person or not: equal error", equal_error(cosine, pairs.same), "%", on)
    report.add("same person or not: area under ROC", area(cosine, pairs.same), "1", on)
    refused = f"{len(templates)} readings of them"
    report.add("crops refused", float(np.mean([not template.valid for template in templates])), "1", refused)
    return report.values


def real(model: FaceVerifier, data: Path) -> list[Measured]:
    """Distance-matched pairs of rap3df_set2, and one person turning before a Kinect. Raises RealDataError."""
    samples = list(rap3df(data))
    distance = np.array([sample.head.distance_mm for sample in samples])
    pairs = matched_pairs([sample.subject for sample in samples], distance)
    front = frontal(samples)
    templates = [model(sample.code(SIZE)) for sample in samples]
    verdicts = [model.compare(templates[a], templates[b]) for a, b in _both(pairs)]
    inner = [model(np.where(head_ellipse(SIZE), sample.code(SIZE), 0).astype(np.uint8)).embedding for sample in samples]
    outside = np.array([(sample.depth(SIZE) > 0)[~head_ellipse(SIZE)].mean() for sample in samples])
    scores = {
        "embedding": np.array([verdict.cosine for verdict in verdicts]),
        "embedding of the head's ellipse alone": np.array([inner[a] @ inner[b] for a, b in _both(pairs)]),
        "distance alone (leak check)": -np.abs(distance[pairs.first] - distance[pairs.second]),
        "background alone (leak check)": -np.abs(outside[pairs.first] - outside[pairs.second]),
    }
    report = Report("face_verifier", real=True)
    for group, chosen in (("all poses", np.ones(len(pairs.same), bool)), ("near frontal", _of_both(front, pairs))):
        on = f"rap3df_set2, distance-matched, {group}, {chosen.sum()} pairs"
        for name, score in scores.items():
            _add(report, f"same person or not, {name}", score_pairs(score[chosen], pairs.where(chosen)), on)
        probability = np.array([verdict.probability for verdict in verdicts])[chosen]
        same = pairs.same[chosen]
        report.add("accuracy at probability 0.5", 100 * np.mean((probability > 0.5) == same), "%", on)
        report.add("mean probability of one person", probability[same].mean(), "1", on)
        report.add("mean probability of two people", probability[~same].mean(), "1", on)
    report.add("crops refused", np.mean([not t.valid for t in templates]), "1", f"rap3df_set2, {len(templates)} crops")
    turning = [model(sample.code(SIZE)) for sample in kinect_person(data)]
    report.add(
        "crops refused",
        np.mean([not t.valid for t in turning]),
        "1",
        f"kinect_person, {len(turning)} frames, all round",
    )
    return report.values


def _both(pairs: Pairs) -> zip[tuple[int, int]]:
    return zip(pairs.first.tolist(), pairs.second.tolist(), strict=True)


def _of_both(chosen: NDArray[np.bool_], pairs: Pairs) -> NDArray[np.bool_]:
    both: NDArray[np.bool_] = chosen[pairs.first] & chosen[pairs.second]
    return both


def _add(report: Report, what: str, scored: Scores, on: str) -> None:
    report.add(f"{what}: accuracy", scored.accuracy, "%", on)
    report.add(f"{what}: equal error", scored.equal_error, "%", on)
    report.add(f"{what}: area under ROC", scored.area, "1", on)
