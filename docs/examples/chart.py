"""One RKT to a chart: its targets in percent, as bars, in an SVG file.

python docs/examples/chart.py samples/rkt-kpu-ntt-2024.pdf grafik.svg
"""

from __future__ import annotations

import sys
from html import escape
from pathlib import Path

import rktdata

ROW, LABELS, BARS = 22, 560, 300  # pixels
LONGEST = 80  # characters of a label


def main(pdf: str, picture: str) -> None:
    """Draw each percentage once, as printed, highest first."""
    document = rktdata.read(pdf)
    frame = document.to_frame("indikator")
    frame = frame[(frame["target_jenis"] == "persen") & frame["target_nilai"].notna()]
    frame = frame.drop_duplicates(["indikator", "target_nilai"])
    rows = sorted(
        zip(frame["indikator"], frame["target_nilai"], frame["halaman"], strict=True),
        key=lambda row: -row[1],
    )
    title = f"{document.row.instansi or document.row.berkas}, {document.row.tahun or ''}"
    parts = [f'<text x="4" y="16" font-weight="bold">{escape(title)}</text>']
    for number, (text, value, page) in enumerate(rows, start=1):
        y, short = number * ROW + 6, text if len(text) <= LONGEST else text[:LONGEST] + "…"
        width = BARS * min(float(value), 100) / 100
        parts += [
            f'<text x="4" y="{y + 14}">{escape(short)}</text>',
            f'<rect x="{LABELS}" y="{y + 3}" width="{width:.1f}" height="14" fill="#2b6cb0"/>',
            f'<text x="{LABELS + BARS + 6}" y="{y + 14}">{value} % (hlm. {page})</text>',
        ]
    size = f'width="{LABELS + BARS + 140}" height="{(len(rows) + 2) * ROW}"'
    style = 'font-family="sans-serif" font-size="12"'
    body = "\n".join(parts)
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" {size} {style}>\n{body}\n</svg>\n'
    Path(picture).write_text(svg, encoding="utf-8")
    print(f"{len(rows)} targets: {picture}")


if __name__ == "__main__":
    main(*sys.argv[1:3])
