"""What the store knows of one built engine: the file meta.json beside the artefact."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from engines.errors import PlanError, StoreError
from engines.store_fields import STORE_FORMAT, store_key
from engines.store_files import check_entry, digest, read_small

META = "meta.json"
USED = "used"
"""An empty file whose time says when the engine was last used."""


def plain_name(name: str) -> str:
    """A file's name, once it is proven to name nothing outside its folder.

    Raises:
        ValueError: it holds a folder or is no name.
    """
    if name != Path(name).name or "\\" in name or name in ("", ".", "..", META, USED):
        raise ValueError(f"must name a file in the entry, found {name!r}")
    return name


class StoredFile(BaseModel):
    """Size in bytes and SHA-256 of one file of an artefact."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    size: int = Field(ge=0)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class Meta(BaseModel):
    """meta.json, validated.

    Attributes:
        format: of the store.
        fields: what the engine was made from and for, in clear; the entry's key is their SHA-256.
        artefact: the file to begin with: the plan, or the card of an ONNX file.
        files: every file of the artefact.
        made: when, ISO 8601 in UTC.
        build_s: how long the build took.
        check: the self-check's report, None where none was made.
        quarantine: why the engine is not used; empty where it is.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
    format: str
    fields: dict[str, str]
    artefact: Annotated[str, AfterValidator(plain_name)]
    files: dict[Annotated[str, AfterValidator(plain_name)], StoredFile] = Field(min_length=1)
    made: str
    build_s: float = Field(ge=0)
    check: dict[str, Any] | None = None
    quarantine: str = ""

    def to_bytes(self) -> bytes:
        return (json.dumps(self.model_dump(), indent=2, sort_keys=True) + "\n").encode()


@dataclass(frozen=True, slots=True)
class StoredEngine:
    """A built engine as it was found on disk. Its bytes are proven only by :meth:`EngineStore.use`.

    Attributes:
        key: SHA-256 over ``meta.fields``.
        folder: of the entry.
        meta: see :class:`Meta`.
        used_ns: when it was last used, nanoseconds since 1970.
        size: of all its files, bytes.
    """

    key: str
    folder: Path
    meta: Meta
    used_ns: int
    size: int

    @property
    def artefact(self) -> Path:
        return self.folder / self.meta.artefact

    @property
    def title(self) -> str:
        f = self.meta.fields
        backend = f.get("backend")
        return (
            f"{f['model']} {f.get('model_version', '')}".strip() + f" ({f['kind']}{f', {backend}' if backend else ''})"
        )

    def to_json(self) -> dict[str, Any]:
        """Ready for JSON."""
        return {
            "key": self.key,
            "artefact": str(self.artefact),
            "fields": dict(self.meta.fields),
            "size": self.size,
            "made": self.meta.made,
            "build_s": self.meta.build_s,
            "used": datetime.fromtimestamp(self.used_ns / 1e9, UTC).isoformat(timespec="seconds"),
            "check": self.meta.check,
            "quarantine": self.meta.quarantine,
        }


def read_entry(folder: Path) -> StoredEngine:
    """What an entry says of itself, once it is proven that only this user can have written it.

    Raises:
        PlanError: torn, of another format, of another key, another user's, or writable by others.
    """
    check_entry(folder, (META,))
    try:
        meta = Meta.model_validate_json(read_small(folder / META))
        key = store_key(meta.fields)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"])) or "meta"
        raise PlanError(f"the built engine {folder} is torn ({where}: {first['msg']}); build it again") from error
    except (OSError, ValueError, StoreError) as error:
        raise PlanError(f"the built engine {folder} is torn ({error}); build it again") from error
    if meta.format != STORE_FORMAT:
        raise PlanError(f"the built engine {folder} has the format {meta.format!r}, this is {STORE_FORMAT!r}")
    if key != folder.name or meta.artefact not in meta.files:
        raise PlanError(f"the built engine {folder} was put together wrongly: its fields belong to {key[:12]}")
    check_entry(folder, tuple(meta.files))
    try:
        used = folder / USED
        used_ns = (used if used.exists() else folder / META).stat().st_mtime_ns
        size = sum((folder / name).lstat().st_size for name in (*meta.files, META))
    except OSError as error:
        raise PlanError(f"the built engine {folder} cannot be read ({error.strerror}); build it again") from error
    return StoredEngine(key, folder, meta, used_ns, size)


def prove_bytes(entry: StoredEngine) -> None:
    """Read every file of an entry and compare its SHA-256.

    Raises:
        PlanError: a file is torn or another one.
    """
    for name, told in entry.meta.files.items():
        path = entry.folder / name
        try:
            sha256, size = digest(path)
        except OSError as error:
            raise PlanError(f"the built engine {path} cannot be read ({error.strerror}); build it again") from error
        if size != told.size or sha256 != told.sha256:
            raise PlanError(
                f"the built engine {path} is torn: {size} bytes with SHA-256 {sha256[:12]}..., it was built with "
                f"{told.size} and {told.sha256[:12]}...; build it again"
            )
