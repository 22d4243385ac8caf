"""Edit the history of a branch: each edit is one transaction of its file.

Positions are those of the branch as it is when the edit is made. What is kept of an edit names
events by their ids.
"""

from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import TypeAlias, TypeVar

from msgspec import structs

from store import json_text
from store.branches import choices, file_schema
from store.branches.decided import Decided, count_again, keep_decided
from store.branches.edits import Content, Edit
from store.branches.errors import (
    BeforeFork,
    BeyondHead,
    BranchEdited,
    EditChangesNothing,
    EditedMeanwhile,
    NothingToUndo,
    OnlyDecided,
)
from store.branches.facts import BranchFacts, Later, edit_row, edits_in, facts_in
from store.branches.opening import open_branch
from store.branches.reader import BranchReader
from store.errors import DuplicateEventId, InvalidEvent
from store.events import RecordedEvent, new_event_id
from store.sqlite.connect import open_log, write_transaction
from store.sqlite.file_connection import FileConnection
from store.sqlite.rows import rows
from store.sqlite.schema import BRANCH_ID
from store.times import now_us
from store.words import said

T = TypeVar("T")
ChoiceOf: TypeAlias = Callable[[BranchFacts, Sequence[Edit]], choices.Choice | None]


class BranchEditor:
    """The edits of the branch in a file. Any thread; every method opens and closes the file.

    Every edit raises BeyondHead, BeforeFork, StoreBusy, StoreReadOnly and what opening the branch
    raises; then nothing is changed.
    """

    def __init__(
        self,
        path: Path,
        *,
        by: str = "",
        check: Callable[[BranchReader, Edit], None] = lambda _branch, _edit: None,
        revision: int | None = None,
    ) -> None:
        """`by`: who edits. `check` is handed the branch as it would be, and the edit; what that
        raises the edit raises, and nothing is changed. With a `revision`, an edit, undo and redo
        raise EditedMeanwhile when the branch has another one by then."""
        self._path = path
        self._by = by
        self._check = check
        self._revision = revision

    def leave_out(self, position: int) -> Edit:
        """Leave the event at a position out."""
        return self._edited(lambda it: Edit(number=0, kind="leave out", target=_id(it, position)))

    def replace(self, position: int, content: Content) -> Edit:
        """Let the event at a position say something else, under its id, in its stream. Raises
        InvalidEvent, EditChangesNothing."""

        def edit(branch: BranchReader) -> Edit:
            event = _event(branch, position)
            what = structs.replace(content, stream=None, id=None, links=())
            if what == Content():
                raise EditChangesNothing
            _require_sound(what)
            return Edit(number=0, kind="replace", target=event.id, content=what)

        return self._edited(edit)

    def insert(self, before: int, content: Content) -> Edit:
        """Put a new event before the one at a position, or behind the last one with the head and
        one. Without a recorded-at it counts as recorded when the event before it was. Raises
        InvalidEvent, DuplicateEventId."""

        def edit(branch: BranchReader) -> Edit:
            other = _before(branch, before)
            what = _whole(branch, before, content)
            if branch.event_by_id(what.id or "") is not None:
                raise DuplicateEventId(what.id or "")
            return Edit(
                number=0,
                kind="insert",
                target=what.id or "",
                other=other,
                end=branch.end(),
                content=what,
            )

        return self._edited(edit)

    def move(self, position: int, before: int) -> Edit:
        """Put the event at a position before the one at another. One that goes back counts as
        recorded when the event before its new place was. Raises EditChangesNothing."""

        def edit(branch: BranchReader) -> Edit:
            event, other = _event(branch, position), _before(branch, before)
            if before in (position, position + 1):
                raise EditChangesNothing
            content = Content()
            if before < position and (recorded_us := _recorded_us(branch, before)) is not None:
                content = Content(
                    recorded_at_us=min(recorded_us, event.recorded_at_us),
                    recorded_offset_min=event.recorded_offset_min,
                )
            return Edit(
                number=0,
                kind="move",
                target=event.id,
                other=other,
                end=branch.end(),
                content=content,
            )

        return self._edited(edit)

    def swap(self, one: int, other: int) -> Edit:
        """Let two events change places. Raises EditChangesNothing."""

        def edit(branch: BranchReader) -> Edit:
            if one == other:
                raise EditChangesNothing
            return Edit(number=0, kind="swap", target=_id(branch, one), other=_id(branch, other))

        return self._edited(edit)

    def undo(self) -> None:
        """Take the last edit back that was not undone, or the last choice of `decide_later`.
        Raises NothingToUndo."""
        self._turned(file_schema.UNDO, choices.to_undo, again=False)

    def redo(self) -> None:
        """Make again what was undone last. Raises NothingToUndo."""
        self._turned(file_schema.REDO, choices.to_redo, again=True)

    def decide_later(self, later: Later) -> None:
        """Whether events after an edit are kept as they were recorded, or decided again: all of
        them in a branch that was made to run commands again. What was decided for these edits
        before counts again. It is undone and made again as an edit is."""

        def work(db: FileConnection) -> None:
            facts = facts_in(db)
            is_whole = later == "decide" and facts.rerun_after >= 0
            now: Later = "rerun" if is_whole else later
            if now != facts.later:
                found = choices.chosen(facts, edits_in(db), now)
                db.execute(file_schema.FORGET_UNDONE)
                _choose(db, now, found)
            self._bump(db)

        self._written(work)

    def keep_decided(self, branch: BranchReader, decided: Decided) -> None:
        """Let what came of deciding later commands again, on a branch as it was opened, be a part
        of its history: all of it or nothing. Raises BranchEdited when the branch has changed
        since."""

        def work(db: FileConnection) -> None:
            with closing(open_branch(self._path)) as now:
                has_grown = now.own_events() != branch.own_events()
            if now.facts.revision != branch.facts.revision or has_grown:
                raise BranchEdited(self._path)
            db.execute(file_schema.BUMP)
            facts = facts_in(db)
            keep_decided(
                db,
                decided,
                branch.edits,
                base_head=facts.base_head,
                own_head=_own_head(db),
                revision=facts.revision,
            )

        self._written(work)

    def note(self, text: str) -> None:
        """What a person says of the branch."""
        self._stated("note", text)

    def _edited(self, make: Callable[[BranchReader], Edit]) -> Edit:
        """Keep an edit, made of the branch as it is then."""

        def work(db: FileConnection) -> Edit:
            self._require_revision(facts_in(db))
            with closing(open_branch(self._path)) as branch:
                edit = structs.replace(make(branch), at_us=now_us(), by=self._by)
                self._check(branch.after(edit), edit)
            _forget_undone(db)
            db.execute(file_schema.ADD_EDIT, edit_row(edit))
            db.execute(file_schema.BUMP)
            return edits_in(db)[-1]

        return self._written(work)

    def _turned(self, sql: str, choice_of: ChoiceOf, *, again: bool) -> None:
        def work(db: FileConnection) -> None:
            facts = facts_in(db)
            self._require_revision(facts)
            choice = choice_of(facts, edits_in(db))
            if choice is not None:
                later = choice.later if again else choice.before
                _choose(db, later, choices.turned(facts, choice))
            elif not db.execute(sql).rowcount:
                raise NothingToUndo(again=again)
            self._bump(db)

        self._written(work)

    def _require_revision(self, facts: BranchFacts) -> None:
        if self._revision not in (None, facts.revision):
            raise EditedMeanwhile

    def _bump(self, db: FileConnection) -> None:
        """It is another history; what was decided for it before counts again."""
        db.execute(file_schema.BUMP)
        facts = facts_in(db)
        count_again(
            db,
            edits_in(db),
            base_head=facts.base_head,
            own_head=_own_head(db),
            revision=facts.revision,
        )

    def _stated(self, key: str, value: str) -> None:
        self._written(lambda db: db.execute(file_schema.STATE, [key, value]))

    def _written(self, work: Callable[[FileConnection], T]) -> T:
        opened = open_log(self._path, writable=True, application=BRANCH_ID)
        with closing(opened) as db, write_transaction(db):
            return work(db)


