"""Which columns belong together: an indicator, its targets, their budgets.

Most tables have one indicator column. Two kinds have more: tables in halves ("Rancangan
Awal RKPD | Hasil Analisis Kebutuhan", every column twice) and cascades ("Tujuan |
Indikator | Target | Sasaran | Indikator | Target"). Each half and each step is a block.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from rktdata.normalize.headings import ColumnRole, words_of

# Of several budget columns side by side, the one that holds the sum or the last word.
_SUMS = frozenset({"jumlah", "total"})
_LATEST = frozenset({"setelah", "sesudah", "perubahan", "revisi"})


@dataclass(frozen=True, slots=True)
class Block:
    """Columns (by place) that are read together; None where the table has none.

    Attributes:
        indicator: The indicator column; None in a table of programmes and budgets.
        levels: Columns of the hierarchy, left to right.
        fallback: For a second half: the first half's column of the hierarchy, read
            where the second prints nothing.
        targets, budgets: Left to right, forward estimates included.
        unit, baseline, location, remark, person: Single columns.
    """

    indicator: int | None
    levels: tuple[int, ...]
    targets: tuple[int, ...]
    budgets: tuple[int, ...]
    unit: int | None = None
    baseline: int | None = None
    location: int | None = None
    remark: int | None = None
    person: int | None = None
    fallback: tuple[int, ...] = ()


def find_blocks(roles: tuple[ColumnRole, ...]) -> tuple[Block, ...]:
    """The table's blocks, left to right; the first is the plan proper."""
    indicators = [i for i, r in enumerate(roles) if r.name == "indikator"]
    if len(indicators) < 2:
        return (_only_block(roles, indicators[0] if indicators else None),)
    halves = _halves(roles, indicators)
    if halves:
        blocks = [_block(roles, columns, ind) for columns, ind in halves]
        first = blocks[0]
        return (first, *(_second(b, first) for b in blocks[1:]))
    steps = [
        _block(roles, columns, ind, roles_left_of=ind) for columns, ind in _steps(roles, indicators)
    ]
    if len({b.levels for b in steps}) == 1:
        # Several indicators of one row (outcome, output): they share its budget.
        budgets = tuple(i for i, r in enumerate(roles) if r.name == "anggaran")
        steps = [replace(b, budgets=budgets) for b in steps]
    with_targets = tuple(b for b in steps if b.targets)
    return with_targets or tuple(steps)


def find_budget_block(roles: tuple[ColumnRole, ...]) -> Block:
    """The columns from which budget lines are read: of halves the first, else all."""
    indicators = [i for i, r in enumerate(roles) if r.name == "indikator"]
    if len(indicators) > 1 and _halves(roles, indicators):
        return find_blocks(roles)[0]
    return _only_block(roles, indicators[0] if indicators else None)


def _only_block(roles: tuple[ColumnRole, ...], indicator: int | None) -> Block:
    """All columns; of a budget table in halves the first half's."""
    cuts = _repeats(roles) if indicator is None else None
    return _block(roles, range(cuts[1] if cuts else len(roles)), indicator)


def _second(block: Block, first: Block) -> Block:
    return replace(block, fallback=first.levels)


def _halves(
    roles: tuple[ColumnRole, ...], indicators: list[int]
) -> list[tuple[list[int], int]] | None:
    """The columns of each half, or None where the table is not in halves."""
    tops = [roles[i].path[0] for i in indicators]
    if len(set(tops)) == len(tops) and all(len(roles[i].path) > 1 for i in indicators):
        columns = [
            [i for i, r in enumerate(roles) if r.path[0] == top or r.path[0] not in tops]
            for top in tops
        ]
    else:
        cuts = _repeats(roles)
        if cuts is None or len(cuts) != len(indicators):
            return None
        ends = [*cuts[1:], len(roles)]
        shared = list(range(cuts[0]))
        columns = [[*shared, *range(a, b)] for a, b in zip(cuts, ends, strict=True)]
    if not all(i in c for c, i in zip(columns, indicators, strict=True)):
        return None
    own = [any(roles[i].name in ("target", "anggaran") for i in c) for c in columns]
    common = set(columns[0]).intersection(*columns[1:])
    levels = [[roles[i].levels for i in c if roles[i].levels and i not in common] for c in columns]
    alike = bool(levels[0]) and all(x == levels[0] for x in levels)
    return list(zip(columns, indicators, strict=True)) if all(own) and alike else None


