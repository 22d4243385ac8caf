"""The desktop's files: what they name is there, and the file type is told from the log itself."""

import configparser
from pathlib import Path
from xml.etree import ElementTree

from PySide6.QtGui import QImage

from store.sqlite.schema import APPLICATION_ID
from store.sqlite.store import open_store

SHARE = Path(__file__).parents[2] / "resources" / "desktop" / "share"
ICONS = SHARE / "icons" / "hicolor"
NAMESPACE = {"": "http://www.freedesktop.org/standards/shared-mime-info"}


def test_the_desktop_entry_opens_files_of_our_type_with_our_command() -> None:
    entry = configparser.ConfigParser(interpolation=None)
    entry.read(SHARE / "applications" / "foldline.desktop", "utf-8")
    facts = entry["Desktop Entry"]

    assert facts["Exec"] == "foldline %u"  # a file, or a link
    assert facts["MimeType"] == f"{_type().attrib['type']};x-scheme-handler/foldline;"
    assert list(ICONS.glob(f"*/apps/{facts['Icon']}.*"))


def test_each_icon_is_as_large_as_its_folder_says() -> None:
    sizes = {it.parts[-3]: QImage(str(it)).size() for it in ICONS.glob("*/apps/*.png")}

    assert len(sizes) >= 5
    assert {f"{it.width()}x{it.height()}" for it in sizes.values()} == set(sizes)


def test_the_file_type_is_told_from_the_bytes_of_a_real_log(tmp_path: Path) -> None:
    path = tmp_path / "a.foldline"
    open_store(path, create=True).close()
    head = path.read_bytes()[:100]

    outer = _found("magic/match")
    inner = _found("magic/match/match")
    assert head.startswith(outer.attrib["value"].replace("\\000", "\0").encode())
    offset = int(inner.attrib["offset"])
    assert head[offset : offset + 4] == inner.attrib["value"].encode()
    assert inner.attrib["value"].encode() == APPLICATION_ID.to_bytes(4, "big")


def test_a_name_that_ends_as_ours_is_enough() -> None:
    assert _found("glob").attrib["pattern"] == "*.foldline"
    assert _found("sub-class-of").attrib["type"] == "application/vnd.sqlite3"


def _type() -> ElementTree.Element:
    root = ElementTree.parse(SHARE / "mime" / "packages" / "foldline.xml").getroot()
    (found,) = root.findall("mime-type", NAMESPACE)
    return found


def _found(path: str) -> ElementTree.Element:
    found = _type().find(path, NAMESPACE)
    assert found is not None
    return found
