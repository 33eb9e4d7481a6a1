"""How long a build takes, from builds that were measured on this machine; what nobody measured is called unknown.
No Qt here."""

from __future__ import annotations

from engines.build import BuildProgress
from engines.build_times import BuildTime, recipe_for
from engines.engine_state import EngineState
from engines.errors import PolicyError
from engines.policy import parse_policy
from gui.words import tr
from gui.work.task_words import left_words, percent, took_words


def before_words(state: EngineState, wish: str) -> str:
    """What building would take, of a backend and precision that may have to be built first; empty where none is.

    Args:
        wish: as a policy spells it.
    """
    try:
        recipe = recipe_for(parse_policy(wish).wishes[0])
    except PolicyError:
        return ""
    if not recipe:
        return ""
    return tr("Where it must be built first: {time}.", time=time_words(state.build_times.get(recipe)))


def time_words(time: BuildTime | None) -> str:
    """What earlier builds of the kind took here, or that nobody knows."""
    if time is None:
        return tr("how long that takes is unknown, none of its kind was built on this machine")
    if time.of_this_model:
        return tr("the last one took {time} here", time=took_words(time.last_s))
    if time.builds == 1:
        return tr("that of another model took {time} here", time=took_words(time.last_s))
    least, most = took_words(time.least_s), took_words(time.most_s)
    if least == most:
        return tr("those of other models took {time} here", time=least)
    return tr("those of other models took {least} to {most} here", least=least, most=most)


def left_of(build: BuildProgress) -> str:
    """How long it still takes, as far as the last build of the same model tells; else what is known."""
    time = build.usual
    if build.state != "building" or time is None or not time.of_this_model:
        return time_words(time)
    if build.seconds > time.most_s:
        return tr("longer than any before it, at most {time}", time=took_words(time.most_s))
    if build.seconds > time.last_s:
        return tr("longer than the last one, which took {time}", time=took_words(time.last_s))
    return f"{left_words(time.last_s - build.seconds)} ({time_words(time)})"


def build_words(build: BuildProgress) -> str:
    """One line of a running build: what it does, how far it is, since when, and how long it takes."""
    so_far = [words.replace(" ", "\u00a0") for words in (percent(build.fraction), took_words(build.seconds))]
    return "   ·   ".join(filter(None, (build.phase, *so_far, left_of(build))))