def _repeats(roles: tuple[ColumnRole, ...]) -> list[int] | None:
    """Where the same column of the hierarchy begins again ("Program/Kegiatan" twice)."""
    first: int | None = None
    for i, role in enumerate(roles):
        if role.name != "jenjang":
            continue
        if first is None:
            first = i
        elif role.levels == roles[first].levels:
            return [first, i]
    return None


def _steps(roles: tuple[ColumnRole, ...], indicators: list[int]) -> list[tuple[range, int]]:
    """Each indicator with the columns up to the next one's hierarchy."""
    starts = [0]
    for i in indicators[1:]:
        start = i
        while roles[start - 1].name in ("jenjang", "nomor", "kode"):
            start -= 1
        starts.append(start)
    ends = [*starts[1:], len(roles)]
    return [(range(a, b), i) for a, b, i in zip(starts, ends, indicators, strict=True)]


def _block(
    roles: tuple[ColumnRole, ...],
    columns: range | list[int],
    indicator: int | None,
    roles_left_of: int | None = None,
) -> Block:
    def every(name: str) -> tuple[int, ...]:
        return tuple(i for i in columns if roles[i].name == name)

    def one(name: str) -> int | None:
        return next((i for i in columns if roles[i].name == name), None)

    if roles_left_of is None:
        levels = every("jenjang")
    else:
        levels = tuple(i for i in range(roles_left_of) if roles[i].name == "jenjang")
    return Block(
        indicator=indicator,
        levels=levels,
        targets=every("target"),
        budgets=every("anggaran"),
        unit=one("satuan"),
        baseline=one("kondisi_awal"),
        location=one("lokasi"),
        remark=one("keterangan"),
        person=one("penanggung_jawab"),
    )


def budget_of(
    roles: tuple[ColumnRole, ...], block: Block, target: int, year: int | None, plan: int | None
) -> int | None:
    """The budget column that goes with a target column.

    Args:
        roles: Of the table's columns.
        block: The target's block.
        target: The target column.
        year: The target's year.
        plan: The document's year: a budget without a year is the plan's.

    Returns:
        None where the table prints no budget for that target.
    """
    role = roles[target]
    mine = [i for i in block.budgets if roles[i].forward == role.forward]
    group = [i for i in mine if len(role.path) > 1 and roles[i].path[:-1] == role.path[:-1]]
    if group:
        return choose_sum(roles, group)
    dated = [i for i in mine if roles[i].year is not None]
    same = [i for i in dated if roles[i].year == year]
    if same:
        return choose_sum(roles, same)
    undated = [i for i in mine if roles[i].year is None]
    paired = {roles[i].path[:-1] for i in block.targets if len(roles[i].path) > 1}
    undated = [i for i in undated if roles[i].path[:-1] not in paired or not roles[i].path[:-1]]
    alone = sum(roles[i].forward == role.forward for i in block.targets) == 1
    if undated and (alone or (year is not None and year == plan)):
        return choose_sum(roles, undated)
    if dated and alone and len({roles[i].year for i in dated}) == 1 and role.year is None:
        return choose_sum(roles, dated)
    return None


def plan_budget(roles: tuple[ColumnRole, ...], block: Block, plan: int | None) -> int | None:
    """The column of the plan's own budget, None where several years leave it open."""
    mine = [i for i in block.budgets if not roles[i].forward]
    same = [i for i in mine if roles[i].year == plan and plan is not None]
    years = {roles[i].year for i in mine}
    if same:
        return choose_sum(roles, same)
    undated = [i for i in mine if roles[i].year is None]
    if undated:
        return choose_sum(roles, undated)
    return choose_sum(roles, mine) if mine and len(years) == 1 else None


def choose_sum(roles: tuple[ColumnRole, ...], columns: list[int]) -> int:
    """Of several budget columns side by side: the sum, else the latest, else the first."""
    for wanted in (_SUMS, _LATEST):
        for i in columns:
            if len(columns) > 1 and wanted & set(words_of(roles[i].path[-1])):
                return i
    return columns[0]
