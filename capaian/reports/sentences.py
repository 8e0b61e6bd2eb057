"""Sentences that state figures, built from the very values that the tables print.

Every function takes strings and numbers that are already in a table and returns one correct Indonesian sentence;
`{anchor}` in a sentence is a reference to the caption with that anchor.
"""

from __future__ import annotations

from decimal import Decimal

from capaian.reports import formats
from capaian.reports.facts import Money, Standing, Tally
from capaian.reports.snapshot import Measured, Score
from capaian.rules.efisiensi import Efisiensi
from capaian.rules.perbandingan import Change

_BETTER = {"naik": "tinggi", "turun": "rendah"}
_WORST_FIRST = {"naik": "tertinggi", "turun": "terendah"}


def reached(measured: Measured, tahun: int) -> str:
    """Target against realisasi of the year, and whether it was reached."""
    target = formats.with_unit(measured.target, measured.satuan) or "belum ada"
    if not measured.realisasi:
        return f"Realisasi tahun {tahun} belum ada; target yang ditetapkan adalah {target}."
    realisasi = formats.with_unit(measured.realisasi, measured.satuan)
    start = f"Target tahun {tahun} adalah {target} dan realisasinya {realisasi}"
    if measured.tampil is None:
        return f"{start}. Persentase capaian tidak dapat dihitung untuk bentuk target ini."
    verdict = "target tercapai" if measured.status == "tercapai" else "target belum tercapai"
    return f"{start}, sehingga capaiannya {formats.percent(measured.tampil, measured.desimal)} dan {verdict}."


def direction(measured: Measured) -> str:
    """How the indicator is to be read."""
    return f"Makin {_BETTER[measured.arah]} nilai indikator ini, makin baik kinerjanya."


def formula(measured: Measured) -> str:
    """With which formula the capaian was computed, as its trace says; empty without a trace."""
    steps = measured.score.trace.steps if measured.score else ()
    step = next((one for one in steps if one.label == "Capaian"), None)
    return f"Capaian dihitung dengan rumus {step.formula}." if step else ""


def parts(measured: Measured) -> str:
    """Numerator and denominator behind a realisasi; empty unless both are known."""
    if measured.pembilang is None or measured.penyebut is None:
        return ""
    return (
        f"Realisasi itu dihitung dari {formats.plain(measured.pembilang)} terhadap {formats.plain(measured.penyebut)}."
    )


def year_change(measured: Measured, change: Change | None, tahun: int) -> str:
    """This year's realisasi against the last earlier one: by how much, and whether that is better."""
    before = measured.previous
    if before is None or change is None or change.selisih is None:
        return ""
    old = formats.with_unit(before.realisasi, measured.satuan)
    new = formats.with_unit(measured.realisasi, measured.satuan)
    if change.selisih == 0:
        return f"Realisasi tahun {tahun} sebesar {new} sama dengan realisasi tahun {before.tahun}."
    verb = "naik" if change.selisih > 0 else "turun"
    share = f" ({formats.percent(abs(change.persen))})" if change.persen is not None else ""
    return (
        f"Dibandingkan tahun {before.tahun}, realisasi {verb} {formats.plain(abs(change.selisih))} poin{share}, "
        f"dari {old} menjadi {new}; kinerja {change.meaning}."
    )


def capaian_change(measured: Measured, tahun: int) -> str:
    """This year's capaian against last year's, where last year has one."""
    before = measured.previous
    if before is None or before.persen is None or measured.tampil is None:
        return ""
    now, then = measured.tampil, before.persen
    printed = formats.percent(now, measured.desimal), formats.percent(then, measured.desimal)
    if now == then:
        return f"Persentase capaian tahun {tahun} sama dengan tahun {before.tahun}, yaitu {printed[0]}."
    verb = "naik" if now > then else "turun"
    return f"Persentase capaian {verb} dari {printed[1]} pada tahun {before.tahun} menjadi {printed[0]}."


def span_of_years(measured: Measured) -> str:
    """The best year of the series, where there are at least three years with numbers."""
    known = [point for point in measured.history if point.value is not None]
    values = [point.value for point in known if point.value is not None]
    if len(known) < 3 or min(values) == max(values):
        return ""
    best = max(values) if measured.arah == "naik" else min(values)
    years = [str(point.tahun) for point in known if point.value == best]
    text = next(point.realisasi for point in known if point.value == best)
    return (
        f"Selama {known[0].tahun}–{known[-1].tahun} nilai terbaik adalah "
        f"{formats.with_unit(text, measured.satuan)} pada tahun {formats.joined(years)}."
    )