def _choose(db: FileConnection, later: Later, found: Sequence[choices.Choice]) -> None:
    db.execute(file_schema.STATE, ["later", later])
    db.execute(file_schema.STATE, ["choices", choices.as_text(found)])


def _forget_undone(db: FileConnection) -> None:
    """Nothing is made again once there is another edit."""
    db.execute(file_schema.FORGET_UNDONE)
    found = choices.choices_of(facts_in(db))
    if (done := choices.not_undone(found)) != found:
        db.execute(file_schema.STATE, ["choices", choices.as_text(done)])


def _event(branch: BranchReader, position: int) -> RecordedEvent:
    fork = branch.facts.fork
    event = branch.event(position) if position > 0 else None
    if event is None:
        raise BeyondHead(position, branch.head())
    if position <= fork:
        raise BeforeFork(position, fork)
    if branch.is_only_decided(event.id):
        raise OnlyDecided(position)
    return event


def _own_head(db: FileConnection) -> int:
    return int(rows(db, file_schema.OWN_HEAD)[0][0])


def _id(branch: BranchReader, position: int) -> str:
    return _event(branch, position).id


def _before(branch: BranchReader, position: int) -> str:
    """The id of the event at a position; empty just behind the last one."""
    return "" if position == branch.head() + 1 else _id(branch, position)


def _recorded_us(branch: BranchReader, before: int) -> int | None:
    """When the event before a position was recorded; of the first one, when that was."""
    if before > 1:
        return branch.running_max_us(before - 1)
    return branch.running_max_us(1) if branch.head() else None


def _whole(branch: BranchReader, before: int, content: Content) -> Content:
    """With an id and times."""
    recorded_us, offset = content.recorded_at_us, content.recorded_offset_min
    if recorded_us is None:
        recorded_us, offset = _recorded_us(branch, before), 0
    if recorded_us is None:
        recorded_us = now_us()
    what = structs.replace(
        content,
        id=content.id or new_event_id(),
        recorded_at_us=recorded_us,
        recorded_offset_min=offset,
    )
    if not what.stream:
        raise InvalidEvent(said("an event needs a stream"))
    if not what.type:
        raise InvalidEvent(said("an event needs a type"))
    _require_sound(what)
    return what


def _require_sound(content: Content) -> None:
    """Raises InvalidEvent where a log would not take it."""
    if content.type == "":
        raise InvalidEvent(said("an event needs a type"))
    if content.data_json is not None:
        try:
            json_text.decode(content.data_json)
        except ValueError as error:
            raise InvalidEvent(said("the data is not valid JSON ({error})", error=error)) from error
    if content.metadata_json is not None and not json_text.is_object(content.metadata_json):
        raise InvalidEvent(said("metadata must be a JSON object"))
