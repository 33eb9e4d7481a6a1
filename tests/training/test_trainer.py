"""A run does the same again from the same seed, goes on as it was, lets the discriminator in, and ends when asked."""

from __future__ import annotations

import errno
import signal
from pathlib import Path

import cv2
import numpy as np
import pytest

pytest.importorskip("torch", reason="torch is not installed (extra: train)")
import torch

pytest.importorskip("safetensors", reason="safetensors is not installed (extra: train)")

from commands.training import train as train_command
from tests.training.shard_fixture import write_samples
from training.checkpoint import load_checkpoint
from training.feed import FaceStore
from training.networks.registry import NETWORKS, find_network
from training.out_folder import OutFolderError
from training.run_log import RunLog, read_log
from training.settings import TrainSettings, adversary_from
from training.train import make_task, train
from training.trainer import DivergedError, Observer, Trainer, open_items

SMALL = find_network("eye_openness")


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_samples(tmp_path_factory.mktemp("samples"))


def short(steps: int, **more: object) -> TrainSettings:
    values = {"seconds": float("inf"), "batch_size": 2, "threads": 1, "log_every": 1} | more
    return TrainSettings(steps=steps, **values)  # type: ignore[arg-type]  # test helper


def begin(folder: Path, settings: TrainSettings, spec=SMALL) -> Trainer:
    return Trainer(spec, make_task(spec), folder, settings)


def weights(folder: Path, spec=SMALL) -> dict[str, torch.Tensor]:
    return load_checkpoint(folder, spec.key).network


def test_the_same_seed_gives_the_same_weights_and_another_seed_others(samples: Path, tmp_path: Path) -> None:
    found = []
    for name, seed in (("a", 5), ("b", 5), ("c", 6)):
        train("eye_openness", "plus", samples, tmp_path / name, short(3, seed=seed), report=lambda line: None)
        found.append(weights(tmp_path / name))
    for name, value in found[0].items():
        assert torch.equal(value, found[1][name]), name
    assert any(not torch.equal(value, found[2][name]) for name, value in found[0].items())


def test_a_run_that_goes_on_has_the_learning_rates_of_one_that_never_stopped(samples: Path, tmp_path: Path) -> None:
    settings = short(6)
    train("eye_openness", "plus", samples, tmp_path / "whole", settings, report=lambda line: None)
    left = [3]

    def stop() -> bool:
        left[0] -= 1
        return left[0] < 0

    assert train("eye_openness", "plus", samples, tmp_path / "two", settings, report=print, stop=stop) == {}
    assert load_checkpoint(tmp_path / "two", SMALL.key).step == 3
    lines: list[str] = []
    train("eye_openness", "plus", samples, tmp_path / "two", settings, report=lines.append)
    assert not any("otherwise" in line for line in lines)
    whole, two = (read_log(tmp_path / name / f"{SMALL.key}.csv") for name in ("whole", "two"))
    assert whole["rate"].steps == two["rate"].steps == [1, 2, 3, 4, 5, 6]
    assert two["rate"].values == pytest.approx(whole["rate"].values, rel=1e-6)


def test_the_log_of_a_run_that_was_killed_goes_on_at_its_checkpoint(samples: Path, tmp_path: Path) -> None:
    def killed(trainer: Trainer, parts: dict[str, float]) -> None:
        if trainer.step == 3:
            trainer.save()
        if trainer.step == 5:
            raise SystemError("killed")

    with pytest.raises(SystemError, match="killed"):
        train("eye_openness", "plus", samples, tmp_path, short(6), report=lambda line: None, on_step=killed)
    assert load_checkpoint(tmp_path, SMALL.key).step == 3
    assert read_log(tmp_path / f"{SMALL.key}.csv")["loss"].steps == [1, 2, 3, 4]
    train("eye_openness", "plus", samples, tmp_path, short(6), report=lambda line: None)
    assert read_log(tmp_path / f"{SMALL.key}.csv")["loss"].steps == [1, 2, 3, 4, 5, 6]
    (tmp_path / f"{SMALL.key}.safetensors").unlink()
    train("eye_openness", "plus", samples, tmp_path, short(2), report=lambda line: None)
    assert read_log(tmp_path / f"{SMALL.key}.csv")["loss"].steps == [1, 2]
    assert read_log(tmp_path / f"{SMALL.key}.csv.1")["loss"].steps == [1, 2, 3, 4, 5, 6]


def test_a_run_that_goes_on_otherwise_says_so(tmp_path: Path) -> None:
    begin(tmp_path, short(4)).save()
    told: list[str] = []
    settings = short(8, batch_size=4, learning_rate=0.5, seconds=120.0)
    assert begin(tmp_path, settings).resume(told.append)
    assert len(told) == 1
    for words in (
        "steps 4 then, 8 now",
        "batch size 2 then, 4 now",
        "learning rate 0.002 then, 0.5 now",
        "minutes unlimited then, 2 now",
    ):
        assert words in told[0]
    assert "seed" not in told[0]


def test_the_discriminator_joins_where_it_was_asked_to(samples: Path, tmp_path: Path) -> None:
    spec, lines = find_network("eye_to_face"), list[str]()
    trainer = begin(tmp_path, short(4, adversary_from=0.5), spec)
    assert trainer.critic is not None
    before = [p.detach().clone() for p in trainer.critic.parameters()]
    judged: list[bool] = []
    observer = Observer(lines.append, lambda _, parts: judged.append("critic" in parts))
    store = FaceStore(samples)
    trainer.task.make_item = lambda store, rng: trainer.task.item(store, 1, 0, rng)  # the drawn heads hide their eyes
    trainer.run(store, observer)
    assert judged == [False, False, True, True]
    assert any("step 2: the discriminator joins" in line for line in lines)
    assert read_log(trainer.log.path)["adversary"].steps == [2]
    assert any(not torch.equal(a, b) for a, b in zip(before, trainer.critic.parameters(), strict=True))
    again = begin(tmp_path, short(4, adversary_from=0.5), spec)
    assert again.resume()
    assert again.critic is not None
    for a, b in zip(trainer.critic.state_dict().values(), again.critic.state_dict().values(), strict=True):
        assert torch.equal(a, b)


