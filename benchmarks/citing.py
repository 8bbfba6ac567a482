"""Links that are proposed against the reviewed claims, per page and basis: `python benchmarks/citing.py TEXTS`."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from kb.build import build
from kb.model import Role
from kb.passages import blocks, references, sentences
from kb.propose.citing import citations_at, read_citing


def main(folder: Path, show: bool) -> None:
    kb = build(Path("data/ketamine"), [folder])
    print("page      basis      proposed  right  reviewed  found  precision  recall")
    for document in kb.documents:
        text = kb.texts.get(document.id)
        if text is None:
            continue
        found = blocks(text)
        parts = sentences(text, found)
        citing = read_citing(text, found, parts, kb.works.values() if hasattr(kb.works, "values") else kb.works)
        listed = [match.work if match else None for _, match in citing.references]
        right = sum(a == b for a, b in zip(listed, document.listed, strict=False))
        print(f"{document.id}  list: {right} of {len(document.listed)} entries matched, {len(references(found))} seen")
        proposed, reviewed, both, marks = Counter(), Counter(), Counter(), Counter()
        for claim in kb.claims:
            if claim.source != document.id or claim.role is not Role.CLAIM or claim.locator is None:
                continue
            spans = [s for s in parts if s.start < claim.locator.end and claim.locator.start < s.end]
            ours = (
                {(c.work or c.marker): c for c in citations_at(citing, spans[0].start, spans[-1].end)} if spans else {}
            )
            theirs = {(c.work or c.marker): c for c in claim.cites}
            for key, c in ours.items():
                proposed[c.basis] += 1
                both[c.basis] += key in theirs or (c.work is None and any(c.marker == t.marker for t in claim.cites))
                if show and key not in theirs and c.work:
                    print("  extra", claim.locator.start, c.basis, c.confidence, key, "not", sorted(theirs))
            for key, c in theirs.items():
                reviewed[c.basis] += 1
                marks[c.basis] += key in ours
                if show and key not in ours:
                    print("  missing", claim.locator.start, c.basis, key)
        for basis in ("marker", "described", "inferred"):
            p, r = proposed[basis], reviewed[basis]
            shown = [f"{both[basis] / p:.2f}" if p else "–", f"{marks[basis] / r:.2f}" if r else "–"]
            print(
                f"{document.id}  {basis:<9} {p:9} {both[basis]:6} {r:9} {marks[basis]:6}  {shown[0]:>9} {shown[1]:>7}"
            )


if __name__ == "__main__":
    main(Path(sys.argv[1]), "-v" in sys.argv)
