"""QR codes as pictures of vectors, sharp at any size."""

import io

import segno

# Trying all eight masks for the prettiest takes ten times as long; a reader reads any of them.
MASK = 4


def svg(url: str) -> str:
    """The code as SVG without its quiet zone, which the layouts keep free. It reads with a quarter of it damaged."""
    out = io.BytesIO()
    _code(url).save(out, kind="svg", border=0, xmldecl=False, svgns=True)
    return out.getvalue().decode()


def png(url: str) -> io.BytesIO:
    """The code as PNG with its quiet zone, for documents that take no vectors."""
    out = io.BytesIO()
    _code(url).save(out, kind="png", scale=12, border=2)
    out.seek(0)
    return out


def _code(url: str) -> segno.QRCode:
    return segno.make(url, error="q", micro=False, boost_error=False, mask=MASK)
