"""A version of a view is a view and a slot; its name can be read back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replay.projection import NAME
from replay.view_version import KEPT, Slot, ViewVersion, version_named


@given(view=st.from_regex(NAME, fullmatch=True), slot=st.sampled_from(Slot))
def test_the_version_that_a_name_means_is_the_one_it_was_made_of(view: str, slot: Slot) -> None:
    version = ViewVersion(view, slot)

    assert version_named(version.name) == version
    assert version.is_live == (version.name == view)


@pytest.mark.parametrize("name", ["orders", "orders__later", "orders__", "orders_next"])
def test_a_name_that_ends_in_no_slot_is_that_of_a_live_view(name: str) -> None:
    assert version_named(name) == ViewVersion(name)


def test_what_is_kept_beside_a_view_is_named_as_in_every_file_so_far() -> None:
    assert {ViewVersion("orders").at(it).name for it in KEPT} == {"orders__next", "orders__before"}
