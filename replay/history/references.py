"""Which fields of commands name streams: by the choices that the models declare."""

from collections.abc import Mapping

from replay.commands.command_form import schema_of
from replay.states.model_set import ModelSet


def naming_fields(models: ModelSet) -> Mapping[str, Mapping[str, str]]:
    """Command → JSON name of a field → the category of the stream whose id it holds."""
    found = {}
    for model in models.models:
        for command in model.commands:
            properties = schema_of(command).get("properties", {})
            kinds = {name: str(field.get("x-choices", "")) for name, field in properties.items()}
            found[command.__name__] = {name: kind for name, kind in kinds.items() if kind}
    return found
