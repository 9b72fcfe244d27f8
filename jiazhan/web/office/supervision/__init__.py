"""Supervision of proposals: what the congress watches, each proposal's supervision, promises, the pack for a meeting."""
