"""The portals: pages and their addresses, no models."""
