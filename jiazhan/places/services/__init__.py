"""The only writers of places: a module for each kind of act, imported by its name."""
