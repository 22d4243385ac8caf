"""What others made: found from the metadata of what is installed, each with its licence's text."""

from pathlib import Path

import pytest

from resources.packaging.third_party import copy_texts, licence, shipped, table


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Installed: `first`, which needs `second` with an extra that needs `third`; and `idle`."""
    site = tmp_path / "site"
    _install(site, "first", 'second[more] ; python_version >= "3"', licence="MIT", text="Do.\n")
    _install(site, "second", 'third ; extra == "more"', 'idle ; extra == "other"')
    _install(site, "third", licence="BSD-3-Clause")
    _install(site, "idle")
    return site


def test_what_is_needed_by_what_is_needed_is_found_and_nothing_else(site: Path) -> None:
    assert [it.name for it in shipped(["first>=1"], site)] == ["first", "second", "third"]


def test_what_another_system_needs_is_left_out(site: Path) -> None:
    assert shipped(['idle ; sys_platform == "nowhere"'], site) == []


def test_what_is_not_installed_is_named(site: Path) -> None:
    with pytest.raises(LookupError, match="missing"):
        shipped(["missing"], site)


def test_each_part_is_listed_with_its_version_and_licence(site: Path) -> None:
    lines = table(shipped(["first"], site)).splitlines()

    assert lines[-3:] == ["first   1  MIT", "second  1  Public Domain", "third   1  BSD-3-Clause"]


def test_a_licence_of_many_lines_is_told_by_its_classifier(site: Path) -> None:
    (second,) = [it for it in shipped(["second"], site) if it.name == "second"]

    assert licence(second) == "Public Domain"


def test_the_texts_are_copied_into_folders_of_their_names(site: Path, tmp_path: Path) -> None:
    copy_texts(shipped(["first"], site), tmp_path / "licences")

    assert (tmp_path / "licences" / "first" / "LICENSE").read_text() == "Do.\n"
    assert "first   1  MIT" in (tmp_path / "licences" / "THIRD-PARTY.txt").read_text()


def _install(site: Path, name: str, *needs: str, licence: str = "", text: str = "") -> None:
    info = site / f"{name}-1.dist-info"
    info.mkdir(parents=True)
    lines = ["Metadata-Version: 2.1", f"Name: {name}", "Version: 1"]
    lines += [f"Requires-Dist: {it}" for it in needs]
    lines += ["Provides-Extra: more", "Provides-Extra: other"]
    lines += (
        [f"License-Expression: {licence}"]
        if licence
        else [
            "License: Do with it",
            "        what you want.",
            "Classifier: License :: Public Domain",
        ]
    )
    (info / "METADATA").write_text("\n".join(lines) + "\n")
    files = [f"{info.name}/METADATA,,"]
    if text:
        (info / "licenses").mkdir()
        (info / "licenses" / "LICENSE").write_text(text)
        files.append(f"{info.name}/licenses/LICENSE,,")
    (info / "RECORD").write_text("\n".join(files) + "\n")
