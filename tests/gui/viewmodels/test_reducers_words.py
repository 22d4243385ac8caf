"""Where two versions of a model part, in words."""

from typing import Any

from msgspec import convert
from msgspec.structs import replace

from gui.viewmodels.reducers_words import change_rows, left_out_words, same_words, summary
from gui.work.reports import ModelsCompared


def report(**first: Any) -> ModelsCompared:
    parting = {
        "stream": "account-7",
        "position": 1_834,
        "type": "Withdrawn",
        "event": 3,
        "old_failed": "",
        "new_failed": "",
        "changes": [],
        **first,
    }
    facts = {
        "models": ["Bank account"],
        "against": "bank.py as trusted before",
        "events": 30_123,
        "streams": 340,
        "parted": 12,
        "differing_now": 10,
        "only_old": [],
        "only_new": [],
        "partings": [parting],
    }
    return convert(facts, ModelsCompared)


def test_the_first_event_and_the_reach_are_one_sentence() -> None:
    assert summary(report()) == (
        "Bank account, against bank.py as trusted before: they first differ at 1,834, "
        "Withdrawn, event 3 of account-7. 12 of 340 streams ever differ, 10 of them now."
    )


def test_both_values_stand_side_by_side_and_what_one_lacks_is_nothing() -> None:
    changes = [{"field": "balance", "old": 99, "new": 100}, {"field": "fees[0]", "old": "x"}]

    assert change_rows(report(changes=changes)) == [
        ("balance", "99", "100"),
        ("fees[0]", '"x"', "nothing"),
    ]


def test_a_version_that_fails_is_told_in_its_column() -> None:
    assert change_rows(report(old_failed="KeyError('x')")) == [
        ("the state", "fails: KeyError('x')", "works")
    ]


def test_fields_that_one_version_lacks_are_told_as_left_out() -> None:
    told = replace(report(), only_old=("note",), only_new=("bookings", "fees"))

    assert left_out_words(told) == (
        "Left out: only the older version has note; only the newer version has bookings, fees."
    )
    assert left_out_words(report()) == ""


def test_versions_that_never_part_are_told_with_what_was_folded() -> None:
    assert same_words(report()) == (
        "Bank account, against bank.py as trusted before: the same after each of 30,123 events"
    )
