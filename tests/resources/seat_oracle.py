"""Who got how many seats, worked out again from the events with a few lines of bookkeeping."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from tests.resources.sample_lines import Line


@dataclass
class SeatOracle:
    """Feed it a log in order. It knows nothing of how the log was made."""

    supplied: Counter[str] = field(default_factory=Counter)
    held: dict[str, Counter[str]] = field(default_factory=dict)
    final: set[str] = field(default_factory=set)  # reservations that are committed
    wanted: dict[str, Counter[str]] = field(default_factory=dict)
    lowest: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def left(self, seat: str) -> int:
        return self.supplied[seat] - sum(each[seat] for each in self.held.values())

    def feed(self, line: Line) -> None:
        match line["type"]:
            case "OrderPlaced" | "OrderUpdated":
                self.wanted[line["stream"].removeprefix("order-")] = _count(line["data"]["seats"])
            case "AvailableSeatsChanged":
                for seat, by in _pairs(line["data"]["seats"]):
                    self.supplied[seat] += by
            case "SeatsReserved":
                self._reserve(line)
            case "SeatsReservationCancelled":
                gone = self.held.pop(line["data"]["reservationId"])
                if gone != _count(line["data"]["availableSeatsChanged"]):
                    self.faults.append(f"{line['position']}: gives back other seats than it held")
            case "SeatsReservationCommitted":
                self.final.add(line["data"]["reservationId"])
        for seat in self.supplied:
            self.lowest[seat] = min(self.lowest[seat], self.left(seat))

    def _reserve(self, line: Line) -> None:
        id_, granted = line["data"]["reservationId"], _count(line["data"]["reservationDetails"])
        before, asked = self.held.get(id_, Counter()), self.wanted[id_]
        for seat in {*asked, *before}:
            due = min(asked[seat], max(self.left(seat), 0) + before[seat])
            if granted[seat] != due:
                self.faults.append(f"{line['position']}: {granted[seat]} {seat} instead of {due}")
        moved = _count(line["data"]["availableSeatsChanged"])
        if any(before[seat] - granted[seat] != moved[seat] for seat in {*granted, *before, *moved}):
            self.faults.append(f"{line['position']}: the difference is not what moved")
        if id_ in self.final:
            self.faults.append(f"{line['position']}: changes a committed reservation")
        self.held[id_] = granted


def judged(lines: Iterable[Line]) -> SeatOracle:
    oracle = SeatOracle()
    for line in lines:
        oracle.feed(line)
    return oracle


def _pairs(seats: list[Line]) -> Iterator[tuple[str, int]]:
    return ((line["seatType"], line["quantity"]) for line in seats)


def _count(seats: list[Line]) -> Counter[str]:
    return Counter(dict(_pairs(seats)))
