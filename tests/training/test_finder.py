"""What the finder learns: which people count, where the network must answer, and that pictures keep their truth."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

pytest.importorskip("torch", reason="torch is not installed (extra: train)")

from engines.models.face_finder import squares
from tests.training.shard_fixture import write_samples
from training.faces.crowd_sample import COLUMN, HEAD_FIELDS
from training.faces.crowd_shards import CrowdStore
from training.finder_augment import Cut, Sensor, draw_cut
from training.finder_truth import kinds, placed
from training.networks.face_finder import COLUMNS, HEIGHT, ROWS, STRIDE, WIDTH
from training.tasks.finder import MODALITIES, FinderTask, score, targets, with_kind


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> CrowdStore:
    return CrowdStore(write_samples(tmp_path_factory.mktemp("samples")))


def person(x: float, y: float, side: float, yaw: float = 0.0, visible: float = 1.0, in_depth: float = 1.0):
    head = np.zeros(len(HEAD_FIELDS), np.float32)
    for name, value in {
        "center_x": x,
        "center_y": y - 0.1 * side,
        "box_x": x,
        "box_y": y,
        "side": side,
        "yaw": yaw,
        "visible": visible,
        "in_depth": in_depth,
        "distance_mm": 1000,
    }.items():
        head[COLUMN[name]] = value
    return head


def test_who_is_a_face_who_is_none_and_who_counts_for_neither() -> None:
    heads = np.array(
        [
            person(100, 100, 40),
            person(100, 100, 40, yaw=-90),
            person(100, 100, 40, yaw=105),
            person(100, 100, 40, yaw=150),
            person(100, 100, 40, visible=0.2),
            person(100, 100, 4),
            person(-2, 100, 40),
            person(100, 100, 40, in_depth=0.1),
        ]
    )
    assert kinds(heads, "gray", WIDTH, HEIGHT).tolist() == [1, 1, -1, 0, -1, -1, -1, 1]
    assert kinds(heads, "depth", WIDTH, HEIGHT).tolist() == [1, 1, -1, 0, -1, -1, -1, -1]


def test_a_perfect_answer_gives_back_the_people() -> None:
    """Targets read as the network's answer are the faces themselves, however small or close together."""
    truth = np.array([person(40, 60, 10), person(60, 60, 12), person(200, 120, 150), person(300, 20, 30, yaw=160)])
    item = targets(with_kind(truth, "gray", WIDTH, HEIGHT))
    found = squares(item["chance"], item["face"], 0.5, 16)
    assert len(found) == 3
    for one in truth[:3]:
        wanted = [one[COLUMN[k]] for k in ("box_x", "box_y", "side", "center_x", "center_y")]
        assert any(np.allclose(hit[:5], wanted, atol=1e-3) for hit in found)


def test_nothing_is_asked_where_it_cannot_be_said() -> None:
    hidden = targets(with_kind(np.array([person(100, 100, 60, visible=0.1)]), "gray", WIDTH, HEIGHT))
    row, column = round((100 - 3.5) / STRIDE), round((100 - 3.5) / STRIDE)
    assert hidden["weight"][row, column] == 0
    assert hidden["weight"][0, -1] == 1
    away = targets(with_kind(np.array([person(100, 100, 60, yaw=170)]), "gray", WIDTH, HEIGHT))
    assert away["weight"].min() == 1
    assert away["chance"].max() == 0


def test_a_cut_moves_people_with_the_picture() -> None:
    """A bright spot drawn at the head centre is at the moved head centre."""
    rng = np.random.default_rng(4)
    for _ in range(20):
        head = person(rng.uniform(100, 220), rng.uniform(80, 160), 40)
        image = np.zeros((HEIGHT, WIDTH), np.float32)
        spot = (round(float(head[COLUMN["center_x"]])), round(float(head[COLUMN["center_y"]])))
        head[COLUMN["center_x"]], head[COLUMN["center_y"]] = spot
        cv2.circle(image, spot, 3, 255.0, -1)
        cut = draw_cut(rng, image.shape, head[None], 160, 120)
        moved = cut.heads(head[None])[0]
        picture = cut.image(image)
        if picture.max() < 60:
            continue  # the spot lies outside
        row, column = np.nonzero(picture > 0.5 * picture.max())
        if 3 < column.mean() < 156 and 3 < row.mean() < 116:
            assert abs(column.mean() - moved[COLUMN["center_x"]]) < 1.5
            assert abs(row.mean() - moved[COLUMN["center_y"]]) < 1.5
        assert moved[COLUMN["side"]] == pytest.approx(40 * cut.scale, rel=1e-5)


