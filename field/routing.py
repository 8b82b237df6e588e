"""A day's stops in a short order. The stops are chosen by the procedure (S004-28); here they only get their order."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from math import asin, cos, radians, sin, sqrt

EARTH_KM = 6371.0
ROAD_FACTOR = 1.3
"""Roads are about a third longer than the straight line."""


@dataclass(frozen=True)
class Place:
    """A stop with its position, or without one; `key` is what the caller knows it by."""

    key: int
    latitude: float | None
    longitude: float | None
    town: str = ""
    postal_code: str = ""

    @property
    def position(self) -> tuple[float, float]:
        """Latitude and longitude in radians; of a placed stop alone."""
        assert self.latitude is not None
        assert self.longitude is not None
        return radians(self.latitude), radians(self.longitude)

    @property
    def is_placed(self) -> bool:
        return self.latitude is not None and self.longitude is not None


@dataclass(frozen=True)
class Route:
    """Keys in the order of driving; `km` along roads, roughly, between the stops whose position is known."""

    keys: tuple[int, ...]
    km: float
    unplaced: int


def distance_km(a: Place, b: Place) -> float:
    """Great-circle distance."""
    (lat_a, lon_a), (lat_b, lon_b) = a.position, b.position
    half = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin((lon_b - lon_a) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(half))


def route(places: Sequence[Place], *, seed: int = 1) -> Route:
    """Order the stops: an open path through those with a position; the others follow their town, or come last.

    Deterministic for the same stops.
    """
    placed = [place for place in places if place.is_placed]
    others = [place for place in places if not place.is_placed]
    ordered = _path(placed, seed)
    for place in sorted(others, key=lambda one: (one.town, one.postal_code, one.key)):
        neighbours = [n for n, known in enumerate(ordered) if place.town and known.town == place.town]
        ordered.insert(neighbours[-1] + 1 if neighbours else len(ordered), place)
    driven = [place for place in ordered if place.is_placed]
    km = sum(distance_km(a, b) for a, b in pairwise(driven)) * ROAD_FACTOR
    return Route(tuple(place.key for place in ordered), round(km, 1), len(others))


def _path(placed: Sequence[Place], seed: int) -> list[Place]:
    if len(placed) < 3:
        return list(placed)
    import networkx as nx

    graph = nx.Graph()
    for (n, a), (m, b) in combinations(enumerate(placed), 2):
        graph.add_edge(n, m, weight=distance_km(a, b))
    graph.add_node("gap")
    for n in range(len(placed)):
        graph.add_edge("gap", n, weight=0)
    start = nx.approximation.greedy_tsp(graph, source="gap")
    cycle = nx.approximation.threshold_accepting_tsp(graph, start, source="gap", seed=seed, max_iterations=30)
    best = min((start, cycle), key=lambda tour: sum(graph[a][b]["weight"] for a, b in pairwise(tour)))
    return [placed[n] for n in best if n != "gap"]
