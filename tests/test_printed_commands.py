"""What is printed is compared whole; only what is another one at each run is compared by kind."""

from pathlib import Path

import pytest

from tests.printed_commands import follow, says

BEGAN_S, ENDED_S = 1_790_000_000.0, 1_790_000_060.0  # 2026-09-21T14:13:20Z, and a minute later
ID, OTHER = "11f119d0-5581-44e9-9627-026c2b756513", "00000000-5581-44e9-9627-026c2b756513"


@pytest.mark.parametrize(
    ("shown", "said", "is_so"),
    [
        ("5 of 5 events stored, in 0.3 s", "5 of 5 events stored, in 1,000.25 s", True),
        ("5 of 5 events stored, in 0.3 s", "5 of 6 events stored, in 0.3 s", False),
        (f"AddSeats {ID} done", f"AddSeats {OTHER} done", True),
        ("position 39", "position 40", False),
        ("digest 86db861f31ab5289", "digest 86db861f31ab5288", False),
        (f"chain {'a' * 64}", f"chain {'0' * 64}", True),
        (f"SHA-256 {'a' * 64}", f"SHA-256 {'0' * 64}", False),
        ("at 2026-03-14T09:41:09.921Z", "at 2026-03-14T09:41:09.921Z", True),
        ("at 2026-03-14T09:41:09.921Z", "at 2026-03-14T09:41:09.922Z", False),
        ("at 2026-03-14T09:41:09.921Z", "at 2026-09-21T14:13:21Z", True),
        ("{'total':199.00,…", "{'total':199.00,'lines':[]}", True),
        ("{'total':199.00,…", "{'total':500.00,'lines':[]}", False),
        ("queue  waiting", "queue    waiting", True),
        ("one", "one\nand a warning", False),
        ("one\n…", "one\nand a warning", True),
        ("one\n…\nthree", "one\nthree", True),
        ("one\n…\nthree", "one\ntwo", False),
        ("…", "", True),
    ],
)
def test_a_figure_that_is_another_one_is_noticed(shown: str, said: str, is_so: bool) -> None:
    assert says(shown, said, began_s=BEGAN_S, ended_s=ENDED_S) == is_so


PAGE = """
```sh hello.sh
echo hello
```

```
$ sh hello.sh
hello
$ main.py info nothing.foldline  # exits with 1
main.py: the file does not exist: nothing.foldline
…
```
"""


def test_a_page_is_typed_in_its_order(tmp_path: Path) -> None:
    assert follow(PAGE, tmp_path) == []


@pytest.mark.parametrize(
    "wrong",
    [PAGE.replace("\nhello\n$", "\nhullo\n$"), PAGE.replace("  # exits with 1", "")],
)
def test_a_page_that_promises_something_else_is_noticed(tmp_path: Path, wrong: str) -> None:
    assert len(follow(wrong, tmp_path)) == 1
