"""The rates of this machine: what is measured is what it is called, and more samples never lower them."""

from __future__ import annotations

import pytest

from engines import roofline
from engines.backends.openvino_library import openvino_core
from engines.roofline import Roofline


@pytest.fixture
def rates(monkeypatch: pytest.MonkeyPatch) -> Roofline:
    monkeypatch.setattr(roofline, "SHAPES", ((32, 8, 3), (32, 8, 1)))
    return Roofline(1)


def test_a_chain_counts_its_own_work(rates: Roofline):
    gmacs = [chain.gmac for chain in rates._chains["fp32"]]
    assert gmacs == pytest.approx([4 * 32 * 32 * 9 * 64 / 1e9, 4 * 32 * 32 * 64 / 1e9])
    assert gmacs == [chain.gmac for chain in rates._chains["int8"]]


def test_more_samples_never_lower_a_rate(rates: Roofline):
    before = rates.gmac_s("fp32"), rates.gmac_s("int8")
    rates.sample(5)
    assert rates.gmac_s("fp32") >= before[0] > 0
    assert rates.gmac_s("int8") >= before[1] > 0


def test_the_limit_is_work_by_rate(rates: Roofline):
    assert rates.limit_ms(2.0, "int8") == pytest.approx(2000 / rates.gmac_s("int8"))
    assert rates.limit_ms(4.0, "int8") == pytest.approx(2 * rates.limit_ms(2.0, "int8"))


@pytest.mark.parametrize(("kind", "wanted"), [("fp32", {"f32"}), ("int8", {"u8", "i8"})])
def test_the_convolutions_really_run_in_that_precision(kind: roofline.Kind, wanted: set[str]):
    compiled = openvino_core().compile_model(
        roofline._model(kind, 32, 8, 3), "CPU", {"INFERENCE_PRECISION_HINT": "f32"}
    )
    found = [
        about["runtimePrecision"].astype(str)
        for about in (node.get_rt_info() for node in compiled.get_runtime_model().get_ops())
        if about["layerType"].astype(str) == "Convolution"
    ]
    assert len(found) == roofline.LAYERS
    assert set(found) <= wanted
