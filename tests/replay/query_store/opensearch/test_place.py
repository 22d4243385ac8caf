"""What an address of an OpenSearch says."""

from pathlib import Path

import pytest

from replay.query_store.opensearch.place import place_at
from store.remote.address import address_of
from store.remote.errors import WrongAddress
from store.remote.passwords import VARIABLE, remember_password


def test_an_address_that_says_little_means_what_is_usual(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENSEARCH_PASSWORD", raising=False)

    it = place_at(address_of("opensearch://search.example.org"))

    assert (it.host, it.port, it.is_secure, it.ca_file) == ("search.example.org", 9200, True, None)
    assert (it.user, it.password, it.prefix) == ("", "", "foldline")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.0.1", "[::1]"])
def test_on_this_machine_nothing_is_encrypted_unless_it_is_wanted(host: str) -> None:
    assert not place_at(address_of(f"opensearch://{host}/shop")).is_secure
    assert place_at(address_of(f"opensearch://{host}/shop?tls=on")).is_secure
    assert not place_at(address_of("opensearch://far.example.org/shop?tls=off")).is_secure


def test_the_password_comes_from_the_address_a_file_or_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("OPENSEARCH_PASSWORD", "from the environment")
    file = tmp_path / "passfile"
    file.write_text("other:9200:*:ada:no\nhere:*:*:ada:with:colons\n*:*:*:bob:bobs\n", "utf-8")

    def password(text: str) -> str:
        return place_at(address_of(text)).password

    assert password("opensearch://ada@here/shop") == "from the environment"
    assert password("opensearch://ada:a%40b@here/shop") == "a@b"
    monkeypatch.setenv(VARIABLE, "{}")
    remember_password(address_of("opensearch://typed@here/shop"), "typed by a person")
    assert password("opensearch://typed@here/shop") == "typed by a person"
    assert password(f"opensearch://ada@here/shop?passfile={file}") == "with:colons"
    assert password(f"opensearch://bob@far/shop?passfile={file}") == "bobs"
    assert password(f"opensearch://eve@far/shop?passfile={file}") == ""
    assert password("elasticsearch://ada@here/shop") == ""


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("opensearch:///shop", "names no host"),
        ("opensearch://here/Shop", "cannot begin the name of an index"),
        ("opensearch://here/_shop", "cannot begin the name of an index"),
        ("opensearch://here/a/b", "cannot begin the name of an index"),
        ("opensearch://here/shop?tls=maybe", "on or off"),
        ("opensearch://here/shop?colour=blue", "unknown option 'colour'"),
        ("opensearch://here/shop?passfile=/nowhere", "passfile cannot be read"),
    ],
)
def test_a_wrong_address_is_a_sentence(text: str, says: str) -> None:
    with pytest.raises(WrongAddress, match=says):
        place_at(address_of(text))
