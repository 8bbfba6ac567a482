"""Which subjects and objects answer the same question."""

from __future__ import annotations

from kb.domain import Domain, Property


def comparable(domain: Domain, definition: Property, a: str, b: str) -> bool:
    """Say whether claims about ``a`` and ``b`` answer one question on ``definition``.

    They do if the subjects are the same or one is a kind of the other. Two kinds of one thing (a drug by two
    routes) do only where their difference is a dimension that separates claims on this property: then scope
    comparison will name it. Otherwise they are simply two subjects.
    """
    if related(domain, a, b):
        return True
    if domain.families(a).isdisjoint(domain.families(b)):
        return False
    ours, theirs = domain.implied(a), domain.implied(b)
    separating = {*definition.separated_by, *definition.also_separated_by}
    return any(ours.get(d) and theirs.get(d) and ours[d] != theirs[d] for d in separating)


def one_figure(domain: Domain, a: str, b: str) -> bool:
    """Say whether figures on two subjects answer one question.

    A figure on a thing and a figure on one kind of it are two figures (the first bicycle, the first folding
    bicycle), unless what sets the kind apart is scope: then scope comparison decides.
    """
    if domain.read_as(a) == domain.read_as(b):
        return True
    return domain.nested(a, b) and domain.implied(a) != domain.implied(b)


def same_thing(domain: Domain, a: str | None, b: str | None) -> bool:
    """Say whether two concepts name one thing at most more or less closely.

    A kind of a thing whose implied scope differs from what the broader name is read as is another thing.
    """
    if a is None or b is None or not related(domain, a, b):
        return a == b
    ours, theirs = domain.implied(a), domain.implied(b)
    return all(domain.read_as(ours[d]) == domain.read_as(theirs[d]) for d in set(ours) & set(theirs))


def related(domain: Domain, a: str | None, b: str | None) -> bool:
    """Say whether two concepts are the same, or one is a kind of the other; two absent ones are the same."""
    if a is None or b is None:
        return a == b
    return domain.read_as(a) == domain.read_as(b) or domain.nested(a, b)
