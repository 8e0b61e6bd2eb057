"""The ways of a submission from draf to terkunci: one table, which rules what may happen and draws the docs diagram."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from capaian.organisations.roles import Permission
from capaian.workflow.models import Submission

_State = Submission.State


@dataclass(frozen=True)
class Transition:
    """One way from any of `sources` to `target`, open to who holds `permission` for the unit (see
    `forms.required_permission`: a form has rights of its own for submitting and verifying).

    `label` is the button, `done` completes "isian …"; `needs_reason` asks for a reason in words, `four_eyes` refuses
    the person who submitted.
    """

    name: str
    label: str
    done: str
    sources: frozenset[str]
    target: str
    permission: Permission
    needs_reason: bool = False
    four_eyes: bool = False


TRANSITIONS: Final[tuple[Transition, ...]] = (
    Transition(
        "ajukan",
        "Ajukan",
        "diajukan",
        frozenset({_State.DRAF, _State.DIKEMBALIKAN}),
        _State.DIAJUKAN,
        Permission.SUBMIT,
    ),
    Transition(
        "kembalikan",
        "Kembalikan",
        "dikembalikan untuk diperbaiki",
        frozenset({_State.DIAJUKAN, _State.TERVERIFIKASI}),
        _State.DIKEMBALIKAN,
        Permission.VERIFY,
        needs_reason=True,
    ),
    Transition(
        "verifikasi",
        "Verifikasi",
        "terverifikasi",
        frozenset({_State.DIAJUKAN}),
        _State.TERVERIFIKASI,
        Permission.VERIFY,
        four_eyes=True,
    ),
    Transition(
        "setujui",
        "Setujui",
        "disetujui",
        frozenset({_State.TERVERIFIKASI}),
        _State.DISETUJUI,
        Permission.APPROVE,
        four_eyes=True,
    ),
    Transition(
        "kunci",
        "Kunci",
        "dikunci",
        frozenset({_State.DISETUJUI}),
        _State.TERKUNCI,
        Permission.LOCK,
    ),
    Transition(
        "buka",
        "Buka kembali",
        "dibuka kembali",
        frozenset({_State.DISETUJUI, _State.TERKUNCI}),
        _State.DRAF,
        Permission.REOPEN,
        needs_reason=True,
    ),
)
BY_NAME: Final = {one.name: one for one in TRANSITIONS}
# The states in which a form's cells may be written.
EDITABLE: Final = frozenset({_State.DRAF, _State.DIKEMBALIKAN})
# The states in which what a unit reported counts for the office.
COUNTED: Final = frozenset({_State.TERVERIFIKASI, _State.DISETUJUI, _State.TERKUNCI})


def to_mermaid() -> str:
    """The table as a Mermaid state diagram; docs/explanation/workflow.md holds it, and a test holds it current."""
    lines = ["stateDiagram-v2", f"    [*] --> {_State.DRAF}"]
    for one in TRANSITIONS:
        note = " (dengan alasan)" if one.needs_reason else ""
        lines += [f"    {source} --> {one.target}: {one.name}{note}" for source in sorted(one.sources)]
    return "\n".join(lines)
