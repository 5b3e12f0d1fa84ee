"""One facility out of a workbook: its rows become contract data, or problems with their cells."""

from __future__ import annotations

from dataclasses import dataclass, field

from pydantic import ValidationError

from pks_kit.domain.aksara import visible
from pks_kit.domain.jenis_faskes import TIDAK_DIMINTA_DARI_PENUNJANG
from pks_kit.domain.kontrak import Kontrak
from pks_kit.domain.sebutan import nama_faskes_isian
from pks_kit.domain.sifat_faskes import JENIS_PENUNJANG
from pks_kit.errors import Problem
from pks_kit.inputs.everyday import everyday_span
from pks_kit.inputs.problems import MAXIMUM_PROBLEMS, collect
from pks_kit.inputs.workbook.around import NamedBranch, Wrong
from pks_kit.inputs.workbook.cells import Cell
from pks_kit.inputs.workbook.headings import FoundTable, Row
from pks_kit.inputs.workbook.held import Facility, Whole
from pks_kit.inputs.workbook.layout import BRANCH_KEY, Path, Table, branch_paths
from pks_kit.inputs.workbook.places import Places
from pks_kit.inputs.workbook.values import CellFault, read_value
from pks_kit.inputs.yaml_tree import format_path, parts_of, to_be_filled
from pks_kit.strict_yaml.nodes import YamlMapping, YamlNode, YamlScalar, YamlSequence
from pks_kit.strict_yaml.values import as_text

_NOT_ASKED = frozenset(
    {("jadwal", "praktik"), *((name,) for name in TIDAK_DIMINTA_DARI_PENUNJANG)}
    | {("cons_id", "tujuan")}
)
"""Sheets on which pharmacies and laboratories have no rows."""
_BEGIN_AND_END = 2


@dataclass(slots=True)
class _Build:
    """The growing data of one facility."""

    places: Places
    wrong: Wrong
    problems: list[Problem] = field(default_factory=list)
    of_cells: int = 0
    without_branch: bool = False

    def readable(self) -> bool:
        """Return whether every cell could be read."""
        return not self.of_cells

    def has_all(self, table: Table) -> bool:
        """Return whether a row has every value itself that a table of branches would hold."""
        needed = (column.path for column in table.columns if column.required == "yes")
        return all(path in self.places.exact for path in needed)

    def note(
        self,
        code: str,
        path: Path,
        row: int | None,
        place: tuple[str, str],
        **params: object,
    ) -> None:
        """Note one problem at a cell, which is named with the heading of its column."""
        self.of_cells += 1
        self.problems.append(Problem(code, format_path(path), row, **params).at(*place))


def build_facility(
    key: str,
    main: tuple[FoundTable, Row],
    children: list[tuple[FoundTable, list[Row]]],
    problems: list[Problem],
    wrong: Wrong,
    branch: NamedBranch,
) -> Facility:
    """Make the contract data of one facility.

    Args:
        key: Its ``kunci_faskes``.
        main: The main sheet and the row of the facility.
        children: Every other sheet with the rows of this facility, in their order.
        problems: Problems of this facility that are known already.
        wrong: What is wrong with sheets and headings.
        branch: Its branch; a value of the facility's own row counts before one of the branch.
    """
    sheet, row = main
    build = _Build(Places(sheet, row[0]), wrong, list(problems))
    top = _row_values(build, sheet, row, ())
    _put_branch(build, branch, row, top)
    supporting = _kind(top) in JENIS_PENUNJANG
    for found, rows in children:
        table = found.table
        build.places.rows[table.path] = (found, [number for number, _ in rows])
        items = [
            _row_values(build, found, one, (*table.path, index)) for index, one in enumerate(rows)
        ]
        if items:
            _put(top, table.path, items)
        elif table.minimum and not (supporting and table.path in _NOT_ASKED):
            build.note(
                "workbook.no_rows", table.path, None, (table.sheet, ""), sheet=table.sheet, key=key
            )
    for table, problem in wrong.unread:
        if table.key == BRANCH_KEY and build.has_all(table):
            continue
        if problem.code == "workbook.no_headings" or not (supporting and table.path in _NOT_ASKED):
            build.problems.append(problem)
    tree = _tree(top, row[0])
    if not isinstance(tree, YamlMapping):
        raise TypeError("the main row is always a mapping")
    return _validated(key, row[0], tree, build, branch.key)


