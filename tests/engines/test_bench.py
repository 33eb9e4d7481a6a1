"""`tapetum engines bench` on tiny models: every row there, numbers that fit together, refusals that say why."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from commands import engines_bench, engines_bench_seeds
from commands.engines_bench import bench
from commands.engines_bench_page import COLUMNS, About, page, short_table
from commands.engines_bench_rows import Row, Subject, in_turns, measure
from engines import roofline
from engines.backend import LoadOptions
from engines.backends.openvino import OpenVinoBackend
from engines.backends.openvino_library import openvino_core
from engines.card import load_card
from engines.errors import EngineError
from engines.roofline import Roofline
from tests.engines.spoilt_models import write_quantised


@dataclass
class Probed:
    """What a probe in a child process would say; that takes seconds."""

    ok: bool = True
    reason: str = ""


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TAPETUM_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(roofline, "SHAPES", ((32, 8, 3),))
    monkeypatch.setattr(engines_bench, "seed_names", lambda: ())
    monkeypatch.setattr(engines_bench, "probe_backend", lambda name: Probed())


def run(capsys: pytest.CaptureFixture[str], weights: Path, **options: object) -> tuple[int, dict[str, object], str]:
    code = bench(True, seconds=0.01, weights=weights, threads=1, **options)  # type: ignore[arg-type]  # as given
    told = capsys.readouterr()
    return code, json.loads(told.out.splitlines()[-1]) if told.out else {}, told.err


def test_every_row_is_there_and_its_numbers_fit(weights: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    code, answer, _ = run(capsys, weights, model="face_landmarks", folder=tmp_path / "out")
    assert code == 0
    rows = answer["rows"]
    assert isinstance(rows, list)
    found = [(r["model"], r["preset"], r["backend"], r["precision"], r["batch"]) for r in rows]
    has_bf16 = "BF16" in openvino_core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    engines = [("openvino", "fp32"), *([("openvino", "bf16")] if has_bf16 else []), ("onnxruntime", "fp32")]
    assert found == [("face_landmarks", "tiny", *engine, batch) for engine in engines for batch in (1, 2, 4, 8)]
    for row in rows:
        assert 0 < row["ms_best"] <= row["ms_median"]
        assert row["stock_ms"] > 0
        assert row["cpu_ms"] > 0
        assert row["gmac"] == pytest.approx(0, abs=1e-3)
    assert json.loads((tmp_path / "out" / "engines.json").read_text())["rows"] == rows
    text = (tmp_path / "out" / "engines.md").read_text()
    assert "tapetum engines bench --model face_landmarks --seconds 0.01" in text
    assert text.count("| face_landmarks | tiny |") == len(rows)


def test_what_was_not_measured_is_told_with_its_reason(weights: Path, capsys: pytest.CaptureFixture[str]):
    (weights / "gray_to_depth.onnx").write_bytes(b"torn")
    code, answer, told = run(capsys, weights, backend="onnxruntime")
    assert code == 0
    assert {row["model"] for row in answer["rows"]} == {"depth_to_color", "face_landmarks"}  # type: ignore[attr-defined]  # rows, as JSON has them
    assert "not measured: gray_to_depth: " in told
    assert "torn or another one" in told


def test_what_was_measured_before_it_was_stopped_is_shown(
    weights: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    whole = engines_bench.measure
    seen: list[str] = []

    def stopped(subject: Subject, *rest: object) -> list[Row]:
        seen.append(subject.card.name)
        if len(seen) > 1:
            raise KeyboardInterrupt
        return whole(subject, *rest)  # type: ignore[arg-type]  # as given

    monkeypatch.setattr(engines_bench, "measure", stopped)
    code, answer, told = run(capsys, weights, backend="onnxruntime")
    assert code == 0
    assert [row["model"] for row in answer["rows"]] == ["depth_to_color"] * 4  # type: ignore[attr-defined]  # rows, as JSON has them
    assert "it was stopped" in told


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"device": "tpu"}, "--device takes cpu or cuda, found 'tpu'"),
        ({"model": "mona_lisa"}, "there is no model 'mona_lisa'; there are depth_to_color"),
        ({"backend": "abacus"}, "there is no backend 'abacus' on the device cpu; there are openvino, onnxruntime"),
        ({"backend": "openvino", "device": "cuda"}, "there is no backend 'openvino' on the device cuda"),
    ],
)
def test_wrong_words_are_refused(weights: Path, capsys: pytest.CaptureFixture[str], options: dict[str, str], told: str):
    code, answer, errors = run(capsys, weights, **options)
    assert (code, answer) == (2, {})
    assert told in errors.replace("\n", " ")


def test_without_a_gpu_each_backend_says_what_is_missing(
    weights: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    no = Probed(False, "no NVIDIA driver answers")
    monkeypatch.setattr(engines_bench, "probe_backend", lambda name: no)
    code, answer, told = run(capsys, weights, device="cuda")
    assert code == 1
    assert answer["rows"] == []
    for name in ("tensorrt", "torch", "onnxruntime-cuda"):
        assert f"not measured: {name}: no NVIDIA driver answers" in told


def test_an_int8_file_is_measured_against_the_int8_rate(tmp_path: Path):
    card = load_card(write_quantised(tmp_path, pairs=True))
    rates = Roofline(1)
    work = 0.02
    row = measure(Subject("openvino", card, work), 1, rates, 0.01, (1, 2))[1].limited(rates)
    assert (row.precision, row.batch) == ("int8", 2)
    assert row.limit_ms == pytest.approx(2 * rates.limit_ms(work, "int8"), abs=1e-4)  # it is rounded to that
    assert row.ratio == pytest.approx(row.ms_best / (row.limit_ms or 0), rel=1e-2)


def test_calls_take_turns_and_the_first_of_each_is_not_counted():
    order: list[str] = []
    took = in_turns({"a": lambda: order.append("a"), "b": lambda: order.append("b")}, 0.0)
    assert order[:2] == ["a", "b"]
    assert order[2:10] == ["a"] * 8
    assert order[10:18] == ["b"] * 8
    assert {name: len(times) for name, times in took.items()} == {"a": 24, "b": 24}


def test_a_paper_size_network_that_is_not_there_asks_for_the_extra(monkeypatch: pytest.MonkeyPatch):
    def no_torch(name: str) -> object:
        raise ImportError(f"No module named {name!r}")

    monkeypatch.setattr(engines_bench_seeds, "import_module", no_torch)
    with pytest.raises(EngineError, match="gray_to_depth-seed: not available: needs the extra train"):
        engines_bench_seeds.seed_card("gray_to_depth")


def test_a_paper_size_network_is_made_once_and_rounded_to_int8(tmp_path: Path):
    pytest.importorskip("torch", reason="torch is not installed (extra train)")
    card = engines_bench_seeds.seed_card("face_verifier")
    made = card.onnx_path.stat().st_mtime_ns
    assert engines_bench_seeds.seed_card("face_verifier").onnx_path.stat().st_mtime_ns == made
    int8 = engines_bench_seeds.seed_int8_card("face_verifier", "openvino")
    backend = OpenVinoBackend(LoadOptions(precision="int8"))
    backend.load(int8, int8.onnx_path)
    assert backend.status().precision == "int8"
    assert {spec.name for spec in int8.inputs} == {"first", "second"}


def test_the_page_says_by_the_face_what_eight_cost_and_in_what_the_library_computed():
    row = Row("m", "seed", "openvino", "int8", 1, 2.0, 1.5, 3.0, 1.0, 1.5, 1.4, "bf16", 1.9, 2.5, 1.25, 2.4, 2.9)
    rows = [row, Row("m", "seed", "openvino", "int8", 8, 9.0, 8.0, 3.0, 6.4, 1.25, cpu_ms=16.0, cpu_ratio=1.1)]
    (line,) = short_table(rows)
    assert len(line) == len(COLUMNS)
    assert line[:9] == ("m seed", "openvino", "int8", "3.00", "1.00", "1.50", "1.50", "2.50", "1.25")
    assert line[9:] == ("1.40 bf16, 1.90 f32", "2.40 bf16, 2.90 f32", "1.00", "2.00", "1.10")
    about = About("today", "bench", "a machine", 2, (1.0, 2.0), {"int8": (400.0, 210.0)}, ("this: that",))
    text = page(rows, about)
    assert "int8 400 (210)" in text
    assert "- this: that" in text
