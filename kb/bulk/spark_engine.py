"""The filter on Apache Spark: the same SQL text, run by a session in this process or on a cluster that exists.

Scheduling, retries and shuffles are Spark's. What a lost worker held is computed again from the Parquet files, which
every worker must see under the same path.
"""

from __future__ import annotations

import logging
import os
import re
import shutil
import socket
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kb.bulk.engines import TYPES
from kb.bulk.rows import COLUMNS, LINK_COLUMNS, Row
from kb.errors import InputError, Problem

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

OPTION = "--engine spark"
LOCAL = "local[*]"
LOOPBACK = "127.0.0.1"
PARTITIONS = "spark.sql.shuffle.partitions"
FEW_PARTITIONS = "8"
"""As many as keep a few cores busy; Spark's own default of 200 is made for clusters."""
PATIENCE = 5.0
"""Seconds to wait for a master to answer."""

MEANING = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.caseSensitive": "false",
    "spark.sql.parser.escapedStringLiterals": "false",
    "spark.sql.variable.substitute": "false",
    "spark.sql.legacy.exponentLiteralAsDecimal.enabled": "false",
    "spark.sql.legacy.consecutiveStringLiterals.enabled": "false",
}
"""Settings that say what an SQL text means, set whatever the user's configuration says: in quotes a dollar sign stands
for itself and two quotes for one, and 1e308 is a double."""

_LOCAL = re.compile(r"local(\[.*\])?")
_GLOB = re.compile(r"([\\*?{}\[\]])")


def is_loopback(master: str) -> bool:
    """Say whether a master is on this machine: a local one, or a standalone one at a loopback address."""
    if _LOCAL.fullmatch(master):
        return True
    hosts = [host for host, _ in _addresses(master)]
    return bool(hosts) and all(host == "localhost" or _loops_back(host) for host in hosts)