def _put_branch(build: _Build, branch: NamedBranch, row: Row, top: object) -> None:
    """Add the values of the branch that the row of the facility does not have itself."""
    build.without_branch = bool(branch.problems) and branch.row is None
    if branch.sheet is None or branch.row is None:
        return
    own = {column.path for number, column in build.places.main.columns.items() if number in row[1]}
    number, cells = branch.row
    build.places.branch = (branch.sheet, number)
    columns = branch.sheet.columns
    asked = {
        at: cell for at, cell in cells.items() if at in columns and columns[at].path not in own
    }
    values = _row_values(build, branch.sheet, (number, asked), ())
    _merge(top, values)


def _merge(top: object, more: object) -> None:
    """Put values into groups of others; what is there stays."""
    if isinstance(top, dict) and isinstance(more, dict):
        for key, value in more.items():
            if key in top:
                _merge(top[key], value)
            else:
                top[key] = value


def repeated_facility(key: str, main: tuple[FoundTable, Row], problems: list[Problem]) -> Facility:
    """Return a row whose key stands in an earlier row: its name, and why nobody can use it.

    It has no data, so that nothing else is found in what is perhaps the same row once more.
    """
    sheet, row = main
    build = _Build(Places(sheet, row[0]), Wrong())
    tree = _tree(_row_values(build, sheet, row, ()), row[0])
    if not isinstance(tree, YamlMapping):
        raise TypeError("the main row is always a mapping")
    name, called = _names(tree)
    return Facility(
        key=key,
        name=name or key,
        called=called,
        row=row[0],
        problems=tuple(problems),
        held=Whole(
            kontrak=None,
            unsure=None,
            tree=YamlMapping(entries={}, key_lines={}, line=row[0]),
            places=build.places,
        ),
    )


def _kind(top: object) -> str:
    """Return ``faskes.jenis`` as the main row says, or nothing."""
    faskes = top.get("faskes") if isinstance(top, dict) else None
    value = faskes.get("jenis") if isinstance(faskes, dict) else None
    return str(value[0]) if isinstance(value, tuple) else ""


def _row_values(build: _Build, found: FoundTable, row: Row, prefix: Path) -> object:
    """Return one row as nested dicts and lists of ``(text, row)``, or one such pair."""
    number, cells = row
    cells = _with_span(found, cells)
    table = found.table
    top: dict[str, object] = {}
    for mapping in table.mappings:
        _put(top, mapping, {})
    since_1904, has_merged = found.grid.first_day_1904, bool(found.grid.merged)
    for position, column in found.ordered():
        cell = cells.get(position)
        if cell is None:
            if has_merged:
                _note_merged(build, found, number, position, prefix)
            continue
        value = read_value(
            cell, column.kind, column.label, since_1904=since_1904, choices=column.choices
        )
        path, text = column.path, ""
        if path and isinstance(path[-1], int):
            path = (*path[:-1], _length(top, path[:-1]))
        if isinstance(value, CellFault):
            place = found.cell_name(number, position), column.label
            build.note(value.code, (*prefix, *path), number, place, **value.params)
            text = cell.text
        elif not value:
            continue
        else:
            text = value
        # what stands in the rows of a list is found by its heading; that is most of all
        if not prefix or found.column_at(path) != position:
            build.places.exact[(*prefix, *path)] = (found, number, position)
        if not path:
            return (text, number)
        _put(top, path, (text, number))
    return top if any(column.path for column in table.columns) else (None, number)


def _with_span(found: FoundTable, cells: dict[int, Cell]) -> dict[int, Cell]:
    """Return the cells of a row with ``8-14`` in one of two time columns written into both."""
    times = found.times()
    if len(times) != _BEGIN_AND_END:
        return cells
    written = {cells[at] for at in times if at in cells}
    first = next(iter(written), None)
    is_one = first is not None and len(written) == 1 and first.kind == "text"
    span = everyday_span(first.text) if first is not None and is_one else None
    if span is None:
        return cells
    return cells | {at: Cell("text", time) for at, time in zip(times, span, strict=True)}


def _note_merged(build: _Build, found: FoundTable, row: int, position: int, prefix: Path) -> None:
    """Note a cell that is empty only because merged cells keep their value in another one.

    Cells that are merged along one row swallow what nobody typed; that counts where a value is
    needed.
    """
    merged = found.grid.merged_first(row, position)
    column = found.columns[position]
    if merged is None:
        return
    cells, first_row, first_column = merged
    if not found.grid.rows.get(first_row, {}).get(first_column):
        return
    if first_row == row and column.required != "yes":
        return
    build.note(
        "workbook.merged_value",
        (*prefix, *column.path),
        row,
        (found.cell_name(row, position), column.label),
        field=column.label,
        cells=cells,
        first=found.cell_name(first_row, first_column),
    )


