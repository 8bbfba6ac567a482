"""What changed between two states of a knowledge base: claims, documents, works, findings and verdicts, in words.

A claim is the same if its id is; one that was reworded has another id, and is paired with the one claim of its source
that asks the same and is gone. A finding is the same if its id is, or if detector and question are and at least half of
all members: the same rule by which a verdict finds its heir (`kb.standing`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal, NamedTuple, TypeVar

from kb.bibliography import Work
from kb.build import KnowledgeBase
from kb.domain import Domain
from kb.model import Claim, Document, Record
from kb.scopes import describe_scope
from kb.standing import Fate, Review, Standing
from kb.verdicts import Verdict
from kb.wording import claim_value

T = TypeVar("T")
What = Literal["document", "work", "claim", "finding", "verdict"]
WHATS: tuple[What, ...] = ("document", "work", "claim", "finding", "verdict")
MIRROR = {
    **{"added": "lost", "opened": "gone", "settled": "reopened", "lapses": "applies again", "changed": "changed"},
    **{"lost": "added", "gone": "opened", "reopened": "settled", "applies again": "lapses"},
}
"""The words for a change, and what each is when old and new change places."""

FIELD_NAMES = {
    **{"locator": "place in the text", "than": "other side", "appeals_to": "appeal", "cites": "citations"},
    **{"checked": "review", "made": "origin", "seen_at": "place in the work", "sha256": "snapshot"},
    **{"entry_type": "kind of entry", "sample_size": "sample size", "superseded_by": "successor"},
    **{"authors_complete": "completeness of the authors", "scope_reason": "reason for the scope"},
}


class Field(Record):
    """A field that changed, in words; "" where it had or has no value."""

    field: str
    old: str
    new: str


class Change(Record):
    """One difference. ``source`` is a document or work; several are joined by commas."""

    what: What
    change: str
    id: str
    source: str
    sentence: str
    fields: tuple[Field, ...] = ()


class State(NamedTuple):
    """A knowledge base with all its findings and verdicts."""

    kb: KnowledgeBase
    review: Review


def differences(old: State, new: State) -> tuple[Change, ...]:
    """Return what changed from old to new, by kind of record and id."""
    changes = [
        *_records("document", _documents(old.kb), _documents(new.kb), _document_words),
        *_records("work", _works(old.kb), _works(new.kb), _work_words),
        *_claim_changes(old.kb, new.kb),
        *_finding_changes(old, new),
        *_verdict_changes(old.review, new.review),
    ]
    return tuple(sorted(changes, key=lambda c: (WHATS.index(c.what), c.source, c.id, c.change)))


def summed_up(changes: Iterable[Change]) -> str:
    """Return how many changes of each kind there are, as "2 claims added, 1 finding opened"."""
    counts: dict[tuple[What, str], int] = defaultdict(int)
    for change in changes:
        counts[(change.what, change.change)] += 1
    ordered = sorted(counts.items(), key=lambda item: (WHATS.index(item[0][0]), item[0][1]))
    parts = [f"{number:,} {what}{'s' if number > 1 else ''} {change}" for (what, change), number in ordered]
    return ", ".join(parts) or "no difference"


# Documents and works


def _documents(kb: KnowledgeBase) -> dict[str, Document]:
    return {document.id: document for document in kb.documents}


def _works(kb: KnowledgeBase) -> dict[str, Work]:
    return {work.key: work for work in kb.works}


def _document_words(document: Document) -> dict[str, str]:
    return _plain_words(document.model_dump(mode="json"))


def _work_words(work: Work) -> dict[str, str]:
    return _plain_words(work.model_dump(mode="json", exclude={"line"}))


def _plain_words(fields: Mapping[str, Any]) -> dict[str, str]:
    return {name: _plain(value) for name, value in fields.items()}


def _plain(value: Any) -> str:
    """Return any value of a record in words; "" for none."""
    if value is None:
        return ""
    if isinstance(value, dict):
        return ", ".join(f"{name} {text}" for name, item in value.items() if (text := _plain(item)))
    return "; ".join(map(_plain, value)) if isinstance(value, list) else str(value)


def _records(
    what: What, old: Mapping[str, T], new: Mapping[str, T], words: Callable[[T], dict[str, str]]
) -> Iterable[Change]:
    for key in sorted(old.keys() | new.keys()):
        if key in old and key in new:
            if fields := _fields(words(old[key]), words(new[key])):
                yield _change(what, key, key, _title(new[key]), fields)
        else:
            only = new.get(key) or old[key]
            yield Change(what=what, change="added" if key in new else "lost", id=key, source=key, sentence=_title(only))


def _title(record: Any) -> str:
    return f"“{record.title}”"


def _fields(old: Mapping[str, str], new: Mapping[str, str]) -> tuple[Field, ...]:
    names = [*new, *(name for name in old if name not in new)]
    return tuple(
        Field(field=FIELD_NAMES.get(name, name.rstrip("_")), old=old.get(name, ""), new=new.get(name, ""))
        for name in names
        if old.get(name, "") != new.get(name, "")
    )


def _change(what: What, key: str, source: str, subject: str, fields: tuple[Field, ...]) -> Change:
    sentence = f"{subject}: {'; '.join(_clause(field) for field in fields)}"
    return Change(what=what, change="changed", id=key, source=source, sentence=sentence, fields=fields)


def _clause(field: Field) -> str:
    old, new = (text if len(text) <= 120 else f"{text[:119]}…" for text in (field.old, field.new))
    if field.field == "snapshot":
        return "another snapshot of its text"
    if field.field == "place in the text":
        return "it moved in the text"
    if not old:
        return f"{field.field} is now {new}"
    return f"{field.field} was {old}, is {new}" if new else f"{field.field} was {old}, is no longer given"


# Claims


def _claim_changes(old: KnowledgeBase, new: KnowledgeBase) -> Iterable[Change]:
    before, after = ({claim.id: claim for claim in kb.claims} for kb in (old, new))
    pairs = {key: key for key in before.keys() & after.keys()}
    pairs |= _reworded([before[k] for k in before.keys() - pairs], [after[k] for k in after.keys() - pairs])
    for key, heir in pairs.items():
        one, other = before[key], after[heir]
        if fields := _fields(_claim_words(old.domain, one), _claim_words(new.domain, other)):
            yield _change("claim", heir, other.source, f"“{other.text}”", fields)
    for key in before.keys() - pairs.keys():
        yield _alone(before[key], "lost")
    for key in after.keys() - set(pairs.values()):
        yield _alone(after[key], "added")


def _alone(claim: Claim, change: str) -> Change:
    return Change(what="claim", change=change, id=claim.id, source=claim.source, sentence=f"“{claim.text}”")


def _reworded(lost: Iterable[Claim], added: Iterable[Claim]) -> dict[str, str]:
    """Return which claim that is gone became which new one: the only ones of their source that ask the same."""
    asked: dict[tuple[object, ...], tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for side, claims in enumerate((lost, added)):
        for claim in claims:
            question = (claim.source, claim.subject, claim.property, claim.object, claim.than, claim.part)
            asked[question][side].append(claim.id)
    return {gone[0]: come[0] for gone, come in asked.values() if len(gone) == len(come) == 1}


def _claim_words(domain: Domain, claim: Claim) -> dict[str, str]:
    """Return the fields of a claim in words; each scope dimension is a field of its own."""
    fields = _plain_words(claim.model_dump(mode="json", exclude={"id", "value", "scope", "unknown", "locator"}))
    fields["value"] = claim_value(domain, claim) or ""
    printed = getattr(claim.value, "printed", "")
    bound = getattr(claim.value, "bound", "")
    fields |= {"bound": str(bound), "words of the value": printed}
    at = claim.locator
    fields["locator"] = f"{at.start}-{at.end}" if at else ""
    for entry in claim.scope:
        values = describe_scope(domain, entry.dimension, entry.values)
        basis = f" from the {entry.basis}" if entry.basis else ""
        fields[_label(domain, entry.dimension)] = f"{values} ({entry.state}{basis})"
    return fields | {_label(domain, name): "unknown" for name in claim.unknown}


def _label(domain: Domain, dimension: str) -> str:
    return f"scope: {domain.dimensions[dimension].label}" if dimension in domain.dimensions else f"scope: {dimension}"


# Findings


def _finding_changes(old: State, new: State) -> Iterable[Change]:
    before, after = old.review.by_id, new.review.by_id
    pairs = {key: key for key in before.keys() & after.keys()}
    pairs |= _heirs([before[k] for k in before.keys() - pairs], [after[k] for k in after.keys() - pairs])
    for key, heir in pairs.items():
        if (change := _standing_change(before[key], after[heir])) is not None:
            yield change
    for key in before.keys() - pairs.keys():
        yield _finding_change(before[key], "gone")
    for key in after.keys() - set(pairs.values()):
        yield _finding_change(after[key], "opened")


def _heirs(lost: Iterable[Standing], come: Iterable[Standing]) -> dict[str, str]:
    """Return which finding that is gone became which new one: the likest first, each once."""
    asked: dict[tuple[str, str], list[Standing]] = defaultdict(list)
    for standing in come:
        asked[(standing.finding.code, standing.finding.question)].append(standing)
    scored = []
    for gone in lost:
        for heir in asked[(gone.finding.code, gone.finding.question)]:
            one, other = _members(gone), _members(heir)
            if 2 * len(one & other) >= len(one | other):
                ends = sorted((gone.finding.id, heir.finding.id))  # the same order whichever is old
                scored.append((-len(one & other) / len(one | other), ends, gone.finding.id, heir.finding.id))
    pairs: dict[str, str] = {}
    for _, _, gone_id, heir_id in sorted(scored):
        if gone_id not in pairs and heir_id not in pairs.values():
            pairs[gone_id] = heir_id
    return pairs


def _members(standing: Standing) -> set[str]:
    return {member.claim or member.source for member in standing.finding.members}


def _standing_change(old: Standing, new: Standing) -> Change | None:
    """Return how a finding changed: settled or reopened first, else what it says, else None."""
    fields = _fields(_finding_words(old), _finding_words(new))
    if old.remains and not new.remains:
        return _finding_change(new, "settled", fields)
    if new.remains and not old.remains:
        return _finding_change(new, "reopened", fields)
    return _finding_change(new, "changed", fields) if fields else None


def _finding_words(standing: Standing) -> dict[str, str]:
    finding, verdict = standing.finding, standing.verdict
    return {
        "kind": str(finding.kind),
        "severity": str(finding.severity),
        "sentence": finding.sentence,
        "state": str(standing.state),
        "verdict": f"{verdict.verdict} by {verdict.by}" if verdict else "",
        "waiver": standing.waiver.reason if standing.waiver else "",
    }


def _finding_change(standing: Standing, change: str, fields: tuple[Field, ...] = ()) -> Change:
    finding = standing.finding
    sentence = finding.sentence
    if change == "reopened" and standing.because:
        sentence += f" It was settled; now {standing.because}."
    elif change == "settled":
        verdict, waiver = standing.verdict, standing.waiver
        if waiver is not None:
            sentence += f" It is waived: {waiver.reason}."
        elif verdict is not None:
            sentence += f" It is {verdict.verdict} by {verdict.by}: {verdict.reason}."
    elif change == "changed":
        said = [_clause(field) for field in fields if field.field != "sentence"]
        sentence += f" ({'; '.join(said)})" if said else " (the wording changed)"
    sources = ", ".join(sorted({member.source for member in finding.members}))
    return Change(what="finding", change=change, id=finding.id, source=sources, sentence=sentence, fields=fields)


# Verdicts


def _verdict_changes(old: Review, new: Review) -> Iterable[Change]:
    before, after = _by_moment(old), _by_moment(new)
    for key in sorted(before.keys() | after.keys()):
        verdict, fate, why = after.get(key) or before[key]
        if key not in before or key not in after:
            change = "added" if key in after else "lost"
            yield _verdict_change(verdict, change, f"{verdict.verdict} by {verdict.by}: {verdict.reason}")
            continue
        was = before[key][1]
        if was is not fate:
            change = "lapses" if fate is Fate.LAPSED else "applies again" if was is Fate.LAPSED else "changed"
            said = f"{verdict.verdict} by {verdict.by}: it was {was}, is {fate}{f', because {why}' if why else ''}"
            yield _verdict_change(verdict, change, said, (Field(field="state", old=str(was), new=str(fate)),))


def _by_moment(review: Review) -> dict[tuple[str, ...], tuple[Verdict, Fate, str]]:
    return {(v.finding, v.at, v.by, v.verdict, v.reason): (v, fate, why) for v, fate, why in review.verdicts}


def _verdict_change(verdict: Verdict, change: str, sentence: str, fields: tuple[Field, ...] = ()) -> Change:
    sources = ", ".join(sorted({member.source for member in verdict.members}))
    return Change(what="verdict", change=change, id=verdict.finding, source=sources, sentence=sentence, fields=fields)
