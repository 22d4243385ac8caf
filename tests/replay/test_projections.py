"""Every view that there is keeps the contract, by being found."""

import pytest

from replay.view import View
from replay.views import all_views
from tests.contracts.projection import ProjectionContract


class TestEveryView(ProjectionContract):
    @pytest.fixture(params=all_views(), ids=lambda view: view.name)
    def view(self, request: pytest.FixtureRequest) -> View:
        found: View = request.param
        return found
