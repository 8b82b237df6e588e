"""Stops and outlines drawn as a small map, in the projection of web maps, so that tiles fit under it where a tile
server is set (`FIELD_TILE_URL`). Without one nothing is fetched from anywhere."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import asinh, floor, pi, radians, tan

WIDTH, HEIGHT, MARGIN = 640, 420, 40
TILE = 256
MAX_ZOOM = 16

Spot = tuple[float, float]


@dataclass(frozen=True)
class MapPoint:
    """A numbered point in pixels of the drawing."""

    number: int
    x: float
    y: float


@dataclass(frozen=True)
class MapTile:
    href: str
    x: float
    y: float


@dataclass(frozen=True)
class Map:
    """`line` joins the points in order; `outlines` are (name, corners, x and y of the name)."""

    width: int
    height: int
    points: list[MapPoint]
    line: str
    outlines: list[tuple[str, str, float, float]]
    tiles: list[MapTile]


def drawn(
    points: Sequence[tuple[int, float, float]], outlines: Sequence[tuple[str, Sequence[Sequence[float]]]] = (), *,
    tile_url: str = "",
) -> Map | None:  # fmt: skip
    """Draw numbered (number, latitude, longitude) and named outlines; None when nothing has a position.

    `tile_url` holds {z}, {x} and {y}.
    """
    spots = [(lat, lon) for _n, lat, lon in points] + [(lat, lon) for _name, way in outlines for lat, lon in way]
    if not spots:
        return None
    zoom = _zoom(spots)
    corners = [_pixel(lat, lon, zoom) for lat, lon in spots]
    xs, ys = [x for x, _y in corners], [y for _x, y in corners]
    left, top = (min(xs) + max(xs) - WIDTH) / 2, (min(ys) + max(ys) - HEIGHT) / 2

    def at(lat: float, lon: float) -> Spot:
        x, y = _pixel(lat, lon, zoom)
        return round(x - left, 1), round(y - top, 1)

    shown = [MapPoint(number, *at(lat, lon)) for number, lat, lon in points]
    areas = []
    for name, way in outlines:
        dots = [at(lat, lon) for lat, lon in way]
        middle = sum(x for x, _y in dots) / len(dots), sum(y for _x, y in dots) / len(dots)
        areas.append((name, " ".join(f"{x},{y}" for x, y in dots), round(middle[0], 1), round(middle[1], 1)))
    tiles = list(_tiles(tile_url, zoom, left, top)) if tile_url else []
    return Map(WIDTH, HEIGHT, shown, " ".join(f"{dot.x},{dot.y}" for dot in shown), areas, tiles)


def _pixel(lat: float, lon: float, zoom: float) -> Spot:
    size = TILE * 2**zoom
    return (lon + 180) / 360 * size, (1 - asinh(tan(radians(lat))) / pi) / 2 * size


def _zoom(spots: Sequence[Spot]) -> int:
    """The closest zoom at which everything fits."""
    for zoom in range(MAX_ZOOM, 0, -1):
        dots = [_pixel(lat, lon, zoom) for lat, lon in spots]
        wide = max(x for x, _y in dots) - min(x for x, _y in dots)
        high = max(y for _x, y in dots) - min(y for _x, y in dots)
        if wide <= WIDTH - 2 * MARGIN and high <= HEIGHT - 2 * MARGIN:
            return zoom
    return 1


def _tiles(url: str, zoom: int, left: float, top: float) -> Iterator[MapTile]:
    count = 2**zoom
    for row in range(floor(top / TILE), floor((top + HEIGHT) / TILE) + 1):
        for column in range(floor(left / TILE), floor((left + WIDTH) / TILE) + 1):
            if 0 <= row < count:
                href = url.format(z=zoom, x=column % count, y=row)
                yield MapTile(href, round(column * TILE - left, 1), round(row * TILE - top, 1))
