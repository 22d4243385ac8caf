"""A real broker that asks who one is, and shows a certificate where one asks for it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from confluent_kafka.admin import (
    AdminClient,
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialUpsertion,
)
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from replay.command_line import run
from resources.engines.jars import usual_folder
from resources.engines.kafka import KafkaServer
from resources.engines.processes import free_port
from tests.engines.topics import client
from tests.replay.logs import make_log

JARS = usual_folder()  # of this account, before a test has a home of its own
PASSWORD = "open sesame"
LOGIN = "org.apache.kafka.common.security"


class Secured(KafkaServer):
    """With two more listeners, with TLS and without; the usual one stays open for the tests
    themselves."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        ports: set[int] = set()
        while len(ports) < 4:
            ports.add(free_port())
        plain, controller, self.secure_port, self.asking_port = sorted(ports)
        (folder / "ports").write_text(f"{plain} {controller}")
        self.certificate = certificate(folder / "server.pem")
        self.stranger = certificate(folder / "stranger.pem")
        open_ones = f"PLAINTEXT://127.0.0.1:{plain}"
        secure = f"SASL_SSL://localhost:{self.secure_port}"
        asking = f"SASL_PLAINTEXT://127.0.0.1:{self.asking_port}"
        name = "listener.name.sasl_ssl"
        knows = f'{LOGIN}.plain.PlainLoginModule required user_ada="{PASSWORD}";'
        super().__init__(
            folder,
            jars=JARS,
            more=(
                f"listeners={open_ones},CONTROLLER://127.0.0.1:{controller},{secure},{asking}",
                f"advertised.listeners={open_ones},{secure},{asking}",
                "listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,"
                "SASL_SSL:SASL_SSL,SASL_PLAINTEXT:SASL_PLAINTEXT",
                "sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256",
                f"{name}.plain.sasl.jaas.config={knows}",
                f"listener.name.sasl_plaintext.plain.sasl.jaas.config={knows}",
                "listener.name.sasl_plaintext.sasl.enabled.mechanisms=PLAIN",
                f"{name}.scram-sha-256.sasl.jaas.config={LOGIN}.scram.ScramLoginModule required;",
                "ssl.keystore.type=PEM",
                f"ssl.keystore.location={folder / 'server.pem'}",
            ),
        )

    def url(self, topic: str, *, host: str = "localhost", **options: str) -> str:
        """Of a topic, as somebody from outside would reach it."""
        trusted = {"ssl.ca.location": str(self.certificate), **options}
        query = "&".join(f"{name}={it}" for name, it in trusted.items())
        place = f"kafka://ada@{host}:{self.secure_port}"
        return f"{place}/{topic}?security.protocol=SASL_SSL&{query}"

    def open_url(self, topic: str, account: str = "ada") -> str:
        """The same without TLS."""
        return f"kafka://{account}@127.0.0.1:{self.asking_port}/{topic}"


def certificate(file: Path) -> Path:
    """A key and a certificate for localhost that it has signed itself; the certificate's file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.DNSName("localhost")])
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
        .public_bytes(Encoding.PEM)
    )
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(secret + signed)
    shown = file.with_suffix(".crt")
    shown.write_bytes(signed)
    return shown


@pytest.fixture(scope="module")
def broker() -> Iterator[Secured]:
    with TemporaryDirectory(prefix="foldline-kafka-") as folder:
        server = Secured(Path(folder) / "broker")
        server.start()
        yield server
        server.kill()


@pytest.fixture(autouse=True)
def password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAFKA_PASSWORD", PASSWORD)


def test_a_topic_is_made_published_to_and_read_over_tls_with_a_password(
    broker: Secured, tmp_path: Path
) -> None:
    store, url = make_log(tmp_path / "shop.foldline", 12), broker.url("secured")

    assert run(["engines", "new", url]) == 0
    assert run(["publish", str(store), "--to", url]) == 0
    assert run(["mirror", url, "--into", str(tmp_path / "copy.foldline")]) == 0


def test_a_challenge_that_sends_no_password_works_as_well(broker: Secured) -> None:
    admin = AdminClient(client(broker))
    info = ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, 4_096)
    change = UserScramCredentialUpsertion("ada", info, PASSWORD.encode())
    for it in admin.alter_user_scram_credentials([change]).values():
        it.result(30)

    assert run(["engines", "new", broker.url("scram", **{"sasl.mechanism": "SCRAM-SHA-256"})]) == 0


def test_a_wrong_password_is_refused_with_that_sentence(
    broker: Secured, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KAFKA_PASSWORD", "wrong")

    assert run(["engines", "show", broker.url("secured")]) == 1

    told = capsys.readouterr().err
    assert "the server refused the user or password" in told
    assert "wrong" not in told


def test_a_password_in_an_address_is_taken_before_that_of_the_environment(
    broker: Secured, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["engines", "show", broker.open_url("mine", "ada:guessed")]) == 1

    told = capsys.readouterr().err
    assert "the server refused the user or password" in told
    assert "guessed" not in told


def test_a_password_is_asked_for_without_tls_as_well(
    broker: Secured, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store, url = make_log(tmp_path / "shop.foldline", 3), broker.open_url("mine")

    assert run(["engines", "new", url]) == 0
    assert run(["publish", str(store), "--to", url]) == 0
    assert PASSWORD not in capsys.readouterr().out


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_a_certificate_that_does_not_fit_has_a_sentence_of_its_own(
    broker: Secured, capsys: pytest.CaptureFixture[str], host: str
) -> None:
    is_by_name = host == "localhost"
    trusted = broker.stranger if is_by_name else broker.certificate
    if not is_by_name:
        assert ip_address(host).is_loopback  # which the certificate does not name

    url = broker.url("secured", host=host, **{"ssl.ca.location": str(trusted)})

    assert run(["engines", "show", url]) == 1
    told = capsys.readouterr().err
    assert "the certificate of the server is not one that is trusted for this address" in told
    assert "ssl.ca.location" in told
