"""QR codes as pictures of vectors, sharp at any size."""

import io

import segno


def svg(url: str) -> str:
    """The code as SVG without its quiet zone, which the layouts keep free. It reads with a quarter of it damaged."""
    out = io.BytesIO()
    segno.make(url, error="q", micro=False, boost_error=False).save(
        out, kind="svg", border=0, xmldecl=False, svgns=True
    )
    return out.getvalue().decode()


def png(url: str) -> io.BytesIO:
    """The code as PNG with its quiet zone, for documents that take no vectors."""
    out = io.BytesIO()
    segno.make(url, error="q", micro=False, boost_error=False).save(out, kind="png", scale=12, border=2)
    out.seek(0)
    return out
