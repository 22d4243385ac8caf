"""Invented people: a name, a mailbox at example.org, and a place."""

from dataclasses import dataclass
from typing import Final

from resources.samples.places import BERLIN, LAGOS, LISBON, NEW_YORK, PUNE, SHANGHAI, Place

# Each place: first names, then last names, as people write them and as mail addresses do.
_NAMES: Final[tuple[tuple[Place, str, str], ...]] = (
    (
        BERLIN,
        "Jürgen/juergen Anke/anke Björn/bjoern Käthe/kaethe Emil/emil Frieda/frieda Ole/ole",
        "Weiß/weiss Müller/mueller Krause/krause Jäger/jaeger Vogt/vogt Sommer/sommer Lenz/lenz",
    ),
    (
        LISBON,
        "João/joao Inês/ines Tiago/tiago Beatriz/beatriz Rui/rui Marta/marta Nuno/nuno",
        "Gonçalves/goncalves Simões/simoes Pereira/pereira Matos/matos Leal/leal Brandão/brandao",
    ),
    (
        NEW_YORK,
        "Alice/alice Bob/bob Carol/carol Dante/dante Grace/grace Hugo/hugo Ruth/ruth Sam/sam",
        "O'Neill/oneill Baker/baker Castillo/castillo Rossi/rossi Stein/stein Walsh/walsh",
    ),
    (
        LAGOS,
        "Adaeze/adaeze Chidi/chidi Folake/folake Ìbùkún/ibukun Tunde/tunde Zainab/zainab",
        "Okafor/okafor Adéyẹmí/adeyemi Balogun/balogun Eze/eze Musa/musa",
    ),
    (
        PUNE,
        "Asha/asha Rohan/rohan मीरा/meera Vikram/vikram Kavya/kavya Nikhil/nikhil",
        "Kulkarni/kulkarni Deshpande/deshpande Joshi/joshi Patil/patil Rao/rao",
    ),
    (
        SHANGHAI,
        "伟/wei 秀英/xiuying 磊/lei 静/jing 敏/min 洋/yang",
        "王/wang 李/li 张/zhang 陈/chen 黄/huang",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    first: str
    last: str
    mailbox: str  # before the @; also the name the person signs in with
    place: Place

    @property
    def email(self) -> str:
        return f"{self.mailbox}@example.org"

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first} {self.last}"


def everyone() -> list[Person]:
    """All of them, in one fixed order."""
    return [
        Person(first=first[0], last=last[0], mailbox=f"{first[1]}.{last[1]}", place=place)
        for place, firsts, lasts in _NAMES
        for first in _pairs(firsts)
        for last in _pairs(lasts)
    ]


def _pairs(names: str) -> list[tuple[str, str]]:
    return [(written, latin) for written, latin in (name.split("/") for name in names.split())]
