"""Numbers of the conference's guide."""

from typing import Final

PRICES: Final = {"ga": "199.00", "w": "500.00", "party": "50.00", "ticket": "0.00"}

# What is wanted of each type, and what it costs.
TOTALS: Final = [
    ({"ga": 1, "party": 1}, "249.00"),
    ({"ga": 1, "w": 1, "party": 1}, "749.00"),
    ({"ga": 3, "w": 10}, "5597.00"),
    ({"w": 10, "party": 9}, "5450.00"),
    ({"ga": 2}, "398.00"),
    ({"ticket": 2}, "0.00"),
    ({"party": 6}, "300.00"),
]

# A unit price and what three cost: rounded to cents, a half to the even one.
ROUNDED: Final = [("0.335", "1.00"), ("0.345", "1.04"), ("0.336", "1.01")]

# Seats there are; registrants, each with the same wish; orders completed and granted in part.
QUOTAS: Final = [
    ({"w": 4}, 4, {"w": 2}, 2, 2),
    ({"w": 200}, 200, {"w": 2}, 100, 100),
    ({"w": 200, "ga": 100}, 200, {"w": 1, "ga": 2}, 50, 150),
    ({"w": 10}, 20, {"w": 1}, 10, 10),
    ({"w": 10}, 2, {"w": 6}, 1, 1),
]
