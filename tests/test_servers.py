"""The servers that other tests stand on."""

from pathlib import Path

import psycopg
import pytest
import redis

from tests import servers


def rows(url: str, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


@pytest.mark.postgresql
def test_each_test_has_an_empty_database_of_its_own(postgresql: servers.PostgreSQL, postgresql_url: str) -> None:
    rows(postgresql_url, "CREATE TABLE letter (id int)")
    other = postgresql.new_database()
    assert rows(other, "SELECT to_regclass('letter')") == [(None,)]
    postgresql.drop(other)


@pytest.mark.postgresql
def test_a_database_can_be_copied_with_its_rows(postgresql: servers.PostgreSQL, postgresql_url: str) -> None:
    rows(postgresql_url, "CREATE TABLE letter AS SELECT 7 AS id")
    copy = postgresql.new_database(like=postgresql_url)
    assert rows(copy, "SELECT id FROM letter") == [(7,)]
    postgresql.drop(copy)


@pytest.mark.postgresql
def test_what_was_committed_survives_a_killed_server(postgresql: servers.PostgreSQL, postgresql_url: str) -> None:
    if postgresql.server is None:
        pytest.skip("a server given by its address is not ours to kill")
    rows(postgresql_url, "CREATE TABLE letter AS SELECT 7 AS id")
    postgresql.server.kill()
    postgresql.server.start()
    assert rows(postgresql_url, "SELECT id FROM letter") == [(7,)]


@pytest.mark.redis
def test_redis_is_empty_when_a_test_begins(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0


def test_a_missing_server_has_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(servers, "wheel_folder", Path("/nowhere").joinpath)
    with pytest.raises(servers.Missing, match="Redis is not installed"):
        servers.redis_program()
