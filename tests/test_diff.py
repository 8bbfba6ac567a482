import json
from dataclasses import replace
from decimal import Decimal
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st
from kb.audit import find_all
from kb.build import build
from kb.cli import app
from kb.differing import MIRROR, State, differences, summed_up
from kb.ids import sha256_text
from kb.model import Certainty, Interval, Locator
from kb.propose.anchoring import reanchor
from kb.standing import review
from kb.verdicts import Ruling, Verdict, judged_members
from typer.testing import CliRunner

from building import TOY, toy_copy

AT = "2026-11-24T09:30:00Z"


@cache
def toy():
    return build(TOY, [TOY / "sources"])


def state(kb):
    return State(kb, review(kb, find_all(kb)))


def judged(kb, number=0, ruling=Ruling.DISMISSED):
    """Return the toy with a verdict on one of its findings."""
    findings = [s.finding for s in state(kb).review.standings if s.waiver is None]
    finding = findings[number % len(findings)]
    given = {"finding": finding.id, "code": finding.code, "question": finding.question, "kind": finding.kind}
    members = judged_members(finding, {claim.id: claim for claim in kb.claims})
    verdict = Verdict(**given, verdict=ruling, reason="seen", by="Ann", at=AT, members=members)
    return finding, replace(kb, verdicts=(verdict,))


def changes(old, new):
    return {(c.what, c.change): c for c in differences(state(old), state(new))}


def test_a_claim_that_is_gone_takes_its_findings_along():
    finding, kb = judged(toy())
    name = next(member.claim for member in finding.members if member.claim)
    less = replace(kb, claims=tuple(claim for claim in kb.claims if claim.id != name))
    found = differences(state(kb), state(less))
    assert [c.id for c in found if (c.what, c.change) == ("claim", "lost")] == [name]
    assert finding.id not in {s.finding.id for s in state(less).review.standings}
    back = differences(state(less), state(kb))
    assert {(c.what, MIRROR[c.change], c.id) for c in back if c.what == "claim"} == {("claim", "lost", name)}


def test_a_changed_claim_says_which_fields():
    kb = toy()
    old = next(c for c in kb.claims if c.certainty is Certainty.ASSERTED and c.role == "claim")
    new = old.model_copy(update={"certainty": Certainty.POSSIBLE, "note": "hm"})
    other = replace(kb, claims=tuple(new if c is old else c for c in kb.claims))
    change = changes(kb, other)[("claim", "changed")]
    assert change.id == old.id
    assert change.sentence == f"“{old.text}”: certainty was asserted, is possible; note is now hm"


def test_a_changed_value_is_said_in_words():
    kb = toy()
    old = next(c for c in kb.claims if isinstance(c.value, Interval) and c.value.low == c.value.high)
    value = old.value.model_copy(update={"low": Decimal(7), "high": Decimal(8)})
    other = replace(kb, claims=tuple(c.model_copy(update={"value": value}) if c is old else c for c in kb.claims))
    (field,) = changes(kb, other)[("claim", "changed")].fields
    assert field.field == "value"
    assert "7–8" in field.new


def test_a_reworded_claim_is_changed_not_lost_and_added():
    kb = toy()
    old = kb.claims[0]
    alone = replace(kb, claims=(old,))
    reworded = replace(kb, claims=(old.model_copy(update={"id": "c-000000000000", "text": "Other words."}),))
    found = [c for c in differences(state(alone), state(reworded)) if c.what == "claim"]
    assert [(c.change, c.id, c.fields[0].field) for c in found] == [("changed", "c-000000000000", "text")]


def test_a_verdict_settles_and_reopens():
    finding, kb = judged(toy())
    found = changes(toy(), kb)
    assert found[("finding", "settled")].id == finding.id
    assert found[("finding", "settled")].sentence.endswith("It is dismissed by Ann: seen.")
    assert found[("verdict", "added")].id == finding.id
    name = next(member.claim for member in finding.members if member.claim)
    moved = [c.model_copy(update={"text": f"{c.text} Or so."}) if c.id == name else c for c in kb.claims]
    again = changes(kb, replace(kb, claims=tuple(moved)))
    assert "It was settled; now" in again[("finding", "reopened")].sentence
    assert ("verdict", "changed") in again


def test_a_verdict_lapses_with_its_finding():
    finding, kb = judged(toy())
    less = replace(kb, claims=tuple(c for c in kb.claims if c.source not in {m.source for m in finding.members}))
    change = changes(kb, less)[("verdict", "lapses")]
    assert change.id == finding.id
    assert "is lapsed, because the finding is gone" in change.sentence


