"""What is wrong with rules, with telling others, and with clips, in the operator's language. No Qt here.

The pipeline says it in English, with names and numbers within; a sentence that is not known stays as it is.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from gui.system_words import system_words
from gui.words import mark, tr

OF_RULES: Final[tuple[str, ...]] = (
    mark("{first} and {second} are both given; a rule has one of when, all, any"),
    mark("{first} and {second} are both given; one of them is enough"),
    mark("it has no condition; give one of when, all, any"),
    mark("there is no signal {name}; {why}"),
    mark('{name} is said of each face, but the rule is per = "scene"; take per = "face", or the signal faces'),
    mark("{name} is compared with nothing; give one of {names}"),
    mark("equals is given beside another limit; one of them is enough"),
    mark("{name} stands in label and in not_label"),
    mark("the rule is off in this tier, so {name} means nothing"),
    mark("the tier changes nothing; give off, severity, for_s, when, all or any"),
    mark("it has no range; give above, at_least, below or at_most"),
    mark("nothing is greater than {low} and less than {high}; the limits are crossed"),
    mark("the tier waits for {its} s, the rule for {own} s; {why}"),
    mark("the tier is of severity {its}, the rule {own}; {why}"),
    mark("the tier begins at {its} already, the rule at {own}; {why}"),
    mark("the rule itself counts where the context is unknown, so it must be the strictest: swap them"),
    mark("a rule {name} is there before; each name may stand once"),
    mark("the series {name} is named twice"),
    mark("no tier asks for the series {name}; take it away, or use it"),
    mark("the file does not name a series {name}; {why}"),
    mark("{name} ({meaning}) lies in {low} to {high}, found {value}"),
    mark("no {name} is greater than {low} and less than {high}; the limits are crossed"),
    mark("no {name} is greater than {low} and less than {high} at once"),
    mark("clear_below belongs to above or at_least, and neither is given"),
    mark("clear_above belongs to below or at_most, and neither is given"),
    mark("it would end below {its} but begin above {own}: clear_below must not be greater"),
    mark("it would end above {its} but begin below {own}: clear_above must not be less"),
    mark("no {name} is less than {low}: it would never end"),
    mark("no {name} is greater than {high}: it would never end"),
    mark("{name} is a number without a word; those with one are {names}"),
    mark("{name} is never {value}; {why}"),
    mark("did you mean {name}?"),
    mark("did you mean the ready set {name}?"),
    mark("ready sets are {names}"),
    mark("the signals are {names}"),
    mark("its words are {names}"),
    mark("the keys here are {names}"),
    mark('add context = ["{name}"] at the head of the file'),
)
"""As pipeline/rules/check.py says them."""

OF_FILES: Final[tuple[str, ...]] = (
    mark("there is no key {name}; {why}"),
    mark("the key {name} is missing"),
    mark("{name}: {why}, found {value}"),
    mark("{why}, found {value}"),
    mark("must be a table, such as {example}"),
    mark("must be a list in square brackets"),
    mark("must be a number"),
    mark("must be a text in quotation marks"),
    mark("must be small letters and digits with single hyphens between, such as long-glance"),
    mark("must be seconds before and after, such as [5, 3], up to {most} each"),
    mark("no TOML: {why}"),
    mark("{why}, at the end of the text"),
    mark("its arrays or tables lie too deep in each other"),
    mark("a value that cannot be read: {why}"),
    mark("the number is too long; integers have at most 64 bits"),
    mark("there is no file of rules {name}; {why}"),
    mark("cannot read the rules {name}: {why}"),
    mark("it is a device, a pipe or the like, no regular file"),
    mark("{name} has {n} bytes; a file of rules has at most {most}"),
    mark("no UTF-8; save the file as UTF-8"),
)
"""As pipeline/rules/load.py and pipeline/toml_places.py say them."""

OF_TELLING: Final[tuple[str, ...]] = (
    mark("cannot run {name}: {why}"),
    mark("it ended with {code}"),
    mark("it ended with {code}: {why}"),
    mark("it did not end within {seconds} s, and was ended"),
    mark("{name} did not answer within {seconds} s"),
    mark("{name} gave no answer of HTTP: {value}"),
    mark("{name} answered {code}"),
)
"""As pipeline/delivery/attempt.py says them."""

OF_CLIPS: Final[tuple[str, ...]] = (
    mark("no clip: {why}"),
    mark("nothing is recorded, and nothing is kept in memory"),
    mark("too many alarms at once"),
    mark("the cameras have ended"),
    mark("no frame came in its time"),
    mark("the recording ended before the clip did"),
    mark("it begins {seconds} s late: nothing was kept before"),
    mark("the disk of {name} has {free} GiB left, {least} stay free"),
    mark("{n} clips fill {name} and {why}, so that none of them is taken away; move them elsewhere"),
    mark("have bookmarks"),
    mark("are marked to keep or have bookmarks"),
    mark("watch.clips.folder {name}: there is no such home; give the whole path, from /"),
)
"""As pipeline/alarm_clips.py and pipeline/clip_shelf.py say them."""

OF_SESSIONS: Final[tuple[str, ...]] = (
    mark("the camera's clock stands still in this session: rules count its time, and find nothing"),
    mark("the camera's clock goes back {n} times: what goes on ends there, and begins anew"),
    mark("what is stored holds no signals; compute them again: what rules ask of {names} is not known"),
    mark("signals are switched off: what rules ask of {names} is not known"),
    mark("{n} of {count} stored observations are damaged and were left out"),
    mark("{n} frames cannot be read: the others say whether the cameras show anything"),
    mark("{why}; the zones of these settings are taken"),
)
"""As pipeline/session_rules.py says them of a recording that rules look at."""

PROBLEMS: Final = (*OF_RULES, *OF_FILES, *OF_TELLING, *OF_CLIPS, *OF_SESSIONS)

OF_CONTEXT: Final[tuple[str, ...]] = (
    mark("a line of more than {most} bytes"),
    mark("no JSON: {why}: {value}"),
    mark("no object in JSON: {value}"),
    mark("it tells no value: {value}"),
    mark("{n} values in one line, {most} at most"),
    mark("its time is {value}, not seconds: it counts from when it came"),
    mark("{name} is {value}, no number"),
    mark("no sentence with a checksum: {value}"),
    mark("{name} is one name too many: {most} at most"),
    mark("{source} tells {name} already"),
    mark("{name} came {seconds} s late"),
    mark("{name} was overtaken by a newer value"),
    mark("{name} is not taken from here: {why}"),
    mark("more than {most} lines a second come: the rest is left out"),
    mark("the clock of who sends leapt"),
    mark("{name} is no name of a series: small letters, digits and underscores"),
    mark("a speed needs its unit ({units}), found {value}; or call it {name}"),
    mark("a speed needs its unit ({units}), none is told; or call it {name}"),
    mark("{name} is in km/h, found the unit {value}; call it {other} with its unit"),
    mark("{name} is no number (NaN)"),
    mark("{name} is {value}: a speed is not negative"),
    mark("{name} is {value}: no vehicle is so fast"),
    mark("{source} cannot be listened at: {why}"),
    mark("the port {port} is taken by another program; end that one, or choose another port"),
    mark("the port {port} is the system's; choose one from 1024 on"),
    mark("{host} is no address of this machine; listen at 127.0.0.1"),
    mark("{source} cannot be opened: {why}"),
    mark("there is no {name}; serial lines here: {names}"),
    mark("nobody may read {name} but its group; on Debian: sudo usermod -aG dialout $USER"),
    mark("another program reads {name}; end that one (gpsd takes receivers for itself)"),
    mark("it is gone ({why})"),
    mark('sentences of a receiver need the package pynmeagps: pip install "tapetum[gps]" ({why})'),
    mark('{source} needs the package pyserial: pip install "tapetum[gps]" ({why})'),
)
"""As pipeline/context/ says them of what comes from a source, and of the source itself. They count there alone: some
are so short that other sentences look like them."""

_PLACE: Final = re.compile(r"\{(\w+)\}")
_AT: Final = re.compile(r"(.+?:\d+:\d+): (.+)", re.DOTALL)
"""File, line and column before what is wrong there."""
_DEEPEST: Final = 6
_LONGEST: Final = 1200
"""Characters of a line that is looked at: nobody waits for what a file may hold."""


def problem_words(text: str) -> str:
    """A problem as the operator reads it: each of its lines, with the place in the file as it stands."""
    return "\n".join(_line(line) for line in text.split("\n"))


def context_problem_words(text: str) -> str:
    """What is wrong with a source of the context, or with what comes from it, as the operator reads it."""
    return text if len(text) > _LONGEST else _said(text, 0, OF_CONTEXT)


def _line(line: str) -> str:
    if len(line) > _LONGEST:
        return line
    found = _AT.fullmatch(line)
    return _said(line, 0) if found is None else f"{found[1]}: {_said(found[2], 0)}"


def _said(text: str, depth: int, phrases: tuple[str, ...] = PROBLEMS) -> str:
    known = known_words(text, depth, phrases)
    return system_words(text) if known is None else known


def known_words(text: str, depth: int = 0, phrases: tuple[str, ...] = PROBLEMS) -> str | None:
    """A sentence, where it is known; None where it is not. What stands for ``why`` in it is one, too."""
    if depth > _DEEPEST:
        return None
    for pattern, said in _patterns(phrases):
        found = pattern.fullmatch(text)
        if found is not None:
            values = found.groupdict()
            if "why" in values:
                values["why"] = _said(values["why"], depth + 1, phrases)
            return tr(said, **values)
    return None


@lru_cache(maxsize=2)
def _patterns(phrases: tuple[str, ...]) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Those with the most words first: anything may stand in a place."""
    texts = sorted(phrases, key=lambda text: -len(_PLACE.sub("", text)))
    return tuple((re.compile(_pattern_of(text), re.DOTALL), text) for text in texts)


def _pattern_of(text: str) -> str:
    out, end = "", 0
    for place in _PLACE.finditer(text):
        out += re.escape(text[end : place.start()]) + f"(?P<{place.group(1)}>.+?)"
        end = place.end()
    return out + re.escape(text[end:])
