"""A page cites for a result a work that by its design cannot carry it: a plan, a study in animals, a review as a trial.

Held against a claim only if none of the works that it cites can carry it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from kb.bibliography import Work
from kb.designs import DESIGNS, HUMAN, SPECIES
from kb.domain import Domain
from kb.faults import counted, fault, quoted
from kb.leaning import STATED
from kb.model import Appeal, Attribution, Claim, Duty, Finding, FindingKind
from kb.pages import Page
from kb.scopes import effective_scope

CODE = "R002"
NAME = "design-mismatch"
SUMMARY = "the design of the cited work cannot carry the claim"

WORDS = {
    Appeal.STUDY: "“a study”",
    Appeal.STUDIES: "“studies”",
    Appeal.TRIAL: "“a trial”",
    Appeal.TRIALS: "“trials”",
}


def find(page: Page) -> Iterator[Finding]:
    """Yield one finding for every work that the page cites for what its design cannot carry."""
    unfit: dict[str, dict[str, tuple[Claim, str]]] = defaultdict(dict)
    stated: dict[str, str] = {}
    for claim in page.claims:
        cited = {link.work: work for link in claim.cites if link.work and (work := page.works.get(link.work))}
        alone = len(cited) == 1 and all(link.basis in STATED for link in claim.cites)
        faults = {key: _unfit(page.domain, claim, work, alone) for key, work in cited.items()}
        if not faults or not all(faults.values()):
            continue
        for key, why in faults.items():
            unfit[key][claim.id] = (claim, why)
        for link in claim.cites:
            if link.work and link.basis in STATED:
                stated[link.work] = "cites" if link.marker else stated.get(link.work, "refers to")
    for key, found in sorted(unfit.items()):
        yield _finding(page, key, [claim for claim, _ in found.values()], [why for _, why in found.values()], stated)


def _finding(page: Page, key: str, claims: list[Claim], reasons: list[str], stated: dict[str, str]) -> Finding:
    stakes = {claim.id: page.domain.properties[claim.property].stakes for claim in claims}
    gravest = min(claims, key=lambda claim: -stakes[claim.id])
    name = page.names[key]
    leans = f"{stated[key]} {name}" if key in stated else f"seems to lean on {name} (our inference)"
    leans = f"{page.name} {leans}"
    such = "such as " if len(claims) > 1 else ""
    return fault(
        page,
        CODE,
        (key,),
        claims,
        works=[key],
        kind=FindingKind.TENSION,
        title=f"{leans} for {counted(len(claims), 'claim')}, but its design does not fit",
        sentence=f"{leans} for {counted(len(claims), 'claim')}, {such}{quoted(gravest)}, "
        f"but that work is {'; '.join(sorted(set(reasons)))}.",
        severity=max(stakes.values()),
    )


def _unfit(domain: Domain, claim: Claim, work: Work, alone: bool) -> str:
    """Return why the work cannot carry the claim (what the work is), "" if it can or nothing is known against it.

    ``alone`` says that the page itself names this one work and no other.
    """
    design = DESIGNS.get(work.design or "")
    if design is None or not _states_a_result(domain, claim):
        return ""
    if not design.has_results:
        return f"{design.label}, which reports no results"
    if not design.in_people and _of_people(domain, claim):
        return f"{design.label}, and the page does not say so"
    appeal = claim.appeals_to
    wrong = {
        Appeal.TRIAL: not design.is_trial,
        Appeal.STUDY: not design.first_hand and not design.pools_trials,
        Appeal.TRIALS: not design.pools_trials and (alone or not design.is_trial),
        Appeal.STUDIES: design.first_hand and not design.pools_trials and alone,
    }
    if appeal is None or not wrong.get(appeal, False):
        return ""
    single = "one study, " if design.first_hand and appeal in (Appeal.TRIALS, Appeal.STUDIES) else ""
    return f"{single}{design.label}, not {WORDS[appeal]}"


def _states_a_result(domain: Domain, claim: Claim) -> bool:
    """Say whether the claim is an outcome that somebody must have observed, not advice, history or a definition."""
    definition = domain.properties[claim.property]
    separating = {*definition.separated_by, *definition.also_separated_by}
    observed = definition.needs_source or (definition.kind == "statement" and SPECIES in separating)
    held = claim.attribution in (Attribution.AUTHOR, Attribution.REPORTED)
    return observed and held and claim.duty is Duty.NONE and not claim.subject.startswith("work:")


def _of_people(domain: Domain, claim: Claim) -> bool:
    """Say whether a reader takes the claim to be about people: it names no species, or names people."""
    species = effective_scope(domain, claim).get(SPECIES)
    return not species or HUMAN in species
