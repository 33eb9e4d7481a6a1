"""Percentiles as NumPy tells them, to the last bit, only sooner."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from pipeline.percentiles import percentiles

percents = st.lists(
    st.sampled_from((0.0, 0.5, 1.0, 2.0, 5.0, 50.0, 95.0, 99.0, 99.5, 99.8, 100.0)) | st.floats(0, 100),
    min_size=1,
    max_size=3,
)
counts = hnp.arrays(st.sampled_from((np.uint8, np.uint16)), st.integers(1, 300))
numbers = hnp.arrays(np.float32, st.integers(1, 300), elements=st.floats(-1e6, 1e6, width=32))


@given(counts | numbers, percents)
def test_they_are_those_of_numpy_to_the_last_bit(values: NDArray[Any], wanted: list[float]) -> None:
    assert list(percentiles(values, *wanted)) == [float(v) for v in np.percentile(values, wanted)]


def test_the_values_stay_in_their_order() -> None:
    values = np.array((3, 1, 2), np.uint16)
    assert percentiles(values, 50.0) == (2.0,)
    assert values.tolist() == [3, 1, 2]


def test_what_holds_no_number_has_none() -> None:
    assert all(math.isnan(v) for v in percentiles(np.array((1.0, math.nan, 3.0)), 0.0, 50.0))


@pytest.mark.parametrize(("values", "percent"), [(np.zeros(0), 50.0), (np.zeros(3), 100.5), (np.zeros(3), math.nan)])
def test_nothing_to_ask_of_is_an_error(values: NDArray[np.float64], percent: float) -> None:
    with pytest.raises(ValueError, match="percentile"):
        percentiles(values, percent)
