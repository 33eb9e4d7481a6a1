"""What runs the models, in words for the screen: short ones for a badge, whole ones for a page. No Qt here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from engines.engine_state import EngineState
from engines.registry import BACKENDS
from gui.status.build_words import build_words
from gui.words import mark, tr
from pipeline.pacing import WORDS, Pace

MODEL_TITLES = {
    "gray_to_depth": mark("Gray to depth"),
    "depth_to_color": mark("Depth to color"),
    "face_landmarks": mark("Face landmarks"),
    "face_finder": mark("Face finder"),
    "eye_state": mark("Eye state"),
    "face_verifier": mark("Face verifier"),
    "eye_to_face": mark("Eye to face"),
}
UNVERIFIED = "UNVERIFIED"
NOT_ASKED_FOR = "nobody asked for it"
_LONGEST_PHASE = 20
_MOST_BACKENDS = 2  # that a badge names
_RESTING = mark("Where a model rests, landmarks are followed from one frame to the next, and images are not made anew.")
_LEFT = "failed:"  # how the reason of an engine begins that ran and was left


@dataclass(frozen=True, slots=True)
class Words:
    """What a badge says. ``text`` is empty where there is nothing to say; ``tip`` has the whole of it."""

    text: str = ""
    warn: bool = False
    tip: str = ""


def model_title(name: str) -> str:
    """For people."""
    return tr(MODEL_TITLES[name]) if name in MODEL_TITLES else name


def backend_title(name: str) -> str:
    """``OpenVINO``, of what a policy calls ``openvino``."""
    return BACKENDS[name].title.split(" on ")[0].split(" with ")[0] if name in BACKENDS else name


def wish_title(wish: str) -> str:
    """``OpenVINO int8``, of ``openvino:int8``."""
    name, _, precision = wish.partition(":")
    gpu = " on CUDA" if name == "onnxruntime-cuda" else ""  # the other ONNX Runtime has the same title
    return f"{backend_title(name)}{gpu} {precision}".strip()


def left(state: EngineState) -> list[str]:
    """The engines that failed too often and no longer run."""
    return [wish for wish, why in state.reasons.items() if why.startswith(_LEFT)]


def is_unverified(state: EngineState) -> bool:
    """Whether nobody has checked the engine on its real device."""
    return UNVERIFIED in state.note


def troubles(state: EngineState) -> list[str]:
    """What must not be overlooked, in few words each, the worst first; empty when all is as it was asked for."""
    found = []
    if state.failed:
        found.append(_count(state.failed, mark("1 call failed"), mark("{n} calls failed")))
    found += [tr("left {engine}", engine=wish_title(wish)) for wish in left(state)]
    if state.is_fallback:
        found.append(tr("FALLBACK"))
    if state.retried:
        found.append(_count(state.retried, mark("1 call retried"), mark("{n} calls retried")))
    if is_unverified(state):
        found.append(UNVERIFIED)
    if state.trouble:
        found.append(tr("change failed"))
    return found


def engine_badge(states: Sequence[EngineState], missing: Mapping[str, str], not_computed: int) -> Words:
    """What runs, and in one word or two what is wrong with it.

    Args:
        missing: model -> why it was not loaded.
        not_computed: FrameSets that no engine could compute.
    """
    if not states and not missing:
        return Words()
    runs = _runs(states)
    wrong = []
    if not_computed:
        wrong.append(_count(not_computed, mark("1 frame NOT COMPUTED"), mark("{n} frames NOT COMPUTED")))
    if failed := sum(state.failed for state in states):
        wrong.append(_count(failed, mark("1 call failed"), mark("{n} calls failed")))
    wrong += [
        tr("left {engine}", engine=name) for name in dict.fromkeys(wish_title(wish) for s in states for wish in left(s))
    ]
    if fallbacks := sum(state.is_fallback for state in states):
        wrong.append(
            tr("FALLBACK")
            if fallbacks == len(states)
            else tr("FALLBACK for {n} of {all}", n=fallbacks, all=len(states))
        )
    if retried := sum(state.retried for state in states):
        wrong.append(_count(retried, mark("1 call retried"), mark("{n} calls retried")))
    if any(is_unverified(state) for state in states):
        wrong.append(UNVERIFIED)
    if any(state.trouble for state in states):
        wrong.append(tr("change failed"))
    if missing:
        wrong.append(_count(len(missing), mark("1 model missing"), mark("{n} models missing")))
    more = f" (+{len(wrong) - 1})" if len(wrong) > 1 else ""
    tip = "\n\n".join([*(state_text(state) for state in states), *_missing_lines(missing)])
    if not_computed:
        one, many = (
            mark("1 FrameSet could not be computed by any engine."),
            mark("{n} FrameSets could not be computed by any engine."),
        )
        tip = f"{_count(not_computed, one, many)}\n\n{tip}"
    text = f"{wrong[0]}{more}" if more else " · ".join([*wrong, *runs])
    return Words(text, bool(wrong), tip)


def pace_badge(pace: Pace) -> Words:
    """Which models rest, and whether the budget is kept even so; nothing where every model runs on every FrameSet."""
    # Landmarks first: they are what is missed most.
    order = sorted((name for name, n in pace.every.items() if n > 1), key=lambda name: name != "face_landmarks")
    slowed = [f"{WORDS.get(name, name)} every {_ordinal(pace.every[name])} frame" for name in order]
    broken = "cannot be kept" in pace.note
    if not slowed and not broken:
        return Words()
    words = f"{slowed[0]}{f' (+{len(slowed) - 1})' if len(slowed) > 1 else ''}" if slowed else ""
    text = " · ".join(filter(None, (tr("BUDGET NOT KEPT") if broken else "", words)))
    tip = [f"{pace_words(pace)}.", *(f"{words}." for words in slowed), tr(_RESTING)]
    return Words(text, broken, "\n".join(tip))


def pace_words(pace: Pace) -> str:
    """Of the latency budget, in a sentence without its full stop; empty where there is no budget."""
    note = pace.note
    return note[:1].upper() + note[1:] if "latency budget" in note or not note else f"Latency budget: {note}"


def coming_badge(states: Sequence[EngineState]) -> Words:
    """What is being built or loaded, and how far that is."""
    coming = [state for state in states if state.coming or state.build is not None]
    if not coming:
        return Words()
    first = next((state for state in coming if state.build is not None), coming[0])
    more = f" (+{len(coming) - 1})" if len(coming) > 1 else ""
    tip = "\n".join(f"{model_title(state.model)}: {coming_words(state)}" for state in coming)
    how = tr("loading")
    if first.build is not None:
        phase = first.build.phase.split(":")[0].split(",")[0]
        how = f"{100 * first.build.fraction:.0f} % {phase if len(phase) <= _LONGEST_PHASE else 'building'}"
    return Words(f"{how}: {model_title(first.model)}{more}", False, f"{tip}\n{tr('The picture goes on meanwhile.')}")


def coming_words(state: EngineState) -> str:
    """What is on its way to take over a model, how far it is and how long that takes; empty when nothing is."""
    wish = wish_title(state.coming) if state.coming else tr("another engine")
    if state.build is not None:
        return tr("building {wish}: {how}", wish=wish, how=build_words(state.build))
    return tr("{wish}: loading, or waiting for its turn", wish=wish) if state.coming else ""


def state_text(state: EngineState) -> str:
    """All that is known of one model's engine, a line each; to be read, or copied into a report."""
    lines = [
        f"{model_title(state.model)}: {wish_title(state.wish)}, device {state.device}, computes in {state.precision}"
    ]
    lines += [*warnings(state), *filter(None, (given_up_words(state),))]
    if state.note and not is_unverified(state):
        lines.append(state.note)
    if state.coming or state.build is not None:
        lines.append(tr("coming: {what}", what=coming_words(state)))
    lines += [f"not {wish_title(wish)}: {why}" for wish, why in all_reasons(state)]
    return "\n".join(lines)


