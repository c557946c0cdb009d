"""The two engines that read a line of text from its picture: the only door to both.

PP-OCR (its models come with `rapidocr`, run by `onnxruntime`) reads letters, figures and
signs one by one; Tesseract (`tesserocr`, with the Indonesian model in `data/`) knows
words. Neither is told what the other read.

Rules: models are loaded once per process; each line is read alone, in one thread, so that
the answer is the same on any number of cores; letters of other scripts are no answer.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from importlib import metadata, resources
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import Any, Protocol

import cv2
import numpy as np

from rktdata.extract.ocr.picture import Pixels
from rktdata.schemas.errors import OcrNotInstalledError

# Each thread holds an engine of its own: more would cost memory and win little.
MOST_THREADS = 4
# PP-OCR reads pictures of this height; one of its steps is so many pixels wide.
LINE_HEIGHT = 48
# A lone figure is given paper on its sides until it is so wide (heights).
LEAST_SHAPE = 1.6
# Wider pictures than this are no line that it was trained on.
WIDEST = 3200
# Tesseract's line reader likes capitals of about thirty pixels.
TESSERACT_HEIGHT = 56
TESSERACT_BORDER = 12
# Signs beside ASCII that planning documents print.
SIGNS = "–—‘’“”•·…°²³±×÷≤≥½¼é§"


@dataclass(frozen=True, slots=True)
class Reading:
    """What one engine read in a line's picture.

    Attributes:
        text: Without spaces.
        spaced: For each character, whether a space stands before it.
        trust: 0-1 for each character.
        place: The middle of each character, columns of the picture given.
    """

    text: str = ""
    spaced: tuple[bool, ...] = ()
    trust: tuple[float, ...] = ()
    place: tuple[float, ...] = ()

    @property
    def spaced_text(self) -> str:
        """With spaces."""
        return "".join(
            " " + char if gap and i else char
            for i, (char, gap) in enumerate(zip(self.text, self.spaced, strict=True))
        )


class Engines(Protocol):
    """Two readers of lines."""

    @property
    def version(self) -> str:
        """Names the engines and models, for the cache."""

    def glance(self, crops: Sequence[Pixels]) -> list[Reading]:
        """One quick reading of each picture."""

    def read(
        self, crops: Sequence[Pixels], glanced: Mapping[int, Reading] | None = None
    ) -> list[tuple[Reading, Reading]]:
        """Each picture read by both, signs' reader first.

        Args:
            crops: The pictures.
            glanced: What `glance` gave for some of them, by place.
        """


@cache
def load_engines() -> Engines:
    """The engines of this process, which read as many lines at a time as it has cores.

    Raises:
        OcrNotInstalledError: The optional part is not installed.
    """
    has_affinity = hasattr(os, "sched_getaffinity")
    cores = len(os.sched_getaffinity(0)) if has_affinity else os.cpu_count() or 1
    try:
        return _Both(min(cores, MOST_THREADS))
    except ImportError as error:
        raise OcrNotInstalledError(
            "scanned pages are read by an optional part that is not installed "
            f'({error.name or error}); install it: pip install "rktdata[ocr]"'
        ) from error


class _Both:
    def __init__(self, threads: int) -> None:
        self._signs = _PaddleLines()
        self._words = [_TesseractLines() for _ in range(threads)]
        self._free = Lock()
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="ocr")
        self.version = f"{self._signs.version} {self._words[0].version}"

    def glance(self, crops: Sequence[Pixels]) -> list[Reading]:
        return list(self._pool.map(self._signs.read, crops))

    def read(
        self, crops: Sequence[Pixels], glanced: Mapping[int, Reading] | None = None
    ) -> list[tuple[Reading, Reading]]:
        seen = glanced or {}
        signs = [self._pool.submit(self._look, crop, seen.get(i)) for i, crop in enumerate(crops)]
        words = [self._pool.submit(self._read_words, crop) for crop in crops]
        try:
            return [(a.result(), b.result()) for a, b in zip(signs, words, strict=True)]
        finally:  # whoever stops the wait (a page's time is up) wants no more of it
            for future in (*signs, *words):
                future.cancel()

    def _look(self, crop: Pixels, seen: Reading | None) -> Reading:
        return self._signs.read(crop) if seen is None else seen

    def _read_words(self, crop: Pixels) -> Reading:
        with self._free:
            engine = self._words.pop()
        try:
            return engine.read(crop)
        finally:
            with self._free:
                self._words.append(engine)


class _PaddleLines:
    """PP-OCR's recogniser, run without rapidocr's own code: only its models are used."""

    def __init__(self) -> None:
        import onnxruntime

        model = _paddle_model()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        options.log_severity_level = 4
        self._session = onnxruntime.InferenceSession(
            str(model), options, providers=["CPUExecutionProvider"]
        )
        self._input = self._session.get_inputs()[0].name
        known = self._session.get_modelmeta().custom_metadata_map["character"].splitlines()
        # 0 is "nothing here", the last one a space.
        characters = ["", *known, " "]
        self._wanted = np.array(
            [i for i, char in enumerate(characters) if i == 0 or _is_wanted(char)], dtype=np.int64
        )
        self._characters = [_plain(characters[i]) for i in self._wanted.tolist()]
        self.version = f"{model.stem}/{metadata.version('rapidocr')}"

    def read(self, crop: Pixels) -> Reading:
        margin = max(0, round((LEAST_SHAPE * crop.shape[0] - crop.shape[1]) / 2))
        crop = np.pad(crop, ((0, 0), (margin, margin)), constant_values=255)
        scale = LINE_HEIGHT / crop.shape[0]
        width = min(max(round(crop.shape[1] * scale), 16), WIDEST)
        way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        line = cv2.resize(crop, (width, LINE_HEIGHT), interpolation=way).astype(np.float32)
        line = np.broadcast_to(line / 127.5 - 1.0, (1, 3, LINE_HEIGHT, width))
        answer = self._session.run(None, {self._input: np.ascontiguousarray(line)})[0][0]
        chance = answer[:, self._wanted]
        best = chance.argmax(axis=1)
        steps = len(best)
        new = (best != 0) & (np.diff(best, prepend=-1) != 0)
        text, spaced, trust, place = [], [], [], []
        gap = False
        for step in np.nonzero(new)[0].tolist():
            number = int(best[step])
            end = step
            while end + 1 < steps and best[end + 1] == number:
                end += 1
            char = self._characters[number]
            if char == " ":
                gap = True
                continue
            middle = (step + end + 1) / 2 / steps * crop.shape[1]
            sure = float(chance[step : end + 1, number].max())
            for letter in char:
                text.append(letter)
                spaced.append(gap)
                trust.append(round(sure, 4))
                place.append(round(middle - margin, 1))
                gap = False
        return Reading("".join(text), tuple(spaced), tuple(trust), tuple(place))


def _paddle_model() -> Path:
    # Found without importing rapidocr: its own code is not needed.
    spec = find_spec("rapidocr")
    folders = [
        Path(folder) / "models" for folder in (spec and spec.submodule_search_locations) or ()
    ]
    found = sorted(path for folder in folders for path in folder.glob("*_rec_*.onnx"))
    if not found:
        raise ImportError("rapidocr has no recogniser among its models", name="rapidocr models")
    return found[-1]


def _is_wanted(char: str) -> bool:
    plain = _plain(char)
    return len(plain) == 1 and (plain in SIGNS or (plain.isascii() and plain.isprintable()))


def _plain(char: str) -> str:
    """Full-width letters and signs are the plain ones."""
    return unicodedata.normalize("NFKC", char) if "\uff01" <= char <= "\uff5e" else char


class _TesseractLines:
    """Tesseract's line reader with the Indonesian model that is shipped."""

    def __init__(self) -> None:
        import tesserocr

        self._library: Any = tesserocr
        data = Path(str(resources.files("rktdata.extract.ocr"))) / "data"
        self._api = tesserocr.PyTessBaseAPI(
            path=f"{data}/", lang="ind", psm=tesserocr.PSM.SINGLE_LINE, oem=tesserocr.OEM.LSTM_ONLY
        )
        engine = tesserocr.tesseract_version().split()[1]
        self.version = f"tesseract-{engine}/ind"

    def read(self, crop: Pixels) -> Reading:
        scale = TESSERACT_HEIGHT / crop.shape[0]
        width = min(max(round(crop.shape[1] * scale), 8), 3 * WIDEST)
        way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        line = cv2.resize(crop, (width, TESSERACT_HEIGHT), interpolation=way)
        border = TESSERACT_BORDER
        line = np.pad(line, border, constant_values=255).astype(np.uint8)
        high, wide = line.shape
        self._api.SetImageBytes(np.ascontiguousarray(line).tobytes(), wide, high, 1, wide)
        self._api.SetSourceResolution(300)
        self._api.Recognize()
        result = self._api.GetIterator()
        text, spaced, trust, place = [], [], [], []
        level = self._library.RIL.SYMBOL
        if result is None or result.Empty(level):
            return Reading()
        for symbol in self._library.iterate_level(result, level):
            char = symbol.GetUTF8Text(level)
            box = symbol.BoundingBox(level)
            if not char or not char.strip() or box is None:
                continue
            starts = bool(symbol.IsAtBeginningOf(self._library.RIL.WORD))
            middle = ((box[0] + box[2]) / 2 - border) / scale
            for letter in unicodedata.normalize("NFKC", char):
                text.append(letter)
                spaced.append(starts)
                trust.append(round(symbol.Confidence(level) / 100, 4))
                place.append(round(middle, 1))
                starts = False
        self._api.Clear()
        return Reading("".join(text), tuple(spaced), tuple(trust), tuple(place))
