"""GeoJSON polygons (RFC 7946), read strictly: a layer is areas in longitude and latitude, or it is refused."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import shapely
from shapely.geometry import MultiPolygon, Polygon

from eligibility.errors import MapError

_LONGEST_FILE = 1_000_000_000  # bytes
_WGS84 = re.compile(r"(CRS:?84|EPSG:([\d.]*:)?4326|EPSG/[\d.]+/4326|^WGS ?84)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Feature:
    """One area of a layer: where it stands in the file, what the file says of it, and its shape in degrees."""

    where: str
    properties: Mapping[str, Any]
    shape: Polygon | MultiPolygon


def read_polygons(path: Path) -> list[Feature]:
    """Read a FeatureCollection of polygons in WGS84 longitude and latitude; a third coordinate is dropped.

    Raises:
        MapError: the file is missing, empty, cut short, no FeatureCollection of polygons, in another coordinate system,
            or holds an invalid area; the message names the file and the feature.
    """
    where = path.name
    collection = _parse(read_file(path), where)
    if not isinstance(collection, dict) or collection.get("type") != "FeatureCollection":
        raise MapError("is not a GeoJSON FeatureCollection", where)
    _require_wgs84(collection.get("crs"), where)
    features = collection.get("features")
    if not isinstance(features, list):
        raise MapError("has no list of features", where)
    if not features:
        raise MapError("has no features", where)
    return [_read_feature(feature, f"{where}: feature {n}") for n, feature in enumerate(features, start=1)]


def read_file(path: Path, longest: int = _LONGEST_FILE) -> str:
    """A text file of a map's source of at most `longest` bytes, whole, as UTF-8 with or without a mark.

    Raises:
        MapError: missing, empty, too long or not UTF-8.
    """
    try:
        if path.stat().st_size > longest:
            raise MapError(f"is longer than {longest} bytes", path.name)
        raw = path.read_bytes()
    except (OSError, ValueError) as problem:
        if isinstance(problem, MapError):
            raise
        reason = getattr(problem, "strerror", None) or problem
        raise MapError(f"cannot be read: {reason}", str(path)) from problem
    if not raw.strip():
        raise MapError("is empty", path.name)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise MapError(f"is not UTF-8 at byte {problem.start}", path.name) from problem


def _parse(text: str, where: str) -> Any:
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as problem:
        cut = " (is the file cut short?)" if problem.pos >= len(text.rstrip()) - 1 or "Untermin" in problem.msg else ""
        raise MapError(
            f"is not JSON at line {problem.lineno} column {problem.colno}: {problem.msg}{cut}", where
        ) from problem
    except (ValueError, RecursionError) as problem:
        raise MapError(f"is not JSON: {problem}", where) from problem


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number that JSON knows")


def _require_wgs84(crs: object, where: str) -> None:
    """RFC 7946 knows only WGS84; older files may name a system, and then it must be that one."""
    if crs is None:
        return
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if not isinstance(name, str) or not _WGS84.search(name.strip()):
        shown = name if isinstance(name, str) else json.dumps(crs)
        raise MapError(f"is in the coordinate system {shown:.60}; convert it to WGS84 (EPSG:4326)", where)


def _read_feature(feature: object, where: str) -> Feature:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        raise MapError("is not a GeoJSON Feature", where)
    properties = feature.get("properties")
    if properties is None:
        properties = {}
    if not isinstance(properties, dict):
        raise MapError("has properties that are not a table", where)
    return Feature(where, properties, _read_shape(feature.get("geometry"), where))


def _read_shape(geometry: object, where: str) -> Polygon | MultiPolygon:
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if not isinstance(geometry, dict) or kind not in {"Polygon", "MultiPolygon"}:
        found = f"a {kind:.30}" if isinstance(kind, str) else "nothing"
        raise MapError(f"must be a Polygon or a MultiPolygon, found {found}", where)
    parts = geometry.get("coordinates")
    if kind == "Polygon":
        parts = [parts]
    if not isinstance(parts, list) or not parts:
        raise MapError("has no coordinates", where)
    polygons = [_read_polygon(part, where) for part in parts]
    shape = polygons[0] if len(polygons) == 1 else MultiPolygon(polygons)
    if not shape.is_valid:
        reason = shapely.is_valid_reason(shape)
        raise MapError(f"is not a valid area: {reason.replace('[', ' at ').rstrip(']')}", where)
    if not shape.area > 0:
        raise MapError("has no area", where)
    return shape


def _read_polygon(rings: object, where: str) -> Polygon:
    if not isinstance(rings, list) or not rings:
        raise MapError("has a polygon without rings", where)
    outline, *holes = [_read_ring(ring, where) for ring in rings]
    return Polygon(outline, holes)


def _read_ring(ring: object, where: str) -> list[tuple[float, float]]:
    if not isinstance(ring, list) or len(ring) < 4:
        raise MapError("has a ring of fewer than four positions", where)
    points = [_read_position(position, where) for position in ring]
    if points[0] != points[-1]:
        raise MapError("has a ring that does not close", where)
    return points


def _read_position(position: object, where: str) -> tuple[float, float]:
    if isinstance(position, list) and len(position) >= 2:
        lon, lat = position[0], position[1]
        if type(lon) in {int, float} and type(lat) in {int, float}:
            problem = misplaced(lon, lat)
            if problem:
                raise MapError(problem, where)
            return float(lon), float(lat)
    raise MapError(f"has a position that is not two numbers: {position!r:.60}", where)


def misplaced(lon: float, lat: float) -> str:
    """What is wrong with a longitude and latitude in degrees, or nothing."""
    swapped = 17 <= lon <= 72 and -180 <= lat <= -64
    if swapped:
        return f"has latitude and longitude swapped: ({lon:.10g}, {lat:.10g})"
    # Written so that NaN fails it too.
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        shown = f"({str(lon)[:20]}, {str(lat)[:20]})"
        return f"is in a wrong coordinate system: {shown} is not longitude and latitude in degrees (WGS84)"
    return ""
