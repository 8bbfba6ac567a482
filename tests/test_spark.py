"""The filter on Spark: the same rows as SQLite for every query, the same findings, also when a worker is lost.

All runs but the last are in one session on this machine; the last is a standalone cluster of a master and two workers.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from kb.audit import find_all
from kb.build import KnowledgeBase, build
from kb.bulk.claims_table import Table, write_table
from kb.bulk.engines import LiteEngine
from kb.bulk.filtering import RULES, text
from kb.bulk.finding import codes_in, find_in
from kb.bulk.looking import World
from kb.bulk.rows import claim_row, link_rows
from kb.bulk.spark_engine import SparkEngine, is_loopback, spark_session
from kb.cli import app
from kb.errors import InputError
from kb.model import Claim, Finding
from typer.testing import CliRunner

from building import TOY
from strategies import RECIPES, Scene
from test_bulk import jumbled

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data" / "ketamine"
BRIEF = {"JDK_JAVA_OPTIONS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"}
"""Java for short runs: its second compiler costs more than it gives."""

needs_spark = pytest.mark.skipif(
    importlib.util.find_spec("pyspark") is None or shutil.which("java") is None, reason="needs pyspark and Java"
)


thorough = pytest.mark.skipif("KB_THOROUGH" not in os.environ, reason="takes minutes: set KB_THOROUGH=1")
"""What shows again, on what is planted for every detector, that every query is the same on Spark."""


@pytest.fixture(scope="session")
def session() -> Iterator[Any]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in BRIEF.items():
            patch.setenv(name, value)
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        with spark_session("local[2]") as started:
            yield started


class Judged:
    """Spark and SQLite side by side: what is asked of one is asked of both, and the answers must be equal."""

    def __init__(self, session: Any, kb: KnowledgeBase, folder: Path) -> None:
        write_table(kb, kb.claims, folder, 500)
        table = Table(folder)
        self.spark = SparkEngine(session, table.parts, table.links)
        for name in ("spark.sql.codegen.wholeStage", "spark.sql.adaptive.enabled"):
            self.spark.session.conf.set(name, "false")  # quicker on little data; the cluster below has them on
        self.spark.session.conf.set("spark.sql.codegen.factoryMode", "NO_CODEGEN")
        self.spark.session.conf.set("spark.sql.shuffle.partitions", "1")
        self.lite = lite(kb.claims)
        self.asked: dict[str, int] = {}

    def load(self, name: str, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
        rows = list(rows)
        self.spark.load(name, columns, rows)
        self.lite.load(name, columns, rows)

    def create(self, name: str, query: str) -> None:
        self.spark.create(name, query)
        self.lite.create(name, query)
        self.ask(f"SELECT * FROM {name}")  # noqa: S608

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        rows = self.spark.ask(query)
        assert ordered(rows) == ordered(self.lite.ask(query)), query
        self.asked[query] = len(rows)
        return rows

    def stream(self, query: str) -> Iterator[dict[str, Any]]:
        rows = list(self.spark.stream(query))
        own = list(self.lite.stream(query))
        assert ordered(map(tuple, map(dict.items, rows))) == ordered(map(tuple, map(dict.items, own))), query
        self.asked[query] = len(rows)
        return iter(rows)


COUNTED = "SELECT subject, COUNT(*) FROM claims WHERE subject = '{name}' GROUP BY subject"


def ordered(rows: Iterable[Sequence[Any]]) -> list[str]:
    return sorted(map(repr, map(tuple, rows)))


def lite(claims: Iterable[Claim]) -> LiteEngine:
    claims = list(claims)
    return LiteEngine(map(claim_row, claims), (row for claim in claims for row in link_rows(claim)))


def world(kb: KnowledgeBase) -> World:
    return World(kb.domain, kb.documents, {work.key: work for work in kb.works}, kb.names, codes_in(kb.policy))


def plain(findings: Iterable[Finding]) -> list[str]:
    return [finding.model_dump_json() for finding in findings]


def agree(session: Any, kb: KnowledgeBase, folder: Path, batch: int = 200_000) -> dict[str, int]:
    """Assert that findings are those of the small path and return how many rows each query had."""
    engine = Judged(session, kb, folder / "table")
    try:
        wanted = plain(find_all(kb))
        assert wanted
        assert plain(find_in(engine, world(kb), batch=batch)) == wanted
    finally:
        engine.spark.close()
    return engine.asked


# The same rows and the same findings


@needs_spark
def test_findings_on_the_shipped_data_are_those_of_the_small_path(session: Any, tmp_path: Path) -> None:
    asked = agree(session, build(DATA), tmp_path)
    for name in (*RULES, "leaning", "rank_edges"):
        assert text(name) in asked
        assert asked[text(name)] or name == "categories", name
    assert not session.sparkContext._jsc.getPersistentRDDs()


@needs_spark
def test_findings_on_the_toy_domain_are_those_of_the_small_path(session: Any, tmp_path: Path) -> None:
    agree(session, build(TOY), tmp_path)


@needs_spark
def test_findings_on_random_claims_are_those_of_the_small_path(session: Any, tmp_path: Path) -> None:
    agree(session, jumbled(build(DATA), 3, 200, 20), tmp_path)


@needs_spark
@thorough
@settings(derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck), max_examples=1)
@given(data=st.data())
def test_what_is_planted_for_every_detector_passes_the_filter(
    session: Any, tmp_path: Path, data: st.DataObject
) -> None:
    kb = build(DATA)
    plants = [recipe(Scene(kb.domain, data.draw)) for recipe in RECIPES.values()]
    works = {work.key: work for plant in plants for work in plant.works}
    claims = {claim.id: claim for plant in plants for claim in plant.claims}
    base = replace(kb, documents=(), claims=tuple(claims[name] for name in sorted(claims)), works=tuple(works.values()))
    agree(session, base, tmp_path)


@needs_spark
def test_names_and_paths_stand_for_themselves(session: Any, tmp_path: Path) -> None:
    """Nothing in a name is an escape, a variable or the end of a text, and nothing in a path is a pattern."""
    kb = build(TOY)
    names = ["it's", "a\\'b", "back\\slash", "${spark.app.name}", "x' OR '1'='1", "Ünïcode – “q”"]
    claims = [kb.claims[n].model_copy(update={"subject": name, "than": None}) for n, name in enumerate(names)]
    (tmp_path / "a {b} [c]*, d").mkdir()
    engine = Judged(session, replace(kb, claims=tuple(claims)), tmp_path / "a {b} [c]*, d" / "table")
    for name in names:
        assert engine.ask(COUNTED.format(name=name.replace("'", "''"))) == [(name, 1)]
    assert engine.ask(COUNTED.format(name="x'' OR ''1''=''2")) == []
    engine.load("odd", ("name text", "number whole", "size real"), [(None, None, None), ("", 2**62, -1e308)])
    engine.ask("SELECT * FROM odd")
    engine.ask("SELECT MIN(name), MAX(number), 7 * size, name || 'x' FROM odd GROUP BY size, name")
    engine.load("words", ("word text",), [(word,) for word in ("b", "B", "é", "z", "\U0001f600", "\uffff", "")])
    engine.ask("SELECT MIN(word), MAX(word) FROM words WHERE word <> ''")
    assert [row["word"] for row in engine.spark.stream("SELECT word FROM words ORDER BY word")] == [
        row["word"] for row in engine.lite.stream("SELECT word FROM words ORDER BY word")
    ]


@needs_spark
def test_a_query_that_fails_is_told_in_one_problem(session: Any, tmp_path: Path, caplog: Any) -> None:
    kb = build(TOY)
    engine = Judged(session, kb, tmp_path / "table").spark
    with pytest.raises(InputError, match=r"a query failed.*nothing_such"):
        engine.ask("SELECT nothing_such FROM claims")
    shutil.rmtree(tmp_path / "table" / "claims")
    with pytest.raises(InputError, match="same path on every worker"):
        engine.create("copy", "SELECT * FROM claims")


# What is missing is said


def refused(*words: str, data: Path = TOY) -> str:
    with pytest.raises(InputError) as caught:
        CliRunner().invoke(app, ["--data", str(data), "findings", *words], catch_exceptions=False)
    return "\n".join(map(str, caught.value.problems))


def test_what_does_not_go_together_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "add --engine spark" in refused("--master", "spark://127.0.0.1:7077")
    assert "add --engine spark" in refused("--master", "local[2]", "--engine", "duckdb")
    assert "kb export table" in refused("--master", "spark://cluster.example:7077", "--engine", "spark")


@needs_spark
def test_no_master_and_no_java_are_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from pyspark.sql import SparkSession

    monkeypatch.setattr(SparkSession, "getActiveSession", lambda: None)
    table = tmp_path / "table"
    write_table(build(TOY), (), table)
    assert "no master answers" in refused("--engine", "spark", "--master", "spark://127.0.0.1:1")
    assert "cannot read the master" in refused("--engine", "spark", "--master", "spark://host", data=table)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    assert "install Java" in refused("--engine", "spark")


@needs_spark
def test_a_session_that_runs_already_is_used_and_left_running(session: Any) -> None:
    with spark_session("local[2]") as same:
        assert same.sparkContext is session.sparkContext
    assert session.sql("SELECT 1").count() == 1
    assert "stop that one first" in refused("--engine", "spark", "--master", "local[1]")


def test_no_pyspark_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    assert "python -m pip install 'claims-kb[spark]'" in refused("--engine", "spark")


@pytest.mark.parametrize(
    ("master", "here"),
    [
        ("local", True),
        ("local[*]", True),
        ("spark://127.0.0.1:7077", True),
        ("spark://localhost:1,[::1]:2", True),
        ("spark://127.0.0.1:1,10.0.0.2:2", False),
        ("spark://cluster:7077", False),
        ("spark://127.example:7077", False),
        ("localhost", False),
        ("yarn", False),
    ],
)
def test_only_what_is_on_this_machine_binds_to_loopback(master: str, here: bool) -> None:
    assert is_loopback(master) is here


# A cluster that loses a worker

SETTINGS = """
spark.eventLog.enabled true
spark.eventLog.dir file:{events}
spark.eventLog.compress false
spark.eventLog.rolling.enabled false
spark.eventLog.logBlockUpdates.enabled true
spark.master.rest.enabled false
spark.driver.memory 512m
spark.executor.memory 512m
spark.executor.extraJavaOptions -XX:TieredStopAtLevel=1 -XX:+UseSerialGC
spark.scheduler.minRegisteredResourcesRatio 1.0
spark.scheduler.maxRegisteredResourcesWaitingTime 60s
spark.sql.shuffle.partitions 2
"""
LONG = 120.0


class Cluster:
    """A standalone master and two workers of one core each on loopback, every one in a process group of its own."""

    def __init__(self, folder: Path) -> None:
        import pyspark

        self.folder = folder
        self.home = Path(pyspark.__file__).parent
        for name in ("conf", "events", "scratch"):
            (folder / name).mkdir()
        (folder / "conf" / "spark-defaults.conf").write_text(SETTINGS.format(events=folder / "events"))
        own = {"SPARK_CONF_DIR": folder / "conf", "SPARK_LOCAL_DIRS": folder / "scratch", "SPARK_HOME": self.home}
        own |= {"SPARK_LOCAL_IP": "127.0.0.1", "SPARK_DAEMON_MEMORY": "256m", "SPARK_NO_DAEMONIZE": "1"}
        self.env = os.environ | BRIEF | {name: str(value) for name, value in own.items()}
        self.started: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        where = ("--host", "127.0.0.1", "--port", "0", "--webui-port", "0")
        log = self._daemon("master", "org.apache.spark.deploy.master.Master", *where)
        found = until(lambda: re.search(r"Starting Spark master at (spark://127\.0\.0\.1:\d+)", log.read_text()))
        self.url = found[1]
        for name in ("one", "two"):
            kept = ("--cores", "1", "--memory", "700M", "--work-dir", str(self.folder / name))
            self._daemon(name, "org.apache.spark.deploy.worker.Worker", *where, *kept, self.url)
        until(lambda: log.read_text().count("Registering worker") == 2)

    def _daemon(self, name: str, *words: str) -> Path:
        log = self.folder / f"{name}.log"
        command = [str(self.home / "bin" / "spark-class"), *words]
        with log.open("wb") as out:
            self.started.append(
                subprocess.Popen(
                    command, env=self.env, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True
                )
            )
        return log

    def lose(self, executor: str) -> None:
        """Kill the worker that runs an executor, with all that it started, as when a machine goes."""
        number, _ = next(
            (number, name)
            for number, name in ((1, "one"), (2, "two"))
            if list((self.folder / name).glob(f"app-*/{executor}"))
        )
        os.killpg(self.started[number].pid, signal.SIGKILL)

    def stop(self) -> None:
        for process in self.started:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def events(self) -> list[dict[str, Any]]:
        """Return what Spark has written of the run so far; the last line may be half written."""
        lines = [line for path in (self.folder / "events").glob("app-*") for line in path.read_text().splitlines(True)]
        return [json.loads(line) for line in lines if line.endswith("\n")]


def until(look: Callable[[], Any]) -> Any:
    """Look again and again until something is seen, and return it."""
    end = time.monotonic() + LONG
    while time.monotonic() < end:
        with suppress(FileNotFoundError):
            if found := look():
                return found
        time.sleep(0.1)
    raise AssertionError("what was waited for did not come")


def stored(events: Iterable[dict[str, Any]]) -> list[tuple[str, str]]:
    """Return which part of a table was kept by which executor, in order."""
    updates = (e["Block Updated Info"] for e in events if e["Event"] == "SparkListenerBlockUpdated")
    kept = [(u["Block ID"], u["Block Manager ID"]["Executor ID"]) for u in updates if u["Disk Size"]]
    return [(block, executor) for block, executor in kept if block.startswith("rdd_") and executor != "driver"]


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    made = Cluster(tmp_path)
    try:
        made.start()
        yield made
    finally:
        made.stop()


@needs_spark
def test_findings_are_the_same_when_a_worker_is_lost(cluster: Cluster, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "kb.cli", "--data", str(TOY), "findings", "-f", "jsonl"]
    wanted = CliRunner().invoke(app, command[3:]).stdout
    assert wanted.count("\n") > 5
    command += ["--engine", "spark", "--master", cluster.url]
    with (tmp_path / "errors").open("wb") as errors:
        running = subprocess.Popen(command, env=cluster.env, cwd=ROOT, stdout=subprocess.PIPE, stderr=errors)
    try:
        # the third table that the filter makes holds what all rules read
        held = until(lambda: (s := stored(cluster.events())) and len({b.split("_")[1] for b, _ in s}) == 3 and s[-1])
        block, lost = held
        assert running.poll() is None
        cluster.lose(lost)
        out, _ = running.communicate(timeout=LONG)
    finally:
        running.kill()
        running.wait()
    assert running.returncode == 0, (tmp_path / "errors").read_text()
    assert out.decode() == wanted

    events = cluster.events()
    names = [event["Event"] for event in events]
    gone = next(n for n, e in enumerate(events) if e["Event"] == "SparkListenerExecutorRemoved")
    assert events[gone]["Executor ID"] == lost
    assert "SparkListenerApplicationEnd" in names[gone:]
    assert names[gone:].count("SparkListenerJobStart") > 5
    again = dict(stored(events[gone:]))
    assert again[block] != lost  # computed anew by the other worker, not merely left over there
