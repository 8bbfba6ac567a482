"""What leaves the knowledge base to be read: summaries, audit reports and bibliographies."""
