"""Which of some models a stream's name belongs to."""

from dataclasses import replace

import pytest

from replay.states.model_set import ModelSet, bundled_models

ORDER, ACCOUNT, MAIL = bundled_models().models[:3]
MODELS = ModelSet(
    [
        replace(ORDER, name="short", category="a"),
        replace(ACCOUNT, name="long", category="a-b"),
        replace(MAIL, name="second", category="a-b"),
        replace(MAIL, name="other", category="c.d"),
    ]
)


@pytest.mark.parametrize(
    ("stream", "name"),
    [
        ("a-1", "short"),
        ("a-", "short"),
        ("a-x-b", "short"),
        ("a-b", "short"),
        ("a-b-", "long"),
        ("a-b-1-2-3", "long"),
        ("a-bb-1", "short"),
        ("c.d-0f6a-22", "other"),
        ("c-d", None),
        ("a", None),
        ("-a", None),
        ("b-a-1", None),
        ("", None),
    ],
)
def test_the_longest_category_that_a_name_begins_with_wins_and_of_two_the_first(
    stream: str, name: str | None
) -> None:
    model = MODELS.of_stream(stream)

    assert (None if model is None else model.name) == name
    assert (model is None) == (not any(it.owns(stream) for it in MODELS.models))


def test_a_set_of_none_knows_no_stream() -> None:
    assert ModelSet([]).of_stream("a-1") is None
