"""Which actions a few typed letters mean, the likeliest first. No Qt here."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """What can be found: the names are searched with gaps between the letters, the rest word for word."""

    key: str
    names: tuple[str, ...]
    rest: tuple[str, ...] = ()


def best(query: str, entries: Sequence[Entry], recent: Sequence[str] = ()) -> list[Entry]:
    """The entries that every word of the query is found in, the best first; of equals, the most recent, then the first.

    Args:
        recent: keys, the newest first.
    """
    words = plain(query).split()
    newness = {key: len(recent) - place for place, key in enumerate(recent)}
    scored: list[tuple[float, int, int, Entry]] = []
    for place, entry in enumerate(entries):
        scores = [_score(word, entry) for word in words]
        if all(scores):
            scored.append((-sum(scores), -newness.get(entry.key, 0), place, entry))
    return [entry for *_, entry in sorted(scored, key=lambda s: s[:3])]


def plain(text: str) -> str:
    """Without accents and capitals."""
    split = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in split if not unicodedata.combining(c))


def _score(word: str, entry: Entry) -> float:
    names = max((_of_name(word, plain(name)) for name in entry.names), default=0.0)
    rest = max(
        (20.0 if _begins_word(word, text) else 10.0 for text in map(plain, entry.rest) if word in text), default=0
    )
    return max(names, rest)


def _of_name(word: str, name: str) -> float:
    if word in name:
        whole = 10.0 * len(word) / max(len(name), 1)
        return (100.0 if name.startswith(word) else 80.0 if _begins_word(word, name) else 60.0) + whole
    spread = _spread(word, name)
    return 0.0 if spread is None else max(30.0 - spread, 1.0)


def _begins_word(word: str, text: str) -> bool:
    return text.startswith(word) or f" {word}" in text


def _spread(word: str, name: str) -> int | None:
    """How many other letters stand between the letters of the word, which come in its order; None when they do not."""
    start = name.find(word[0])
    least: int | None = None
    while start >= 0:
        at = start
        for letter in word[1:]:
            at = name.find(letter, at + 1)
            if at < 0:
                break
        else:
            gaps = at - start + 1 - len(word)
            least = gaps if least is None else min(least, gaps)
        start = name.find(word[0], start + 1)
    return least
