"""Stores of other programs: what every preset says."""

import pytest

from store.reading.json_records import RawRecord
from store.remote.preset import Preset, presets


@pytest.fixture(params=presets(), ids=lambda it: it.name)
def preset(request: pytest.FixtureRequest) -> Preset:
    found: Preset = request.param
    return found


def test_presets_have_names_of_their_own() -> None:
    names = [it.name for it in presets()]

    assert names == sorted(set(names))


def test_the_order_and_the_columns_of_a_stream_are_columns_of_its_layout(preset: Preset) -> None:
    part = preset.layout.events
    columns = {*part.columns, *part.others}

    assert preset.position or preset.layout.order in columns
    assert all("." in it or it in columns for it in preset.stream_columns)


def test_a_stream_may_stand_under_its_own_name(preset: Preset) -> None:
    for name in ("cart-1", "cart-1@tenant", "cart-1@tenant@life-2"):
        assert preset.stream_names(name)[0] == name


def test_rows_mean_what_rows_of_a_file_mean(preset: Preset) -> None:
    """The function is the layout's own: a row without anything is refused by both."""
    states = preset.states(lambda _condition, _values: iter(()))

    with pytest.raises(Exception, match="has no"):
        states(RawRecord(0, -1, b""), {})
