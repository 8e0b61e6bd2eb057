"""From sample tables to the rows of measurement and resources. Pure: reads tables, returns rows."""

from __future__ import annotations

import re
from typing import Any

from capaian.exchange.samples.kinds import CAPAIAN_IKU_TAHUN, PEMILIKAN, PROFESI, RIWAYAT_TAHUN
from capaian.exchange.samples.plan import expression
from capaian.exchange.samples.tables import Row, Sample, SampleTable

# The groups of staff as the document heads them; every other group is sarana_lain.
_UNIT_JENIS = {"puskesmas": "puskesmas", "rumah sakit": "rumah_sakit"}


def realisasi_rows(sample: Sample) -> list[dict[str, Any]]:
    """Annual realisasi of every year that a table prints; `indikator` is a key. The first table is kept."""
    parts = {
        row["kunci"]: (row.cacah("pembilang"), row.cacah("penyebut"))
        for table in sample.of_kind("penjelasan")
        for row in table.rows
        if row["kunci"]
    }
    found: dict[tuple[str, int], dict[str, Any]] = {}
    for table in sample.tables:
        for row in table.rows:
            for tahun, column in _realisasi_columns(table, sample.tahun):
                if row["kunci"] and row[column]:
                    pembilang, penyebut = (
                        parts.get(row["kunci"], (None, None)) if tahun == sample.tahun else (None, None)
                    )
                    found.setdefault(
                        (row["kunci"], tahun),
                        {
                            "indikator": row["kunci"],
                            "tahun": tahun,
                            "periode": 0,
                            "teks": expression(row, column),
                            "pembilang": pembilang,
                            "penyebut": penyebut,
                            "keterangan": f"{sample.document}, {table.table}",
                        },
                    )
    return list(found.values())


def pembanding_rows(sample: Sample) -> list[dict[str, Any]]:
    """The comparators as printed; `indikator` is a key. Where only counts are printed, the rate is left to `rules`."""
    return [
        {
            "indikator": row["kunci"],
            "tahun": sample.tahun,
            "jenis": "provinsi" if row["jenis"] == "jumlah" else row["jenis"],
            "wilayah": row["wilayah"],
            "urutan": int(row["baris"]),
            "nilai": row.angka("nilai"),
            "cacah": row.cacah("cacah"),
            "penyebut": row.cacah("penyebut"),
        }
        for table in sample.of_kind("pembanding")
        for row in table.rows
    ]


