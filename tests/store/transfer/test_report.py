"""The counts of an import: one declaration, from which sums and words are made."""

from store.transfer.report import ImportCounts, Tally, odd_counts, total


def test_every_count_is_summed() -> None:
    names = ImportCounts.__struct_fields__
    one = ImportCounts(**{name: at for at, name in enumerate(names, 1)})

    assert total([one, one]).numbers() == {name: 2 * at for at, name in enumerate(names, 1)}
    assert total([]) == ImportCounts()


def test_every_count_but_those_a_report_begins_with_has_its_words() -> None:
    words = odd_counts()

    assert [it.name for it in words] == list(ImportCounts.__struct_fields__[2:])
    assert all(it.command_line and it.window for it in words)


def test_a_tally_ends_as_counts() -> None:
    tally = Tally()
    tally.add("read", 3)
    tally.add("renumbered")

    assert tally.counts() == ImportCounts(read=3, renumbered=1)
