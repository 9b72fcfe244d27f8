"""The acts of the main job. Portals call `opinions.services.<module>.<act>`."""