def renstra(measured: Measured, tahun: int) -> str:
    """Realisasi up to this year against the target at the end of the Renstra."""
    score: Score | None = measured.score_akhir
    if score is None or score.tampil is None or measured.tahun_akhir is None:
        return ""
    target = formats.with_unit(measured.target_akhir, measured.satuan)
    percent = formats.percent(score.tampil, measured.desimal)
    start = (
        f"Target akhir Renstra pada tahun {measured.tahun_akhir} adalah {target}. "
        f"Capaian realisasi sampai dengan tahun {tahun} terhadap target itu adalah {percent}"
    )
    if score.status == "tercapai":
        return f"{start}, sehingga target jangka menengah telah terpenuhi dan perlu dipertahankan."
    return f"{start}, sehingga target jangka menengah belum terpenuhi dan perlu dikejar dalam sisa masa Renstra."


def ranking(place: Standing, measured: Measured, area: str) -> str:
    """The rank among the other kabupaten/kota, best first."""
    if place.own is None or place.own.peringkat is None or place.count < 2:
        return ""
    shared = " (bersama daerah lain dengan nilai yang sama)" if place.own.seri else ""
    return (
        f"Dengan nilai {formats.rate(place.own.nilai)}, {area} berada pada urutan ke-{place.own.peringkat} terbaik "
        f"dari {place.count} kabupaten/kota yang diperbandingkan{shared}, diurutkan dari nilai "
        f"{_WORST_FIRST[measured.arah]} sebagai yang terbaik."
    )


def against(name: str, value: Decimal | None, own: Decimal | None, arah: str) -> str:
    """The office's value against a province or the nation."""
    if value is None or own is None:
        return ""
    if value == own:
        return f"Nilai tersebut sama dengan {name} ({formats.rate(value)})."
    better = own > value if arah == "naik" else own < value
    side = "di atas" if own > value else "di bawah"
    verdict = "lebih baik" if better else "belum sebaik"
    tail = f"{verdict} daripada {name}" if better else f"{verdict} {name}"
    return f"Nilai tersebut {side} {name} ({formats.rate(value)}), artinya {tail}."


def efficiency(measured: Measured, money: Money, result: Efisiensi) -> str:
    """Capaian against serapan of the mapped kegiatan."""
    if result.tampil is None or money.serapan is None:
        return ""
    verdict = "penggunaan sumber daya efisien" if result.tampil > 0 else "penggunaan sumber daya belum efisien"
    return (
        f"Kegiatan yang dipetakan ke indikator ini memiliki pagu {formats.rupiah(money.pagu)} dengan realisasi "
        f"{formats.rupiah(money.realisasi)} ({formats.percent(money.serapan)}). Dengan capaian "
        f"{formats.percent(measured.tampil, measured.desimal)}, nilai efisiensinya "
        f"{formats.plain(result.tampil, 2)} poin, sehingga {verdict}."
    )


def absorbed(subject: str, pagu: int | None, realisasi: int | None, serapan: Decimal | None) -> str:
    """Pagu, realisasi and serapan of something."""
    if pagu is None or realisasi is None:
        return ""
    return (
        f"{subject} sebesar {formats.rupiah(pagu)} terealisasi {formats.rupiah(realisasi)} "
        f"atau {formats.percent(serapan)}, dengan sisa {formats.rupiah(pagu - realisasi)}."
    )


def tallied(count: Tally) -> str:
    """How many of some indicators reached their target."""
    share = formats.percent(count.persen_tercapai)
    if count.jumlah and count.tanpa_realisasi == count.jumlah:
        return f"Dari {count.jumlah} {count.noun} belum ada realisasi yang diisi."
    if count.jumlah and count.tanpa_nilai == count.jumlah:
        return f"Dari {count.jumlah} {count.noun} belum ada yang dapat dinilai."
    if count.jumlah == 1:
        verdict = "mencapai target" if count.tercapai else "belum mencapai target"
        return f"Satu {count.noun} {verdict}."
    if count.tercapai == count.jumlah:
        return f"Seluruh {count.jumlah} {count.noun} mencapai target ({share})."
    rest = []
    if count.tidak_tercapai:
        rest.append(f"{count.tidak_tercapai} belum mencapai target")
    if count.tanpa_nilai:
        rest.append(f"{count.tanpa_nilai} belum dapat dinilai")
    return f"Dari {count.jumlah} {count.noun}, {count.tercapai} mencapai target ({share}) dan {' serta '.join(rest)}."


def average(count: Tally) -> str:
    """The mean capaian of a level with more than one indicator."""
    if count.rata_rata is None or count.jumlah < 2:
        return ""
    return f"Rata-rata capaian {count.noun} adalah {formats.percent(count.rata_rata)}."
