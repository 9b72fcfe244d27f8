"""Speed of the real pages at city size: `jiazhan bench web`."""
