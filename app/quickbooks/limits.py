"""Intuit's limits as decisions: may a call leave now, or how long must it wait (pure).

Intuit allows 500 requests a minute, 10 a second and 40 batches a minute for each company (reference 7); nothing is
limited for an Intuit app as a whole but its reads a month. Moments are seconds since 1970. What counts is when a call
*arrives*, which lies somewhere between its leaving and its answer.

"Lower in some cases", says Intuit: a company that throttles us all the same teaches us its pace, a share of our rates.
A throttling halves it; each quiet minute brings it half of the way to just below the pace that was too much, where it
stays for half an hour. Then more is tried, little by little, for the limit may have been somebody else's moment.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil, sqrt

from app.foundation.settings import Settings
from app.quickbooks.calls import CallForm

BREAKER_OPENS_AT = 5
"""Unknown outcomes in a row, over two subjects or more."""
ASKED_TO_WAIT = "QuickBooks asked us to wait"
_BATCH_WINDOW = 60.0
_LONGEST_PROBE_PAUSE = 900.0
_CLOCK_JUMP = 120.0
"""A moment further ahead than this was written by a clock that has since been put back."""
_SLOWER = 0.5
_JUST_BELOW = 0.95
_QUIET = 60.0
"""Seconds without a throttling for which the pace rises by a step."""
_STAYS = 30
"""So many quiet minutes until more is tried than was borne last: half an hour for each throttling that it may cost."""
_MORE = 0.0025
"""Times the square of the minutes since then: hardly more at first, after twenty minutes all of our rates."""
_SLOWEST = 1 / 16
_ALL = 1.0 - 1e-9


@dataclass(frozen=True)
class Rates:
    """How much may leave. 8 a second with a burst of 2 stays under both limits: 10 in any second, 482 in a minute."""

    a_second: float = 8.0
    burst: int = 2
    batches: int = 40
    batch_seconds: float = 60.0
    """The longest a batch may be on its way."""
    probe_seconds: float = 30.0
    """The first pause of the breaker; each further one is twice as long, up to 15 minutes."""
    lifted: bool = False
    """No limits, for measuring; a pause asked for by Intuit and the breaker are obeyed all the same."""

    def at(self, pace: float) -> Rates:
        """These rates at a share of them; one batch a minute is always left."""
        return replace(self, a_second=self.a_second * pace, batches=max(1, int(self.batches * pace + 1e-9)))

    @classmethod
    def of(cls, settings: Settings) -> Rates:
        """The rates that the settings ask for."""
        return cls(
            a_second=settings.request_rate,
            burst=settings.request_burst,
            batches=settings.batches_a_minute,
            batch_seconds=settings.batch_call_seconds,
            probe_seconds=settings.retry_base_seconds,
            lifted=not settings.governor,
        )


@dataclass(frozen=True)
class Desk:
    """What the guard of one company remembers."""

    tat: float = 0.0
    """Generic cell rate: the moment at which the bucket would be full again."""
    batches: tuple[float, ...] = ()
    """The latest moment at which each batch of the last minute can have arrived."""
    paused_from: float = 0.0
    paused_until: float = 0.0
    paused_why: str = ""
    pace: float = 1.0
    """The share of our rates that was too much when this company last throttled us; see `pace_at`."""
    paced_at: float = 0.0
    """From when on quiet minutes count: the end of the pause that came with it."""
    unknown_streak: int = 0
    unknown_subjects: tuple[str, ...] = ()
    breaker_step: int = 0
    breaker_until: float = 0.0


def decide(desk: Desk, now: float, form: CallForm, rates: Rates) -> tuple[Desk, float, str]:
    """(the desk afterwards, seconds to wait, why): 0 seconds means go, and only then has the desk changed."""
    desk = _after_clock_jump(desk, now, rates)
    wait, why = max(_reasons(desk, now, form, rates))
    if wait > 0:
        return desk, wait, why
    return _with_call(desk, now, form, rates), 0.0, ""


def landed(desk: Desk, now: float, form: CallForm) -> Desk:
    """A call has ended: a batch can't arrive any later than this."""
    if form is not CallForm.BATCH or not desk.batches:
        return desk
    return replace(desk, batches=(*desk.batches[:-1], min(desk.batches[-1], now)))


def paused(desk: Desk, now: float, seconds: float, why: str) -> Desk:
    """Nothing leaves for so long; a longer pause that is already set stays."""
    until = now + seconds
    if until <= desk.paused_until:
        return desk
    return replace(desk, paused_from=now, paused_until=until, paused_why=why)


