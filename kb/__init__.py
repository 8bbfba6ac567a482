"""A knowledge base of claims: what documents say, what backs it, and where they disagree in scope."""
