"""A PostgreSQL server for a benchmark: its own cluster on a loopback port, durable as in service."""

import os
import pwd
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.speed.crowd import COLUMNS, Row

SETTINGS = ("max_wal_size=8GB", "shared_buffers=1GB", "maintenance_work_mem=1GB")  # the rest as installed
USER, NAME = "hub", "hub"
OPEN_FOLDER = "/var/tmp/casematch-benchmarks"  # noqa: S108 - the server's account cannot enter root's home


class PostgresMissingError(Exception):
    """A program of the PostgreSQL server is not installed, or failed; says which."""


@contextmanager
def cluster(folder: Path) -> Iterator[str]:
    """
    Start the cluster of a folder, made on first use; gives the URL of its database, and stops it in the end.

    Raises:
        PostgresMissingError: a program is not installed or failed.
    """
    data, account = folder / "cluster", _account()
    is_new = not data.exists()
    if is_new:
        data.mkdir(parents=True)
        if account:
            folder.chmod(0o711)  # the server's account may pass
            os.chown(data, account["user"], account["group"])
        _run("initdb", account, "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = [f"-p {port}", "-c listen_addresses=127.0.0.1", "-c unix_socket_directories=''"]
    options += [f"-c {setting}" for setting in SETTINGS]
    _run("pg_ctl", account, "-D", data, "-w", "-o", " ".join(options), "-l", data / "server.log", "start")
    try:
        if is_new:
            _run("createdb", account, "-h", "127.0.0.1", "-p", str(port), "-U", USER, NAME)
        yield f"postgresql+psycopg://{USER}@127.0.0.1:{port}/{NAME}"
    finally:
        _run("pg_ctl", account, "-D", data, "-m", "fast", "stop")


def plain_url(url: str) -> str:
    """Return the URL as psycopg itself reads it."""
    return url.replace("+psycopg", "", 1)


def crowd_in(url: str, crowded: Callable[[Iterable[Row]], Iterable[list[Row]]]) -> None:
    """Put what is made of the entries on file in their place, by COPY, and make the indexes anew."""
    import psycopg  # noqa: PLC0415 - an extra that only PostgreSQL needs

    names = ", ".join(COLUMNS)
    with psycopg.connect(plain_url(url)) as connection:
        known = connection.execute(f"SELECT {names} FROM entry").fetchall()  # noqa: S608 - our own names
        found = connection.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'entry' AND indexname NOT LIKE 'pk_%'"
        ).fetchall()
        for name, _ in found:
            connection.execute(f"DROP INDEX {name}")
        connection.execute("TRUNCATE entry")
        with connection.cursor() as cursor, cursor.copy(f"COPY entry ({names}) FROM STDIN (FORMAT BINARY)") as copy:
            copy.set_types(["bytea"] * len(COLUMNS))
            for rows in crowded(known):
                for row in rows:
                    copy.write_row(row)
        for _, statement in found:
            connection.execute(statement.replace(" ON ONLY ", " ON ", 1))  # of all partitions
    with psycopg.connect(plain_url(url), autocommit=True) as connection:
        connection.execute("ANALYZE entry")


def _account() -> dict[str, int]:
    """Return the unprivileged account that runs the server when this process is root's: it refuses root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid}


def _run(name: str, account: dict[str, int], *arguments: object) -> None:
    """Run a program of the server."""
    places = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    program = str(places[-1]) if places else shutil.which(name)
    if program is None:
        raise PostgresMissingError(f"PostgreSQL's {name} is not installed")
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C"}
    command = [program, *map(str, arguments)]
    user, group = account.get("user"), account.get("group")
    extra: list[int] | None = [] if account else None
    silent = subprocess.DEVNULL
    done = subprocess.run(
        command,
        check=False,
        stdout=silent,
        stderr=silent,
        cwd="/",
        env=environment,
        user=user,
        group=group,
        extra_groups=extra,
    )
    if done.returncode:
        raise PostgresMissingError(f"PostgreSQL's {name} failed")
