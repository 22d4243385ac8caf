"""What a run of the whole log says, as one text, for folding that decodes events together."""

from collections.abc import Mapping, Sequence

from msgspec import Struct


class LogTexts(Struct, frozen=True, kw_only=True):
    """Some events in their order, at least one: of each what folding needs, in columns."""

    positions: Sequence[int]  # dense
    homes: Sequence[int]  # a number for each stream
    streams: Mapping[int, str]  # the names of the homes
    types: Sequence[str]
    recorded_at_us: Sequence[int]
    data_json: str  # a JSON array of the payloads
    metadata_json: str  # and of the metadata
