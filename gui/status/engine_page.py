"""The page on one model's engine: what runs, what is wrong with it, and why each of the others does not run."""

from __future__ import annotations

import html
from collections.abc import Mapping

from engines.engine_state import EngineState
from engines.registry import BACKENDS
from gui.look import theme
from gui.status.backend_facts import BackendFacts
from gui.status.engine_words import (
    all_reasons,
    given_up_words,
    is_unverified,
    model_title,
    warnings,
    was_tried,
    wish_title,
)
from gui.words import tr


def page_html(model: str, state: EngineState | None, missing: str, facts: Mapping[str, BackendFacts]) -> str:
    """The page.

    Args:
        model: its name; empty when none is chosen.
        state: what runs it; None when it was not loaded.
        missing: why it was not.
        facts: what is known of the backends so far.
    """
    if not model:
        return f"<p>{_safe(tr('No model is loaded yet.'))}</p>"
    if state is None:
        return f"<h3>{_safe(model_title(model))}</h3>{_warning(tr('Missing. {why}', why=missing))}"
    name = state.wish.partition(":")[0]
    title = BACKENDS[name].title if name in BACKENDS else name
    device = "" if title.endswith(f"the {state.device}") else f", {state.device}"
    runs = tr("{what}, computes in {precision}", what=f"{title}{device}", precision=state.precision)
    parts = [f"<h3>{_safe(model_title(model))}: {_safe(runs)}</h3>"]
    parts += [_warning(words) for words in warnings(state)]
    if state.note and not is_unverified(state):
        parts.append(f"<p>{_safe(state.note)}</p>")
    if words := given_up_words(state):
        parts.append(f"<p>{_safe(words)}</p>")
    if state.swaps:
        words = (
            tr("Another engine took over between two frames once.")
            if state.swaps == 1
            else tr("Another engine took over between two frames {n} times.", n=state.swaps)
        )
        parts.append(f"<p>{_safe(words)}</p>")
    rows = [f"{_cell(f'<b>{_safe(wish_title(state.wish))}</b>')}{_cell('<b>' + _safe(tr('runs')) + '</b>')}"]
    rows += [_row(wish, why, facts) for wish, why in all_reasons(state)]
    table = "".join(f"<tr>{row}</tr>" for row in rows)
    return (
        "".join(parts)
        + f"<h4>{_safe(tr('Why the others do not run'))}</h4><table width='100%' cellspacing='0'>{table}</table>"
    )


def _row(wish: str, why: str, facts: Mapping[str, BackendFacts]) -> str:
    known = facts.get(wish.partition(":")[0], BackendFacts())
    barred = "" if was_tried(why) else known.barred
    more = [words for words in (barred, known.unverified) if words]
    extra = "".join(f"<br/><span style='color: {theme.now().dim}'>{_safe(words)}</span>" for words in more)
    return f"{_cell(f'<b>{_safe(wish_title(wish))}</b>')}{_cell(_safe(why) + extra)}"


def _cell(words: str) -> str:
    return f"<td style='padding: 4px 16px 4px 0'>{words}</td>"


def _warning(words: str) -> str:
    return f"<p style='color: {theme.now().warn}'>{_safe(words)}</p>"


def _safe(text: str) -> str:
    return html.escape(text)
