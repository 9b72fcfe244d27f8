"""The acts on proposals, motions and meetings: each one transaction that locks, steps, saves, records and tells."""
