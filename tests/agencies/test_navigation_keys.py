"""The letters after `g` open pages; nobody's two pages may share one."""

from collections import Counter

import pytest

from agencies.roles import ROLES
from common import panels


@pytest.mark.parametrize("role", ROLES.values(), ids=ROLES)
def test_no_letter_opens_two_pages_of_a_role(role: type) -> None:
    keys = Counter(item.key for item in panels._nav.values() if item.key and item.permission in role.permissions)
    assert [key for key, times in keys.items() if times > 1] == []