def test_when_discriminators_join_unless_told_otherwise() -> None:
    joins = {spec.key: adversary_from(spec, TrainSettings()) for spec in NETWORKS}
    assert joins["depth_to_color-plus"] == joins["eye_to_face-plus"] == 0.6
    assert joins["gray_to_depth-seed"] == joins["depth_to_color-seed"] == 0
    assert joins["face_landmarks-plus"] == joins["gray_to_depth-plus"] == joins["face_verifier-seed"] == 1
    assert adversary_from(find_network("depth_to_color"), TrainSettings(adversary_from=1.0)) == 1
    assert adversary_from(find_network("face_landmarks"), TrainSettings(adversary_from=0.0)) == 1


def test_a_loss_that_is_no_number_ends_the_run_and_names_the_learning_rate(samples: Path, tmp_path: Path) -> None:
    trainer = begin(tmp_path, short(4))
    with torch.no_grad():
        next(trainer.network.parameters()).fill_(float("nan"))
    with pytest.raises(DivergedError, match=r"learning-rate than 0\.002"):
        trainer.run(FaceStore(samples))
    assert not trainer.checkpoint_path.exists(), "the last good checkpoint is not written over"


def test_a_process_that_makes_batches_opens_samples_and_task_anew(samples: Path) -> None:
    store, make_item = open_items("eye_openness", "plus", samples)
    assert len(store) == 28
    assert make_item(np.random.default_rng(0))["points"].shape == (68, 2)


def test_a_signal_ends_the_command_with_a_checkpoint_and_the_curve(
    samples: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = Trainer.train_step

    def then_interrupted(self: Trainer, batch: dict[str, torch.Tensor]) -> dict[str, float]:
        parts = steps(self, batch)
        if self.step == 2:
            signal.raise_signal(signal.SIGINT)
        return parts

    monkeypatch.setattr(Trainer, "train_step", then_interrupted)
    given = {"steps": 50, "batch_size": 2, "threads": 1, "device": "cpu"}
    before = signal.getsignal(signal.SIGINT)
    assert train_command("eye_openness", "plus", False, str(samples), tmp_path, None, None, given) == 1
    assert signal.getsignal(signal.SIGINT) is before
    assert "stopped" in capfd.readouterr().err
    assert load_checkpoint(tmp_path, SMALL.key).step == 2
    monkeypatch.setattr(Trainer, "train_step", steps)
    assert train_command("eye_openness", "plus", False, str(samples), tmp_path, None, None, given | {"steps": 3}) == 0
    told = capfd.readouterr()
    assert "continuing eye_openness-plus at step 2" in told.err
    assert "mae_gray: " in told.out
    assert cv2.imread(str(tmp_path / f"{SMALL.key}.curve.png")).shape[2] == 3


def test_a_device_that_is_not_there_is_told_in_a_line(
    samples: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert train_command("eye_openness", "plus", False, str(samples), tmp_path, 1, None, {"device": "cuda"}) == 1
    assert "tapetum: --device cuda can't be used" in capfd.readouterr().err
    assert train_command("eye_openness", "plus", False, str(samples), tmp_path, 1, None, {"device": "gpu"}) == 2
    assert "tapetum: There is no device 'gpu'; name cpu, cuda" in capfd.readouterr().err


@pytest.mark.parametrize("out", ["taken", "taken/deep"])
def test_a_bad_out_is_told_in_a_line(
    samples: Path, tmp_path: Path, out: str, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "taken").write_text("")
    given = {"steps": 1, "batch_size": 2, "threads": 1, "device": "cpu"}
    assert train_command("eye_openness", "plus", False, str(samples), tmp_path / out, None, None, given) == 1
    told = capfd.readouterr().err
    assert str(tmp_path / out) in told
    assert "--out" in told


@pytest.mark.parametrize("what", ["log", "curve"])
def test_a_full_disk_ends_the_run_in_a_line_and_leaves_its_checkpoint(
    what: str, samples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trainer, add = begin(tmp_path, short(5, checkpoint_s=0.0)), RunLog.add

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    def full_from_the_third_step(self: RunLog, step: int, elapsed_s: float, values: dict[str, float]) -> None:
        full() if step > 2 else add(self, step, elapsed_s, values)

    if what == "log":
        monkeypatch.setattr(RunLog, "add", full_from_the_third_step)
    else:
        monkeypatch.setattr("training.trainer.draw_curve", full)
    with pytest.raises(OutFolderError, match=r"No space left.*free some space.*safetensors is whole"):
        trainer.run(FaceStore(samples))
    assert load_checkpoint(tmp_path, SMALL.key).step == (2 if what == "log" else 1)


def test_a_run_that_cant_begin_leaves_no_folder(
    samples: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    for faces, device in ((tmp_path / "nowhere", "cpu"), (tmp_path / "empty", "cpu"), (samples, "cuda")):
        given = {"steps": 1, "batch_size": 2, "threads": 1, "device": device}
        assert train_command("eye_openness", "plus", False, str(faces), tmp_path / "a" / "b", None, None, given) == 1
        assert "tapetum: " in capfd.readouterr().err
    assert [one.name for one in tmp_path.iterdir()] == ["empty"]
