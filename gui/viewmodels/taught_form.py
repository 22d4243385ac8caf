"""What the fields of a step are called, and what goes into them."""

from typing import Final

from gui.words import said

STEP_FORM: Final = (  # (id, title, tip)
    ("to", said("Field of the state"), said("a name, such as total or customer.name")),
    (
        "value",
        said("Value"),
        said('a field of the data, a product (quantity × price), or a constant: "open", 0, true'),
    ),
    ("entry", said("Entry"), said("an object of the data, or name: field, name: field")),
    ("key", said("Key"), said("the field that tells one entry from another")),
    ("sum", said("Add up"), said("fields to add up if the entry already exists")),
    ("subtract", said("Subtract"), said("name: field; the entry is removed once nothing is left")),
    ("each", said("For each"), said("a list in the data; empty: once per event")),
    (
        "if_missing",
        said("If missing"),
        said(
            "fail: no state after this event; skip: skip this step; skip rest: skip "
            "the later steps too"
        ),
    ),
)
