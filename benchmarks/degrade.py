"""Make scans of printed PDFs: the same pages as an office scanner would give them.

usage: degrade.py OUT_FOLDER PDF... [--dpi 200] [--noise 6] [--skew 0.7] [--quality 60]
                  [--turn 0] [--grey]

Each page is drawn, turned askew, made noisy and kept as a JPEG, nothing else; files keep
their names, so that the gold of the printed document scores the scanned one. The noise is
the same at every run.
"""

from __future__ import annotations

import argparse
import io
from pathlib import Path

import cv2
import numpy as np
import pypdfium2
from numpy.typing import NDArray
from PIL import Image


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("pdf", nargs="+", type=Path)
    parser.add_argument("--dpi", type=float, default=200)
    parser.add_argument("--noise", type=float, default=6, help="standard deviation, grey levels")
    parser.add_argument("--skew", type=float, default=0.7, help="degrees clockwise")
    parser.add_argument("--quality", type=int, default=60, help="of the JPEG")
    parser.add_argument("--turn", type=int, default=0, help="quarter turns clockwise")
    parser.add_argument("--shade", action="store_true", help="a lamp that is weak at one side")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    for path in args.pdf:
        pages = degraded(
            path.read_bytes(), args.dpi, args.noise, args.skew, args.quality, args.turn, args.shade
        )
        (args.out / path.name).write_bytes(pages)


def degraded(
    pdf: bytes,
    dpi: float = 200,
    noise: float = 6,
    skew: float = 0.7,
    quality: int = 60,
    turn: int = 0,
    shade: bool = False,
) -> bytes:
    """The PDF's pages as JPEG pictures in a PDF."""
    document = pypdfium2.PdfDocument(pdf)
    pages = []
    for number in range(len(document)):
        drawn = document[number].render(scale=dpi / 72, rev_byteorder=True).to_numpy()[..., :3]
        pages.append(worsened(drawn, noise, skew, turn, shade, seed=number))
    document.close()
    kept = [Image.open(_jpeg(page, quality)) for page in pages]
    with io.BytesIO() as file:
        kept[0].save(
            file, "PDF", save_all=True, append_images=kept[1:], resolution=dpi, quality=quality
        )
        return file.getvalue()


def worsened(
    pixels: NDArray[np.uint8], noise: float, skew: float, turn: int, shade: bool, seed: int
) -> NDArray[np.uint8]:
    """One page's picture askew, blurred, noisy and unevenly lit."""
    height, width = pixels.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -skew, 1.0)
    askew = cv2.warpAffine(
        pixels, matrix, (width, height), flags=cv2.INTER_LINEAR, borderValue=(255, 255, 255)
    ).astype(np.float32)
    if shade:
        askew *= np.linspace(0.55, 0.9, width, dtype=np.float32)[None, :, None]
    random = np.random.default_rng(seed)
    askew += random.normal(0, noise, askew.shape[:2]).astype(np.float32)[..., None]
    return np.ascontiguousarray(np.rot90(np.clip(askew, 0, 255).astype(np.uint8), -turn))


def _jpeg(pixels: NDArray[np.uint8], quality: int) -> io.BytesIO:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", quality=quality)
    file.seek(0)
    return file


if __name__ == "__main__":
    main()
