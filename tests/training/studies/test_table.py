"""The tables of studies; no training library is needed for these."""

from __future__ import annotations

from training.studies.table import markdown


def test_several_seeds_become_a_mean_and_a_range_and_missing_columns_are_left_out() -> None:
    text = markdown(
        {
            "all, of it, seed 0": {"nme_gray": 0.10, "presence": 0.9},
            "all, of it, seed 1": {"nme_gray": 0.12, "presence": 0.9},
            "less, seed 0": {"nme_gray": 0.2},
        }
    )
    assert text.splitlines() == [
        "| row | gray | presence right |",
        "|---|---|---|",
        "| all, of it | 11.0 (10.0..12.0) | 90.0 (90.0..90.0) |",
        "| less | 20.0 | - |",
    ]
