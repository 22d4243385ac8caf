"""Ed25519 keys in files: the private one for its owner alone, the public one for everybody."""

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Final

from store.errors import StoreExists, UnusableKey
from store.whole_file import written_aside
from store.words import said

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (
        Ed25519PrivateKey,
        Ed25519PublicKey,
    )

PUBLIC_SUFFIX: Final = ".pub"
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


def make_keys(path: Path) -> Path:
    """Make a private key at `path`, readable for its owner alone, and the public one beside it
    as `path` with .pub; returns that. Both are PEM texts. Where the private one is there and the
    public one is missing, as after a kill between the two, that one is made of it.

    Raises StoreExists, UnusableKey, OSError.
    """
    # Imported late: only who signs or checks a signature pays for it.
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    public_path = Path(f"{path}{PUBLIC_SUFFIX}")
    if public_path.exists():
        raise StoreExists(path if path.exists() else public_path)
    if path.exists():
        key = private_key(path)
    else:
        key = Ed25519PrivateKey.generate()
        private = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        _write_new(path, private, mode=0o600)
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    _write_new(public_path, public, mode=0o644)
    return public_path


def private_key(path: Path) -> "Ed25519PrivateKey":
    """The key to sign with. Raises UnusableKey, also when others may read the file."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    content = _read(path)
    if os.name == "posix" and path.stat().st_mode & _OTHERS:
        raise UnusableKey(
            said("other accounts can read this private key (chmod 600 prevents that)"), path
        )
    try:
        key = load_pem_private_key(content, password=None)
    except (ValueError, TypeError) as error:
        raise UnusableKey(
            said("this is not a private key in PEM without a password"), path
        ) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise UnusableKey(said("this private key is not an Ed25519 key"), path)
    return key


def public_key(path: Path) -> "Ed25519PublicKey":
    """The key to check signatures with. Raises UnusableKey."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        key = load_pem_public_key(_read(path))
    except ValueError as error:
        raise UnusableKey(said("this is not a public key in PEM"), path) from error
    if not isinstance(key, Ed25519PublicKey):
        raise UnusableKey(said("this public key is not an Ed25519 key"), path)
    return key


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UnusableKey(
            said("the key cannot be read ({strerror})", strerror=error.strerror), path
        ) from error


def _write_new(path: Path, content: bytes, *, mode: int) -> None:
    """Nobody else can read a private key, not for a moment."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    with written_aside(path) as unfinished:
        with os.fdopen(os.open(unfinished.path, flags, mode), "wb") as file:
            file.write(content)
        unfinished.appear()
