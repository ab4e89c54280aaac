"""An edit of one line makes a local change in the derivatives: names, temporaries and order do not ripple."""

from __future__ import annotations

import pytest

from tests.locality.cases import EDITS, Edit
from tests.locality.measure import MODES, reach


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("edit", EDITS, ids=lambda e: e.name)
def test_reach(edit: Edit, mode: str):
    found = reach(edit, mode)
    assert found.lines > 0
    assert found.ratio <= 3, found.text
    assert found.renumbered <= 2 * found.by_hand, found.text
