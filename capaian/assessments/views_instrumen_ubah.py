"""Changing a draft in the site: its head, the scales of its classes, one group or item, and where that stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from capaian.assessments.actions import PenilaianRefused
from capaian.assessments.actions_instrumen import add_node, delete_node, move_node, save_node
from capaian.assessments.fields import CHOICE_FIELDS, Field, fields_of, read_all, show
from capaian.assessments.models import VersiInstrumen
from capaian.assessments.queries_instrumen import checked, node_facts
from capaian.assessments.tree import Node, Placed, TreeError, find, node_mark, walk
from capaian.assessments.views_instrumen import find_versi, frame, to_versi
from capaian.organisations.permissions import Office, Permission, require_office

_SPARE: Final = 3
_MOST_ROWS: Final = 60
_NEW: Final[Mapping[str, Node]] = {
    "butir": {"kode": "", "nama": "", "penilaian": "capaian"},
    "kelompok": {"kode": "", "nama": "", "agregasi": "rata_rata", "isi": []},
}
_LOST: Final = (
    "Baris ini sudah dihapus orang lain sesudah Anda membukanya, jadi belum disimpan. Isian Anda masih di bawah ini; "
    "tambahkan lagi bila tetap diperlukan."
)


@dataclass(frozen=True)
class Box:
    """A field as it is drawn: its value as typed, what is wrong with it, and the name that it is sent under."""

    field: Field
    value: str
    error: str = ""
    name: str = ""

    @property
    def is_on(self) -> bool:
        return self.value == "ya"


@dataclass
class Form:
    """One group or item as a form; `rows` are its answers. `errors` by field, of rows `p0_nilai`."""

    node: Node
    boxes: list[Box]
    rows: list[list[Box]]
    induk: str
    errors: dict[str, str]
    error: str = ""


@require_http_methods(["GET", "POST"])
def instrumen_butir(request: HttpRequest, instansi: str, tahun: int, versi_id: int) -> HttpResponse:
    """What does this item (or group) ask, how is it scored, and is that right?"""
    is_post = request.method == "POST"
    office = require_office(request, instansi, tahun, Permission.WRITE_INSTRUMEN if is_post else Permission.VIEW)
    versi = find_versi(office, versi_id)
    data = request.POST if is_post else request.GET
    kode, induk = data.get("asal" if is_post else "kode", ""), data.get("di", "")
    is_lost = is_post and bool(kode) and not any(one.kode == kode for one in walk(versi.definisi))
    if is_lost:
        # Somebody took it out meanwhile; what was typed is kept, to be added anew.
        kode, induk = "", data.get("induk", "")
    placed = None if induk else _placed(versi, kode)
    kind = data.get("jenis", "butir")
    if placed is None and (kind not in _NEW or not _placed(versi, induk).is_group):
        raise Http404("Pilih kelompok tempat butir ditambahkan.")
    node = placed.node if placed else dict(_NEW[kind])
    form = _stored(node, placed.induk if placed else induk)
    if is_post:
        form = _typed(request.POST, versi, form)
        form.error = _LOST if is_lost else ""
        if not form.errors and not is_lost and _save(request, office, versi, placed, form):
            return _saved(request, office, versi, form, placed)
    context = {
        **frame(office, versi),
        "form": form,
        "induk": induk,
        "placed": placed,
        "kind": "kelompok" if "isi" in node else "butir",
        "node_mark": node_mark(placed) if placed else "",
        "groups": _groups(versi, placed),
        "lists": _lists(versi, kode),
        "problems": checked(versi).by_kode.get(kode, []) if placed else [],
        "facts": node_facts(node, fields_of(node)),
        "near": _near(versi, kode) if placed else (None, None),
        "children": node.get("isi") or [],
        "has_bounds": any(row.get("dari") or row.get("sampai") for row in node.get("pilihan") or []),
    }
    return render(request, "assessments/instrumen_butir.html", context, status=422 if is_post else 200)


def _placed(versi: VersiInstrumen, kode: str) -> Placed:
    try:
        return find(versi.definisi, kode)
    except TreeError as error:
        raise Http404(str(error)) from error


def _stored(node: Node, induk: str) -> Form:
    choices = node.get("pilihan") or []
    spare: list[Node] = [{} for _ in range(_SPARE)]
    rows = [_row(number, row) for number, row in enumerate([*choices, *spare])]
    boxes = [Box(one, show(one, node), name=one.name) for one in fields_of(node)]
    return Form(node, boxes, rows, induk, {})


def _row(number: int, values: Node) -> list[Box]:
    return [Box(one, show(one, values), name=f"p{number}_{one.name}") for one in CHOICE_FIELDS]


def _typed(data: QueryDict, versi: VersiInstrumen, stored: Form) -> Form:
    """The form as it was sent, with what is wrong and the group or item that it would make."""
    fields = fields_of(stored.node)
    texts = {one.name: data.get(one.name, "") for one in fields}
    values, errors = read_all(fields, texts)
    choices, rows, wrong = read_rows(data, "p", CHOICE_FIELDS)
    copied = data.get("salin_pilihan", "")
    if copied and copied != "-":
        choices = list(_placed(versi, copied).node.get("pilihan") or [])
    if choices:
        values["pilihan"] = choices
    if "isi" in stored.node:
        values["isi"] = stored.node["isi"]
    boxes = [Box(one, _sent(one, texts), errors.get(one.name, ""), one.name) for one in fields]
    return Form(values, boxes, rows, data.get("induk", stored.induk), errors | wrong)


def read_rows(
    data: QueryDict, prefix: str, fields: Sequence[Field]
) -> tuple[list[Node], list[list[Box]], dict[str, str]]:
    """The rows of a small table as sent (`p0_kode`, `p0_nilai` …): their values, their boxes, what is wrong.

    A row with nothing in it is left out.
    """
    found: list[Node] = []
    drawn: list[list[Box]] = []
    wrong: dict[str, str] = {}
    for number in range(_MOST_ROWS):
        names = {one.name: f"{prefix}{number}_{one.name}" for one in fields}
        if names[fields[0].name] not in data:
            break
        texts = {one.name: data.get(names[one.name], "") for one in fields}
        is_empty = not any(texts[one.name].strip() for one in fields if one.kind != "flag")
        values, errors = ({}, {}) if is_empty else read_all(fields, texts)
        wrong |= {names[name]: message for name, message in errors.items()}
        drawn.append([Box(one, _sent(one, texts), errors.get(one.name, ""), names[one.name]) for one in fields])
        if not is_empty:
            found.append(values)
    return found, drawn, wrong


def _sent(one: Field, texts: Mapping[str, str]) -> str:
    return ("ya" if texts[one.name] else "tidak") if one.kind == "flag" else texts[one.name]


def _save(request: HttpRequest, office: Office, versi: VersiInstrumen, placed: Placed | None, form: Form) -> bool:
    """Store the form; refused, it says why and keeps what was typed."""
    said: dict[str, Any] = {"by": request.user, "tahun_kinerja": office.tahun_kinerja, "versi": versi}
    values = {name: value for name, value in form.node.items() if name != "isi" or placed is None}
    try:
        if placed is None:
            add_node(**said, induk=form.induk, values=values)
        else:
            base = request.POST.get("dasar", "")
            induk = form.induk if form.induk != placed.induk else ""
            save_node(**said, kode=placed.kode, base=base, values=values, induk=induk)
    except PenilaianRefused as refused:
        form.error = str(refused)
        return False
    return True


def _saved(
    request: HttpRequest, office: Office, versi: VersiInstrumen, form: Form, placed: Placed | None
) -> HttpResponse:
    kode = str(form.node["kode"])
    messages.success(request, f'"{kode}" {"disimpan" if placed else "ditambahkan"}.')
    fresh = find_versi(office, versi.pk)
    for problem in checked(fresh).by_kode.get(kode, [])[:3]:
        messages.warning(request, problem)
    place = {"instansi": office.tahun_kinerja.instansi.kunci, "tahun": office.tahun_kinerja.tahun, "versi_id": versi.pk}
    url = reverse("assessments:instrumen_butir", kwargs=place)
    if request.POST.get("lalu") == "lagi" and placed is None:
        kind = "kelompok" if "isi" in form.node else "butir"
        return redirect(f"{url}?{_query(di=form.induk, jenis=kind)}")
    following = _near(fresh, kode)[1]
    if request.POST.get("lalu") == "berikut" and following is not None:
        return redirect(f"{url}?{_query(kode=following.kode)}")
    return to_versi(office, versi, f"n-{kode}")


def _query(**values: str) -> str:
    found = QueryDict(mutable=True)
    found.update(values)
    return found.urlencode()


@require_POST
def instrumen_susun(request: HttpRequest, instansi: str, tahun: int, versi_id: int) -> HttpResponse:
    """Move a group or item among its neighbours, or take it out."""
    office = require_office(request, instansi, tahun, Permission.WRITE_INSTRUMEN)
    versi = find_versi(office, versi_id)
    kode, way = request.POST.get("kode", ""), request.POST.get("langkah", "")
    said: dict[str, Any] = {"by": request.user, "tahun_kinerja": office.tahun_kinerja, "versi": versi, "kode": kode}
    try:
        if way == "hapus":
            above = _placed(versi, kode).induk
            delete_node(**said, base=request.POST.get("dasar", ""))
            messages.success(request, f'"{kode}" dihapus dari draf.')
            return to_versi(office, versi, f"n-{above}")
        if way in ("naik", "turun"):
            move_node(**said, step=-1 if way == "naik" else 1)
        else:
            messages.error(request, "Langkah itu tidak dikenal. Pakai tombol pada halaman ini.")
    except PenilaianRefused as refused:
        messages.error(request, str(refused))
    return to_versi(office, versi, f"n-{kode}")


def _groups(versi: VersiInstrumen, placed: Placed | None) -> list[tuple[str, str]]:
    """The groups that this one can hang below: not itself, and nothing within itself."""
    found: list[tuple[str, str]] = []
    inside = -1
    for one in walk(versi.definisi):
        if inside >= 0 and one.depth > inside:
            continue
        inside = one.depth if placed is not None and one.kode == placed.kode else -1
        if one.is_group and inside < 0:
            found.append((one.kode, f"{'— ' * one.depth}{one.kode} {one.node.get('nama', '')}"[:90]))
    return found


def _lists(versi: VersiInstrumen, kode: str) -> list[tuple[str, str]]:
    """Answers that other items have, each once, under the first that has them: to be taken over."""
    seen: list[Any] = []
    found = []
    for one in walk(versi.definisi):
        choices = one.node.get("pilihan")
        if choices and one.kode != kode and choices not in seen:
            seen.append(choices)
            kodes = " · ".join(str(row.get("kode", "")) for row in choices)
            found.append((one.kode, f"seperti {one.kode}: {kodes}"[:80]))
    return found[:40]


def _near(versi: VersiInstrumen, kode: str) -> tuple[Placed | None, Placed | None]:
    """What stands before and after in printed order."""
    rows = list(walk(versi.definisi))
    at = next((number for number, one in enumerate(rows) if one.kode == kode), 0)
    return (rows[at - 1] if at else None, rows[at + 1] if at + 1 < len(rows) else None)
