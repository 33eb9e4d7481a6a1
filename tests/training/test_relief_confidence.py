"""Expected errors are judged by the errors that are made: the measures, without torch."""

from __future__ import annotations

import numpy as np
import pytest

from engines.models.gray_to_depth import ReliefResult
from training.measures.relief_error import Pixels, add_to, collect
from training.measures.report import Report
from training.metrics import rank_correlation
from training.studies.relief_confidence import main, tables


def honest(seed: int = 0, count: int = 20_000) -> Pixels:
    """Pixels whose real errors are exponential with the mean that is expected."""
    rng = np.random.default_rng(seed)
    expected = np.exp(rng.uniform(np.log(3), np.log(60), count))
    real = rng.exponential(expected)
    crop = np.sort(rng.integers(0, 40, count))
    return Pixels(
        expected, real, 1 - np.exp(-10 / expected), rng.uniform(0.5, 1, count), rng.uniform(0, 60, count), crop
    )


def test_an_honest_model_expects_in_every_tenth_what_it_errs() -> None:
    for one in honest().deciles():
        assert one.real_mm == pytest.approx(one.expected_mm, rel=0.12)
        assert one.close == pytest.approx(one.confidence, abs=0.04)


def test_the_pixels_it_is_sure_of_are_better_than_all_and_no_better_than_the_truth() -> None:
    pixels = honest()
    assert pixels.kept(0.5) < pixels.kept(0.8) < pixels.kept(1.0) == pytest.approx(pixels.real_mm.mean())
    assert pixels.kept(0.5, pixels.real_mm) < pixels.kept(0.5)
    assert pixels.kept(0.5, -pixels.foreground) == pytest.approx(pixels.kept(1.0), rel=0.1)
    assert pixels.rank_correlation() > 0.4
    assert pixels.rank_correlation_within() > 0.4


def test_a_model_that_expects_anything_has_no_rank_correlation() -> None:
    pixels = honest()
    shuffled = np.random.default_rng(1).permutation(pixels.expected_mm)
    blind = Pixels(shuffled, pixels.real_mm, pixels.confidence, pixels.foreground, pixels.off_middle, pixels.crop)
    assert abs(blind.rank_correlation()) < 0.06


def test_the_tables_name_every_tenth_and_every_order() -> None:
    text = tables(honest())
    assert text.count("% |") >= 10
    for words in ("90-100 %", "the foreground probability", "the true error", "over crops"):
        assert words in text


def test_only_shown_pixels_with_a_known_truth_are_counted() -> None:
    relief = np.full((96, 96), 5.0, np.float32)
    relief[:48] = np.nan
    known = np.zeros((96, 96), bool)
    known[:, :48] = True
    plain = np.full((96, 96), 7.0, np.float32)
    one = ReliefResult(np.zeros((96, 96), np.uint8), relief, plain / 7, plain, plain / 10)
    pixels = collect([(one, np.full((96, 96), 3.0), known), (one, np.full((96, 96), 9.0), known)])
    assert pixels is not None
    assert len(pixels.real_mm) == 2 * 48 * 48
    assert set(pixels.real_mm) == {2.0, 4.0}
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
    assert collect([(one, plain, plain > 0)]) is None


def test_ranks_of_equal_values_are_shared() -> None:
    assert rank_correlation(np.array([1.0, 2, 2, 3]), np.array([1.0, 5, 5, 9])) == pytest.approx(1.0)
    assert rank_correlation(np.array([1.0, 2, 3, 4]), np.array([4.0, 3, 2, 1])) == pytest.approx(-1.0)
    assert np.isnan(rank_correlation(np.array([1.0, 1, 1]), np.array([1.0, 2, 3])))


def test_the_study_asks_for_something_to_measure_on(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([])
    assert "--faces, --data, or both" in capsys.readouterr().err