def _loops_back(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False  # a name, which may stand for any address


def _addresses(master: str) -> list[tuple[str, int]]:
    """Return host and port of each standalone master; a cluster of another kind has none."""
    if not master.startswith("spark://"):
        return []
    found = re.findall(r"(?:^|,)\[?([^,]+?)\]?:(\d{1,5})(?=,|$)", master.removeprefix("spark://"))
    return [(host, int(port)) for host, port in found]


@contextmanager
def spark_session(master: str = LOCAL) -> Iterator[SparkSession]:
    """Open a session on a master and stop it at the end; raise `InputError` if there is no Spark, Java or master.

    A session that runs in this process already is used and not stopped, if its master is the same.
    """
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise _problem("needs the package pyspark", "python -m pip install 'claims-kb[spark]'") from None
    if (running := SparkSession.getActiveSession()) is not None:
        if running.sparkContext.master != master:
            raise _problem(f"runs in this process with the master {running.sparkContext.master}", "stop that one first")
        yield running
        return
    _check_java()
    _check_master(master)
    builder = SparkSession.builder.appName("claims-kb").master(master)
    builder = builder.config("spark.ui.enabled", "false").config("spark.log.level", "ERROR")
    builder = builder.config("spark.ui.showConsoleProgress", "false")
    if is_loopback(master):
        os.environ.setdefault("SPARK_LOCAL_IP", LOOPBACK)  # of what has no setting of its own
        builder = builder.config("spark.driver.host", LOOPBACK).config("spark.driver.bindAddress", LOOPBACK)
    logging.getLogger("SQLQueryContextLogger").setLevel(logging.CRITICAL)  # it repeats whole plans beside our one line
    with _told(f"Spark did not start with the master {master}"), warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # of the version of pandas, which nothing here uses
        session = builder.getOrCreate()
    try:
        yield session
    finally:
        session.stop()


def _check_java() -> None:
    home = os.environ.get("JAVA_HOME")
    if shutil.which("java", path=str(Path(home) / "bin") if home else None) is None:
        where = "in JAVA_HOME" if home else "on the PATH"
        raise _problem(f"needs Java, and there is none {where}", "install Java 17 or newer, or set JAVA_HOME")


def _check_master(master: str) -> None:
    """Ask whether a standalone master answers: Spark itself would try for a minute and then stop without a reason."""
    addresses = _addresses(master)
    if master.startswith("spark://") and not addresses:
        raise _problem(f"cannot read the master {master!r}", "write --master spark://HOST:PORT")
    for address in addresses:
        try:
            socket.create_connection(address, PATIENCE).close()
        except (OSError, OverflowError):
            continue
        return
    if addresses:
        raise _problem(f"no master answers at {master}", "start one, or leave --master out to use this machine alone")


def _problem(what: str, remedy: str) -> InputError:
    return InputError([Problem(OPTION, 0, what, remedy)])


@contextmanager
def _told(what: str) -> Iterator[None]:
    """Turn a failure of Spark into one line."""
    from py4j.protocol import Py4JError, Py4JJavaError
    from pyspark.errors import PySparkException

    try:
        yield
    except (PySparkException, Py4JError) as error:
        cause = error.java_exception if isinstance(error, Py4JJavaError) else error
        reason = next((line.strip() for line in str(cause).splitlines() if line.strip()), type(error).__name__)
        remedy = "see what Spark printed above; a cluster must see the table folder under the same path on every worker"
        raise _problem(f"{what}: {reason}", remedy) from error


class SparkEngine:
    """Spark over Parquet; tables that are made lie on the disks of the workers and are forgotten by `close`."""

    def __init__(self, session: SparkSession, claims: Sequence[Path], links: Sequence[Path]) -> None:
        self.session = session.newSession()
        for name, value in MEANING.items():
            self.session.conf.set(name, value)
        context = session.sparkContext
        if _LOCAL.fullmatch(context.master) and not context.getConf().contains(PARTITIONS):
            self.session.conf.set(PARTITIONS, FEW_PARTITIONS)
        self._made: list[DataFrame] = []
        self._view("claims", COLUMNS, claims)
        self._view("links", LINK_COLUMNS, links)

    def _view(self, name: str, columns: Mapping[str, str], files: Sequence[Path]) -> None:
        schema = ", ".join(f"`{column}` {_type(kind)}" for column, kind in columns.items())
        paths = ["file:" + _GLOB.sub(r"\\\1", str(path.resolve())) for path in files]
        with _told(f"cannot read the {name}"):
            self.session.read.schema(schema).parquet(*paths).createOrReplaceTempView(name)

    def _query(self, query: str) -> DataFrame:
        # in quotes a backslash is an escape on Spark, and only there
        return self.session.sql(query.replace("\\", "\\\\"))

    def load(self, name: str, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
        """Make a table of rows; a column is given as ``name type``."""
        import pyarrow as pa

        types = {"text": pa.string(), "whole": pa.int64(), "real": pa.float64()}
        fields = [tuple(column.split()) for column in columns]
        rows = list(rows)
        # by way of Arrow: a list of rows would need a Python of the same version on every worker
        data = [pa.array([row[n] for row in rows], types[kind]) for n, (_, kind) in enumerate(fields)]
        with _told(f"cannot load {name}"):
            frame = self.session.createDataFrame(pa.table(data, names=[field for field, _ in fields]))
            frame.createOrReplaceTempView(name)

    def create(self, name: str, query: str) -> None:
        """Make a table of what a query returns, kept on disk; what is lost with a worker is computed again."""
        from pyspark import StorageLevel

        with _told(f"cannot make {name}"):
            frame = self._query(query).persist(StorageLevel.DISK_ONLY)
            self._made.append(frame)
            frame.count()
            frame.createOrReplaceTempView(name)

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        with _told("a query failed"):
            return [tuple(row) for row in self._query(query).toLocalIterator()]

    def stream(self, query: str) -> Iterator[Row]:
        """Yield the rows of a query by column, a partition in memory at once."""
        with _told("a query failed"):
            frame = self._query(query)
            names = frame.columns
            for row in frame.toLocalIterator():
                yield dict(zip(names, row, strict=True))

    def close(self) -> None:
        """Forget the tables that were made."""
        for frame in self._made:
            frame.unpersist()
        self._made.clear()


def _type(kind: str) -> str:
    return "STRING" if kind == "text" else TYPES[kind]
