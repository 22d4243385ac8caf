"""No format in the folder is left out of the contract."""

from store.reading.detect import formats, unread_formats
from tests.contracts.format import contracts


def test_every_format_has_its_contract() -> None:
    assert {it.name for it in formats()} == set(contracts())


def test_no_two_formats_have_one_name() -> None:
    names = [name for it in formats() for name in (it.name, *it.aliases)]
    names += [it.name for it in unread_formats()]

    assert len(names) == len(set(names))
