"""``series.json``: what series lie beside a session. People may edit it by hand; what they get wrong is told."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from recordings.series.errors import SeriesError
from recordings.series.series import MAX_OFFSET_S, Method, Times

VERSION: Final = 2
"""1: every series is interpolated. An index that says nothing newer is written as the oldest that can say it."""
INDEX: Final = "series.json"
_HEX: Final = r"^[0-9a-f]{16}$"


class SourceEntry(BaseModel):
    """Where a series came from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    file: str
    xxh3: Annotated[str, Field(pattern=_HEX)]
    column: str
    time_column: str = ""


class SeriesEntry(BaseModel):
    """One series as ``series.json`` tells it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=200)]
    unit: str = ""
    times: Times
    offset_s: Annotated[float, Field(ge=-MAX_OFFSET_S, le=MAX_OFFSET_S, allow_inf_nan=False)] = 0.0
    max_gap_s: Annotated[float, Field(gt=0, le=MAX_OFFSET_S, allow_inf_nan=False)]
    samples: Annotated[int, Field(ge=1)]
    data: Annotated[str, Field(pattern=r"^[^/\\:]+\.parquet$")]
    data_xxh3: Annotated[str, Field(pattern=_HEX)]
    source: SourceEntry
    choices: Mapping[float, str] = Field(default_factory=dict)
    created_utc: str = ""
    method: Method = "linear"


class SeriesIndex(BaseModel):
    """The whole of ``series.json``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int
    session: str = Field("", description="the session's id")
    series: tuple[SeriesEntry, ...] = ()

    @model_validator(mode="after")
    def _names_differ(self) -> Self:
        for what, words in (("name", [e.name for e in self.series]), ("data", [e.data for e in self.series])):
            twice = sorted({w for w in words if words.count(w) > 1})
            if twice:
                raise ValueError(f"two series have the {what} {twice[0]!r}")
        return self


def index_json(session: str, entries: tuple[SeriesEntry, ...]) -> dict[str, Any]:
    """What is written into ``series.json``."""
    version = VERSION if any(entry.method != "linear" for entry in entries) else 1
    data = SeriesIndex(version=version, session=session, series=entries).model_dump(mode="json")
    if version == 1:
        for entry in data["series"]:
            del entry["method"]
    return data


def read_index(path: Path, session: str) -> SeriesIndex:
    """The index at a path; an empty one where there is none.

    Args:
        path: of the ``series.json``.
        session: the session's id, for an empty one.

    Raises:
        SeriesError: it cannot be read or understood; the message names the series and the field.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return SeriesIndex(version=VERSION, session=session)
    except OSError as error:
        raise SeriesError(f"{path} cannot be read: {error.strerror or error}") from error
    except ValueError as error:
        raise SeriesError(f"{path} is no JSON: {error}; mend it, or remove the folder {path.parent}") from error
    version = data.get("version") if isinstance(data, dict) else None
    if isinstance(version, int) and version > VERSION:
        raise SeriesError(f"{path} has version {version}, this program reads up to {VERSION}; update tapetum")
    try:
        return SeriesIndex.model_validate(data)
    except ValidationError as error:
        raise SeriesError(f"{path} is wrong: {words_of(error, data)}") from error


def words_of(error: ValidationError, data: Any) -> str:
    """The first faults of a validation, with the series they are of."""
    out = []
    for fault in error.errors()[:3]:
        place = fault["loc"]
        words = ".".join(str(p) for p in place)
        if len(place) > 1 and place[0] == "series" and isinstance(place[1], int):
            with contextlib.suppress(KeyError, TypeError, IndexError):
                words = f"series {data['series'][place[1]]['name']!r}, {'.'.join(str(p) for p in place[2:])}"
        given = fault.get("input")
        found = f", found {given!r}" if isinstance(given, str | int | float | type(None)) and words else ""
        out.append(f"{words}: {fault['msg']}{found}" if words else fault["msg"])
    return "; ".join(out)
