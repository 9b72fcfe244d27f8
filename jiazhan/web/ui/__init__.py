"""The shared look: base pages, components with their gallery, style sheet and small scripts."""
