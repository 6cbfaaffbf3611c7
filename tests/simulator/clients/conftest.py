"""Other people's clients and the simulator they speak to: one for each process, on its first day for each file."""

from collections.abc import Callable, Iterator

import pytest
from quickbooks import QuickBooks

from tests.simulation import Simulation
from tests.simulator.clients.python_companies import COMPANIES, Company


@pytest.fixture(scope="module")
def intuit(one_simulation: Simulation) -> Simulation:
    """Give the simulator that the tests of a file share; each makes the records it needs."""
    one_simulation.reset()
    return one_simulation


@pytest.fixture(scope="session", autouse=True)
def plain_http() -> Iterator[None]:
    """Let oauthlib speak to this machine without TLS; it insists on it everywhere else."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
        yield


@pytest.fixture
def switch(intuit: Simulation) -> Iterator[Callable[..., object]]:
    """Give what turns switches (`name=value`); afterwards they stand as they did."""
    before = intuit.look("switches")["switches"]
    yield lambda **values: intuit.control("switches", values)
    intuit.control("switches", before)


@pytest.fixture(scope="module")
def companies(intuit: Simulation) -> dict[str, Company]:
    """Give what `python-quickbooks` is connected to: three companies, by the name of their kind."""
    return {name: connect(intuit) for name, connect in COMPANIES.items()}


@pytest.fixture(scope="module")
def uk(companies: dict[str, Company]) -> Company:
    return companies["uk"]


@pytest.fixture(scope="module")
def books(uk: Company) -> QuickBooks:
    """Give the package's client of the British company."""
    return uk.books
