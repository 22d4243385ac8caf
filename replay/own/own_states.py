"""The view of latest states where a log is read with models of a person's own, or of a package.

Those models run in a process of their own, as projections of a person's own do, and are sent events
a page at a time. What a model raises is told in the row of its stream. An event that ends the
process is folded once more without them, and its row says why; after a few of those the models are
left alone. Where the file is not trusted, the rows of its streams say so.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from replay.children.command import STATES_WORKER
from replay.own import own_models, own_projections
from replay.own.installed_models import entries, made_of
from replay.own.own_messages import OwnView
from replay.own.own_models import OwnModels
from replay.own.own_process import OwnFailed, OwnProcess
from replay.own.own_writer import EVENTS_PER_FOLD, OwnWriter, elsewhere
from replay.own.user_models import Trust, digest
from replay.projection import columns, definition
from replay.projections import latest_states
from replay.projections.latest_states import NAME, PROJECTION, Barred, Folders
from replay.rules.rules_tables import NAME as RULES
from replay.states.model_set import bundled_models
from replay.taught.teaching import teaching_of
from replay.views.sqlite_sink import SqliteSink
from replay.views.view import View, view_of
from replay.words import said
from store.events import RecordedEvent
from store.place import Place

LOSSES: Final = 3  # of its process, until its models are run no more
LOADING: Final = "ModelFailed"


def is_own(place: Place) -> bool:
    """Whether models of a person's own, or of a package, fold the latest states of a log."""
    return own_models.FILE.stamp(place) != (0, 0) or bool(entries())


def own_names(place: Place) -> tuple[str, ...]:
    """The views that code of a person's own makes: those of their files, and latest states and
    broken rules where their models fold them."""
    return (*own_projections.names_of(place), *((NAME, RULES) if is_own(place) else ()))


def states_view(place: Place, trust: Trust | None = None) -> View:
    """The view for a log that `is_own`. Nothing of a person's own is run here. Raises
    WrongModels."""
    found = own_models.of(place)
    trust = trust or Trust()
    path = None if found is None else trust.as_trusted(Path(found.path))
    if found is not None and path is None:
        return _barred(place, found, own_models.why_not_run(found, trust))
    sha256 = "" if path is None else digest(path)
    known = replace(PROJECTION, apply=elsewhere, is_own=True)
    made = view_of(known)
    described = OwnView(
        name=NAME,
        title=PROJECTION.title,
        version=PROJECTION.version,
        definition=_definition(sha256, *made_of(), *_taught(place)),
        columns=columns(PROJECTION),
        key=PROJECTION.key,
        listens=None,
        payloads=PROJECTION.payloads,
    )
    return replace(
        made,
        definition=described.definition,
        is_apart=True,
        events_per_take=EVENTS_PER_FOLD,
        writer=lambda db, version: StatesWriter(
            SqliteSink(db, version, made.columns),
            known,
            described,
            OwnProcess(path, sha256, worker=STATES_WORKER, further=[place.text]),
        ),
    )


class StatesWriter(OwnWriter):
    """Goes on where a model ends its process: the event is folded without own models."""

    def take(self, events: Sequence[RecordedEvent], links: dict[int, tuple[str, ...]]) -> int:
        """Fold events in; returns the position it has come to. Raises OwnFailed when the models
        cannot be loaded, or the fault is not theirs."""
        try:
            return super().take(events, links)
        except OwnFailed as failed:
            if failed.kind == LOADING or failed.position in self.spared or self.spares:
                raise
            self.spared[failed.position] = said("the model failed: {failed}", failed=failed)
            if len(self.spared) >= LOSSES:
                self.spares = said(
                    "its models crashed {losses} times: {failed}",
                    losses=LOSSES,
                    failed=failed,
                )
        return self.take(events, links)


def _barred(place: Place, found: OwnModels, why: str) -> View:
    """As it is while the file is not run."""
    folders = Folders(bundled_models(), teaching=teaching_of(place))
    for it in found.models:
        folders.bar(it.category, Barred(it.name, why))
    view = view_of(latest_states.by(folders))
    told = (f"{it.name} {it.category}" for it in found.models)
    return replace(view, definition=_definition(why, *told, *_taught(place)))


def _taught(place: Place) -> list[str]:
    """What was taught, where something was."""
    return list(filter(None, [teaching_of(place).definition]))


def _definition(*facts: str) -> str:
    text = "\n".join((definition(PROJECTION), *facts))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
