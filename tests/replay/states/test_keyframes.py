"""Keyframes: the nearest one counts, and their number stays bounded."""

import pytest

from replay.states import keyframes
from replay.states.fold import Folded
from replay.states.keyframes import Keyframes


def test_the_nearest_keyframe_is_the_latest_one_at_or_before_a_position() -> None:
    kept = _kept(("a-1", 10), ("a-1", 30), ("a-1", 20))

    found = [kept.nearest("a-1", (position,)) for position in (9, 10, 29, 30, 99)]

    assert [it and it.position for it in found] == [None, 10, 20, 30, 30]


def test_a_stream_without_keyframes_has_none() -> None:
    assert _kept(("a-1", 10)).nearest("b-1", (99,)) is None


def test_the_first_state_kept_at_a_position_stays() -> None:
    kept = _kept(("a-1", 10))
    first = kept.nearest("a-1", (10,))

    kept.keep("a-1", (10,), Folded({"another": 1}, position=10))

    assert kept.nearest("a-1", (10,)) is first


def test_the_stream_longest_unused_is_forgotten_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyframes, "KEPT", 4)
    kept = _kept(("a-1", 1), ("a-1", 2), ("b-1", 3), ("c-1", 4))
    kept.nearest("a-1", (9,))

    kept.keep("c-1", (5,), Folded({}, position=5))

    assert kept.nearest("b-1", (9,)) is None
    assert [_position(kept, stream) for stream in ("a-1", "c-1")] == [2, 5]


def test_one_long_stream_is_thinned_out_and_never_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(keyframes, "KEPT", 8)
    kept = _kept(*(("a-1", position) for position in range(1, 101)))

    found = {it.position for at in range(1, 101) if (it := kept.nearest("a-1", (at,)))}

    assert 4 <= len(found) <= 8
    assert min(found) == 1


def test_what_comes_in_at_a_key_takes_the_keyframes_from_there_on_away() -> None:
    kept = _kept(("a-1", 10), ("a-1", 20), ("a-1", 30), ("b-1", 30))

    kept.forget_from("a-1", (20,))
    kept.forget_from("nobody-1", (1,))

    assert [_position(kept, stream) for stream in ("a-1", "b-1")] == [10, 30]


def _kept(*places: tuple[str, int]) -> Keyframes:
    kept = Keyframes()
    for stream, position in places:
        kept.keep(stream, (position,), Folded({"at": position}, position=position))
    return kept


def _position(kept: Keyframes, stream: str) -> int | None:
    found = kept.nearest(stream, (99,))
    return found.position if found else None
