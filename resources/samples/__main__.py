"""Make the sample files again: python -m resources.samples."""

from resources.samples import canonical, make_bank, make_conference, make_ships
from resources.samples.catalog import SAMPLES

BUILDERS = {
    "conference": make_conference.build,
    "ships": make_ships.build,
    "bank": make_bank.build,
}


def main() -> None:
    for sample in SAMPLES:
        events = BUILDERS[sample.name]()
        packed = canonical.compressed(events)
        sample.path.write_bytes(packed)
        print(f"{sample.path.name}: {len(events):,} events, {len(packed):,} bytes")


if __name__ == "__main__":
    main()
