"""Pairs that distance cannot tell, scores with hand values, people drawn several times, and what the network sees."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engines.normalise import encode_depth
from tests.training.shard_fixture import write_samples
from training.augment import View
from training.faces.mesh import head_like_mesh
from training.faces.people import People, draw_views, main
from training.faces.scene import Rig
from training.faces.subjects import CODE_SIZE, Subjects, cut_code
from training.feed import FaceStore
from training.measures.report import EvaluationError
from training.measures.verification import area, balanced_pairs, equal_error, matched_pairs, score_pairs


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Samples, and six views each of twelve people."""
    out = write_samples(tmp_path_factory.mktemp("samples"))
    assert main(["--out", str(out), "--people", "12", "--views", "6", "--first", "20", "--mesh"]) == 0
    return out


def many(people: int, each: int) -> tuple[np.ndarray, np.ndarray]:
    subject = np.repeat([f"s{i:02d}" for i in range(people)], each)
    distance = np.repeat(np.linspace(1000, 1100, people), each) + np.random.default_rng(0).normal(0, 4, people * each)
    return subject, distance


def test_no_person_is_in_both_halves_and_every_pair_stays_in_one() -> None:
    subject, distance = many(12, 5)
    pairs = matched_pairs(subject, distance)
    assert np.array_equal(subject[pairs.first] == subject[pairs.second], pairs.same)
    assert pairs.same.mean() == 0.5
    assert pairs.same.sum() == 12 * 10
    halves = [set(subject[np.concatenate([p.first, p.second])]) for p in (pairs.where(pairs.half == h) for h in (0, 1))]
    assert not halves[0] & halves[1]
    assert len({(a, b) for a, b in zip(pairs.first, pairs.second, strict=True)}) == len(pairs.same)


def test_matching_takes_away_what_distance_tells() -> None:
    subject, distance = many(20, 5)
    apart = {}
    for name, by in (("random", None), ("matched", distance)):
        pairs = matched_pairs(subject, by)
        apart[name] = area(-np.abs(distance[pairs.first] - distance[pairs.second]), pairs.same)
    assert apart["random"] > 0.9
    assert apart["matched"] < 0.75


def test_the_same_seed_gives_the_same_pairs() -> None:
    subject, distance = many(8, 4)
    first, again = matched_pairs(subject, distance), matched_pairs(subject, distance)
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))


def test_strangers_alone_make_no_pairs() -> None:
    with pytest.raises(EvaluationError, match="nothing to compare"):
        matched_pairs(["a", "b", "c", "d"], None)
    with pytest.raises(EvaluationError, match="no pairs"):
        balanced_pairs([1, 1, 1])


def test_scores_have_their_hand_values() -> None:
    same = np.array([True, True, True, True, False, False, False, False])
    score = np.array([4.0, 3.0, 2.0, 1.0, 2.5, 1.0, 0.0, -1.0])
    assert area(score, same) == pytest.approx((4 + 4 + 3 + 2.5) / 16)
    assert equal_error(score, same) == pytest.approx(25.0)
    assert area(-score, same) == pytest.approx(1 - area(score, same))
    subject, distance = many(12, 5)
    pairs = matched_pairs(subject, distance)
    perfect = score_pairs(pairs.same.astype(float), pairs)
    assert perfect == (100.0, 0.0, 1.0)
    chance = score_pairs(np.random.default_rng(1).normal(size=len(pairs.same)), pairs)
    assert 40 < chance.accuracy < 60


def test_the_threshold_comes_from_the_other_half() -> None:
    """A score that is shifted in one half only is worth nothing there, however well it separates."""
    subject, distance = many(12, 5)
    pairs = matched_pairs(subject, distance)
    shifted = score_pairs(pairs.same + 10.0 * pairs.half, pairs)
    assert shifted.accuracy == pytest.approx(50.0)
    assert shifted.area == 1.0


def test_a_drawn_person_is_the_same_from_run_to_run_and_differs_from_others() -> None:
    rig = Rig(head_like_mesh())
    views, again, other = draw_views(rig, 7, 4), draw_views(rig, 7, 4), draw_views(rig, 8, 4)
    assert all(np.array_equal(a.depth, b.depth) for a, b in zip(views, again, strict=True))
    assert not np.array_equal(views[0].depth, other[0].depth)
    assert len({view.pose_deg for view in views}) == 4
    for view in views:
        middle = view.depth[70:90, 70:90]
        assert (middle > 0).all()
        assert abs(float(np.median(middle)) - view.surface_mm) < 100


def test_people_are_read_back_and_more_are_picked_up(folder: Path) -> None:
    people = People(folder)
    assert len(people) == 72
    assert people.view(70).person == 31
    assert main(["--out", str(folder), "--people", "2", "--views", "3", "--first", "100", "--mesh"]) == 0
    assert people.refresh() == 6
    assert people.view(77).person == 101


def test_held_out_people_are_never_trained_on(folder: Path, tmp_path: Path) -> None:
    for samples in (folder, write_samples(tmp_path / "alone")):
        subjects = Subjects(FaceStore(samples))
        assert subjects.train
        assert subjects.held_out
        assert all(who % 10 for who in subjects.train)
        assert not any(who % 10 for who in subjects.held_out)


def test_readings_of_one_person_are_codes_and_differ(folder: Path) -> None:
    subjects = Subjects(FaceStore(folder))
    codes = subjects.read_several(21, 4, np.random.default_rng(0))
    assert codes.shape == (4, CODE_SIZE, CODE_SIZE)
    assert codes.dtype == np.uint8
    assert len({code.tobytes() for code in codes}) == 4
    assert ((codes[:, 40:56, 40:56] > 0).mean(axis=(1, 2)) > 0.5).all()


@pytest.mark.parametrize(("n", "nearer"), [(160, 0.0), (100, 0.0), (160, 60.0)])
def test_the_crop_of_a_reading_is_320_mm_at_the_distance_measured_there(n: int, nearer: float) -> None:
    """A plate 160 mm wide is half a crop wide, from whatever distance and with whatever pixels it is read."""
    surface, plate = 1000.0, 1000.0 - nearer
    mm_per_px = 400 / n * plate / surface
    x = np.abs((np.arange(n) - (n - 1) / 2) * mm_per_px) < 80
    read = np.where(x[None] & x[:, None], plate, 0).astype(np.float32)
    code = cut_code(read, surface, View(CODE_SIZE))
    assert np.array_equal(np.unique(code), [0, encode_depth(np.array([plate]), plate)[0]])
    assert abs((code[48] > 0).sum() - 48) <= 1
    assert abs((code[:, 48] > 0).sum() - 48) <= 1


def test_a_damaged_shard_is_named(folder: Path) -> None:
    from training.faces.people import PeopleError

    broken = folder / "people-99999999"
    broken.mkdir()
    try:
        with pytest.raises(PeopleError, match=r"depth\.npy"):
            People(folder)
    finally:
        broken.rmdir()
