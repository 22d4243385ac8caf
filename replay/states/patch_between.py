"""The JSON Merge Patch (RFC 7396) that makes one value of another."""

from typing import Any

from replay.states.diff import diff


def patch_between(now: Any, then: Any) -> Any:
    """`replay.states.merge_patch.merge` of `now` with this is `then`, unless an object in `then`
    has a field that is null, which no patch can say. Numbers are told apart by value."""
    if not isinstance(now, dict) or not isinstance(then, dict):
        return then
    patch: dict[str, Any] = {key: None for key in now if key not in then}
    for key, value in then.items():
        if key not in now:
            patch[key] = value
        elif next(diff(now[key], value), None) is not None:
            patch[key] = _within(now[key], value)
    return patch


def _within(now: Any, then: Any) -> Any:
    return patch_between(now, then) if isinstance(now, dict) and isinstance(then, dict) else then
