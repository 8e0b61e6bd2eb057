"""What belongs to a unit is in no answer to a person who does not see that unit, on generated offices.

Every row of a unit carries a word of its own. All pages, files and refusals that a person can ask for are searched for
the words of units that the person does not see, by a reading of the rules that shares no code with them.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from capaian.exchange.models import Upload
from capaian.measurement.models import Analisis, BuktiDukung, Capaian, Faktor, Realisasi, RealisasiUnit
from capaian.organisations.models import Denial, Instansi, Membership, TahunKinerja, UnitKerja
from capaian.planning.models import Dokumen, Indikator
from capaian.workflow.audit import record_audit
from capaian.workflow.models import Comment, Deadline, Submission, SubmissionVersion

pytestmark = [pytest.mark.generative, pytest.mark.django_db]
YEAR = "/ini/2024"
ROLES = ("operator", "kepala_unit", "pemegang_program", "perencana", "keuangan", "kepala")
FORMS = ("kinerja", "anggaran")


@dataclass(frozen=True)
class World:
    """Units as a tree by the parent of each, the roles of one person, and what they are denied to look at."""

    parents: tuple[int | None, ...]
    roles: tuple[tuple[str, int | None], ...]
    denied: frozenset[int]

    def upwards(self, unit: int) -> Iterator[int]:
        yield unit
        parent = self.parents[unit]
        if parent is not None:
            yield from self.upwards(parent)

    def sees(self, unit: int) -> bool:
        line = set(self.upwards(unit))
        return not line & self.denied and any(place is None or place in line for _, place in self.roles)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    size = draw(st.integers(2, 4))
    parents = tuple(draw(st.none() | st.integers(0, number - 1)) if number else None for number in range(size))
    unit = st.integers(0, size - 1)
    held = st.tuples(st.sampled_from(ROLES), unit)
    whole = st.tuples(st.sampled_from(("perencana", "keuangan", "kepala")), st.none())
    roles = draw(st.lists(held, min_size=1, max_size=2, unique=True) | st.tuples(whole).map(list))
    return World(parents, tuple(roles), draw(st.frozensets(unit, max_size=1)))


def word(unit: int) -> str:
    """What every row of a unit says. Letters only, so that no key or token holds it by chance."""
    return f"rahasiamilik{'abcd'[unit]}xq"


def number(unit: int) -> str:
    """A value that only this unit has."""
    return f"91375{unit}462"


def tells(text: str, unit: int) -> bool:
    plain = text.replace(".", "").replace("\xa0", "")
    return word(unit) in text or number(unit) in plain


class TestIsolation(TestCase):
    """On a database, asked through the pages."""

    # An example is some 200 requests. A failing one is small as it is: nothing is gained by shrinking it.
    @settings(
        max_examples=8,
        deadline=None,
        phases=(Phase.explicit, Phase.reuse, Phase.generate),
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )
    @given(worlds())
    def test_no_answer_holds_a_row_of_a_unit_that_the_person_does_not_see(self, world: World) -> None:
        hidden = [one for one in range(len(world.parents)) if not world.sees(one)]
        assume(hidden)
        cache.clear()
        office = build(world)
        client = Client()
        client.force_login(office.person)
        found = []
        for address, text in answers(client, office):
            found += [f"{address}: unit {one}" for one in hidden if tells(text, one)]
        assert not found, "\n".join(found)

    def test_the_words_are_there_for_who_sees_the_unit(self) -> None:
        """Else the test above would pass on pages that are empty."""
        cache.clear()
        office = build(World((None, None), (("perencana", None),), frozenset()))
        client = Client()
        client.force_login(office.person)
        told = [address for address, text in answers(client, office) if tells(text, 1)]
        for part in (
            "/audit/",
            "/komentar/",
            "/bukti/",
            "/indikator/",
            "/isian/kinerja/u1/1/",
            "/ekspor/",
            "/templat/",
        ):
            assert any(part in address for address in told), f"{part} shows no row at all: {told}"


@dataclass
class Built:
    year: TahunKinerja
    person: User
    units: list[UnitKerja]
    indikator: list[Indikator]
    collected: Indikator
    bukti: list[BuktiDukung]
    uploads: list[Upload]
    comments: list[Comment]


def build(world: World) -> Built:
    """An office with, for each unit, a row of every kind that says its word."""
    place = Instansi.objects.create(kunci="ini", nama="Dinas Ini", daerah="Ini")
    year = TahunKinerja.objects.create(instansi=place, tahun=2024)
    person, other = User.objects.create(username="orang"), User.objects.create(username="lain")
    Membership.objects.create(user=other, instansi=place, role="perencana")
    units: list[UnitKerja] = []
    for one, parent in enumerate(world.parents):
        induk = None if parent is None else units[parent]
        kind = {"jenis": "puskesmas", "induk": induk, "urutan": one}
        units.append(UnitKerja.objects.create(instansi=place, kunci=f"u{one}", nama=f"Unit {one}", **kind))
    for role, unit in world.roles:
        where = None if unit is None else units[unit]
        Membership.objects.create(user=person, instansi=place, role=role, unit=where)
    for unit in world.denied:
        Denial.objects.create(user=person, instansi=place, permission="VIEW", unit=units[unit], reason="Uji")
    node = year.nodes.create(kunci="1.02", kode="1.02", jenis="program", nama="Program", urutan=1)
    dokumen = Dokumen.objects.create(tahun_kinerja=year, kunci="pk", jenis="pk", nama="PK")
    office = Built(year, person, units, [], _indikator(place, node, dokumen, "semua", None), [], [], [])
    Indikator.objects.filter(pk=office.collected.pk).update(pelapor="puskesmas", gabungan="jumlah")
    for one in range(len(units)):
        office.indikator.append(_indikator(place, node, dokumen, f"i{one}", units[one]))
        _rows(office, one, other)
    return office


def _indikator(place: Instansi, node: Any, dokumen: Dokumen, kunci: str, unit: UnitKerja | None) -> Indikator:
    made = Indikator.objects.create(
        instansi=place, kunci=kunci, nama=f"Indikator {kunci}", arah="naik", node=node, penanggung_jawab=unit
    )
    dokumen.target.create(indikator=made, tahun=2024, teks="5")
    return made


def _rows(office: Built, one: int, by: User) -> None:
    year, unit, indikator, said = office.year, office.units[one], office.indikator[one], word(one)
    place: dict[str, Any] = {"tahun_kinerja": year, "unit": unit}
    when = {"tahun": 2024, "periode": 1}
    Realisasi.objects.create(indikator=indikator, teks=number(one), keterangan=said, **when)
    RealisasiUnit.objects.create(indikator=office.collected, unit=unit, teks=number(one), **when)
    Capaian.objects.create(
        indikator=indikator,
        dokumen=Dokumen.objects.get(tahun_kinerja=year),
        tahun_target=2024,
        status="tercapai",
        catatan=[said],
        pack_id="x",
        jejak={"steps": []},
        tampil=number(one),
        persen_capaian=number(one),
        **when,
    )
    Analisis.objects.create(tahun_kinerja=year, indikator=indikator, uraian=said)
    Faktor.objects.create(analisis=Analisis.objects.get(indikator=indikator), jenis="penghambat", urutan=1, uraian=said)
    subjects = {"record_realisasi": f"{indikator.kunci} 2024/1", "record_realisasi_unit": f"u{one} semua 2024/1"}
    for action, subject in subjects.items():
        comment = {"text": said, "by": by, "request_key": uuid4(), "subject": subject}
        office.comments.append(Comment.objects.create(**place, **comment))
        office.bukti.append(
            BuktiDukung.objects.create(
                **place, subject=subject, periode=1, nama=said, tautan=f"https://x.example/{said}", request_key=uuid4()
            )
        )
        record_audit(
            by=by,
            action=f"measurement.{action}",
            subject=subject,
            instansi=year.instansi,
            unit=unit,
            after={"teks": said},
            reason=said,
        )
    for form in FORMS:
        sheet = Submission.objects.create(**place, form=form, periode=1, state="dikembalikan", reason=said, by=by)
        SubmissionVersion.objects.create(
            submission=sheet, nomor=1, cells=[{"kunci": indikator.kunci, "nama": said, "teks": said}]
        )
        Deadline.objects.create(**place, form=form, periode=2, ends_on=date(2031, 1, 1), reason=said)
    finding = {"sheet": "Lembar", "cell": "A1", "severity": "salah", "message": said, "rule": ""}
    finding |= {"value": number(one), "theirs": number(one), "mine": number(one)}
    office.uploads.append(
        Upload.objects.create(
            tahun_kinerja=year,
            jenis="lembar",
            nama=said,
            berkas="x/y.xlsx",
            checksum="0" * 64,
            ukuran=1,
            created_by=by,
            state="ready",
            findings=[finding],
        )
    )


# --- asking for everything -------------------------------------------------------------------------------------------


def answers(client: Client, office: Built) -> Iterator[tuple[str, str]]:
    """Each address with the text of its answer, packed files unpacked."""
    for address in addresses(office):
        yield address, text_of(client.get(address))
    for one, unit in enumerate(office.units):
        known = office.indikator[one]
        # Saving over what one has not seen is answered with what is stored.
        cells = [{"kunci": kunci, "teks": "1", "base": "0"} for kunci in (known.kunci, "semua")]
        yield f"POST lembar u{one}", _send(client, f"{YEAR}/isian/kinerja/{unit.kunci}/1/simpan/", cells)
        cells = [{"kunci": f"c{known.pk}-1", "teks": "1", "base": "0"}]
        yield f"POST realisasi i{one}", _send(client, f"{YEAR}/pengukuran/realisasi/", cells)
        subject = f"{known.kunci} 2024/1"
        form = {"objek": subject, "unit": unit.kunci, "teks": "", "kunci_permintaan": str(uuid4())}
        yield f"POST komentar u{one}", text_of(client.post(f"{YEAR}/isian/komentar/", form))
    for row in office.comments:
        yield f"POST selesai {row.pk}", text_of(client.post(f"{YEAR}/isian/komentar/{row.pk}/selesai/", follow=True))


def _send(client: Client, address: str, cells: list[dict[str, str]]) -> str:
    return text_of(client.post(address, json.dumps({"cells": cells}), content_type="application/json"))


def addresses(office: Built) -> Iterator[str]:
    yield from (f"{YEAR}/{part}" for part in _LISTS)
    for unit in [*office.units, None]:
        kunci = unit.kunci if unit else "instansi"
        for form in FORMS:
            sheet = f"{form}/{kunci}/1/"
            yield from (f"{YEAR}/isian/{sheet}", f"{YEAR}/isian/{sheet}versi/", f"{YEAR}/bukti/{sheet}")
            yield from (f"{YEAR}/data/templat/{sheet}", f"{YEAR}/reviu/pertanyaan/{sheet}")
        for indikator in (*office.indikator, office.collected):
            yield f"{YEAR}/bukti/kinerja/{kunci}/1/{indikator.kunci}/"
            for subject in (f"{indikator.kunci}%202024/1", f"{kunci}%20{indikator.kunci}%202024/1"):
                yield f"{YEAR}/isian/komentar/?objek={subject}&unit={kunci}"
                yield f"{YEAR}/isian/riwayat/?objek={subject}&unit={kunci}"
    for indikator in (*office.indikator, office.collected):
        yield from (f"{YEAR}/indikator/{indikator.kunci}/", f"{YEAR}/analisis/{indikator.kunci}/")
        yield f"{YEAR}/analisis/{indikator.kunci}/?ubah=1"
        yield f"{YEAR}/reviu/tercetak/?kunci={indikator.kunci}"
    yield from (f"{YEAR}/jejak/{pk}/" for pk in Capaian.objects.values_list("pk", flat=True))
    yield from (f"{YEAR}/bukti/{row.pk}/berkas/" for row in office.bukti)
    for row in office.uploads:
        yield from (f"{YEAR}/data/unggahan/{row.pk}/{part}" for part in ("", "kemajuan/", "temuan/", "bertanda/"))


_LISTS = (
    "",
    "isian/tugas/",
    "isian/tugas/jumlah/",
    "isian/pelaporan/?periode=1",
    "isian/jadwal/",
    "isian/audit/",
    "isian/audit/?objek=rahasia",
    "isian/audit/?unit=u1",
    "isian/audit/unduh/",
    "pengukuran/?tw=1",
    "perencanaan/",
    "perencanaan/?tampilan=strategi",
    "rencana-aksi/",
    "anggaran/",
    "laporan/",
    "data/unggah/",
    "data/unggah/?form=kinerja&unit=u1&periode=1",
    "data/impor/",
    "data/templat/kinerja/semua/1/",
    "data/templat/anggaran/semua/1/",
    "data/ekspor/indikator/",
    "data/ekspor/rencana-aksi/",
    "data/ekspor/anggaran/",
    "data/ekspor/pelaporan/",
    "reviu/",
    "reviu/pertanyaan/",
    "hak-saya/",
    "pelimpahan/",
)


def text_of(response: Any) -> str:
    """What can be read in an answer."""
    assert response.status_code < 500, response
    # Read to its end it closes by itself, without the database connection of the test.
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if not content.startswith(b"PK"):
        return f"{response.get('Location', '')} {content.decode(errors='replace')}"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "\n".join(archive.read(name).decode(errors="replace") for name in archive.namelist())