def test_documents_and_works():
    kb = toy()
    document = kb.documents[0].model_copy(update={"sha256": "0" * 64, "title": "Another title"})
    work = kb.works[0].model_copy(update={"year": 1900, "line": 999})
    other = replace(kb, documents=(document, *kb.documents[1:]), works=(work, *kb.works[1:-1]))
    found = [c for c in differences(state(kb), state(other)) if c.what in ("document", "work")]
    assert {(c.change, c.id) for c in found} == {
        ("changed", document.id),
        ("changed", work.key),
        ("lost", kb.works[-1].key),
    }
    assert "another snapshot of its text" in found[0].sentence


COUNT = len(toy().claims)
EDITS = st.dictionaries(
    st.integers(0, COUNT - 1), st.sampled_from(["drop", "possible", "text", "reworded"]), max_size=6
)


def edited(edits, verdict):
    kb = toy() if verdict is None else judged(toy(), verdict)[1]
    claims = []
    for number, claim in enumerate(kb.claims):
        match edits.get(number):
            case "drop":
                continue
            case "possible":
                claims.append(claim.model_copy(update={"certainty": Certainty.POSSIBLE}))
            case "text":
                claims.append(claim.model_copy(update={"text": "Other words."}))
            case "reworded":
                claims.append(claim.model_copy(update={"id": f"c-{sha256_text(claim.id)[:12]}"}))
            case _:
                claims.append(claim)
    return state(replace(kb, claims=tuple(sorted(claims, key=lambda c: c.id))))


VERDICTS = st.none() | st.integers(0, 3)


@settings(max_examples=15)
@given(a=EDITS, b=EDITS, one=VERDICTS, other=VERDICTS)
def test_a_difference_is_mirrored_and_none_where_nothing_differs(a, b, one, other):
    old, new = edited(a, one), edited(b, other)
    assert differences(old, old) == differences(new, new) == ()
    there, back = differences(old, new), differences(new, old)

    def shape(change, turned):
        fields = frozenset((f.field, *((f.new, f.old) if turned else (f.old, f.new))) for f in change.fields)
        return change.what, MIRROR[change.change] if turned else change.change, fields

    key = repr
    assert sorted((shape(c, False) for c in there), key=key) == sorted((shape(c, True) for c in back), key=key)
    if not there:  # a claim that has another id and nothing else is the same claim
        ids = [sorted(repr(c.model_copy(update={"id": ""})) for c in side.kb.claims) for side in (old, new)]
        assert ids[0] == ids[1]


def test_summed_up():
    assert summed_up(()) == "no difference"
    less = replace(toy(), claims=toy().claims[2:])
    assert "2 claims lost" in summed_up(differences(state(toy()), state(less)))


# Two versions of a page


def states_of(claims, old, new):
    return [(found.state, found.start) for found in reanchor(claims, old, new)]


def test_a_quote_elsewhere_is_not_taken_for_the_claim():
    """The very words may stand in another sentence that says otherwise: that is no new place."""
    old = "Pump slick tyres to 6 bar."
    place = Locator(start=5, end=25, quote_sha256=sha256_text(old[5:25]))
    claim = toy().claims[0].model_copy(update={"id": "c-1", "locator": place})
    assert states_of([claim], old, old) == [("exact", 5)]
    assert states_of([claim], old, f"Tyres wear.\n{old}") == [("moved", 17)]
    assert states_of([claim], old, "Do not pump slick tyres to 6 bar.") == [("lost", None)]


# The command


def run(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_the_command(tmp_path):
    folder = toy_copy(tmp_path)
    same = run("diff", TOY, folder, "--exit-code")
    assert (same.exit_code, same.stderr) == (0, "no difference\n")
    path = folder / "claims" / "mosshill.yaml"
    parts = path.read_text("utf-8").split("\n- ")
    path.write_text("\n- ".join(parts[:-1]) + "\n", encoding="utf-8")
    found = run("diff", TOY, folder, "--format", "jsonl")
    rows = [json.loads(line) for line in found.stdout.splitlines()]
    assert found.exit_code == 0
    assert [row["change"] for row in rows if row["what"] == "claim"] == ["lost"]
    assert run("diff", TOY, folder, "--exit-code").exit_code == 1
    text = run("diff", TOY, folder, "--format", "md").stdout
    assert text.startswith("# What changed\n\n1 claim lost")
    assert "## Claims: lost\n\n- `c-" in text


def test_the_command_on_two_texts(tmp_path):
    page = next((TOY / "sources").glob("*.txt"))
    (tmp_path / "new.txt").write_text("More. " + page.read_text("utf-8"), encoding="utf-8")
    found = run("--data", TOY, "diff", page, tmp_path / "new.txt", "--format", "jsonl", "--exit-code")
    assert found.exit_code == 1
    rows = [json.loads(line) for line in found.stdout.splitlines()]
    assert rows
    assert {row["state"] for row in rows} == {"moved"}
    assert all(row["new_start"] == row["start"] + 6 for row in rows)
    wrong = run("--data", TOY, "diff", tmp_path / "new.txt", page)
    assert "is the snapshot of no document" in str(wrong.exception)
