"""What a model says of an event in a sentence of its own."""

from replay.states.event_summary import one_line
from replay.states.model_set import ModelSet
from store.events import RecordedEvent


def sentence_of(models: ModelSet, event: RecordedEvent) -> str:
    """The sentence on one line; empty when the model has none for such an event, cannot read it, or
    fails at it: then the event speaks for itself."""
    model = models.of_stream(event.stream)
    if model is None or not model.sentences:
        return ""
    try:
        typed = models.reading(model).typed(event)
        say = None if typed is None else model.sentences.get(type(typed))
        return "" if say is None else one_line(str(say(typed)))
    except Exception:  # the edge: a model may raise anything
        return ""
