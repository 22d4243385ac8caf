"""Whether the model of a stream can read what an edit of a branch makes of its events."""

from replay.own.user_models import ModelFailed
from replay.states.stream_states import StreamStates
from replay.states.typed_fold import MissingUpcast
from replay.words import said
from store.branches.edits import Edit
from store.branches.errors import BranchError
from store.branches.reader import BranchReader


class NotReadable(BranchError):
    hint = said("Correct the content of the event. The branch is unchanged.")

    def __init__(self, stream: str, position: int, reason: str) -> None:
        super().__init__(
            said(
                "the model of {stream!r} cannot read the event at position {position:,}: {reason}",
                stream=stream,
                position=position,
                reason=reason,
            )
        )


def require_readable(branch: BranchReader, edit: Edit, states: StreamStates) -> None:
    """Fold the stream of the event that an edit replaces or puts in, up to it, as the branch would
    be. Raises NotReadable. What follows may well fail then: that is a consequence, and is listed.
    """
    event = branch.event_by_id(edit.target)
    if event is None or edit.kind not in ("replace", "insert"):
        return
    try:
        states.at(branch, event.stream, event.position)
    except (MissingUpcast, ModelFailed) as error:
        raise NotReadable(event.stream, event.position, str(error)) from error
    except Exception as error:  # a model may raise anything at what it never met
        reason = str(error) or type(error).__name__
        raise NotReadable(event.stream, event.position, reason) from error
