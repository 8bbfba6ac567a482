"""Linked data: the knowledge base as RDF, and back. The profile is described in docs/rdf-profile.md."""
