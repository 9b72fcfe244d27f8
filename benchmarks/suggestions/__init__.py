"""Speed of the pages on proposals, with five years of them in a county: `jiazhan bench suggestions`."""
