"""Expected errors are judged by the errors that are made: the measures, without torch."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engines.models.gray_to_depth import ReliefResult
from training.measures.expected_error import Judged, Pixels, Scale, add_to, collect
from training.measures.relief import SCALE, judged
from training.measures.report import Report
from training.metrics import rank_correlation
from training.studies.expected_errors import tables
from training.studies.relief_confidence import main


def honest(seed: int = 0, count: int = 20_000) -> Pixels:
    """Pixels whose real errors are exponential with the mean that is expected."""
    rng = np.random.default_rng(seed)
    expected = np.exp(rng.uniform(np.log(3), np.log(60), count))
    real = rng.exponential(expected)
    crop = np.sort(rng.integers(0, 40, count))
    sure, foreground = 1 - np.exp(-10 / expected), rng.uniform(0.5, 1, count)
    return Pixels(SCALE, expected, real, sure, rng.uniform(0, 60, count), crop, foreground)


def test_an_honest_model_expects_in_every_tenth_what_it_errs() -> None:
    for one in honest().deciles():
        assert one.real == pytest.approx(one.expected, rel=0.12)
        assert one.close == pytest.approx(one.confidence, abs=0.04)


def test_the_pixels_it_is_sure_of_are_better_than_all_and_no_better_than_the_truth() -> None:
    pixels = honest()
    assert pixels.kept(0.5) < pixels.kept(0.8) < pixels.kept(1.0) == pytest.approx(pixels.real.mean())
    assert pixels.kept(0.5, pixels.real) < pixels.kept(0.5)
    assert pixels.foreground is not None
    assert pixels.kept(0.5, -pixels.foreground) == pytest.approx(pixels.kept(1.0), rel=0.1)
    assert pixels.rank_correlation() > 0.4
    assert pixels.rank_correlation_within() > 0.4


def test_a_model_that_expects_anything_has_no_rank_correlation() -> None:
    pixels = honest()
    shuffled = np.random.default_rng(1).permutation(pixels.expected)
    blind = replace(pixels, expected=shuffled)
    assert abs(blind.rank_correlation()) < 0.06


def test_the_tables_name_every_tenth_and_every_order() -> None:
    text = tables(honest())
    assert text.count("% |") >= 10
    for words in ("90-100 %", "the foreground probability", "the true error", "over crops"):
        assert words in text


def test_a_model_that_tells_no_foreground_is_judged_without_that_order_and_in_its_own_unit() -> None:
    plain, half = np.full((64, 64), 20.0), np.zeros((64, 64), bool)
    half[:, :32] = True
    pixels = collect([Judged(plain, plain / 40, plain / 2, half)] * 2, Scale("levels", 25.0, "the person"))
    assert pixels is not None
    assert pixels.foreground is None
    assert "the foreground probability" not in tables(pixels)
    assert "expected, levels" in tables(pixels)
    report = Report("depth_to_color", real=False)
    add_to(report, pixels, "here")
    said = {m.metric: (m.value, m.unit) for m in report.values}
    assert said["mean error where the person is shown"] == (10.0, "levels")
    assert said["share within 25 levels there"] == (1.0, "1")


def test_only_shown_pixels_with_a_known_truth_are_counted() -> None:
    relief = np.full((96, 96), 5.0, np.float32)
    relief[:48] = np.nan
    known = np.zeros((96, 96), bool)
    known[:, :48] = True
    plain = np.full((96, 96), 7.0, np.float32)
    one = ReliefResult(np.zeros((96, 96), np.uint8), relief, plain / 7, plain, plain / 10)
    pixels = collect([judged(one, np.full((96, 96), truth), known) for truth in (3.0, 9.0)], SCALE)
    assert pixels is not None
    assert len(pixels.real) == 2 * 48 * 48
    assert set(pixels.real) == {2.0, 4.0}
    assert set(pixels.crop) == {0, 1}
    report = Report("gray_to_depth", real=False)
    add_to(report, pixels, "here")
    said = {m.metric: m.value for m in report.values}
    assert said["mean error where relief is shown"] == 3.0
    assert said["mean expected error there"] == 7.0
    assert said["share within 10 mm there"] == 1.0


def test_a_file_that_expects_nothing_is_measured_without_it() -> None:
    plain = np.ones((96, 96), np.float32)
    one = ReliefResult(np.zeros((96, 96), np.uint8), plain, plain)
    assert judged(one, plain, plain > 0) is None
    assert collect([judged(one, plain, plain > 0)], SCALE) is None


def test_ranks_of_equal_values_are_shared() -> None:
    assert rank_correlation(np.array([1.0, 2, 2, 3]), np.array([1.0, 5, 5, 9])) == pytest.approx(1.0)
    assert rank_correlation(np.array([1.0, 2, 3, 4]), np.array([4.0, 3, 2, 1])) == pytest.approx(-1.0)
    assert np.isnan(rank_correlation(np.array([1.0, 1, 1]), np.array([1.0, 2, 3])))


def test_the_study_asks_for_something_to_measure_on(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([])
    assert "--faces, --data, or both" in capsys.readouterr().err
