"""Numbers are shown as the reader writes them."""

from decimal import Decimal

from django.utils.translation import override

from common.templatetags.trade import plain


def test_a_percent_has_the_digits_that_say_something() -> None:
    with override("ro"):
        assert [plain(one) for one in ("20.00", Decimal("1.50"), "0")] == ["20", "1,5", "0"]
    with override("en"):
        assert plain("9.5") == "9.5"
