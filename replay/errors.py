"""What can go wrong when events are given a meaning.

StoreError (store.errors)
├── UnknownView      there is no view of this name: offer the list
├── UnknownKey       a key that this view cannot have
├── UnknownColumn    a column that this view does not have
├── UnknownField     a field of a filter that no event has
├── NoRows           a view that is an index: it has no rows to look at
├── ViewBehind       a view cannot show the position that is asked for
├── NoPast           a view whose past cannot be asked
├── NotKept          a past value that the history left out and nobody can fold again
├── NotShippable     a projection that cannot be folded in parts
├── NoReason         an event is to be skipped, and nobody says why
├── NotParked        a view that goes on cannot be retried
├── NoWayBack        a view cannot be again what it was
├── NotComparable    two views whose keys have not the same form
└── RebuildReplaced  another rebuild of the same view took over, or the file went away
"""

from replay.view_version import ViewVersion
from replay.words import said
from store.errors import StoreError


class UnknownView(StoreError):
    hint = said("List the views with: main.py info STORE")

    def __init__(self, name: str) -> None:
        super().__init__(said("there is no view {name!r}", name=name))
        self.name = name


class UnknownKey(StoreError):
    hint = said("List the rows with: main.py view STORE NAME")

    def __init__(self, view: str, *, expected: tuple[str, ...]) -> None:
        super().__init__(
            said(
                "the key of this view is {expected}: {view!r}",
                expected=", ".join(expected),
                view=view,
            )
        )
        self.view, self.expected = view, expected


class UnknownColumn(StoreError):
    hint = said("List the columns with: main.py views STORE")

    def __init__(self, column: str, view: str) -> None:
        super().__init__(said("the view {view} has no column {column!r}", view=view, column=column))
        self.column, self.view = column, view


class UnknownField(StoreError):
    """Of a filter: a field, or a type, that no event has; of a condition a field that no state has.
    `at` is its place in the text."""

    def __init__(
        self,
        field: str,
        *,
        close: list[str],
        known: str,
        at: int = 0,
        what: str = "field",
        whose: str = "event",
    ) -> None:
        super().__init__(
            said("no {whose} has the {what} {field!r}", whose=whose, what=what, field=field)
        )
        self.field, self.close, self.at, self.what, self.whose = field, close, at, what, whose
        meant = said("Did you mean {close}? ", close=" or ".join(close)) if close else ""
        self.hint = said("{meant}Known: {known}.", meant=meant, known=known)

    @property
    def sentence(self) -> str:
        """With the nearest names, for a line below what was typed."""
        nearest = said("; nearest: {close}", close=", ".join(self.close)) if self.close else ""
        return said(
            "no {whose} has a {what} `{field}`{nearest}",
            whose=self.whose,
            what=self.what,
            field=self.field,
            nearest=nearest,
        )


class NoRows(StoreError):
    def __init__(self, view: str, *, hint: str) -> None:
        super().__init__(
            said("this view is an index and has no rows to list or compare: {view!r}", view=view)
        )
        self.view, self.hint = view, hint


class ViewBehind(StoreError):
    hint = said("Wait until the view has caught up, or rebuild it: main.py rebuild STORE")

    def __init__(self, version: ViewVersion, *, shown: int, wanted: int) -> None:
        view = version.name
        what = said(
            "the view {view!r} is at position {shown:,} and cannot show {wanted:,} yet",
            view=view,
            shown=shown,
            wanted=wanted,
        )
        if not version.is_live:
            what = said(
                "the view {view!r} was saved at position {shown:,} and never shows {wanted:,}",
                view=view,
                shown=shown,
                wanted=wanted,
            )
        super().__init__(what)
        self.view, self.shown, self.wanted = view, shown, wanted
        if not version.is_live:
            self.hint = said("Read it as it is now, or as of --at {shown}.", shown=shown)


class NoPast(StoreError):
    hint = said("Wait until it is built. main.py views STORE shows the progress.")

    def __init__(self, version: ViewVersion) -> None:
        why = (
            said("it is still being built")
            if version.is_live
            else said("its rebuild was not finished")
        )
        super().__init__(
            said(
                "the past of this view cannot be read, {why}: {name!r}", why=why, name=version.name
            )
        )
        self.view = version.name
        if not version.is_live:
            self.hint = said(
                "Read it as it is now, or delete it: main.py rebuild STORE {view} --forget",
                view=version.view,
            )


class NotKept(StoreError):
    hint = said(
        "Read the row as it is now, or at a position that the history lists: "
        "main.py view STORE NAME --key K --history"
    )

    def __init__(self, view: str, key: tuple[object, ...], *, position: int) -> None:
        super().__init__(
            said(
                "the value written at position {position:,} was too long for the "
                "history, and its code is not available: {view!r}, row {repr}",
                position=position,
                view=view,
                repr=", ".join(map(repr, key)),
            )
        )
        self.view, self.key, self.position = view, key, position


class NotComparable(StoreError):
    hint = said("Choose two views whose keys have the same number and kind of columns.")

    def __init__(self, left: str, right: str) -> None:
        super().__init__(
            said("{left!r} and {right!r} have keys of different shapes", left=left, right=right)
        )
        self.left, self.right = left, right


class NotShippable(StoreError):
    hint = said(
        "Run it here without partitions, or change it so that each row is "
        "written from the events of one partition."
    )

    def __init__(self, view: str, reason: str) -> None:
        super().__init__(
            said(
                "the projection cannot be partitioned, {reason}: {view!r}", reason=reason, view=view
            )
        )
        self.view, self.reason = view, reason


class NoReason(StoreError):
    hint = said("Give the reason why the view can skip the event; it is stored.")

    def __init__(self, view: str) -> None:
        super().__init__(said("skipping an event needs a reason: {view!r}", view=view))
        self.view = view


class NotParked(StoreError):
    hint = said("List the stopped views with: main.py parked STORE")

    def __init__(self, view: str) -> None:
        super().__init__(said("this view has not stopped: {view!r}", view=view))
        self.view = view


class NoWayBack(StoreError):
    hint = said("Rebuild it: main.py rebuild STORE")

    def __init__(self, view: str, why: str) -> None:
        super().__init__(
            said("the view {view!r} cannot be switched back: {why}", view=view, why=why)
        )
        self.view = view


class RebuildReplaced(StoreError):
    hint = said("Nothing was changed; start the rebuild again.")

    def __init__(self, view: str) -> None:
        super().__init__(said("another rebuild has replaced this one: {view!r}", view=view))
        self.view = view