def throttled(desk: Desk, now: float, seconds: float, rates: Rates) -> Desk:
    """QuickBooks said that it was too much: nothing leaves for so long, and less than before from then on.

    Calls that were on their way together are told so one after the other; only the first of them slows us down. Where
    our limits are lifted we have miscounted ourselves, and nothing is learnt.
    """
    desk, before = paused(desk, now, seconds, ASKED_TO_WAIT), desk
    if rates.lifted:
        return desk
    first = now >= before.paced_at
    return replace(desk, pace=pace_at(before, now) if first else before.pace, paced_at=desk.paused_until)


def pace_at(desk: Desk, now: float) -> float:
    """The share of our rates that this company is spoken to with now: 1.0 is all of them."""
    quiet = max(0.0, (now - desk.paced_at) // _QUIET)
    borne = desk.pace * _JUST_BELOW
    climbed = borne - (borne - desk.pace * _SLOWER) * 0.5**quiet
    pace = climbed + _MORE * max(0.0, quiet - _STAYS) ** 2
    return max(_SLOWEST, 1.0 if pace > _ALL else pace)


def full_pace_at(desk: Desk) -> float:
    """From when on, without another throttling, the whole of our rates is used again."""
    return desk.paced_at + (_STAYS + ceil(sqrt((1.0 - desk.pace * _JUST_BELOW) / _MORE))) * _QUIET


def known_outcome(desk: Desk) -> Desk:
    """QuickBooks answered, whatever it said: the breaker closes."""
    return replace(desk, unknown_streak=0, unknown_subjects=(), breaker_step=0, breaker_until=0.0)


def unknown_outcome(desk: Desk, now: float, subject: str, rates: Rates) -> Desk:
    """Nobody knows what became of a call; five in a row over two subjects open the breaker, a failed probe longer."""
    subjects = tuple(dict.fromkeys((*desk.unknown_subjects, subject)))[:2]
    desk = replace(desk, unknown_streak=desk.unknown_streak + 1, unknown_subjects=subjects)
    if not desk.breaker_step and (desk.unknown_streak < BREAKER_OPENS_AT or len(subjects) < 2):
        return desk
    pause = min(rates.probe_seconds * 2**desk.breaker_step, _LONGEST_PROBE_PAUSE)
    return replace(desk, breaker_step=desk.breaker_step + 1, breaker_until=now + pause)


def batches_in_window(desk: Desk, now: float) -> int:
    """How many batches count against the limit at this moment."""
    return sum(arrived > now - _BATCH_WINDOW for arrived in desk.batches)


def _reasons(desk: Desk, now: float, form: CallForm, rates: Rates) -> list[tuple[float, str]]:
    waits = [
        (desk.paused_until - now, desk.paused_why),
        (desk.breaker_until - now, "QuickBooks does not answer; it is tried again at growing intervals"),
    ]
    if rates.lifted:
        return waits
    # The run (a batch) leaves the burst to a person's call and to reads: whoever of them waits too, goes first.
    burst = 0.0 if form is CallForm.BATCH else (rates.burst - 1) / rates.a_second
    waits.append((desk.tat - burst - now, "the limit of requests a second"))
    most = rates.at(pace_at(desk, now)).batches
    if form is CallForm.BATCH and len(desk.batches) >= most:
        waits.append((desk.batches[-most] + _BATCH_WINDOW - now, "the limit of batches a minute"))
    return waits


def _with_call(desk: Desk, now: float, form: CallForm, rates: Rates) -> Desk:
    kept = tuple(arrived for arrived in desk.batches if arrived > now - _BATCH_WINDOW)
    latest = (now + rates.batch_seconds,) if form is CallForm.BATCH else ()
    # While a probe is on its way nobody else tries; its outcome decides. If its sender dies, the next one may.
    probing = now + rates.batch_seconds if desk.breaker_step else 0.0
    # However slow the pace, the burst stays that of the settings: so no window can hold more than they allow.
    tat = max(desk.tat, now) + 1 / rates.at(pace_at(desk, now)).a_second
    return replace(desk, tat=tat, batches=(*kept, *latest), breaker_until=probing)


def _after_clock_jump(desk: Desk, now: float, rates: Rates) -> Desk:
    """A clock that was put back must not stop a company for hours."""
    full = now + rates.burst / rates.a_second
    latest = now + rates.batch_seconds
    if now < desk.paused_from - _CLOCK_JUMP:
        desk = replace(desk, paused_until=0.0)  # nobody can say any more how much of it is left
    return replace(
        desk,
        paced_at=min(desk.paced_at, max(now, desk.paused_until)),
        tat=full if desk.tat > now + _CLOCK_JUMP else desk.tat,
        batches=tuple(min(arrived, latest) for arrived in desk.batches),
        breaker_until=0.0 if desk.breaker_until > now + _LONGEST_PROBE_PAUSE + _CLOCK_JUMP else desk.breaker_until,
    )
