"""Phone numbers in E.164. The reading itself is a toolkit of every floor: `common.phones`."""

from common.phones import HOME, MOBILE, NotAPhone, normalise_phone, place_of, split_phones

__all__ = ["HOME", "MOBILE", "NotAPhone", "normalise_phone", "place_of", "split_phones"]
