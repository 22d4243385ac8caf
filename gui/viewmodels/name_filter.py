"""A name that a person has chosen, as a filter."""

from store.filter.write import value_text


def actor_filter(actor: str) -> str:
    """The events that somebody caused."""
    return f"actor = {value_text(actor)}"


def conversation_filter(correlation_id: str) -> str:
    """The events of a conversation."""
    return f"correlation = {value_text(correlation_id)}"
