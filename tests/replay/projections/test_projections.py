"""Every view that there is keeps the contract, by being found."""

import pytest

from replay.catalog.all_views import all_views
from replay.views.view import View
from tests.contracts.projection import ProjectionContract


class TestEveryView(ProjectionContract):
    @pytest.fixture(params=all_views(), ids=lambda view: view.name)
    def view(self, request: pytest.FixtureRequest) -> View:
        found: View = request.param
        return found
