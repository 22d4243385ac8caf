"""A real broker that is started here."""

from confluent_kafka.admin import AdminClient, NewTopic

from resources.engines.kafka import KafkaServer, new_id

WAIT_S = 60


def topics(server: KafkaServer) -> set[str]:
    admin = AdminClient({"bootstrap.servers": f"127.0.0.1:{server.port}", "log_level": 0})
    return set(admin.list_topics(timeout=WAIT_S).topics)


def test_it_is_there_again_after_it_was_killed_and_keeps_what_it_had(kafka: KafkaServer) -> None:
    admin = AdminClient({"bootstrap.servers": f"127.0.0.1:{kafka.port}", "log_level": 0})
    admin.create_topics([NewTopic("kept", 3, 1)])["kept"].result(WAIT_S)
    port = kafka.port

    kafka.kill()
    assert kafka.pid == 0
    kafka.start()

    assert kafka.port == port
    assert "kept" in topics(kafka)


def test_a_second_start_leaves_it_as_it_is(kafka: KafkaServer) -> None:
    pid = kafka.pid

    KafkaServer(kafka.folder).start()

    assert (kafka.pid, kafka.address) == (pid, f"kafka://127.0.0.1:{kafka.port}")


def test_ids_of_clusters_are_what_kafka_takes_and_no_option() -> None:
    ids = {new_id() for _ in range(50)}

    assert len(ids) == 50
    assert all(len(it) == 22 and not it.startswith("-") for it in ids)