def _length(top: dict[str, object], path: Path) -> int:
    here: object = top
    for part in path:
        here = here.get(str(part)) if isinstance(here, dict) else None
    return len(here) if isinstance(here, list) else 0


def _put(top: object, path: Path, value: object) -> None:
    here = top
    for position, part in enumerate(path):
        last = position == len(path) - 1
        if isinstance(here, list):
            here.append(value)
            return
        if not isinstance(here, dict):
            return
        if last:
            here[part] = value
        else:
            empty: object = [] if isinstance(path[position + 1], int) else {}
            here = here.setdefault(part, empty)


def _tree(value: object, row: int) -> YamlNode:
    if isinstance(value, dict):
        entries = {str(key): _tree(inner, row) for key, inner in value.items()}
        return YamlMapping(entries=entries, key_lines=dict.fromkeys(entries, row), line=row)
    if isinstance(value, list):
        items = tuple(_tree(item, _row_of(item, row)) for item in value)
        return YamlSequence(items=items, line=row)
    if isinstance(value, tuple):
        return YamlScalar(text=value[0], line=value[1])
    raise TypeError(f"unexpected {type(value).__name__}")


def _row_of(value: object, otherwise: int) -> int:
    if isinstance(value, tuple):
        return int(value[1])
    if isinstance(value, dict):
        for inner in value.values():
            return _row_of(inner, otherwise)
    return otherwise


def _validated(key: str, row: int, tree: YamlMapping, build: _Build, branch: str) -> Facility:
    to_fill = to_be_filled(tree)
    build.of_cells += len(to_fill)
    build.problems += to_fill
    kontrak: Kontrak | None = None
    problems: tuple[Problem, ...] = tuple(build.problems)
    try:
        kontrak = Kontrak.model_validate(as_text(tree))
    except ValidationError as error:
        problems = collect(error, tree, build.problems)
    placed = _placed(problems, build)
    name, called = _names(tree)
    return Facility(
        key=key,
        name=name or key,
        called=called,
        row=row,
        problems=placed,
        branch=branch,
        held=Whole(
            kontrak=None if placed else kontrak,
            unsure=kontrak if kontrak is not None and build.readable() else None,
            tree=tree,
            places=build.places,
        ),
    )


def _placed(problems: tuple[Problem, ...], build: _Build) -> tuple[Problem, ...]:
    """Return the problems with their cells; a column that is missing is told once, not per row."""
    places, wrong = build.places, build.wrong
    unread = [table.path for table, _ in wrong.unread]
    if any(table.key == BRANCH_KEY for table, _ in wrong.unread):
        build.without_branch = True
    placed: list[Problem] = []
    told: set[str] = set()
    for problem in problems[: MAXIMUM_PROBLEMS + 1]:
        if problem.place:
            placed.append(problem)
            continue
        if problem.code == "input.missing_field" and _below(problem.path, unread):
            continue
        is_missing = problem.code == "input.missing_field"
        if is_missing and build.without_branch and parts_of(problem.path) in branch_paths():
            continue
        absent = places.absent_column(problem.path)
        if absent is None or problem.code != "input.missing_field":
            placed.append(problem.at(*places.cell_of(problem.path)))
        elif absent not in told:
            told.add(absent)
            sheet, _, key = absent.partition(": ")
            known = wrong.columns.get((sheet, key))
            placed.append(known or problem.at(sheet))
    return tuple(placed)


def _below(path: str, tables: list[tuple[str, ...]]) -> bool:
    """Return whether a value stands in one of these tables, or would hold one of them."""
    parts = parts_of(path)
    return any(parts[: len(table)] == table[: len(parts)] for table in tables)


def _names(tree: YamlMapping) -> tuple[str, str]:
    """Return the name that the agreement would print, and that of the cell; empty ones for none."""
    called = _text(tree, "pihak_kedua", "nama_faskes")
    return nama_faskes_isian(_text(tree, "faskes", "jenis"), called), called


def _text(tree: YamlMapping, group: str, key: str) -> str:
    within = tree.entries.get(group)
    value = within.entries.get(key) if isinstance(within, YamlMapping) else None
    return visible(value.text or "", 80) if isinstance(value, YamlScalar) else ""
