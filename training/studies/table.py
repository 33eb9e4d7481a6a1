"""The table of an ablation: every row beside the whole recipe, and by how much runs of the same differ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import numpy as np

COLUMNS = {
    "nme_gray": "gray",
    "nme_nir": "near infrared",
    "nme_depth": "depth",
    "nme_thermal": "thermal",
    "presence": "presence right",
    "real_colour": "real colour",
    "real_infrared": "real infrared",
    "real_depth": "real depth",
}


def markdown(rows: Mapping[str, Mapping[str, float]]) -> str:
    """Rows by 'NAME, seed N' as a table in Markdown, in percent; several seeds of one name become 'mean (least..most)'.

    Columns without any value are left out.
    """
    groups: dict[str, list[Mapping[str, float]]] = defaultdict(list)
    for key, values in rows.items():
        groups[key.rpartition(", seed ")[0]].append(values)
    columns = [name for name in COLUMNS if any(name in values for values in rows.values())]
    lines = [
        "| row | " + " | ".join(COLUMNS[name] for name in columns) + " |",
        "|---" * (len(columns) + 1) + "|",
    ]
    for name, runs in groups.items():
        lines.append(f"| {name} | " + " | ".join(_cell([run.get(c, np.nan) for run in runs]) for c in columns) + " |")
    return "\n".join(lines)


def _cell(values: list[float]) -> str:
    known = [100 * value for value in values if np.isfinite(value)]
    if not known:
        return "-"
    mean = f"{np.mean(known):.1f}"
    return mean if len(known) == 1 else f"{mean} ({min(known):.1f}..{max(known):.1f})"
