"""What each design of a study can carry: whether it has results, whose they are, and whether of people.

The words are those of the field ``studydesign`` of the bibliography. Scope says of which species a claim is in the
dimension `SPECIES`; `HUMAN` is people.
"""

from __future__ import annotations

from typing import NamedTuple

SPECIES, HUMAN = "species", "human"


class Design(NamedTuple):
    """``label`` is how sentences name it; ``first_hand`` says that the work reports its own observations."""

    label: str
    has_results: bool = True
    first_hand: bool = False
    is_trial: bool = False
    pools_trials: bool = False
    in_people: bool = True


DESIGNS = {
    "randomized-trial": Design("a randomised trial", first_hand=True, is_trial=True),
    "crossover-trial": Design("a crossover trial", first_hand=True, is_trial=True),
    "open-label-trial": Design("an open-label trial", first_hand=True, is_trial=True),
    "systematic-review": Design("a systematic review", pools_trials=True),
    "meta-analysis": Design("a meta-analysis", pools_trials=True),
    "narrative-review": Design("a narrative review"),
    "trial-protocol": Design("a trial protocol", has_results=False),
    "animal-study": Design("a study in animals", first_hand=True, in_people=False),
    "retrospective-study": Design("a retrospective study", first_hand=True),
    "consensus-statement": Design("a consensus statement"),
    "label": Design("a product label"),
    "regulation": Design("a regulation"),
    "web-page": Design("a web page"),
    "survey": Design("a survey", first_hand=True),
    "pooled-analysis": Design("a pooled analysis of trials", first_hand=True, is_trial=True, pools_trials=True),
    "other": Design("another kind of work", first_hand=True, is_trial=True, pools_trials=True),
}
"""Every design that the bibliography knows. Of "other" nothing is known, so nothing is held against it."""

STUDY_DESIGNS = tuple(DESIGNS)
