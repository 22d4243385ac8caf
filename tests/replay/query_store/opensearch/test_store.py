"""What a server says while it is not ready, or of documents that somebody else wrote."""

import pytest

from replay.query_store.opensearch import indexes
from replay.query_store.opensearch.store import checkpoints_in
from replay.views.row_history import NO_END
from store.remote.address import address_of
from store.remote.errors import Unreachable

WHOLE = {
    **{"id": "a", "sort": "00", "key": '["a"]', "row": "[1]"},
    **{"write": 65536, "until": NO_END, "is_deleted": False},
}


HERE = address_of("opensearch://here/shop")


def test_checkpoints_that_cannot_be_read_yet_are_not_taken_for_none() -> None:
    shards = {"_id": "a", "error": {"type": "no_shard_available_action_exception"}}
    with pytest.raises(Unreachable, match="has not loaded all rows yet"):
        checkpoints_in({"docs": [shards]}, HERE)

    nothing = {"_id": "a", "error": {"type": "index_not_found_exception"}}
    found = {"_id": "b", "found": True, "_source": {"position": 7}}
    assert checkpoints_in({"docs": [nothing, found]}, HERE) == {"b": {"position": 7}}


def test_a_document_comes_back_or_is_named_as_none_of_ours() -> None:
    assert indexes.version_in({**WHOLE, "words": "a"}).until is None
    assert indexes.version_in({**WHOLE, "until": 131072}).until == 131072
    with pytest.raises(ValueError, match="the field 'key' is missing"):
        indexes.version_in({name: it for name, it in WHOLE.items() if name != "key"})
    with pytest.raises(ValueError, match="Expected `str`"):
        indexes.version_in({**WHOLE, "row": None})
