"""The packs that ship with the product: loading, checking them together, and flattening one for a day.

Current versions stand in `packs/`, superseded ones in `packs/archive/` so that an old decision can be replayed.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType

import yaml

from jurisdictions.codes import Force
from jurisdictions.model import Cite, HolidaySpec, Pack, PackSet, PackVersion, ResolvedPack, Retention, Rule
from jurisdictions.schema import PackError, parse_pack, parse_rule, tenant_rule

__all__ = [
    "Cite",
    "HolidaySpec",
    "Pack",
    "PackError",
    "PackMissing",
    "PackSet",
    "PackVersion",
    "PackVersionUnknown",
    "ResolvedPack",
    "Retention",
    "Rule",
    "check_together",
    "load_pack_versions",
    "load_packs",
    "may_loosen",
    "packs_at",
    "parse_pack",
    "parse_rule",
    "resolve",
    "tenant_rule",
]


class PackMissing(LookupError):
    """No pack of that id, or none in force on that day; the same for anything it extends."""


class PackVersionUnknown(LookupError):
    """The version of a pack that a decision was taken with is not shipped, or its content has changed since."""


def _yaml_files(folder: Traversable) -> Iterator[Traversable]:
    if folder.is_dir():
        yield from sorted((f for f in folder.iterdir() if f.name.endswith(".yaml")), key=lambda f: f.name)


def _read(file: Traversable) -> Pack:
    try:
        raw = yaml.safe_load(file.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise PackError(file.name, "", "(all)", f"is not YAML: {error}") from error
    return parse_pack(raw)


@lru_cache(maxsize=1)
def _shipped() -> PackSet:
    found: dict[str, Pack] = {}
    for file in _yaml_files(files("jurisdictions") / "packs"):
        pack = _read(file)
        if file.name != f"{pack.id}.yaml":
            raise PackError(pack.id, "", "id", f"does not match the file name {file.name}")
        found[pack.id] = pack
    check_together(found)
    return MappingProxyType(found)


def load_packs() -> dict[str, Pack]:
    """Every shipped pack in its current version, by id. Read and checked once per process.

    Raises:
        PackError: a file does not follow the schema, or the packs do not fit together.
    """
    return dict(_shipped())


@lru_cache(maxsize=1)
def load_pack_versions() -> dict[tuple[str, str], Pack]:
    """Every version that ships, current and superseded, by (id, version)."""
    archived = [_read(file) for file in _yaml_files(files("jurisdictions") / "packs" / "archive")]
    return {(pack.id, pack.version): pack for pack in [*archived, *_shipped().values()]}


def packs_at(versions: Iterable[PackVersion]) -> dict[str, Pack]:
    """The packs in exactly these versions, by id, for replaying a decision.

    Raises:
        PackVersionUnknown: a version does not ship, or its content is not what the hash says.
    """
    shipped = load_pack_versions()
    found: dict[str, Pack] = {}
    for pack_id, version, sha256 in versions:
        pack = shipped.get((pack_id, version))
        if pack is None:
            raise PackVersionUnknown(f"pack {pack_id} version {version} is not shipped")
        if pack.sha256 != sha256:
            raise PackVersionUnknown(f"pack {pack_id} version {version} has other content than the decision recorded")
        found[pack_id] = pack
    return found


def check_together(packs: PackSet) -> None:
    """Packs extend packs that exist, in no circle; rule ids are used once; a disabled rule is one that was inherited.

    Raises:
        PackError: with the pack and the field.
    """
    owner: dict[str, str] = {}
    for pack in packs.values():
        for rule in pack.rules:
            if owner.setdefault(rule.id, pack.id) != pack.id:
                raise PackError(pack.id, rule.id, "id", f"is already used by pack {owner[rule.id]}")
        for parent in pack.extends:
            if parent not in packs:
                raise PackError(pack.id, "", "extends", f"names the unknown pack {parent}")
    for pack in packs.values():
        inherited = {rule.id for one in _lineage(pack.id, packs)[:-1] for rule in one.rules}
        for rule_id in sorted(pack.disable - inherited):
            raise PackError(pack.id, rule_id, "disable", "names a rule that is not inherited")


def _lineage(pack_id: str, packs: PackSet, below: tuple[str, ...] = ()) -> list[Pack]:
    """The pack and all it extends, farthest first."""
    if pack_id in below:
        raise PackError(pack_id, "", "extends", f"runs in a circle: {' > '.join((*below, pack_id))}")
    pack = packs.get(pack_id)
    if pack is None:
        raise PackMissing(f"there is no pack {pack_id}")
    found: list[Pack] = []
    for parent in pack.extends:
        found += [one for one in _lineage(parent, packs, (*below, pack_id)) if one not in found]
    return [*found, pack]


def resolve(pack_id: str, on: date, packs: PackSet | None = None) -> ResolvedPack:
    """Flatten `pack_id` for the debtor's day `on`: inherited rules first, disabled and not-in-force rules left out.

    Raises:
        PackMissing: the pack or one it extends is unknown or not in force on that day.
    """
    lineage = _lineage(pack_id, _shipped() if packs is None else packs)
    for pack in lineage:
        if not pack.in_force(on):
            raise PackMissing(f"pack {pack.id} version {pack.version} is not in force on {on}")
    disabled = frozenset(rule_id for pack in lineage for rule_id in pack.disable)
    rules = tuple(rule for pack in lineage for rule in pack.rules if rule.id not in disabled and rule.in_force(on))
    nearest = lineage[::-1]
    may = {pack.id for pack in lineage if pack.tenant_may_loosen}
    return ResolvedPack(
        id=pack_id,
        on=on,
        rules=rules,
        lineage=tuple((pack.id, pack.version, pack.sha256) for pack in lineage),
        loosenable=frozenset(r.id for r in rules if r.force is Force.PRACTICE and r.pack_id in may),
        tz=next((pack.tz for pack in nearest if pack.tz), ()),
        holidays=next((pack.holidays for pack in nearest if pack.holidays), None),
        languages=next((pack.languages for pack in nearest if pack.languages), ()),
        obligations=tuple(dict.fromkeys(word for pack in lineage for word in pack.obligations)),
        preconditions=tuple(dict.fromkeys(word for pack in lineage for word in pack.preconditions)),
        retention=next((pack.retention for pack in nearest if pack.retention), None),
        reviewed=all(pack.reviewed_by is not None for pack in lineage),
    )


def may_loosen(rule_id: str) -> bool:
    """Whether an agency may switch this shipped rule off: only our own `practice` defaults, and never the BASE
    protections.
    """
    for pack in _shipped().values():
        for rule in pack.rules:
            if rule.id == rule_id:
                return rule.force is Force.PRACTICE and pack.tenant_may_loosen
    return False
