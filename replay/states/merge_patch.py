"""JSON Merge Patch (RFC 7396): how the generic model folds one payload into a state."""

from typing import Any


def merge(target: Any, patch: Any) -> Any:
    """The target with the patch applied; the target is left as it was.

    What the patch does not touch is shared with the target, not copied.
    """
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        elif isinstance(value, dict):
            merged[key] = merge(merged.get(key), value)
        else:
            merged[key] = value
    return merged


def merge_into(target: Any, patch: Any) -> Any:
    """Like `merge`, for a target that the caller owns: it is changed in place where it can be.

    Containers of the patch may become part of the result.
    """
    if type(patch) is not dict:
        return patch
    if type(target) is not dict:
        target = {}
    for key, value in patch.items():
        if value is None:
            target.pop(key, None)
        elif type(value) is dict:
            target[key] = merge_into(target.get(key), value)
        else:
            target[key] = value
    return target


def copy(value: Any) -> Any:
    """A JSON value whose containers are shared with nobody."""
    if type(value) is dict:
        return {
            key: copy(item) if type(item) is dict or type(item) is list else item
            for key, item in value.items()
        }
    if type(value) is list:
        return [copy(item) for item in value]
    return value
