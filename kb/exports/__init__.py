"""The knowledge base in formats of other tools that are not RDF: tables, a graph, bibliographies."""
