"""Comparison groups: large questions are compressed, small ones never."""

from __future__ import annotations

from decimal import Decimal

from kb.compressing import LEAST_PER_SUBJECT, STANCES_COMPARED
from kb.detectors import ordering_cycle
from kb.domain import Domain, Property, Topic
from kb.groups import Group, make_groups
from kb.model import Claim, Interval, Kind, Relation, ScopeValue, State, Strength
from kb.quantities import Unit
from kb.stances import Stance, pairs

DOMAIN = Domain(
    title="test",
    base="https://example.org/",
    topics=[Topic(id="size", label="size", order=1)],
    concepts=[],
    properties=[
        Property(
            id="length", label="length", kind="quantity", topic="size", stakes=1, unit="m", separated_by=("place",)
        ),
        Property(id="tall", label="tall", kind="statement", topic="size", stakes=1),
    ],
    dimensions=[],
    units=[Unit("m", "length", Decimal(1))],
    axioms=[],
)


def claim(number: int, value: int, place: str = "", subject: str = "tree") -> Claim:
    scope = (ScopeValue(dimension="place", values=(place,), state=State.STATED),) if place else ()
    return Claim(
        id=f"c-{number:06d}",
        source=f"s{number % 7}",
        text="A tree is so long.",
        kind=Kind.QUANTITY,
        subject=subject,
        property="length",
        value=Interval(low=Decimal(value), high=Decimal(value), unit="m"),
        scope=scope,
    )


def compared(claims: list[Claim], subject: str = "tree") -> list[Stance]:
    (group,) = [group for group in make_groups(DOMAIN, claims) if group.family == subject]
    return group.of(Kind.QUANTITY)[("length", None)]


def test_a_question_up_to_the_limit_is_never_compressed() -> None:
    found = compared([claim(n, n + 1) for n in range(STANCES_COMPARED)])
    assert len(found) == STANCES_COMPARED
    assert not any(stance.sampled for stance in found)


def test_many_claims_on_few_answers_are_never_compressed() -> None:
    found = compared([claim(n, n % 50 + 1) for n in range(3000)])
    assert len(found) == 50
    assert sum(len(stance.claims) for stance in found) == 3000
    assert not any(stance.sampled for stance in found)


def test_a_larger_question_keeps_its_ends_and_what_most_say_and_tells_its_size() -> None:
    tail = [claim(n, n + 1) for n in range(1000)]
    often = [claim(2000 + n, 500) for n in range(30)]
    found = compared(tail + often)
    values = sorted(stance.spans[0].low for stance in found)
    assert len(found) == STANCES_COMPARED
    assert [values[0], values[-1]] == [Decimal(1), Decimal(1000)]
    assert next(len(s.claims) for s in found if s.spans[0].low == 500) == 31
    assert {stance.sampled for stance in found} == {(1000, 1030)}


def test_every_large_scope_class_keeps_its_ends() -> None:
    claims = [claim(n, n + 1, place=f"p{n % 20}") for n in range(1000)]
    found = compared(claims)
    for place in range(20):
        values = [s.spans[0].low for s in found if s.scope["place"] == (f"p{place}",)]
        assert [min(values), max(values)] == [Decimal(place + 1), Decimal(981 + place)]


def test_disjoint_values_stay_disjoint_after_compression() -> None:
    claims = []
    for number in range(600):
        low = number * 37 % 499 + 1
        wide = Interval(low=Decimal(low), high=Decimal(low + 400 + number * 53 % 199), unit="m")
        claims.append(claim(number, 1).model_copy(update={"value": wide}))
    every = [c.value for c in claims]
    found = compared(claims)
    assert len(found) == STANCES_COMPARED
    assert min(s.spans[0].high for s in found) == min(v.high for v in every if isinstance(v, Interval) and v.high)
    assert max(s.spans[0].low for s in found) == max(v.low for v in every if isinstance(v, Interval) and v.low)


def test_compression_does_not_depend_on_the_order_of_claims() -> None:
    claims = [claim(n, n * 7 % 1009 + 1, place=f"p{n % 13}" if n % 3 else "") for n in range(1000)]
    shuffled = sorted(claims, key=lambda c: c.id[::-1])
    assert compared(claims) == compared(shuffled)


def test_every_subject_keeps_some_stances() -> None:
    group = Group("size", "all", DOMAIN, tuple(claim(n, n + 1, subject=f"t{n % 40}") for n in range(2000)))
    found = group.of(Kind.QUANTITY)[("length", None)]
    counts = [sum(stance.subject == f"t{n}" for stance in found) for n in range(40)]
    assert counts == [LEAST_PER_SUBJECT] * 40


def test_pairs_are_the_alike_combinations_in_order() -> None:
    group = Group("size", "all", DOMAIN, tuple(claim(n, n + 1, subject=f"t{n % 3}") for n in range(12)))
    found = group.of(Kind.QUANTITY)[("length", None)]
    wanted = [(a, b) for i, a in enumerate(found) for b in found[i + 1 :] if "t1" not in (a.subject, b.subject)]
    alike = pairs(found, lambda s: s.subject, lambda a, b: "t1" not in (a.subject, b.subject))
    assert list(alike) == wanted


def ranking(number: int, upper: str, lower: str) -> Claim:
    return Claim(
        id=f"c-{number:06d}",
        source=f"s{number % 7}",
        text="One tree is taller than another.",
        kind=Kind.COMPARISON,
        subject=upper,
        property="tall",
        relation=Relation.GREATER,
        than=lower,
    )


def ranked(claims: list[Claim]) -> list[list[str]]:
    groups = make_groups(DOMAIN, claims)
    return [[claim.id for claim in group.claims] for group in groups if group.family.endswith(", ranked")]


def test_rankings_that_may_run_in_a_circle_meet_in_one_group() -> None:
    ring = [ranking(n, f"t{n}", f"t{(n + 1) % 5}") for n in range(5)]
    apart = [ranking(5, "t0", "t9"), ranking(6, "t9", "t8")]
    assert ranked([*ring, *apart]) == [[claim.id for claim in ring]]
    assert ranked([*ring[1:], *apart]) == []


def test_a_superlative_belongs_to_the_group_of_its_purpose() -> None:
    plain = Claim(
        id="c-1", source="s", text="A tree.", kind=Kind.STATEMENT, subject="oak", property="tall", object="park"
    )
    best = plain.model_copy(update={"id": "c-2", "subject": "elm", "strength": Strength.SUPERLATIVE})
    found = {group.family: [claim.id for claim in group.claims] for group in make_groups(DOMAIN, [plain, best])}
    assert found == {"elm": ["c-2"], "oak": ["c-1"], "park": ["c-2"]}


def test_of_a_large_tangle_only_so_many_short_circles_are_reported() -> None:
    size = ordering_cycle.LARGE + 100
    claims = [ranking(n * 3 + step, f"t{n}", f"t{(n + step) % size}") for n in range(size) for step in (1, 2, size - 3)]
    for order in (claims, claims[::-1]):
        (group,) = [group for group in make_groups(DOMAIN, order) if group.family.endswith(", ranked")]
        found = list(ordering_cycle.find(group))
        assert len(found) == ordering_cycle.MOST
        assert {len({member.pole for member in finding.members}) for finding in found} == {ordering_cycle.SHORTEST}
