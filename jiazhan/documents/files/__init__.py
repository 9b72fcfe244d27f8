"""Files that people send: told by their content, made harmless, and kept under the hash of what they hold."""
