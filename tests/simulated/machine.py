"""The whole engine as a state machine: people, bookkeepers, crashes and the weather act in whatever order is drawn."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from random import Random
from typing import ClassVar

from flask import Flask
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from app.outbox.models import Mode
from app.simulator.oauth.keys import BY_ENVIRONMENT
from app.sync.records.policies import WhenServiceMissing
from tests.simulated import audit
from tests.simulated.bookkeeper import Bookkeeper
from tests.simulated.company import ENVIRONMENTS, Company
from tests.simulated.house import House, founded
from tests.simulated.office import Office
from tests.simulated.quiet import become_quiet
from tests.simulated.weather import FAULTS, SLOW
from tests.simulated.week import MONDAY

REALMS = {Mode.LIVE: "9341450000000001", Mode.TEST: "4620816365000000001"}
NINE_HOURS = timedelta(hours=9)
EFFECTS = (*FAULTS, SLOW, "not_sent")
HANDLING = ("amend", "amend", "void", "keep_back", "let_go")
BOOKKEEPING = ("pay", "pay", "take_back", "edit", "void", "delete", "deactivate")
TIES = ("connect", "connect", "disconnect", "switch_mode")
ADMINISTRATION = (*TIES, "retry_all", "cancel", "compare", "pause", "resume")
PAUSES = (0.1, 0.3, 1.0, 1.0, 5.0, 30.0, 600.0, 14_400.0, 90_000.0)


class Engine(RuleBasedStateMachine):
    """One company in both modes, a bookkeeper in each, two worker processes, and the line between all."""

    app: ClassVar[Flask]
    house: House
    company: Company
    office: Office

    @initialize(chance=st.integers(0, 2**16), missing=st.sampled_from(WhenServiceMissing))
    def begin(self, chance: int, missing: WhenServiceMissing) -> None:
        """Both companies are connected, and know three documents of ours."""
        self._founding = founded(chance, MONDAY + NINE_HOURS, app=self.app)
        self.house = self._founding.__enter__()
        self.house.hub.restlessness = 0.2
        self.company = Company(self.house, "Northgate IT", REALMS)
        keepers = {mode: Bookkeeper(self.house, realm, Random(chance)) for mode, realm in REALMS.items()}
        self.office = Office(self.company, keepers, Random(chance))
        self.house.staff.hire()
        self.house.staff.hire()
        self.house.hub.do(partial(self.company.found, self.office.lot, clients=2, services=2))
        for _mode in REALMS:
            self._within(partial(self._settle_in, missing))
        self.open(3, 30.0)

    def _settle_in(self, missing: WhenServiceMissing) -> None:
        self.office.switch_mode()
        self.company.connect()
        self.company.set_up(missing)
        self.company.map_services(self.company.services)

    @rule(number=st.sampled_from((1, 1, 2, 5)), pause=st.sampled_from((0.0, 0.3, 2.0)))
    def open(self, number: int, pause: float) -> None:
        """Invoices: one by a click, or a run."""
        self._within(partial(self.company.open, self.office.lot, number))
        self.house.run(seconds=pause)

    @rule(act=st.sampled_from(("credit", "open_for_somebody_new", "open_for_something_new", "map_all")))
    def work(self, act: str) -> None:
        """Something else that people do here."""
        self._within(getattr(self.office, act))

    @rule(which=st.lists(st.integers(0, 9), min_size=1, max_size=3), act=st.sampled_from(HANDLING))
    def handle(self, which: list[int], act: str) -> None:
        """Somebody changes, voids, opts out or sends some of the last documents."""
        more = (self.office.lot,) if act == "amend" else ()
        for one in which:
            document = self.company.documents[-1 - one % len(self.company.documents)]
            self._within(partial(getattr(self.company, act), document, *more))

    @rule(one=st.integers(0, 9))
    def unmap(self, one: int) -> None:
        """A person takes a mapping back."""
        services = self.company.services
        self._within(partial(self.office.unmap, services[one % len(services)]))

    @rule(acts=st.lists(st.sampled_from(BOOKKEEPING), min_size=1, max_size=3))
    def keep_books(self, acts: list[str]) -> None:
        """The bookkeeper of the present mode does something in QuickBooks."""
        for act in acts:
            getattr(self.office.bookkeeper, act)()

    @rule(ports=st.integers(1, 25))
    def crash(self, ports: int) -> None:
        """One of the processes dies a few steps on."""
        for worker in self.house.staff.workers[:1]:
            self.house.staff.doom(worker, ports, 5.0)

    @rule()
    def kill(self) -> None:
        """All processes die now."""
        self.house.staff.kill_all()

    @rule()
    def relieve(self) -> None:
        """A new version is installed: a process is asked to end."""
        for worker in self.house.staff.workers[:1]:
            self.house.staff.relieve(worker)

    @rule(struck=st.lists(st.sampled_from(EFFECTS), min_size=1, max_size=4))
    def storm(self, struck: list[str]) -> None:
        """The next calls get lost, or are refused."""
        self.house.weather.ordered += struck

    @rule(lost=st.sampled_from((0.0, 0.5, 1.0)), late=st.sampled_from((0.0, 0.5)))
    def webhooks(self, lost: float, late: float) -> None:
        """Webhooks go astray from now on, or no longer."""
        self.house.post.lost, self.house.post.late, self.house.post.repeated = lost, late, late

    @rule(how=st.sampled_from(("disconnect", "expire_access")))
    def cut(self, how: str) -> None:
        """The tie is cut inside QuickBooks, or the access token dies early."""
        realm = self.office.bookkeeper.realm
        mode = next(mode for mode, one in REALMS.items() if one == realm)
        with self.house.world.turn():
            getattr(self.house.world.authority, how)(BY_ENVIRONMENT[ENVIRONMENTS[mode]].client_id, realm)

    @rule(act=st.sampled_from(ADMINISTRATION))
    def administer(self, act: str) -> None:
        """An administrator does something."""
        self._within(getattr(self.office, act))

    @rule(seconds=st.sampled_from(PAUSES))
    def time_passes(self, seconds: float) -> None:
        """Up to a bit more than a day."""
        self.house.run(seconds=seconds)

    @invariant()
    def keeps_its_promises(self) -> None:
        """At any moment: one document per invoice, none that was removed, one write under way."""
        if hasattr(self, "office"):
            broken = [fault for keeper in self.office.bookkeepers for fault in audit.broken_promises(keeper)]
            assert not broken, broken
            assert self.house.network.most_writing <= 1, "two writes were under way at one company"

    def teardown(self) -> None:
        """Let it become quiet, and compare both sides."""
        if not hasattr(self, "office"):
            return
        try:
            become_quiet(self.house, [self.office])
            self.keeps_its_promises()
            faults = audit.over_the_limit(self.house.network)
            self._within(lambda: faults.extend(audit.faults_of(self.company)))
            assert not faults, faults
        finally:
            self._founding.__exit__(None, None, None)

    def _within(self, act: Callable[[], object]) -> None:
        """Let somebody of the organisation do something."""

        def inside() -> None:
            with self.company.inside():
                act()

        self.house.hub.do(inside)
