"""Which unit answers for a node or an indicator of the plan; where none is named, the office itself does."""

from __future__ import annotations

from collections.abc import Mapping

from capaian.organisations.models import TahunKinerja
from capaian.planning.queries import year_indikator


def node_units(tahun_kinerja: TahunKinerja) -> dict[int, int | None]:
    """The unit that answers for each node of a year: its own, else that of the node above, else None. One query."""
    own: dict[int, tuple[int | None, int | None]] = {
        pk: (unit, parent) for pk, unit, parent in tahun_kinerja.nodes.values_list("pk", "penanggung_jawab", "induk")
    }

    def unit_of(pk: int | None) -> int | None:
        while pk is not None:
            unit, parent = own[pk]
            if unit is not None:
                return unit
            pk = parent
        return None

    return {pk: unit_of(pk) for pk in own}


def responsible_units(tahun_kinerja: TahunKinerja) -> dict[int, int | None]:
    """The unit that answers for each indicator of a year: its own, else that of its node; None is the office.

    Two queries.
    """
    nodes = node_units(tahun_kinerja)
    rows = year_indikator(tahun_kinerja).values_list("pk", "penanggung_jawab", "node")
    return {pk: responsible_unit(unit, node, nodes) for pk, unit, node in rows}


def responsible_unit(own: int | None, node: int | None, nodes: Mapping[int, int | None]) -> int | None:
    """The unit that answers for an indicator: its own, else that of its node (`node_units`), else None, the office."""
    if own is not None or node is None:
        return own
    return nodes.get(node)
