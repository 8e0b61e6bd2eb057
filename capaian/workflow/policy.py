"""Whether a form allows it now: its state and its deadline, each answer with its reason in words.

Whether the person may is the other question: `organisations.permissions`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.formats import date_format

from capaian.organisations.models import Membership
from capaian.organisations.roles import ALLOWED
from capaian.workflow.forms import required_permission
from capaian.workflow.models import Deadline, Submission
from capaian.workflow.transitions import BY_NAME, EDITABLE, Transition

_State = Submission.State
_RETURNABLE = frozenset({_State.DIAJUKAN, _State.TERVERIFIKASI})
_DOING = {"verifikasi": "memverifikasinya", "setujui": "menyetujuinya"}


class StateRefused(ValueError):
    """Something that the state of a form, or its deadline, does not allow now; the message says why and who helps."""


@dataclass(frozen=True)
class Decision:
    """Yes, or no with the reason in words."""

    allowed: bool
    reason: str = ""

    def require(self) -> None:
        """Raises `StateRefused` with the reason unless allowed."""
        if not self.allowed:
            raise StateRefused(self.reason)


YES = Decision(True)


def may_write(submission: Submission, deadline: Deadline | None, today: date) -> Decision:
    """Whether the cells of a form may be written: in draf or dikembalikan, between opening and closing.

    A form that was returned, or opened again, may be corrected after its closing: somebody asked for it.
    """
    if submission.state not in EDITABLE:
        return Decision(False, explain_lock(submission))
    if deadline is None:
        return YES
    if deadline.starts_on and today < deadline.starts_on:
        return Decision(
            False,
            f"Pengisian {_named(submission)} ini dibuka {_day(deadline.starts_on)}. "
            "Yang mengatur jadwal ialah perencana.",
        )
    was_asked = submission.state == _State.DIKEMBALIKAN or submission.versi > 1
    if deadline.ends_on and today > deadline.ends_on and not was_asked:
        return Decision(
            False,
            f"Pengisian {_named(submission)} ini ditutup {_day(deadline.ends_on)}. "
            "Mintalah perpanjangan kepada perencana.",
        )
    return YES


def may_advance(
    transition: Transition, submission: Submission, deadline: Deadline | None, by_id: int | None, today: date
) -> Decision:
    """Whether a form can take a transition now, for a person who has the right to it."""
    if submission.state not in transition.sources:
        return Decision(
            False, f"Isian ini {submission.get_state_display().lower()}; tidak dapat di{transition.name} sekarang."
        )
    if transition.four_eyes and by_id is not None and by_id == submission.submitted_by_id:
        return Decision(False, f"Yang mengajukan isian ini tidak dapat juga {_DOING[transition.name]}; mintalah rekan.")
    if transition.target == _State.DIAJUKAN:
        return may_write(submission, deadline, today)
    return YES


def explain_lock(submission: Submission) -> str:
    """Why a form cannot be written: its state, since when, by whom, for what reason, and who can open it."""
    why = f" ({submission.reason})" if submission.reason else ""
    if submission.state in _RETURNABLE:
        opener, verb = required_permission(BY_NAME["kembalikan"], submission.form), "mengembalikannya untuk diperbaiki"
    else:
        opener, verb = required_permission(BY_NAME["buka"], submission.form), "membukanya kembali dengan alasan"
    roles = " atau ".join(str(role.label).lower() for role in Membership.Role if opener in ALLOWED[role])
    return f"Isian ini {submission.get_state_display().lower()} {_since(submission)}{why}. Yang dapat {verb}: {roles}."


def explain_move(submission: Submission) -> str:
    """Why nothing is decided about a form that has moved since the person looked at it, and what to do."""
    return (
        f"Isian ini berubah sejak halaman dibuka: {submission.get_state_display().lower()} {_since(submission)}. "
        "Periksa lagi isinya, lalu pilih langkahnya."
    )


def _since(submission: Submission) -> str:
    who = f" oleh {submission.by}" if submission.by else ""
    return f"sejak {date_format(timezone.localtime(submission.since), 'j F Y H.i')}{who}"


def _named(submission: Submission) -> str:
    """`pelayanan SPM`: the form within a sentence."""
    name = submission.get_form_display()
    return name[:1].lower() + name[1:]


def _day(day: date) -> str:
    return date_format(day, "j F Y")
