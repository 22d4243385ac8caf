"""Key files: each is there whole or not at all, and a pair that a kill has torn is made whole."""

from pathlib import Path

import pytest

from store.errors import StoreExists, UnusableKey
from store.signing.keys import make_keys, private_key, public_key


def test_a_private_key_whose_public_one_was_never_written_is_given_it(tmp_path: Path) -> None:
    key = tmp_path / "mine.key"
    public = make_keys(key)
    private, text = key.read_bytes(), public.read_bytes()
    public.unlink()

    assert make_keys(key) == public

    assert (key.read_bytes(), public.read_bytes()) == (private, text)


def test_a_pair_is_never_made_anew(tmp_path: Path) -> None:
    key = tmp_path / "mine.key"
    make_keys(key)

    with pytest.raises(StoreExists):
        make_keys(key)


def test_what_is_no_private_key_is_given_no_public_one(tmp_path: Path) -> None:
    key = tmp_path / "letter.txt"
    key.write_text("Dear Ada", "utf-8")
    key.chmod(0o600)

    with pytest.raises(UnusableKey):
        make_keys(key)

    assert [it.name for it in tmp_path.iterdir()] == ["letter.txt"]


def test_only_its_owner_reads_a_private_key(tmp_path: Path) -> None:
    key = tmp_path / "mine.key"

    public = make_keys(key)

    assert key.stat().st_mode & 0o777 == 0o600
    assert private_key(key).public_key() == public_key(public)
    assert sorted(it.name for it in tmp_path.iterdir()) == ["mine.key", "mine.key.pub"]
