"""A finding as a card: why, who says what and in which context, what scope has to do with it, what was found."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from kb.bibliography import Work
from kb.citations import citation_state
from kb.designs import DESIGNS
from kb.detectors import RULES
from kb.explaining import what_would_change
from kb.look import KINDS, STAKES, dots
from kb.model import Checked, Citation, Claim, Finding, FindingKind, Member, Role
from kb.standing import Standing, StandingState
from kb.ui import url
from kb.ui.components import scope_table
from kb.ui.desk import Desk
from kb.ui.markup import Child, Html, join, tag
from kb.waivers import CODE as UNUSED
from kb.waivers import SUMMARY as UNUSED_SUMMARY
from kb.wording import join as listed

CONTEXT = 140
"""Code points of the page shown before and after a quote."""

FACTS = 6
MEMBERS = 4
RELATED = 5
CHECKED_WORDS = {
    Checked.VERIFIED: "checked at the source",
    Checked.INFERRED: "inferred from the source",
    Checked.UNVERIFIED: "not checked at the source",
}


def chip(kind: FindingKind) -> Html:
    """Return a kind as glyph and word."""
    look = KINDS[kind]
    return tag("span", tag("span", look.glyph, aria_hidden="true"), look.word, cls=f"kb-chip kb-{kind}")


def glyph(kind: FindingKind) -> Html:
    """Return a kind as its glyph, with the word for those who do not see it."""
    look = KINDS[kind]
    return tag("span", look.glyph, cls=f"kb-glyph kb-{kind}", title=look.word, role="img", aria_label=look.word)


def build(desk: Desk, standing: Standing) -> Html:
    """Return the card of a finding."""
    finding = standing.finding
    return tag(
        "article",
        _head(desk, finding),
        tag("div", tag("p", finding.sentence), cls="kb-why"),
        _poles(desk, finding),
        scope_table.build(desk, finding),
        _working(desk, finding),
        _found(desk, finding),
        _change(desk, finding),
        _related(desk, finding),
        where_it_stands(standing),
        cls=f"kb-card kb-{finding.kind}",
        data_finding=finding.id,
    )


def _head(desk: Desk, finding: Finding) -> Html:
    topic = desk.kb.domain.topics.get(finding.topic)
    return tag(
        "div",
        tag("h2", chip(finding.kind), style="margin:0"),
        tag("span", tag("span", dots(finding.severity), cls="kb-dots"), f" {STAKES[finding.severity]}"),
        tag("a", topic.label, href=url.to("topics", topic=topic.id, prop=finding.property)) if topic else None,
        tag("span", "within one document") if finding.same_source else None,
        tag("code", finding.id),
        cls="kb-meta",
    )


# The sides


def _poles(desk: Desk, finding: Finding) -> Html:
    poles = scope_table.poles_of(finding)
    columns = [_pole(desk, finding, pole, [m for m in finding.members if m.pole == pole]) for pole in poles]
    behind = finding.claims - len(finding.members)
    more = (
        tag(
            "p",
            _more(behind, "claim stands behind these sides", "claims stand behind these sides"),
            cls="kb-muted kb-small",
        )
        if behind > 0
        else None
    )
    return join([tag("div", *columns, cls="kb-poles"), more])


def _pole(desk: Desk, finding: Finding, pole: str, members: list[Member]) -> Html:
    shown = [_member(desk, member) for member in members[:MEMBERS]]
    rest = [_member(desk, member) for member in members[MEMBERS:]]
    folded = tag("details", tag("summary", f"{len(rest)} more on this side"), *rest) if rest else None
    told = opposition(finding, pole)
    note = tag("span", told, cls="kb-muted kb-small") if told else None
    return tag("section", tag("div", tag("span", pole, cls="kb-letter"), note), *shown, folded, cls="kb-pole")


def _more(count: int, one: str, many: str) -> str:
    return f"{count:,} more {one if count == 1 else many}."


def opposition(finding: Finding, pole: str) -> str:
    """Return which of several sides one side disagrees with, and which it can stand beside; "" of two."""
    others = [other for other in scope_table.poles_of(finding) if other != pole]
    against = [other for other in others if {(pole, other), (other, pole)} & set(finding.opposed)]
    if len(others) < 2 or not against:
        return ""
    verb = "differs from" if finding.kind is FindingKind.EXPLAINED else "disagrees with"
    beside = [other for other in others if other not in against]
    if not beside:
        return f"{verb} all others"
    return f"{verb} {listed(against)}; fits with {listed(beside)}"


def _member(desk: Desk, member: Member) -> Html:
    claim = desk.catalogue.claims.get(member.claim)
    name = desk.kb.names.get(member.source, member.source)
    if claim is None:
        link = tag("a", name, href=_source_address(desk, member.source))
        return tag("div", tag("div", link, " as a whole"), cls="kb-member")
    return tag(
        "div",
        tag("div", tag("a", name, href=claim_address(desk, claim)), _design(desk, claim.source)),
        tag("div", claim.text, cls="kb-says"),
        quote(desk, claim),
        tag("div", *cited(desk, claim), cls="kb-muted kb-small"),
        cls="kb-member",
    )


def claim_address(desk: Desk, claim: Claim) -> str:
    """Return where a claim is read in its place: on its page, or among the facts of its work."""
    if desk.catalogue.is_document(claim.source):
        return url.to("documents", doc=claim.source, claim=claim.id)
    return url.to("works", work=claim.source, claim=claim.id)


def _source_address(desk: Desk, source: str) -> str:
    if desk.catalogue.is_document(source):
        return url.to("documents", doc=source)
    return url.to("works", work=source)


def _design(desk: Desk, source: str) -> Html | None:
    work = desk.catalogue.works.get(source)
    return join([" ", tag("span", design_words(work), cls="kb-badge")]) if work and design_words(work) else None


def design_words(work: Work) -> str:
    """Return design and size of a work in words, "" where neither is on record."""
    design = DESIGNS[work.design].label.removeprefix("a ").removeprefix("an ") if work.design else ""
    return ", ".join(filter(None, [design, f"n = {work.sample_size:,}" if work.sample_size else ""]))


def quote(desk: Desk, claim: Claim) -> Html | None:
    """Return the words of the page in their context, if its text is attached."""
    text, at = desk.kb.texts.get(claim.source), claim.locator
    if text is None or at is None:
        return None
    start = _edge(text, max(0, at.start - CONTEXT), at.start, forward=True)
    end = _edge(text, min(len(text), at.end + CONTEXT), at.end, forward=False)
    before = ("… " if start else "") + _flat(text[start : at.start])
    after = _flat(text[at.end : end]) + (" …" if end < len(text) else "")
    return tag("blockquote", before, tag("mark", _flat(text[at.start : at.end])), after)


def _edge(text: str, edge: int, quoted: int, forward: bool) -> int:
    """Move an edge of the context towards the quote, to a break between words."""
    if edge in (0, len(text)):
        return edge
    step = 1 if forward else -1
    while edge != quoted and not text[edge - (not forward)].isspace():
        edge += step
    return edge


def _flat(text: str) -> str:
    """Return text with every run of white space as one blank, at its ends too."""
    return re.sub(r"\s+", " ", text)


def cited(desk: Desk, claim: Claim, lead: bool = True) -> list[Child]:
    """Return what a claim rests on, in words: the works it cites and on whose word, or that it names none."""
    if claim.role is Role.EVIDENCE:
        return [seen(claim)]
    if not claim.cites:
        return ["names no source"]
    children: list[Child] = ["rests on " if lead else None]
    for number, citation in enumerate(claim.cites):
        children += [", " if number else None, _citation(desk, citation)]
    return children


def seen(claim: Claim) -> Html:
    """Return how far a recorded fact was checked, and where it was seen; of an address its host, as a link."""
    at = claim.seen_at
    host = urlsplit(at).hostname if at.startswith(("https://", "http://")) and " " not in at else None
    place = tag("a", host, href=at, target="_blank", rel="noopener noreferrer") if host else at
    parts: list[Child] = [CHECKED_WORDS.get(claim.checked) or None, place or None]
    return join([part for part in parts if part], " · ")


def _citation(desk: Desk, citation: Citation) -> Html:
    state = citation_state(citation)
    if citation.work is None:
        return tag("span", f"{citation.marker} (its list is lost, so the work cannot be told)")
    words = {"printed": citation.marker, "described": "identified by its description"}.get(
        state, f"our guess, confidence {citation.confidence:g}: the page does not say so"
    )
    name = desk.kb.names[citation.work]
    return join([tag("a", name, href=url.to("works", work=citation.work)), f" ({words})" if words else None])


# What stands behind it


def _working(desk: Desk, finding: Finding) -> Html | None:
    steps = tag("ol", *(tag("li", step) for step in finding.working)) if finding.working else None
    rests = [
        tag("li", desk.kb.domain.axioms[name].label, f" ({desk.kb.domain.axioms[name].source})")
        for name in finding.rests_on
        if name in desk.kb.domain.axioms
    ]
    if steps is None and not rests:
        return None
    assumed = join([tag("h3", "It rests on an assumption of ours"), tag("ul", *rests)]) if rests else None
    return join([tag("h3", "Working") if steps else None, steps, assumed])


def _found(desk: Desk, finding: Finding) -> Html | None:
    """Return what the works found that the members cite or are findings of, on this topic."""
    claims = [desk.catalogue.claims[m.claim] for m in finding.members if m.claim in desk.catalogue.claims]
    works = dict.fromkeys(
        [citation.work for claim in claims for citation in claim.cites if citation.work]
        + [member.source for member in finding.members if member.source in desk.catalogue.works]
    )
    told = [facts for work in works if (facts := _facts(desk, work, finding)) is not None]
    if not told:
        return None
    return tag("details", tag("summary", "What the cited works found"), *told, cls="kb-strong", open=True)


def _facts(desk: Desk, key: str, finding: Finding) -> Html | None:
    work = desk.catalogue.works.get(key)
    known = desk.catalogue.by_source.get(key, [])
    facts = [c for c in known if c.property == finding.property]
    facts += [c for c in known if desk.catalogue.topic(c) == finding.topic and c not in facts]
    if work is None or not facts:
        return None
    link = tag("a", desk.kb.names[key], href=url.to("works", work=key))
    words = design_words(work)
    shown = [tag("li", fact.text, _doubt(fact)) for fact in facts[:FACTS]]
    behind = len(facts) - len(shown) + desk.left_out.get(key, 0)
    more = _more(behind, "fact on this topic is on record", "facts on this topic are on record") if behind > 0 else None
    return tag(
        "div",
        link,
        join([" ", tag("span", words, cls="kb-badge")]) if words else None,
        tag("ul", *shown),
        more,
        cls="kb-fact",
    )


def _doubt(fact: Claim) -> Html | None:
    words = CHECKED_WORDS.get(fact.checked, "")
    return (
        tag("span", f" ({words})", cls="kb-muted kb-small") if fact.checked is not Checked.VERIFIED and words else None
    )


def _change(desk: Desk, finding: Finding) -> Html:
    rule = next((rule for rule in RULES if finding.code == rule.CODE), None)
    summary = rule.SUMMARY if rule else UNUSED_SUMMARY if finding.code == UNUSED else ""
    return tag(
        "details",
        tag("summary", "What would change it, and the rule"),
        tag("p", f"What would change it: {what_would_change(desk.kb, finding, desk.catalogue.claims)}"),
        tag("p", f"Rule {finding.code}: {summary}. Its manual page: ", tag("code", f"kb explain {finding.code}")),
    )


def _related(desk: Desk, finding: Finding) -> Html | None:
    """Return other findings that share a claim with this one."""
    seen: dict[str, Standing] = {}
    for member in finding.members:
        for other in desk.inbox.by_claim.get(member.claim, ()):
            if other.finding.id != finding.id:
                seen.setdefault(other.finding.id, other)
    found = sorted(seen.values(), key=lambda s: list(FindingKind).index(s.finding.kind))
    if not found:
        return None
    items = [finding_line(other.finding) for other in found[:RELATED]]
    total = len(found) + desk.left_out.get(finding.id, 0)
    more = f" ({RELATED} of {total:,})" if total > RELATED else ""
    count = f"{total:,} other finding{'s' if total > 1 else ''} on the same claims{more}"
    return tag("details", tag("summary", count), tag("ul", *items))


def finding_line(finding: Finding) -> Html:
    """Return a finding as a list item that leads to its card."""
    return tag("li", glyph(finding.kind), " ", tag("a", finding.title, href=url.to("findings", f=finding.id)))


def where_it_stands(standing: Standing) -> Html:
    """Return what people decided about a finding, and why it is open again if it is."""
    verdict = standing.verdict
    if verdict is None:
        return tag("div", "Nobody has judged this yet.", cls="kb-standing")
    judged = f"{verdict.verdict} by {verdict.by} on {verdict.at[:10]}: {verdict.reason}"
    if standing.state is StandingState.REOPENED:
        told = [tag("b", "Reopened"), f" because {standing.because}. Before: {judged}"]
        return tag("div", *told, cls="kb-standing kb-reopened")
    return tag("div", tag("b", "Judged"), f" {judged}", _history(standing), cls="kb-standing kb-judged")


def _history(standing: Standing) -> Html | None:
    if len(standing.history) < 2:
        return None
    lines: Iterable[Child] = [
        tag(
            "li",
            f"{entry.at[:16].replace('T', ' ')} {entry.verdict} by {entry.by}",
            f": {entry.reason}" if entry.reason else None,
        )
        for entry in standing.history
    ]
    return tag("details", tag("summary", f"{len(standing.history)} entries in the log"), tag("ul", *lines))
