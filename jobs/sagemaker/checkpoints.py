"""Finished segments on disk: one file each, valid only as the next link of its chain."""

import json
from pathlib import Path

from core.segments import Chain

from sagemaker.container import json_bytes, write_atomically

FORMAT_VERSION = 1


def restore_chain(folder: Path, empty: Chain) -> Chain:
    """The longest valid chain of a checkpoint folder; drafts of a killed writer are removed.

    A file is a line of JSON (`version`, `segment`, `chain`) and the segment's model in UBJ. `chain` digests everything
    from the training's identity to this model, so a file that was cut short, changed, or left by another training is
    seen for what it is, and the training begins behind the last segment that is whole.
    """
    for draft in folder.glob(".segment-*.draft"):
        draft.unlink(missing_ok=True)
    chain = empty
    while (link := _read_link(folder, chain)) is not None:
        chain = link
    return chain


def save_chain(folder: Path, chain: Chain) -> None:
    """Writes the chain's last segment; those before it are there already."""
    write_atomically(_path(folder, chain), json_bytes(_header(chain)) + chain.models[-1])


def _path(folder: Path, chain: Chain) -> Path:
    return folder / f"segment-{len(chain.models):04d}.checkpoint"


def _header(chain: Chain) -> dict[str, object]:
    return {"version": FORMAT_VERSION, "segment": len(chain.models), "chain": chain.digest}


def _read_link(folder: Path, chain: Chain) -> Chain | None:
    candidate = chain.extended(b"")
    path = _path(folder, candidate)
    if not path.is_file():
        return None
    header, _, model = path.read_bytes().partition(b"\n")
    candidate = chain.extended(model)
    if _parse(header) == _header(candidate):
        return candidate
    print(f"checkpoint {path.name} is damaged or of another training: ignored", flush=True)
    return None


def _parse(header: bytes) -> object:
    try:
        return json.loads(header)
    except ValueError:
        return None
