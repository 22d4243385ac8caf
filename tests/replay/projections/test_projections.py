"""Every view that there is keeps the contract, by being found."""

import pytest

from replay.catalog.all_views import all_views
from replay.rules.rule import Rule
from replay.rules.rules_tables import NAME
from replay.rules.rules_view import rules_view
from replay.views.view import View
from tests.contracts.projection import ProjectionContract

MET = Rule(name="always", where="no_such_field is missing")


class TestEveryView(ProjectionContract):
    @pytest.fixture(params=all_views(), ids=lambda view: view.name)
    def view(self, request: pytest.FixtureRequest) -> View:
        found: View = request.param
        return rules_view([MET]) if found.name == NAME else found  # random states break no other