def rincian_rows(sample: Sample) -> list[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """The supporting data sets, each with its values; `indikator` is a key or empty."""
    result = []
    for number, table in enumerate(sample.of_kind("rincian", "odf"), start=1):
        head = {
            "kunci": table.name,
            "judul": table.title,
            "indikator": table.options.get("kunci", ""),
            "satuan": table.options.get("satuan", ""),
            "bentuk": table.options.get("chart", ""),
            "sumber": f"{sample.document}, {table.table}",
            "urutan": number,
        }
        result.append((head, _odf_values(table) if table.kind == "odf" else _rincian_values(table)))
    return result


def analisis_rows(sample: Sample) -> list[dict[str, Any]]:
    """The analyses in words with their factors; `indikator` or `node` is a key."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for entry in sample.narasi.get("analisis", []):
        found[entry["kunci"], ""] = {
            "indikator": entry["kunci"],
            "node": "",
            "uraian": _joined(entry.get("uraian", "")),
            "faktor": _factors(entry),
        }
    for table in sample.of_kind("analisis_rendah", "penjelasan"):
        for row in table.rows:
            indikator = row["kunci"] if row["jenis"] != "anggaran" else ""
            node = row["kunci_node"] if row["jenis"] == "anggaran" else ""
            text = row["analisis"] or row["uraian"]
            if (indikator or node) and text:
                found.setdefault(
                    (indikator, node), {"indikator": indikator, "node": node, "uraian": text, "faktor": []}
                )
    return list(found.values())


def lhe_rows(sample: Sample) -> list[dict[str, Any]]:
    """The AKIP evaluation of the inspectorate with recommendations and follow-up."""
    names = ("komponen", "subkomponen", "rekomendasi", "rencana_aksi", "waktu", "status")
    return [
        {"urutan": int(row["baris"]), "nilai": row.angka("nilai"), **{name: row[name] for name in names}}
        for table in sample.of_kind("lhe")
        for row in table.rows
    ]


def inovasi_rows(sample: Sample) -> list[dict[str, Any]]:
    """The innovations of the narrative."""
    return [
        {
            "urutan": number,
            "nama": entry["nama"],
            "kepanjangan": entry.get("kepanjangan") or "",
            "uraian": _joined(entry.get("uraian") or ""),
            "dampak": list(entry.get("dampak") or []),
        }
        for number, entry in enumerate(sample.narasi.get("inovasi", []), start=1)
    ]


def penghargaan_rows(sample: Sample) -> list[dict[str, Any]]:
    """The awards in printed order."""
    names = ("tanggal", "pemberi", "bentuk", "penghargaan")
    return [
        {"urutan": int(row["baris"]), **{name: row[name] for name in names}}
        for table in sample.of_kind("penghargaan")
        for row in table.rows
    ]


def fasilitas_rows(sample: Sample) -> list[dict[str, Any]]:
    """Facilities by owner; only printed counts, an empty cell is no row."""
    return [
        {
            "kelompok": row["kelompok"],
            "nama": row["nama"],
            "pemilikan": owner,
            "jumlah": row.cacah(owner),
            "urutan": int(row["baris"]),
        }
        for table in sample.of_kind("fasilitas")
        for row in table.rows
        for owner in (PEMILIKAN if any(row[name] for name in PEMILIKAN) else PEMILIKAN[2:3])
        if row[owner] or not any(row[name] for name in PEMILIKAN)
    ]


def unit_rows(sample: Sample) -> list[dict[str, Any]]:
    """The units of the manifest, then every facility that a staff or revenue table names; `induk` is a key."""
    names = ("kunci", "nama", "jenis", "induk", "akreditasi")
    rows = [{**{name: unit.get(name) for name in names}} for unit in sample.manifest["units"]]
    known = {unit_key(str(row["nama"])) for row in rows}
    for table in sample.of_kind("tenaga_profesi"):
        for row in table.rows:
            if row["jenis"] == "unit" and unit_key(row["unit"]) not in known:
                known.add(unit_key(row["unit"]))
                jenis = _UNIT_JENIS.get(row["kelompok"].casefold(), "sarana_lain")
                rows.append(
                    {
                        "kunci": re.sub(r"[^a-z0-9]+", "_", row["unit"].lower()).strip("_"),
                        "nama": row["unit"],
                        "jenis": jenis,
                        "induk": "dinas" if jenis == "puskesmas" else None,
                        "akreditasi": "",
                    }
                )
    return [{**row, "akreditasi": row["akreditasi"] or "", "urutan": n} for n, row in enumerate(rows, start=1)]


def tenaga_rows(sample: Sample) -> list[dict[str, Any]]:
    """Staff by unit and profession or position; `unit` is a `unit_key`."""
    rows = [
        {
            "kelompok": "dinas",
            "unit": "",
            "profesi": row["jabatan"],
            "jumlah": row.cacah("jumlah"),
            "urutan": int(row["baris"]),
        }
        for table in sample.of_kind("tenaga_jabatan")
        for row in table.rows
        if row["jenis"] == "jabatan"
    ]
    for table in sample.of_kind("tenaga_profesi"):
        for row in table.rows:
            if row["jenis"] == "unit":
                rows += [
                    {
                        "kelompok": row["kelompok"],
                        "unit": unit_key(row["unit"]),
                        "profesi": profesi,
                        "jumlah": row.cacah(profesi),
                        "urutan": number,
                    }
                    for number, profesi in enumerate(PROFESI)
                    if row.has(profesi)
                ]
    return rows


def unit_key(name: str) -> str:
    """A unit's name squeezed to what survives spelling: `Rsud Jati Sampurna` and `RSUD Kelas D Jatisampurna` agree."""
    return re.sub(r"kelas d|tipe d|[^a-z0-9]", "", name.lower())


def _realisasi_columns(table: SampleTable, tahun: int) -> list[tuple[int, str]]:
    match table.kind:
        case "kinerja_anggaran":
            return [(tahun, "realisasi")]
        case "capaian_iku":
            return [(tahun, "realisasi"), *((year, f"realisasi_{year}") for year in CAPAIAN_IKU_TAHUN)]
        case "indikator_program":
            return [(tahun, "realisasi"), (tahun - 1, "kondisi_awal")]
        case "riwayat_iku":
            return [(year, f"realisasi_{year}") for year in RIWAYAT_TAHUN]
    return []


def _rincian_values(table: SampleTable) -> list[dict[str, Any]]:
    return [
        {
            "urutan": int(row["baris"]),
            "kategori": row["kategori"],
            "seri": row["seri"],
            "nilai": row.angka("nilai") if row.has("nilai") else row.angka("nilai_tercetak"),
            "keterangan": row["keterangan"],
        }
        for row in table.rows
    ]


def _odf_values(table: SampleTable) -> list[dict[str, Any]]:
    """Two series, households and households without a latrine, by kelurahan; the kecamatan stands in the remark."""
    rows: list[dict[str, Any]] = []
    for row in table.rows:
        if row["jenis"] == "kelurahan":
            rows += [
                _odf_value(row, len(rows) + 1, "Jumlah KK", "jumlah_kk"),
                _odf_value(row, len(rows) + 2, "KK masih BABS", "kk_babs"),
            ]
    return rows


def _odf_value(row: Row, urutan: int, seri: str, column: str) -> dict[str, Any]:
    remark = f"{row['kecamatan']} · {row['keterangan']}"
    return {
        "urutan": urutan,
        "kategori": row["kelurahan"],
        "seri": seri,
        "nilai": row.cacah(column) or 0,
        "keterangan": remark,
    }


def _factors(entry: dict[str, Any]) -> list[dict[str, Any]]:
    """The three lists of an analysis as rows; `program` is a node key or None."""
    rows = []
    for number, item in enumerate(entry.get("penunjang") or [], start=1):
        item = item if isinstance(item, dict) else {"uraian": item}
        rows.append(
            {
                "jenis": "penunjang",
                "urutan": number,
                "program": item.get("program"),
                "indikator_pendukung": str(item.get("indikator") or ""),
                "uraian": _joined(item.get("uraian") or ""),
            }
        )
    for jenis in ("penghambat", "tindak_lanjut"):
        rows += [
            {"jenis": jenis, "urutan": number, "program": None, "indikator_pendukung": "", "uraian": _joined(text)}
            for number, text in enumerate(entry.get(jenis) or [], start=1)
        ]
    return rows


def _joined(text: str | list[str]) -> str:
    return "\n".join(text) if isinstance(text, list) else text.strip()
