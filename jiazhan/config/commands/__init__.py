"""The commands of `jiazhan`: each is thin, loads its domain only when called, and says what it did."""
