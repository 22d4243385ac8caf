"""For the processes that a window under test starts: brokers, query stores and event stores are
files. Python runs this as it starts, where its folder is on PYTHONPATH."""

from replay.query_store import kind as query_kind
from store.remote import kind, topics
from tests.gui.engine_stand_ins import (
    BROKER,
    FileTopic,
    StandInEngine,
    open_query_store,
    publish,
)
from tests.store.remote.lines_remote import KIND

kind.kinds = lambda: (KIND, BROKER)  # type: ignore[assignment]
topics.look_at_topic = FileTopic
topics.publish = publish  # type: ignore[assignment]
query_kind.open_query_store = open_query_store

import resources.engines.catalog as catalog  # noqa: E402

catalog.ENGINES = {  # type: ignore[assignment, misc]
    "kafka": lambda: StandInEngine("kafka", "kafka://here:9092"),
    "opensearch": lambda: StandInEngine("opensearch", ""),
}

import sys  # noqa: E402

from tests.gui import spark_stand_in  # noqa: E402

sys.modules["replay.spark.session"] = sys.modules["replay.spark.job"] = spark_stand_in
