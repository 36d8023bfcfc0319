"""A PostgreSQL server of our own on loopback, for tests and measurements: started as an ordinary user, then gone."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from itertools import count
from pathlib import Path
from typing import Self

SERVER_FOLDERS = "/usr/lib/postgresql"  # where Debian puts each version's binaries
ADMIN, PLAIN = "beheer", "teams"
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",  # what is in it is thrown away
    "max_connections": "200",
}


class NoPostgresError(Exception):
    """There is no server program, or no ordinary user to run it as; the text says which."""


class OwnPostgres:
    """The server, with an administrator and a plain login that owns the databases.

    Raises
    ------
    NoPostgresError
        When it cannot be started here.
    """

    def __init__(self) -> None:
        self._binaries = _binaries()
        self._as_user = _as_ordinary_user()
        self._folder = Path(tempfile.mkdtemp(prefix="postgres-"))
        if self._as_user:
            user = pwd.getpwnam("postgres")
            os.chown(self._folder, user.pw_uid, user.pw_gid)
        self._data, self._password = self._folder / "data", secrets.token_hex(16)
        self.port = _free_port()
        self._numbers = count(1)

    def __enter__(self) -> Self:
        secret = self._folder / "wachtwoord"
        secret.write_text(self._password, encoding="utf-8")
        secret.chmod(0o644)  # read by initdb, in a folder of its user's own, and deleted at once
        self._run("initdb", "-D", self._data, "-U", ADMIN, "--auth=scram-sha-256", f"--pwfile={secret}",
                  "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")  # fmt: skip
        secret.unlink()
        self.start()
        self._ask(f"CREATE ROLE {PLAIN} LOGIN PASSWORD '{self._password}'")
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def start(self) -> None:
        """Start, and wait until it answers."""
        options = " ".join(f"-c {name}='{value}'" for name, value in {**SETTINGS, "port": self.port}.items())
        self._run("pg_ctl", "start", "-D", self._data, "-w", "-s", "-o", options, "-l", self._folder / "log")

    def stop(self, how: str = "immediate") -> None:
        """Stop; "immediate" is as good as pulling the plug."""
        self._run("pg_ctl", "stop", "-D", self._data, "-w", "-s", "-m", how)

    def new(self) -> str:
        """URL of a new database, for the plain login."""
        return self._made("")

    def copy_of(self, url: str) -> str:
        """URL of a copy of a database that nobody has open."""
        return self._made(f"TEMPLATE {url.rpartition('/')[2]}")

    def as_admin(self, url: str) -> str:
        """The same database, for the administrator."""
        return url.replace(f"//{PLAIN}:", f"//{ADMIN}:")

    def _made(self, how: str) -> str:
        name = f"opslag_{next(self._numbers)}"
        self._ask(f"CREATE DATABASE {name} OWNER {PLAIN} {how}")
        return f"postgresql://{PLAIN}:{self._password}@127.0.0.1:{self.port}/{name}"

    def _ask(self, statement: str) -> None:
        import psycopg  # noqa: PLC0415

        with psycopg.connect(
            host="127.0.0.1", port=self.port, user=ADMIN, password=self._password, dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(statement)  # type: ignore[arg-type]

    def _run(self, program: str, *arguments: object) -> None:
        command = [*self._as_user, str(self._binaries / program), *map(str, arguments)]
        # files, not pipes: the server keeps what it is started with
        with tempfile.TemporaryFile() as said:
            done = subprocess.run(command, stdout=said, stderr=said, cwd="/", check=False)  # noqa: S603
            if done.returncode:
                said.seek(0)
                raise NoPostgresError(f"{program}: {said.read().decode(errors='replace')}")


def _binaries() -> Path:
    versions = sorted(Path(SERVER_FOLDERS).glob("*/bin/pg_ctl"), key=lambda path: float(path.parts[-3]))
    found = str(versions[-1]) if versions else shutil.which("pg_ctl")
    if found is None:
        raise NoPostgresError("geen PostgreSQL-server: `make test` kon hem niet installeren")
    return Path(found).resolve().parent


def _as_ordinary_user() -> list[str]:
    """What to put before a command, since the server refuses to run as root."""
    if os.getuid():
        return []
    try:
        pwd.getpwnam("postgres")
    except KeyError:
        raise NoPostgresError("PostgreSQL draait niet als root, en er is geen gebruiker postgres") from None
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
