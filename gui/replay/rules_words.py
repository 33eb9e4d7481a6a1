"""What is said of rules over a recording. No Qt here."""

from __future__ import annotations

from pathlib import Path

from gui.alarms.context_words import title_of
from gui.alarms.problem_words import problem_words
from gui.replay.rules_run import RulesPhase, RulesSeen
from gui.words import mark, tr

TITLES = {"in-car": mark("In a car"), "night-watch": mark("Night watch")}
"""Of the ready sets, as the dialog has them."""

LONGEST_NAME = 32
"""Letters of a file's name that stand over the time line."""

FROM = {
    "stored": mark("from what was recorded"),
    "computed": mark("from what was computed now: the recording stores no observations"),
    "kept": mark("from what was computed here before"),
}


def name_words(seen: RulesSeen) -> str:
    """The set's title, or its file's name."""
    if seen.source in TITLES:
        return tr(TITLES[seen.source])
    name = Path(seen.source).name
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME // 2]}…{name[-LONGEST_NAME // 2 :]}"


def state_words(seen: RulesSeen) -> str:
    """A line: which rules, how far they are, and what they make of the recording."""
    name = name_words(seen)
    if seen.phase is RulesPhase.NONE:
        return tr("No rules look at this recording.")
    if seen.phase is RulesPhase.WAITING:
        return tr("{name}: waits for its turn", name=name)
    if seen.phase is RulesPhase.RUNNING:
        share = "" if seen.share is None else f" {int(100 * seen.share)} %"
        return tr("{name}: looks at the whole recording …{share}", name=name, share=share)
    if seen.phase is RulesPhase.CANCELLED:
        return tr("{name}: cancelled; choose the rules again to go on", name=name)
    if seen.phase is RulesPhase.FAILED:
        return tr("{name}: failed", name=name)
    one = tr("{name}: 1 event now", name=name)
    words = one if seen.count == 1 else tr("{name}: {n} events now", name=name, n=seen.count)
    if seen.has_recorded:
        alike = sum(1 for e in seen.events if e.place not in seen.gained)
        words += tr(
            " · {alike} as recorded, {gained} new, {lost} gone",
            alike=alike,
            gained=len(seen.gained),
            lost=len(seen.lost),
        )
    return words


def detail_lines(seen: RulesSeen) -> list[str]:
    """What else somebody must know, each in a sentence; what is wrong first."""
    lines = problem_words(seen.problem).split("\n") if seen.problem else []
    if seen.phase is RulesPhase.DONE:
        if seen.count > len(seen.events):
            lines.append(tr("only the first {n} events are shown", n=len(seen.events)))
        lines += [note_words(note) for note in seen.notes]
        if seen.observations in FROM:
            lines.append(tr(FROM[seen.observations]))
    return lines


def note_words(note: str) -> str:
    """A note of the command; what is known of it in the operator's language."""
    tail = ": no such series lies beside the session; the strictest limits count"
    if note.endswith(tail):
        names = ", ".join(title_of(name) for name in note.removesuffix(tail).split(", "))
        return tr("{names}: no such series lies beside the session; the strictest limits count", names=names)
    return problem_words(note)
