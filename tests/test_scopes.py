from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kb.domain import Concept, Dimension, Domain, Property
from kb.model import ScopeState
from kb.quantities import Unit
from kb.scopes import compare_dimension, compare_scopes, describe_scope

BROADER = {"tea": (), "marsh": ("tea",), "cliff": ("tea",), "low-marsh": ("marsh",), "herb": ()}
NESTINGS = ("same", "unknown", "differs")
DIMENSIONS = {
    **{name: Dimension(id=name, label=name, schemes=("leaf",), nested=name) for name in NESTINGS},
    "altitude": Dimension(id="altitude", label="altitude", schemes=()),
}
DOMAIN = Domain(
    title="tea",
    base="https://tea.example/",
    topics=[],
    concepts=[
        Concept(
            id=name,
            scheme="leaf",
            label=name,
            broader=broader,
            default_reading_of="tea" if name == "marsh" else None,
        )
        for name, broader in BROADER.items()
    ],
    properties=[],
    dimensions=DIMENSIONS.values(),
    units=[
        Unit("m", "length", Decimal(1)),
        Unit("km", "length", Decimal(1000)),
        Unit("s", "time", Decimal(1)),
    ],
    axioms=[],
)

concepts = st.lists(st.sampled_from(sorted(BROADER)), max_size=3, unique=True).map(lambda found: tuple(sorted(found)))
operators = st.sampled_from(["", "<=", ">="])
measured = st.builds("{} {} {}".format, operators, st.integers(0, 3000), st.sampled_from(["m", "km", "s", "ells"]))
quantities = st.lists(measured, max_size=2).map(tuple)
optional = st.one_of(st.none(), concepts)
scopes = st.fixed_dictionaries({}, optional={**dict.fromkeys(NESTINGS, concepts), "altitude": quantities})
dimension_sets = st.lists(st.sampled_from(sorted(DIMENSIONS)), unique=True).map(tuple)


def definition(separated_by, also):
    return Property(
        id="p", label="p", kind="statement", topic="t", stakes=1, separated_by=separated_by, also_separated_by=also
    )


@given(st.sampled_from(NESTINGS), optional, optional)
def test_concepts_compare_symmetrically(name, a, b):
    one, other = (compare_dimension(DOMAIN, DIMENSIONS[name], *pair) for pair in ((a, b), (b, a)))
    assert one is other


@given(quantities, quantities)
def test_quantities_compare_symmetrically(a, b):
    one, other = (compare_dimension(DOMAIN, DIMENSIONS["altitude"], *pair) for pair in ((a, b), (b, a)))
    assert one is other


@given(st.sampled_from(sorted(DIMENSIONS)), st.sampled_from([None, ()]), st.one_of(optional, quantities))
def test_unknown_is_never_the_same_nor_different(name, nothing, anything):
    assert compare_dimension(DOMAIN, DIMENSIONS[name], nothing, anything) is ScopeState.UNKNOWN
    assert compare_dimension(DOMAIN, DIMENSIONS[name], anything, nothing) is ScopeState.UNKNOWN


@given(st.sampled_from(NESTINGS), concepts.filter(bool))
def test_a_known_concept_is_the_same_as_itself(name, values):
    assert compare_dimension(DOMAIN, DIMENSIONS[name], values, values) is ScopeState.SAME


@given(quantities.filter(lambda values: any("ells" not in value for value in values)))
def test_a_known_quantity_is_the_same_as_itself(values):
    assert compare_dimension(DOMAIN, DIMENSIONS["altitude"], values, values) is ScopeState.SAME


@given(dimension_sets, dimension_sets, scopes, scopes, dimension_sets.map(frozenset))
def test_scopes_compare_symmetrically(separated_by, also, a, b, ignored):
    item = definition(separated_by, also)
    assert compare_scopes(DOMAIN, item, a, b, ignored) == compare_scopes(DOMAIN, item, b, a, ignored)


@given(dimension_sets, dimension_sets, scopes, scopes, dimension_sets.map(frozenset))
def test_only_separating_dimensions_explain(separated_by, also, a, b, ignored):
    found = compare_scopes(DOMAIN, definition(separated_by, also), a, b, ignored)
    assert set(found.differing) <= {*separated_by, *also} - ignored
    assert set(found.unknown) <= set(separated_by) - ignored
    states = dict(found.states)
    assert all(states[name] is ScopeState.DIFFERS for name in found.differing)
    assert all(states[name] is ScopeState.UNKNOWN for name in found.unknown)
    assert set(states) == {*separated_by, *a, *b} - ignored


@given(dimension_sets, dimension_sets, scopes)
def test_a_scope_never_differs_from_itself(separated_by, also, scope):
    found = compare_scopes(DOMAIN, definition(separated_by, also), scope, scope)
    assert not found.differing
    states = dict(found.states)
    assert all(states[name] is not ScopeState.SAME for name in states if not scope.get(name))
    assert all(states[name] is ScopeState.SAME for name in NESTINGS if scope.get(name))


@pytest.mark.parametrize(
    ("name", "a", "b", "state"),
    [
        ("same", "marsh", "low-marsh", "same"),
        ("unknown", "marsh", "low-marsh", "unknown"),
        ("differs", "marsh", "low-marsh", "differs"),
        ("differs", "tea", "marsh", "same"),  # a bare mention of tea is read as marsh tea
        ("same", "marsh", "cliff", "differs"),
        ("same", "marsh", "herb", "differs"),
        ("altitude", "<= 300 m", "1 km", "differs"),
        ("altitude", "0.2-0.4 km", "300 m", "same"),
        ("altitude", "300 m", "300 s", "unknown"),
        ("altitude", "300 m", "300 ells", "unknown"),
    ],
)
def test_named_pairs(name, a, b, state):
    assert compare_dimension(DOMAIN, DIMENSIONS[name], (a,), (b,)) == state


def test_scopes_are_described_in_words():
    assert describe_scope(DOMAIN, "same", ("marsh", "cliff")) == "marsh or cliff"
    assert describe_scope(DOMAIN, "altitude", ("<= 300 m",)) == "<= 300 m"
