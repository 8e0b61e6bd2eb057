"""Pagu and realisasi out of outside files: any header, every mistake by its cell, and the same file never twice."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import xlsxwriter

from capaian.budget.models import Pagu, RealisasiAnggaran
from capaian.exchange.kinds import Checked
from capaian.exchange.mapping import MappingRefused, columns_of, save_columns
from capaian.exchange.models import Upload
from capaian.exchange.sipd.kind import PaguKind, RealisasiKind
from capaian.exchange.sipd.rows import read_codes
from capaian.exchange.sipd.table import LIMITS, inspect_table, read_tables
from capaian.organisations.models import Instansi, TahunKinerja
from capaian.planning.models import Node
from capaian.workflow.models import AuditEntry, Submission
from capaian.workflow.storage import FileRefused

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
SUB = "1.02.02.2.02.000"
Rows = Sequence[Sequence[Any]]
HEAD = ["Kode", "Uraian", "Pagu"]
GOOD: Rows = [
    HEAD,
    ["1.02.02", "Program Upaya Kesehatan", 1000],
    ["1.02.02.2.02", "Penyediaan Layanan", 1000],
    [f"{SUB}1", "Pelayanan Ibu Hamil", 700],
    [f"{SUB}2", "Pelayanan Ibu Bersalin", 300],
]


@pytest.fixture
def plan_nodes(tahun_kinerja: TahunKinerja) -> SimpleNamespace:
    induk = None
    made: dict[str, Node] = {}
    for kode, jenis, nama, parent in [
        ("1.02.02", "program", "Program Upaya Kesehatan", ""),
        ("1.02.02.2.02", "kegiatan", "Penyediaan Layanan", "1.02.02"),
        (f"{SUB}1", "sub_kegiatan", "Pelayanan Ibu Hamil", "1.02.02.2.02"),
        (f"{SUB}2", "sub_kegiatan", "Pelayanan Ibu Bersalin", "1.02.02.2.02"),
    ]:
        induk = made.get(parent)
        made[kode] = Node.objects.create(
            tahun_kinerja=tahun_kinerja,
            kunci=kode,
            kode=kode,
            jenis=jenis,
            nama=nama,
            induk=induk,
            urutan=len(made),
        )
    return SimpleNamespace(year=tahun_kinerja, a=made[f"{SUB}1"], b=made[f"{SUB}2"], all=made)


def book(path: Path, rows: Rows, merged: Sequence[tuple[int, int, int, int, str]] = (), sheet: str = "Data") -> Path:
    target = path / "berkas.xlsx"
    workbook = xlsxwriter.Workbook(target)
    worksheet = workbook.add_worksheet(sheet)
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            if isinstance(cell, str):
                worksheet.write_string(number, place, cell)
            elif cell is not None:
                worksheet.write(number, place, cell)
    for one in merged:
        worksheet.merge_range(*one)
    workbook.close()
    return target


@pytest.fixture
def upload(plan_nodes: SimpleNamespace, tmp_path: Path) -> Callable[..., SimpleNamespace]:
    """Check a file of rows; `.findings` as (cell, rule, severity), `.apply()` applies it."""

    def take(rows: Rows | Path, jenis: str = "pagu", merged: Any = (), **options: Any) -> SimpleNamespace:
        path = rows if isinstance(rows, Path) else book(tmp_path, rows, merged)
        options = options or ({"versi": "apbd"} if jenis == "pagu" else {"periode": 2})
        row = Upload.objects.create(
            tahun_kinerja=plan_nodes.year, jenis=jenis, nama=path.name, berkas="x", ukuran=1, options=options
        )
        kind = PaguKind() if jenis == "pagu" else RealisasiKind()
        checked: Checked = kind.check(row, path, lambda percent, step: None)

        def apply() -> Any:
            return kind.apply(row, path, by=None, report=lambda percent, step: None)

        return SimpleNamespace(
            row=row,
            checked=checked,
            apply=apply,
            findings=[(one.cell, one.rule, one.severity) for one in checked.findings],
        )

    return take


def pagu(versi: str = "apbd") -> dict[str, int]:
    return dict(Pagu.objects.filter(versi=versi).values_list("node__kode", "jumlah"))


def message(taken: SimpleNamespace, rule: str) -> str:
    return next(one.message for one in taken.checked.findings if one.rule == rule)


STORED = {"1.02.02": 1000, "1.02.02.2.02": 1000, f"{SUB}1": 700, f"{SUB}2": 300}


def test_a_plain_file_is_checked_applied_and_kept(upload: Any) -> None:
    taken = upload(GOOD)
    assert taken.findings == []
    assert (taken.checked.rows, taken.checked.summary["berubah"], pagu()) == (5, 4, {})
    assert taken.row.raw_rows.get(nomor=4).cells == [f"{SUB}1", "Pelayanan Ibu Hamil", 700.0]
    assert taken.apply()["berubah"] == 4
    assert pagu() == STORED
    assert AuditEntry.objects.filter(action="budget.import_pagu").count() == 4


def test_the_same_file_again_changes_nothing(upload: Any) -> None:
    upload(GOOD).apply()
    again = upload(GOOD)
    assert (again.checked.summary["berubah"], again.checked.summary["sama"]) == (0, 4)
    again.apply()
    assert AuditEntry.objects.filter(action="budget.import_pagu").count() == 4


def test_titles_merged_header_rows_numbering_and_total(upload: Any) -> None:
    rows: Rows = [
        ["PEMERINTAH KABUPATEN CONTOH"],
        ["DAFTAR PAGU TAHUN ANGGARAN 2024"],
        [],
        ["Kode", "", "", "", "", "Uraian", "Anggaran", ""],
        ["", "", "", "", "", "", "Murni", "Perubahan"],
        ["1", "2", "3", "4", "5", "6", "7", "8"],
        ["1", "", "", "", "", "URUSAN WAJIB", 1000, 1200],
        ["1", "02", "02", "", "", "Program Upaya Kesehatan", "1.000", "1.200"],
        ["1", "02", "02", "2.02", "", "Penyediaan Layanan", "Rp 1.000,00", "Rp 1.200,00"],
        ["1", "02", "02", "2.02", "0001", "Pelayanan Ibu Hamil", "700,-", "900"],
        ["1", "02", "02", "2.02", "0002", "Pelayanan Ibu Bersalin", 300, 300],
        ["JUMLAH", "", "", "", "", "", "1,000", "1.200"],
    ]
    merged = [(3, 0, 4, 4, "Kode"), (3, 5, 4, 5, "Uraian"), (3, 6, 3, 7, "Anggaran")]
    columns = {"pagu_murni": ["anggaran murni"], "pagu_perubahan": ["anggaran perubahan"]}
    year = TahunKinerja.objects.get(tahun=2024, instansi__kunci="contoh")
    assert set(columns["pagu_murni"]) <= set(columns_of(year.instansi, "pagu")["pagu_murni"])
    for versi, hamil in (("apbd", 700), ("apbd_perubahan", 900)):
        taken = upload(rows, merged=merged, versi=versi)
        assert taken.findings == []
        taken.apply()
        assert pagu(versi)[f"{SUB}1"] == hamil


def test_accounts_are_summed_once_and_by_kind_of_belanja(upload: Any) -> None:
    rows: Rows = [
        ["Kode Sub Kegiatan", "Nama Sub Kegiatan", "Kode Akun", "Nama Akun", "Realisasi"],
        [f"{SUB}1", "Pelayanan Ibu Hamil", "5", "BELANJA DAERAH", 60],
        [f"{SUB}1", "Pelayanan Ibu Hamil", "5.1", "BELANJA OPERASI", 50],
        [f"{SUB}1", "Pelayanan Ibu Hamil", "5.1.01.03.01.0001", "Honorarium", 20],
        [f"{SUB}1", "Pelayanan Ibu Hamil", "5.1.02.01.01.0024", "Alat Tulis Kantor", 30],
        [f"{SUB}1", "Pelayanan Ibu Hamil", "5.2.02.10.01.0002", "Komputer", 10],
        [f"{SUB}2", "Pelayanan Ibu Bersalin", "5.1.02.01.01.0024", "Alat Tulis Kantor", 5],
        [f"{SUB}2", "Pelayanan Ibu Bersalin", "5.1.05.01.01.0001", "Hibah", 5],
    ]
    taken = upload(rows, "realisasi_anggaran")
    assert taken.findings == []
    taken.apply()
    stored = RealisasiAnggaran.objects.filter(periode=2).order_by("node__kode", "belanja")
    # A hibah is none of the three kinds: the second sub kegiatan is stored whole.
    assert list(stored.values_list("node__kode", "belanja", "jumlah")) == [
        (f"{SUB}1", "barang_jasa", 30),
        (f"{SUB}1", "modal", 10),
        (f"{SUB}1", "pegawai", 20),
        (f"{SUB}2", "", 10),
    ]


def test_accounts_under_their_sub_kegiatan_take_its_code(upload: Any) -> None:
    rows: Rows = [
        ["Kode Rekening", "Uraian", "Jumlah Realisasi"],
        [f"{SUB}1", "Pelayanan Ibu Hamil", 50],
        ["5.1.02", "Belanja Barang dan Jasa", 50],
        ["5.1.02.01.01.0024", "Alat Tulis Kantor", 20],
        ["5.1.02.01.01.0025", "Kertas", 30],
        [f"{SUB}2.5.2.02.10.01.0002", "Komputer", 7],
        ["Jumlah", "", 57],
    ]
    taken = upload(rows, "realisasi_anggaran")
    assert taken.findings == []
    taken.apply()
    assert list(RealisasiAnggaran.objects.order_by("jumlah").values_list("node__kode", "belanja", "jumlah")) == [
        (f"{SUB}2", "modal", 7),
        (f"{SUB}1", "barang_jasa", 50),
    ]


def test_twelve_mistakes_give_twelve_findings_and_nothing_is_applied(upload: Any) -> None:
    rows: Rows = [
        ["PAGU TAHUN ANGGARAN 2023"],
        ["Kode", "Uraian", "Pagu", "SKPD"],
        ["1.02.02", "Program Upaya Kesehatan", 999, "Dinas Kesehatan"],  # its details are 700
        [f"{SUB}1", "Pelayanan Ibu Hamil", 700, "Dinas Kesehatan"],
        [f"{SUB}1", "Pelayanan Ibu Hamil", 700, "Dinas Kesehatan"],  # twice
        [f"{SUB}2", "Pembangunan Jalan Kabupaten", "12,5", "Dinas Kesehatan"],  # name, cents
        [f"{SUB}3", "Tidak Dikenal", 5, "Dinas Kesehatan"],  # unknown
        ["1.02.02.2.02.02", "Pelayanan Ibu Bersalin", 5, "Dinas Kesehatan"],  # old nomenclature
        ["1.02.2X", "Salah Ketik", 5, "Dinas Pendidikan"],  # no code, other SKPD
        ["1.02.02.2.02.0004", "Negatif", -5, "Dinas Kesehatan"],  # negative, unknown, empty then
        ["5.1.02.01", "Alat Tulis", "lima", "Dinas Kesehatan"],
        ["JUMLAH", "", 5000, ""],
    ]
    taken = upload(rows)
    assert sorted(taken.findings) == sorted(
        [
            ("A1", "tahun", "salah"),
            ("A3", "jumlah berbeda", "salah"),
            ("A5", "baris ganda", "salah"),
            ("A6", "nama berbeda", "peringatan"),
            ("C6", "jumlah uang", "salah"),
            ("A6", "jumlah uang", "salah"),
            ("A7", "kode", "salah"),
            ("A8", "nomenklatur", "salah"),
            ("A9", "kode", "salah"),
            ("D9", "SKPD", "salah"),
            ("C10", "jumlah uang", "salah"),
            ("A10", "kode", "salah"),
            ("C11", "jumlah uang", "salah"),
            ("C12", "jumlah berbeda", "salah"),
        ]
    )
    assert f"{SUB}" in message(taken, "kode")
    assert "dua angka dan empat angka" in message(taken, "nomenklatur")
    assert taken.checked.summary["changes"] == []
    with pytest.raises(ValueError, match="Belum diterapkan: 13 masalah"):
        taken.apply()
    assert pagu() == {}


def test_pagu_below_what_was_spent_is_pointed_out(upload: Any, plan_nodes: SimpleNamespace) -> None:
    RealisasiAnggaran.objects.create(node=plan_nodes.a, periode=3, jumlah=701)
    taken = upload(GOOD)
    assert taken.findings == [("A4", "pagu di bawah realisasi", "peringatan")]
    assert "Rp 701 melebihi pagu Rp 700" in message(taken, "pagu di bawah realisasi")


def test_a_locked_form_is_not_passed(upload: Any, plan_nodes: SimpleNamespace) -> None:
    Submission.objects.create(tahun_kinerja=plan_nodes.year, form="anggaran", periode=2, state="terkunci")
    taken = upload([["Kode", "Uraian", "Realisasi"], [f"{SUB}1", "", 5]], "realisasi_anggaran")
    assert taken.findings == [("", "kunci", "salah")]
    assert "terkunci sejak" in message(taken, "kunci")


def test_units_of_one_sub_kegiatan_add_up(upload: Any) -> None:
    rows: Rows = [
        ["Kode", "Uraian", "Sub Unit", "Realisasi"],
        [f"{SUB}1", "Pelayanan Ibu Hamil", "Puskesmas A", 5],
        [f"{SUB}1", "Pelayanan Ibu Hamil", "Puskesmas B", 6],
    ]
    taken = upload(rows, "realisasi_anggaran")
    assert taken.findings == []
    taken.apply()
    assert RealisasiAnggaran.objects.get().jumlah == 11


def test_a_file_without_a_known_header_says_which_are_known(upload: Any) -> None:
    taken = upload([["A", "B"], ["1.02.02", 5]])
    assert taken.findings == [("", "judul kolom", "salah")]
    assert "Pemetaan kolom" in message(taken, "judul kolom")


@pytest.mark.parametrize(("sign", "encoding"), [(";", "utf-8-sig"), (",", "cp1252"), ("\t", "utf-8")])
def test_text_tables_are_read_as_well(upload: Any, tmp_path: Path, sign: str, encoding: str) -> None:
    path = tmp_path / "berkas.csv"
    with path.open("w", encoding=encoding, newline="") as handle:
        csv.writer(handle, delimiter=sign).writerows([*GOOD[:4], [f"{SUB}2", "Pelayanan – Ibu Bersalin", "300"]])
    inspect_table(path, LIMITS)
    taken = upload(path)
    assert taken.findings == []
    taken.apply()
    assert pagu() == STORED


def test_a_text_table_of_an_old_mac_is_read_too(upload: Any, tmp_path: Path) -> None:
    path = tmp_path / "berkas.csv"
    path.write_bytes("\r".join(";".join(map(str, row)) for row in GOOD).encode())
    assert upload(path).findings == []


@pytest.mark.parametrize("rest", ['"tidak ditutup\n' + "1;2;3\n" * 30_000, "x" * 200_000], ids=["quote", "long"])
def test_a_text_table_that_cannot_be_split_is_refused_with_its_line(tmp_path: Path, rest: str) -> None:
    path = tmp_path / "berkas.csv"
    path.write_text("Kode;Uraian;Pagu\n1.02.02;Program;1000\n" + rest, encoding="utf-8")
    table = next(read_tables(path))
    with pytest.raises(FileRefused, match="sesudah baris 2"):
        list(table.rows)


@pytest.mark.parametrize(
    ("row", "column", "said"), [(1_048_575, 16_383, "sudut terakhir"), (1_048_575, 1, "terpakai sampai baris 10485")]
)
def test_a_cell_in_the_last_corner_takes_no_worker_with_it(tmp_path: Path, row: int, column: int, said: str) -> None:
    path = tmp_path / "berkas.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEAD)
        sheet.write(row, column, "x")
    inspect_table(path, LIMITS)
    # Without the look ahead, reading it here ends the whole test run.
    with pytest.raises(FileRefused, match=said):
        list(read_tables(path))


@pytest.mark.parametrize("content", [b"\x00\x01\x02;", b"%PDF-1.7 halaman", b"kata saja"])
def test_what_is_no_table_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "berkas.csv"
    path.write_bytes(content)
    with pytest.raises(FileRefused, match="bukan Excel"):
        inspect_table(path, LIMITS)


@pytest.mark.parametrize(
    ("codes", "accounts", "expected"),
    [
        (("1.02.02.2.02.0001",), (), ("1.02.02.2.02.0001", "")),
        (("1.02.02.2.02.0001.",), (), ("1.02.02.2.02.0001", "")),
        (("1.02.02.2.02.01",), (), ("1.02.02.2.02.01", "")),
        (("X.XX.01.2.01",), (), ("1.02.01.2.01", "")),
        (("1", "02", "02", "2.02", "0001"), (), ("1.02.02.2.02.0001", "")),
        (("1", "2", "2", "2", "02"), (), ("1.02.02.2.02", "")),
        (("1.02.02", "1.02.02.2.02", "1.02.02.2.02.0001"), (), ("1.02.02.2.02.0001", "")),
        (("1.02.02.2.02.0001", "5.1.02.01"), (), ("1.02.02.2.02.0001", "5.1.02.01")),
        (("1.02.02.2.02.0001",), ("5.1.02",), ("1.02.02.2.02.0001", "5.1.02")),
        (("1.02.02.2.02.0001.5.1.02.01",), (), ("1.02.02.2.02.0001", "5.1.02.01")),
        (("5.1.02.01.01.0024",), (), ("", "5.1.02.01.01.0024")),
        (("1.02",), (), ("", "")),
        (("1.02.0.00.0.00.01.0000",), (), ("", "")),
    ],
)
def test_codes_as_files_write_them(
    codes: tuple[str, ...], accounts: tuple[str, ...], expected: tuple[str, str]
) -> None:
    assert read_codes(codes, accounts) == (*expected, "")


@pytest.mark.parametrize("code", ["1.02.02.2.02.001", "1.02.2X", "1,02,02", "10202"])
def test_a_mistyped_code_is_told_and_never_skipped(code: str) -> None:
    assert read_codes((code,), ())[2]


def test_an_office_reads_its_own_headers_and_can_take_them_back(upload: Any, plan_nodes: SimpleNamespace) -> None:
    rows = [["Nomor Mata Anggaran", "Uraian", "Plafon Kami"], *GOOD[1:]]
    assert upload(rows).findings == [("", "judul kolom", "salah")]
    shipped = columns_of(plan_nodes.year.instansi, "pagu")
    own = {**shipped, "kode": ["Nomor Mata Anggaran"], "pagu": ["Plafon Kami"]}
    save_columns(by=None, tahun_kinerja=plan_nodes.year, jenis="pagu", columns=own)
    assert upload(rows).findings == []
    other = Instansi.objects.create(kunci="lain", nama="Dinas Kesehatan Lain")
    assert columns_of(other, "pagu") == shipped
    save_columns(by=None, tahun_kinerja=plan_nodes.year, jenis="pagu", columns=None)
    assert columns_of(plan_nodes.year.instansi, "pagu") == shipped
    assert AuditEntry.objects.filter(action="exchange.save_columns").count() == 2


@pytest.mark.parametrize("change", [{"nama": ["Kode"]}, {"kode": []}], ids=["twice", "no code"])
def test_words_that_cannot_work_are_refused(plan_nodes: SimpleNamespace, change: dict[str, list[str]]) -> None:
    shipped = columns_of(plan_nodes.year.instansi, "pagu")
    with pytest.raises(MappingRefused):
        save_columns(by=None, tahun_kinerja=plan_nodes.year, jenis="pagu", columns={**shipped, **change})
