"""The key that signs cards: private in the data folder (mode 0600), rotatable; former public keys stay known."""

from __future__ import annotations

import os
from pathlib import Path

from lindung.local import data_folder
from lindung.papers import qr


def _folder() -> Path:
    folder = data_folder() / "keys"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def signing_key() -> tuple[str, bytes]:
    """(key id, private key) in use; made on first need. Two processes at once agree on one."""
    path = _folder() / "current"
    if not path.is_file():
        _write(path, qr.new_key())
    private = path.read_bytes()
    public = qr.public_key(private)
    name = qr.key_id(public)
    known = _folder() / f"{name}.pub"
    if not known.is_file():
        _write(known, public)
    return name, private


def rotate() -> str:
    """A new key for new cards; cards in people's hands stay valid. Returns its id."""
    signing_key()
    fresh = _folder() / f"next.{os.getpid()}"
    fresh.touch(mode=0o600)
    fresh.write_bytes(qr.new_key())
    fresh.replace(_folder() / "current")
    return signing_key()[0]


def public_keys() -> dict[str, bytes]:
    """Every public key that ever signed a card, by id."""
    signing_key()
    return {path.stem: path.read_bytes() for path in sorted(_folder().glob("*.pub"))}


def _write(path: Path, content: bytes) -> None:
    scratch = path.with_name(f"{path.name}.{os.getpid()}")
    scratch.touch(mode=0o600)
    scratch.write_bytes(content)
    try:
        os.link(scratch, path)
    except FileExistsError:
        pass
    finally:
        scratch.unlink()
