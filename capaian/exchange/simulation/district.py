"""The rows of a generated district, by its size, year and seed. Pure: the same inputs give the same rows."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from capaian.exchange.simulation.catalogue import (
    BIDANG,
    COLLECTED,
    IKU,
    P2P_NODES,
    RSUD,
    SASARAN,
    TUJUAN,
    UGLY,
    Collected,
    Planned,
)
from capaian.exchange.simulation.names import place_names
from capaian.rules.nomenklatur import parse_kode
from capaian.rules.packs import load_pack

NOMENKLATUR = "nomenklatur/kepmendagri_900_1_15_5_1317_2023"
QUARTERS = (1, 2, 3, 4)
# The promise of this one is lowered in the change of the perjanjian kinerja, after a bad quarter.
LOWERED = ("iku.kunjungan", "60")
_DOKUMEN = (
    ("renstra", "renstra", "Renstra Dinas Kesehatan Kabupaten Simulasi", "murni"),
    ("pk", "pk", "Perjanjian Kinerja {tahun}", "murni"),
    ("pk_perubahan", "pk", "Perubahan Perjanjian Kinerja {tahun}", "perubahan 1"),
    ("rencana_aksi", "rencana_aksi", "Rencana Aksi {tahun}", "murni"),
)
_SUB_INDICATORS = 12

Row = dict[str, Any]


@dataclass(frozen=True)
class Unit:
    """A reporting unit of the district with the number of inhabitants that it serves."""

    kunci: str
    nama: str
    jenis: str
    penduduk: int
    place: int


@dataclass(frozen=True)
class District:
    """The plan of the office `simulasi-<puskesmas>` for `tahun`, in rows that name each other by key."""

    puskesmas: int
    tahun: int
    seed: int

    def chance(self, *what: object) -> random.Random:
        """A source of numbers of its own for each thing, so that one more thing changes none of the others."""
        return random.Random("/".join(str(part) for part in (self.seed, *what)))  # noqa: S311 - generated data

    @property
    def instansi(self) -> Row:
        return {
            "kunci": f"simulasi-{self.puskesmas}",
            "nama": "Dinas Kesehatan Kabupaten Simulasi",
            "singkatan": f"Dinkes Simulasi ({self.puskesmas} Puskesmas)",
            "daerah": "Kabupaten Simulasi",
            "provinsi": "Provinsi Contoh",
            "kepala_daerah": "Bupati Simulasi",
            "pimpinan": "Kepala Dinas Kesehatan",
            "tempat": "Simulasi",
        }

    @cached_property
    def reporters(self) -> list[Unit]:
        """The Puskesmas, then the RSUD."""
        found = []
        for number, name in enumerate(place_names(self.puskesmas, self.seed)):
            people = self.chance("penduduk", name).randrange(14_000, 46_000)
            found.append(Unit(f"pkm-{name.lower()}", f"Puskesmas {name}", "puskesmas", people, number))
        half = sum(unit.penduduk for unit in found) // len(RSUD)
        return found + [
            Unit(kunci, nama, "rsud", half, len(found) + number) for number, (kunci, nama) in enumerate(RSUD)
        ]

    def unit_rows(self) -> list[Row]:
        heads = [
            (kunci, nama, "sekretariat" if kunci == "sekretariat" else "bidang", "dinas") for kunci, nama, _ in BIDANG
        ]
        rows = [
            ("dinas", self.instansi["nama"], "dinas", None),
            *heads,
            *((one.kunci, one.nama, one.jenis, "dinas") for one in self.reporters),
        ]
        return [
            {"kunci": kunci, "nama": nama, "jenis": jenis, "induk": induk, "akreditasi": "", "urutan": number}
            for number, (kunci, nama, jenis, induk) in enumerate(rows, start=1)
        ]

    def tujuan_rows(self) -> list[Row]:
        return [{"urutan": 1, "uraian": TUJUAN}]

    def sasaran_rows(self) -> list[Row]:
        return [
            {"kunci": kunci, "urutan": number, "uraian": uraian, "tujuan": 1}
            for number, (kunci, uraian) in enumerate(SASARAN, start=1)
        ]

    @cached_property
    def node_rows(self) -> list[Row]:
        """Program, kegiatan and sub kegiatan that the nomenclature names in full, with who answers for them."""
        pack = load_pack(NOMENKLATUR)
        named = {row["kode"]: row["nama"] for row in pack.rows("program")}
        for kind in ("kegiatan", "sub_kegiatan"):
            named |= {row["kode"]: row["nama"] for row in pack.rows(kind) if row["ringkas"] == "tidak"}
        answers = {code: kunci for kunci, _, codes in BIDANG for code in codes}
        answers |= dict.fromkeys(P2P_NODES, "bidang-p2p")
        rows = []
        for number, code in enumerate(sorted(named), start=1):
            kode = parse_kode(code)
            rows.append(
                {
                    "kunci": code,
                    "kode": code,
                    "nomenklatur": pack.instrumen,
                    "jenis": kode.kind,
                    "nama": named[code],
                    "induk": kode.parent,
                    "urutan": number,
                    "penanggung_jawab": answers.get(code),
                }
            )
        return rows

    @cached_property
    def planned(self) -> list[Planned]:
        """The indicators whose value the office's own units fill: IKU, the uneven forms, and one for each activity."""
        sub = [row for row in self.node_rows if row["jenis"] == "sub_kegiatan"]
        step = len(sub) // _SUB_INDICATORS
        return [
            *IKU,
            *UGLY,
            *(self._activity(row) for row in self.node_rows if row["jenis"] == "kegiatan"),
            *(self._documents(row) for row in sub[::step][:_SUB_INDICATORS]),
        ]

    def _activity(self, node: Row) -> Planned:
        """How much of a kegiatan is done, as a level in percent. Farmasi reports exactly what was planned, always."""
        chance, reached = self.chance("kegiatan", node["kunci"]), []
        exact = node["kunci"].startswith("1.02.04")
        for quarter in QUARTERS:
            done = 25 * quarter if exact else min(100, 25 * quarter * chance.randrange(82, 104) // 100)
            # Here the money is spent and half of the work is not done.
            reached.append(str(done // 2 if node["kunci"] == "1.02.03.2.03" else done))
        name = f"Persentase pelaksanaan {node['nama'].lower()}"
        return Planned(f"{node['kunci']}/1", name, "%", "100", node["kunci"], reached=tuple(reached))

    def _documents(self, node: Row) -> Planned:
        chance = self.chance("dokumen", node["kunci"])
        return Planned(
            f"{node['kunci']}/dok",
            f"Jumlah dokumen {node['nama'].lower()}",
            "dokumen",
            "12",
            node["kunci"],
            sifat="jumlah",
            reached=tuple(str(chance.randrange(2, 5)) for _ in QUARTERS),
        )

    @cached_property
    def collected(self) -> list[Collected]:
        """The collected indicators; the target of a count is that of the district's inhabitants."""
        people = sum(one.penduduk for one in self.reporters if one.jenis == "puskesmas")
        return [
            replace(one, target=str(max(1, people * int(one.target) // 1_000_000))) if one.gabungan == "jumlah" else one
            for one in COLLECTED
        ]

    def indikator_rows(self) -> list[Row]:
        """All indicators; `sasaran`, `node` and `penanggung_jawab` are keys or None."""
        rows = [
            {
                "kunci": one.kunci,
                "nama": one.nama,
                "satuan": one.satuan,
                "arah": one.arah,
                "sifat": one.sifat,
                "is_iku": one.is_iku,
                "penanggung_jawab": one.unit or None,
                **_owner(one.owner),
                **_UNCOLLECTED,
            }
            for one in self.planned
        ]
        rows += [
            {
                "kunci": one.kunci,
                "nama": one.nama,
                "satuan": one.satuan,
                "arah": one.arah,
                "sifat": "jumlah" if one.gabungan == "jumlah" else "posisi_akhir",
                "is_iku": one.kunci.startswith("iku."),
                "penanggung_jawab": None,
                **_owner(one.owner),
                "pelapor": one.pelapor,
                "gabungan": one.gabungan,
                "pengali": one.pengali,
                "formulasi": _FORMULASI[one.gabungan],
                "sumber_data": "Laporan Puskesmas" if one.pelapor == "puskesmas" else "Laporan RSUD",
            }
            for one in self.collected
        ]
        return [{**row, "urutan": number} for number, row in enumerate(rows, start=1)]

    def dokumen_rows(self) -> list[Row]:
        return [
            {"kunci": kunci, "jenis": jenis, "nama": nama.format(tahun=self.tahun), "versi": versi}
            for kunci, jenis, nama, versi in _DOKUMEN
        ]

    def target_rows(self) -> list[Row]:
        """The annual targets in each document; `indikator` and `dokumen` are keys."""
        indikator: list[Planned | Collected] = [*self.planned, *self.collected]
        everything = [(one.kunci, one.target, one.satuan) for one in indikator]
        iku = [row for row in everything if row[0].startswith("iku.")]
        changed = [(kunci, LOWERED[1] if kunci == LOWERED[0] else teks, satuan) for kunci, teks, satuan in iku]
        stated = {"renstra": iku, "pk": iku, "pk_perubahan": changed, "rencana_aksi": everything}
        return [
            {"indikator": kunci, "dokumen": dokumen, "tahun": self.tahun, "teks": teks, "satuan": satuan}
            for dokumen, rows in stated.items()
            for kunci, teks, satuan in rows
        ]

    def target_triwulan_rows(self) -> list[Row]:
        """The quarters of the rencana aksi; `indikator` is a key."""
        plans = {one.kunci: _plan(one) for one in self.planned}
        plans |= {one.kunci: _collected_plan(one) for one in self.collected}
        return [
            {"indikator": kunci, "triwulan": quarter, "teks": teks}
            for kunci, quarters in plans.items()
            for quarter, teks in zip(QUARTERS, quarters, strict=True)
        ]


_UNCOLLECTED: Row = {"pelapor": "", "gabungan": "", "pengali": 100, "formulasi": "", "sumber_data": ""}
_FORMULASI = {
    "rasio": "Jumlah pembilang semua unit dibagi jumlah penyebut semua unit",
    "jumlah": "Jumlah nilai semua unit",
    "rata_rata": "Rata-rata nilai semua unit",
}


def _owner(code: str) -> Row:
    return {"sasaran": code, "node": None} if code.startswith("s") else {"sasaran": None, "node": code}


def _plan(one: Planned) -> list[str]:
    if one.sifat == "jumlah":
        return _even(int(one.target))
    if one.kunci.endswith("/1"):
        return [str(25 * quarter) for quarter in QUARTERS]
    return [one.target if value else "-" for value in one.reached]


def _collected_plan(one: Collected) -> list[str]:
    if one.gabungan == "jumlah":
        return _even(int(one.target))
    if one.gabungan == "rasio" and one.arah == "naik" and one.pelapor == "puskesmas":
        # Coverage grows over the year: a quarter of the target more each quarter, with at most two decimals.
        hundredths = [int(one.target) * 25 * quarter for quarter in QUARTERS]
        return [f"{value // 100},{value % 100:02d}".rstrip("0").rstrip(",") for value in hundredths]
    return [one.target] * len(QUARTERS)


def _even(total: int) -> list[str]:
    """A count over four quarters, the rest in the last ones; nothing planned is `-`."""
    parts = [total * quarter // 4 - total * (quarter - 1) // 4 for quarter in QUARTERS]
    return [str(part) if part else "-" for part in parts]