def warnings(state: EngineState) -> list[str]:
    """What is wrong with a model's engine, a whole sentence each."""
    found = []
    if state.failed:
        found.append(
            _count(
                state.failed,
                mark("1 call could be computed by no engine."),
                mark("{n} calls could be computed by no engine."),
            )
        )
    found += [f"{wish_title(wish)} was left for good, since it {state.reasons[wish]}" for wish in left(state)]
    if state.is_fallback:
        found.append(tr("This is a fallback: the policy puts another engine first. Below is why that does not run."))
    if state.retried:
        found.append(
            _count(
                state.retried,
                mark("1 call failed and was computed again by the fallback."),
                mark("{n} calls failed and were computed again by the fallback."),
            )
        )
    if state.fault:
        found.append(tr("The last fault: {fault}", fault=state.fault))
    if is_unverified(state):
        found.append(state.note)
    if state.trouble:
        found.append(tr("What was asked for last did not come: {why}", why=state.trouble))
    return found


def given_up_words(state: EngineState) -> str:
    """What somebody gave up, in a sentence: that is no trouble. Empty where nothing was."""
    if not state.given_up:
        return ""
    return tr("{asked} was given up; {runs} goes on.", asked=wish_title(state.given_up), runs=wish_title(state.wish))


def all_reasons(state: EngineState) -> Iterable[tuple[str, str]]:
    """For every backend but that which runs: why it does not. Nothing is left out."""
    told = [
        (wish, f"not needed: {wish_title(state.wish)} runs" if why.endswith(" runs") else why)
        for wish, why in state.reasons.items()
        if wish != state.wish
    ]
    named = {state.wish.partition(":")[0], *(wish.partition(":")[0] for wish, _ in told)}
    return [*told, *((name, NOT_ASKED_FOR) for name in BACKENDS if name not in named)]


def was_tried(why: str) -> bool:
    """Whether a reason tells of the backend itself, and not only that another one was put first."""
    return not (why == NOT_ASKED_FOR or why.startswith("not in the policy") or why.startswith("not needed"))


def _runs(states: Sequence[EngineState]) -> list[str]:
    """``OpenVINO``, ``CPU``: each backend and kind of device once, in the order of the models."""
    names = dict.fromkeys(backend_title(state.wish.partition(":")[0]) for state in states)
    devices = dict.fromkeys("CPU" if state.device.upper().startswith("CPU") else "GPU" for state in states)
    backends = " + ".join(names) if len(names) <= _MOST_BACKENDS else f"{len(names)} backends"
    return [words for words in (backends, " + ".join(devices)) if words]


def _missing_lines(missing: Mapping[str, str]) -> list[str]:
    return [tr("{name}: missing. {why}", name=model_title(name), why=why) for name, why in missing.items()]


def _count(number: int, one: str, many: str) -> str:
    """One of two marked sentences; the second has a place for the number."""
    return tr(one) if number == 1 else tr(many, n=number)


def _ordinal(number: int) -> str:
    return f"{number}{ {2: 'nd', 3: 'rd'}.get(number, 'th') }"
