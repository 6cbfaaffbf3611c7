"""PostgreSQL and Redis for a measurement: the programs that the tests use, but what is committed reaches the disk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import servers
from tests.servers import PostgreSQL, Server


@contextmanager
def running() -> Iterator[dict[str, str]]:
    """Both for as long as the block lasts, empty; what an installation is told of them. Raises Missing."""
    user = servers.other_user()
    with servers.folder_of(user) as folder, servers.redis_server() as redis_url:
        programs = servers.readable(servers.postgresql_programs(), folder, user)
        servers.make_cluster(programs, folder, user)
        with servers.running(_durable(programs, folder, user)) as server:
            place = PostgreSQL(f"postgresql+psycopg://postgres@127.0.0.1:{server.port}/postgres", server)
            url = place.new_database().replace("postgresql+psycopg", "postgresql", 1)
            yield {"DATABASE_URL": url, "HUEY_URL": redis_url}


def _durable(programs: Path, folder: Path, user: str | None) -> Server:
    """With the settings of a fresh installation, on loopback only."""
    options = ["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="]
    command = [str(programs / "postgres"), "-D", str(folder / "data"), "-p", "PORT", *options]
    return Server(command, folder, ready=servers.postgresql_answers, user=user)
