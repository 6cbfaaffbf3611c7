"""Other people's clients and the simulator they speak to: one for each process, on its first day for each file."""

from collections.abc import Callable, Iterator

import pytest

from tests.simulation import Simulation


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
