"""The page's part on DepthToColor: rap3df_set2, beside the mean face and the nearest other people."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from training.real import color, sheets
from training.real.bench import Bench
from training.real.color import ENLARGED, SIZE, Colors
from training.real.data import RAP_LABELS
from training.real.tables import NOT_AVAILABLE, NOT_MEASURED, Cell, Column, Table

COLUMNS = (
    Column("SSIM", ".3f"),
    Column("L1", ".1f"),
    Column("dlib finds a face", ".1%"),
    Column("rank-1 identity", ".1%"),
    Column("RMSE", ".1f"),
    Column("gray L1", ".1f"),
    Column("L1 all", ".1f"),
    Column("n", ".0f"),
)


def tables(bench: Bench) -> list[Table]:
    """One table, where rap3df_set2 is there."""
    rap = bench.rap
    if rap is None:
        return []
    bench.say("colour: rap3df_set2")
    truth, _ = rap.crops(SIZE)
    codes = bench.rap_codes(SIZE)
    ours = _ours(bench, codes)
    methods: dict[str, Colors] = {} if ours is None else {bench.shelf.title("depth_to_color"): ours}
    methods |= color.baselines(truth, codes, rap.subject)
    methods["the true picture (ceiling)"] = truth
    enrolled = bench.peers.ask("descriptor", truth, scale=ENLARGED)
    note = (
        "Over the head's ellipse of 64x64 crops, of 255. dlib: its HOG finds a face in the crop enlarged 4 times. "
        "Rank-1: pictures of other poses whose dlib descriptor is nearest to the true frontal picture of the same "
        f"person among {_gallery_size(enrolled, rap.enrol)}; no face counts as wrong. {RAP_LABELS}"
    )
    table = Table("DepthToColor: rap3df_set2", COLUMNS, note)
    table.add(
        "to reach", {"SSIM": ">= 0.40", "L1": "<= 40", "dlib finds a face": ">= 97 %", "rank-1 identity": ">= 5 %"}
    )
    if ours is None:
        table.add_gap("DepthToColor", NOT_AVAILABLE)
    poses = (("", np.ones(len(truth), bool)), (", front", rap.enrol), (", other poses", ~rap.enrol))
    answers = {name: bench.peers.ask("descriptor", pictures, scale=ENLARGED) for name, pictures in methods.items()}
    for label, chosen in poses:
        for name, pictures in methods.items():
            answer = answers[name]
            result: dict[str, Cell] = dict(color.score(dict(enumerate(pictures)), truth, np.flatnonzero(chosen)))
            if answer is None or enrolled is None:
                result |= {"dlib finds a face": NOT_MEASURED, "rank-1 identity": NOT_MEASURED}
            else:
                result["dlib finds a face"] = float(answer["found"][chosen].mean())
                gallery, probe = rap.enrol & enrolled["found"], chosen & ~rap.enrol
                if probe.any():  # a frontal picture would be looked for among frontal ones, itself there
                    result["rank-1 identity"] = color.identity(
                        answer["descriptor"][probe],
                        answer["found"][probe],
                        rap.subject[probe],
                        enrolled["descriptor"][gallery],
                        rap.subject[gallery],
                    )
            table.add(name + label, result)
    _draw(bench, methods, codes, truth)
    return [table]


def _gallery_size(enrolled: dict[str, NDArray] | None, enrol: NDArray[np.bool_]) -> str:
    return "those enrolled" if enrolled is None else f"{int((enrolled['found'] & enrol).sum())}"


def _ours(bench: Bench, codes: NDArray[np.uint8]) -> Colors | None:
    model = bench.shelf.get("depth_to_color")
    if model is None:
        return None
    return np.stack([np.ascontiguousarray(model(code).color[..., ::-1]) for code in codes])


def _draw(bench: Bench, methods: dict[str, Colors], codes: NDArray[np.uint8], truth: Colors) -> None:
    """Columns of depth, ours, the mean of the five nearest, and the true picture, from best to worst by SSIM."""
    rap, ours = bench.rap, methods.get(bench.shelf.title("depth_to_color"))
    if bench.pictures is None or rap is None or ours is None:
        return
    likeness = [color.score_one(a, b)["SSIM"] for a, b in zip(ours, truth, strict=True)]
    order = np.argsort(-np.array(likeness), kind="stable")
    tiles = []
    for i in order[np.linspace(0, len(order) - 1, 64).astype(int)]:
        strip = [codes[i], ours[i], methods["mean of the 5 nearest"][i], truth[i]]
        big = [sheets.enlarge(one, 110) for one in strip]
        sheets.with_text(big[0], f"{i} {rap.pose[i]}")
        sheets.with_text(big[1], f"SSIM {likeness[i]:.2f}")
        tiles.append(np.hstack(big))
    sheets.save(bench.pictures, "color-rap", sheets.sheet(tiles, 4))
