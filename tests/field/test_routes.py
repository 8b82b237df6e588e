"""Routes and territories: a short way through the day's stops, and whose area an address lies in."""

from itertools import pairwise, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from debtors.models import ContactPoint
from field.routing import ROAD_FACTOR, Place, distance_km, route
from field.territories import Area, OutlineNotUnderstood, inside, outline_of, territory_of

CHISINAU = Place(1, 47.0105, 28.8638, "Chișinău")
ORHEI = Place(2, 47.3849, 28.8245, "Orhei")
BALTI = Place(3, 47.7617, 27.9289, "Bălți")
CAHUL = Place(4, 45.9042, 28.1993, "Cahul")


def length(places: list[Place]) -> float:
    return sum(distance_km(a, b) for a, b in pairwise(places))


def test_the_distance_between_two_towns() -> None:
    assert distance_km(CHISINAU, BALTI) == pytest.approx(109, abs=2)


def test_the_stops_of_a_day_are_driven_in_a_short_order() -> None:
    towns = [BALTI, CAHUL, ORHEI, CHISINAU]
    found = route(towns)

    shortest = min(length(list(order)) for order in permutations(towns))
    assert found.km == pytest.approx(shortest * ROAD_FACTOR, abs=0.1)
    assert found.keys in {(4, 1, 2, 3), (3, 2, 1, 4)}


def test_a_stop_without_a_position_follows_its_town() -> None:
    unknown = Place(9, None, None, "Orhei")
    found = route([CAHUL, unknown, ORHEI, CHISINAU, BALTI])

    assert found.keys.index(9) == found.keys.index(2) + 1
    assert found.unplaced == 1


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.floats(45, 48), st.floats(26, 30)), max_size=9, unique=True
    )
)  # fmt: skip
def test_every_stop_is_driven_to_once(points: list[tuple[float, float]]) -> None:
    places = [Place(n, lat, lon) for n, (lat, lon) in enumerate(points)]

    assert sorted(route(places).keys) == list(range(len(points)))
    assert route(places) == route(places)


def area(number: int, *, prefixes: tuple[str, ...] = (), cities: frozenset[str] = frozenset(), outline=()) -> Area:
    return Area(number, "MD", prefixes, cities, outline)


def test_an_address_belongs_to_the_longest_postal_prefix() -> None:
    address = ContactPoint(postal_code="MD-3505", city="Orhei", country="MD")

    assert territory_of(address, [area(1, prefixes=("MD-3",)), area(2, prefixes=("MD-35",))]) == 2
    assert territory_of(address, [area(1, prefixes=("MD-2",))]) is None


def test_the_town_beats_the_postal_code_and_the_outline_beats_both() -> None:
    address = ContactPoint(postal_code="3505", city="Orhei", country="MD", latitude="47.38", longitude="28.82")
    around = ((47.0, 28.0), (47.0, 29.0), (48.0, 29.0), (48.0, 28.0))
    by_code, by_town = area(1, prefixes=("35",)), area(2, cities=frozenset({"orhei"}))

    assert territory_of(address, [by_code, by_town]) == 2
    assert territory_of(address, [by_code, by_town, area(3, outline=around)]) == 3


def test_another_countrys_territory_does_not_count() -> None:
    address = ContactPoint(postal_code="35", city="", country="RO")

    assert territory_of(address, [area(1, prefixes=("35",))]) is None


def test_inside_and_outside_of_an_outline() -> None:
    dented = ((0.0, 0.0), (0.0, 4.0), (4.0, 4.0), (2.0, 2.0), (4.0, 0.0))

    assert inside((1.0, 2.0), dented)
    assert not inside((3.5, 2.0), dented)


def test_an_outline_that_is_not_understood_names_its_line() -> None:
    assert outline_of(["47.01, 28.86", "", "47.1; 28.9"]) == [[47.01, 28.86], [47.1, 28.9]]
    with pytest.raises(OutlineNotUnderstood) as wrong:
        outline_of(["47.01, 28.86", "north of the mill"])
    assert wrong.value.line == 2
