"""Proposals: what a new page seems to claim and to cite, for a person to accept or refuse."""
