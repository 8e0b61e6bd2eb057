"""`capaian hitung`: good rows are computed, bad ones are reported by line and do not stop them."""

import csv
import io
import json

import pytest

from capaian.cli.main import main

pytestmark = pytest.mark.integration

HEADER = "target,realisasi,arah,rumus,satuan,desimal\n"


def run(capsys, tmp_path, text, *options):
    path = tmp_path / "data.csv"
    path.write_text(text, encoding="utf-8")
    code = main(["hitung", str(path), *options])
    output = capsys.readouterr()
    return code, output.out, output.err


def test_rows_of_the_documents(capsys, tmp_path):
    # LKIP Balangan Tabel 3.1 and 3.9, LKIP Bekasi Tabel 3.4
    text = HEADER + (
        "125,119,turun,selisih,per 100.000 KH,1\n"
        '"7,82","2,89",turun,kebalikan,%,2\n'
        '1 : 1000,"0,97:1000",naik,,,2\n'
        "685 11 273 31,725 5 244 75,naik,,orang,2\n"
    )
    code, out, err = run(capsys, tmp_path, text)
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [row["persen_capaian"] for row in rows] == ["104,8", "270,59", "97,00", "120,65"]
    assert [row["status"] for row in rows] == ["tercapai", "tercapai", "tidak_tercapai", "tercapai"]
    assert rows[0]["jejak"]
    assert (code, err) == (0, "")


def test_bad_rows_are_named_and_good_ones_kept(capsys, tmp_path):
    text = HEADER + "100,1.234,naik,,,\n100,50,atas,,,\nentahlah?,50,naik,,,\n100,50,naik,,,\n"
    code, out, err = run(capsys, tmp_path, text)
    assert code == 1
    assert [row["persen_capaian"] for row in csv.DictReader(io.StringIO(out))] == ["50,00"]
    assert [line.split(":")[0] for line in err.strip().splitlines()] == ["baris 2", "baris 3", "baris 4"]


def test_ambiguous_number_names_both_readings(capsys, tmp_path):
    _, _, err = run(capsys, tmp_path, HEADER + "100,1.234,naik,,,\n")
    assert "1.234" in err
    assert "1,234" in err


def test_json_carries_the_trace(capsys, tmp_path):
    code, out, _ = run(capsys, tmp_path, HEADER + "0,0,turun,selisih,,\n", "--json")
    [row] = json.loads(out)
    assert code == 0
    assert row["persen_capaian"] == "100.00"
    assert row["jejak"]["steps"]


def test_semicolons_and_byte_order_mark_of_excel(capsys, tmp_path):
    code, out, _ = run(capsys, tmp_path, "\ufefftarget;realisasi;arah\n80;83,83;naik\n")
    assert code == 0
    assert "104,79" in out


def test_missing_column_is_bad_input(capsys, tmp_path):
    code, _, err = run(capsys, tmp_path, "target,realisasi\n1,1\n")
    assert code == 1
    assert "kolom arah tidak ada" in err


def test_bad_use_exits_with_two(capsys):
    with pytest.raises(SystemExit) as stop:
        main(["hitung"])
    assert stop.value.code == 2


def test_figures_beyond_any_measure_are_reported_by_row(tmp_path, capsys):
    path = tmp_path / "besar.csv"
    rows = [f"0.{'0' * 35}1,{'9' * 40},naik", "100,90,naik", f"100,{'9' * 200_000},naik"]
    path.write_text("target,realisasi,arah\n" + "\n".join(rows))
    assert main(["hitung", str(path)]) == 1
    out, error = capsys.readouterr()
    assert "90,00" in out
    assert "baris 2: Nilai dengan" in error
    assert "baris 4: baris tidak terbaca" in error


def test_a_folder_that_cannot_be_written_is_said_in_words(db, capsys):
    assert main(["load", "metro_2024"]) == 0
    assert main(["report", "rencana_aksi", "metro", "2024", "--format", "txt", "--out", "/dev/null/x"]) == 1
    assert "capaian report: /dev/null/x" in capsys.readouterr().err


def test_the_formula_of_the_row_judges_a_missed_limit(capsys, tmp_path):
    text = HEADER + "< 24 jam,30 jam,turun,selisih,,\n< 24 jam,30 jam,turun,kebalikan,,\n≤ 2,4,turun,,,\n"
    code, out, _ = run(capsys, tmp_path, text)
    assert code == 0
    assert [row["persen_capaian"] for row in csv.DictReader(io.StringIO(out))] == ["75,00", "80,00", "50,00"]


def test_a_row_without_a_percentage_says_why(capsys, tmp_path):
    code, out, _ = run(capsys, tmp_path, HEADER + "0,5,naik,,,\n80,belum ada,naik,,,\n")
    undefined, missing = csv.DictReader(io.StringIO(out))
    assert code == 0
    assert (undefined["persen_capaian"], undefined["status"]) == ("", "tidak_terdefinisi")
    assert undefined["jejak"].startswith("Target 0 pada indikator yang makin tinggi makin baik")
    assert missing["status"] == "belum_ada"
    assert "Realisasi belum ada." in missing["jejak"]


def test_no_direction_is_asked_where_the_form_carries_it(capsys, tmp_path):
    text = HEADER + "ya,ya,,,,\nAda,tidak ada,,,,\nParipurna,Utama,,,,\n≤ 2,4,,,,\n80,40,,,,\n"
    code, out, err = run(capsys, tmp_path, text)
    assert code == 1
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [row["persen_capaian"] for row in rows] == ["100,00", "0,00", "75,00", "50,00"]
    assert err.startswith("baris 6: kolom arah kosong")


def test_money_is_a_target(capsys, tmp_path):
    text = HEADER + 'Rp 862.583.197.457,"778.228.368.441,-",naik,,,\nRp. 1.000.000,Rp 250.000,naik,,,\n'
    code, out, _ = run(capsys, tmp_path, text)
    assert code == 0
    assert [row["persen_capaian"] for row in csv.DictReader(io.StringIO(out))] == ["90,22", "25,00"]


def test_a_cell_too_long_for_csv_is_reported_and_the_other_rows_are_kept(capsys, tmp_path):
    code, out, err = run(capsys, tmp_path, HEADER + f"100,50,naik,,,\n{'9' * 131_073},1,naik,,,\n100,75,naik,,,\n")
    assert code == 1
    assert [row["persen_capaian"] for row in csv.DictReader(io.StringIO(out))] == ["50,00", "75,00"]
    assert err.startswith("baris 3: baris tidak terbaca; sebuah sel paling banyak 131.072 huruf")


def test_decimals_and_realisasi_that_cannot_be_read_name_their_column(capsys, tmp_path):
    code, _, err = run(capsys, tmp_path, HEADER + "100,50,naik,,,x\n100,entahlah?,naik,,,\n")
    assert code == 1
    decimals, realisasi = err.splitlines()
    assert decimals.startswith('baris 2: kolom desimal berisi "x"')
    assert realisasi.startswith('baris 3: Realisasi "entahlah?" tidak dikenal')
