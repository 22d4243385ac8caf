"""A person's own code, held to a time, and told by name when it fails.

Only for a process that may be lost: Python code that does not come back cannot be stopped from
within, so the process ends, after saying where it was. What raises becomes ModelFailed.
"""

import functools
import inspect
import os
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from threading import get_ident
from time import monotonic
from typing import Any, Final, TypeVar

from replay.own.memory_limit import MEMORY_BYTES
from replay.own.user_models import ModelFailed
from replay.typed_model import Refused
from replay.words import said
from store.errors import StoreError

T = TypeVar("T")

LIMIT_S: Final = 10.0  # for one call
LIMIT: Final = "FOLDLINE_MODEL_SECONDS"  # another limit, for code that is slow by its nature
LOOKS: Final = 5  # within that time
OURS: Final = (str(Path(__file__).parents[2] / "replay"), "<frozen")
MAY_LACK: Final = ("reverses", "undo")  # these raise LookupError where an event stays

End = Callable[[str], None]  # takes a sentence; does not return


class Watch:
    """Knows what own code each thread is in, and since when. Its thread ends with the process.

    `end` is called there when a call has taken too long.
    """

    def __init__(self, end: End, *, limit_s: float, whose: str = "model") -> None:
        self._end = end
        self._whose = whose
        self._limit_s = limit_s
        self._inside: dict[int, tuple[str, float]] = {}  # thread → what, since when
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._look, name="own code", daemon=True)
        self._thread.start()

    @contextmanager
    def holding(self, what: str, *, passed: tuple[type[Exception], ...] = ()) -> Iterator[None]:
        """Within: own code. What it raises becomes ModelFailed, but for errors of ours and
        `passed`; SystemExit too."""
        thread = get_ident()
        outer = self._inside.get(thread)
        self._inside[thread] = (what, monotonic())
        try:
            yield
        except (StoreError, Refused, KeyboardInterrupt):
            raise
        except MemoryError as error:
            limit = said("{memory_bytes:,} MB of memory", memory_bytes=MEMORY_BYTES // 2**20)
            raise ModelFailed(
                said(
                    "the {whose} used more than {limit} in {what}",
                    whose=self._whose,
                    limit=limit,
                    what=what,
                )
            ) from error
        except passed:
            raise
        except BaseException as error:
            reason = said(
                "the {whose} failed in {what}: {name__}: {error}",
                whose=self._whose,
                what=what,
                name__=type(error).__name__,
                error=error,
            )
            raise ModelFailed(reason, _own_trace(error)) from error
        finally:
            if outer is None:
                self._inside.pop(thread, None)
            else:
                self._inside[thread] = (outer[0], monotonic())

    def held(self, what: str, function: Callable[..., T]) -> Callable[..., T]:
        """The function, with every call held."""
        passed = (LookupError,) if what in MAY_LACK else ()

        @functools.wraps(function)
        def call(*arguments: Any, **named: Any) -> T:
            with self.holding(what, passed=passed):
                found = function(*arguments, **named)
                return tuple(found) if inspect.isgenerator(found) else found  # type: ignore[return-value]

        return call

    def close(self) -> None:
        """Look no more."""
        self._closed.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._closed.wait(self._limit_s / LOOKS):
            for what, since in list(self._inside.values()):
                if monotonic() - since > self._limit_s:
                    self._end(
                        said(
                            "the {whose} did not return from {what} within {limit_s:g} seconds and "
                            "was stopped",
                            whose=self._whose,
                            what=what,
                            limit_s=self._limit_s,
                        )
                    )
                    return


def limit_s() -> float:
    """How long one call may take here."""
    try:
        return max(0.1, float(os.environ.get(LIMIT, LIMIT_S)))
    except ValueError:
        return LIMIT_S


def held(value: T, watch: Watch) -> T:
    """A model or process manager whose functions are all held, wherever in it they stand."""
    whole: T = _held("", value, watch)
    return whole


def _held(name: str, value: Any, watch: Watch) -> Any:
    if isinstance(value, type):
        return value
    if isinstance(value, Mapping):
        return {key: _held(name, it, watch) for key, it in value.items()}
    if isinstance(value, tuple):
        return tuple(_held(name, it, watch) for it in value)
    if is_dataclass(value) and not isinstance(value, type):
        within = {it.name: getattr(value, it.name) for it in fields(value)}
        return replace(value, **{key: _held(key, it, watch) for key, it in within.items()})
    return watch.held(name, value) if callable(value) else value


def _own_trace(error: BaseException) -> str:
    """The traceback from the first line on that is not ours."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [at for at, it in enumerate(frames) if not it.filename.startswith(OURS)]
    shown = frames[own[0] :] if own else frames
    lines = traceback.format_list(shown) + traceback.format_exception_only(error)
    return "".join(lines).rstrip()