def test_a_mirrored_cut_turns_the_head_the_other_way() -> None:
    cut = Cut(np.array([[-1.0, 0, WIDTH - 1], [0, 1.0, 0]]), 1.0, 0.0, True, WIDTH, HEIGHT)
    moved = cut.heads(person(100, 60, 40, yaw=30)[None])[0]
    assert moved[COLUMN["yaw"]] == -30
    assert moved[COLUMN["box_x"]] == WIDTH - 1 - 100
    assert moved[COLUMN["box_y"]] == pytest.approx(60, abs=0.3)


def test_the_finders_square_lies_nearer_to_the_head_centre_than_the_rigs() -> None:
    head = person(100, 100, 80)
    head[[COLUMN["center_x"], COLUMN["center_y"]]] = 90, 80
    moved = placed(head[None])[0]
    assert moved[COLUMN["box_x"]] == pytest.approx(90 + 0.33 * 10)
    assert moved[COLUMN["box_y"]] == pytest.approx(0.33 * 100 + 0.67 * (80 + 80 * 15 / 160))
    assert head[COLUMN["box_x"]] == 100, "the truth itself stays as it is"


def test_items_are_the_same_from_the_same_seed(store: CrowdStore) -> None:
    task = FinderTask()
    for seed in range(8):
        first, second = (task.make_item(store, np.random.default_rng(seed)) for _ in range(2))
        assert first["image"].shape == (HEIGHT, WIDTH)
        assert first["image"].dtype == np.uint8
        assert first["chance"].shape == (ROWS, COLUMNS)
        for field, value in first.items():
            assert np.isfinite(value).all(), field
            np.testing.assert_array_equal(value, second[field])


@pytest.mark.parametrize("modality", MODALITIES)
def test_every_sensor_gives_network_numbers_and_keeps_the_truth(store: CrowdStore, modality: str) -> None:
    task = FinderTask()
    whole = Cut(np.eye(2, 3), 1.0, 0.0, False, WIDTH, HEIGHT)
    for seed in range(12):
        code, heads = task.photograph(store, 0, modality, whole, np.random.default_rng(seed))
        assert code.dtype == np.float32
        assert code.shape == (HEIGHT, WIDTH)
        assert code.min() >= -1
        assert code.max() <= 1
        np.testing.assert_allclose(heads[:, :3], store.get("heads", 0)[:1, :3], rtol=1e-5)


def test_what_covers_a_face_stays_near_it() -> None:
    rng = np.random.default_rng(0)
    sensor = Sensor()
    changed = 0
    for _ in range(60):
        code = np.zeros((HEIGHT, WIDTH), np.float32)
        sensor.cover(code, person(160, 120, 60)[None], False, rng)
        rows, columns = np.nonzero(code)
        changed += len(rows) > 0
        if len(rows):
            assert abs(rows.mean() - 120) < 70
            assert abs(columns.mean() - 160) < 70
    assert 3 < changed < 30


def test_the_score_counts_found_missed_and_false() -> None:
    heads = with_kind(
        np.array([person(60, 60, 40), person(200, 60, 40), person(120, 200, 40, visible=0.1)]), "gray", WIDTH, HEIGHT
    )
    hits = [(62.0, 61.0, 42.0, 0.0, 0.0, 0.9), (300.0, 200.0, 30.0, 0.0, 0.0, 0.8), (121.0, 200.0, 40.0, 0.0, 0.0, 0.7)]
    assert score(hits, heads) == (1, 1, 2)
