"""Pictures and what they show, drawn from records alone: for screens and for reports."""
