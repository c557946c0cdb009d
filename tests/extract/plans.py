"""Hypothesis strategies for planning tables as agencies print them.

Texts begin with a capital letter and run on in lower case; objectives are merged over
their indicators; only columns of values and remarks may stand empty.
"""

from __future__ import annotations

from hypothesis import strategies as st

from tests.typeset import BORDERS, FONTS, LEFT, UP, Look, Plan

_OPENINGS = [
    *("Meningkatnya", "Terwujudnya", "Menurunnya", "Tersedianya", "Terlaksananya", "Optimalnya"),
    *("Persentase", "Jumlah", "Cakupan", "Rasio", "Nilai", "Indeks", "Tingkat", "Rata-rata"),
]
_PHRASES = [
    *(
        "kualitas pelayanan dasar",
        "akses masyarakat terhadap air bersih",
        "aparatur yang profesional",
    ),
    *("sekolah yang terakreditasi", "kepuasan pengguna layanan", "laporan keuangan yang akuntabel"),
    *("mutu produk olahan", "sarana dan prasarana pasar rakyat", "balita dengan gizi baik"),
    *("jalan yang mantap", "bagi penduduk miskin", "di wilayah perbatasan"),
    *("sesuai standar pelayanan minimal", "yang ditindaklanjuti", "pada akhir periode"),
    *("melalui pelatihan berbasis kompetensi", "dokter dan bidan desa", "dokumen pelengkap"),
]
_PROGRAMS = ["Upaya Kesehatan", "Wajib Belajar", "Pengelolaan Pasar", "Administrasi Perkantoran"]
_VALUES = [
    *("75 %", "77,5 %", "100%", "12 dokumen", "3 paket", "1.250 orang", "Rp 1.250.000", "98,75"),
    *("4", "A", "BB", "WTP", "-", "12 bulan", "85", "0,45"),
]
_REMARKS = ["Perlu verifikasi lapangan", "Sekretariat", "Seluruh kecamatan", "Didukung hibah pusat"]


def sentences(least: int = 1, most: int = 4) -> st.SearchStrategy[str]:
    phrases = st.lists(st.sampled_from(_PHRASES), min_size=least, max_size=most, unique=True)
    return st.builds(
        lambda first, rest: " ".join([first, *rest]), st.sampled_from(_OPENINGS), phrases
    )


def looks() -> st.SearchStrategy[Look]:
    return st.builds(
        Look,
        font=st.sampled_from(FONTS),
        size_pt=st.sampled_from([7.0, 8.5, 9.0, 11.0]),
        leading_em=st.sampled_from([1.1, 1.2, 1.5]),
        padding_pt=st.sampled_from([2.0, 4.0, 5.5]),
        border=st.sampled_from(BORDERS),
        middle=st.booleans(),
        by_word=st.booleans(),
    )


@st.composite
def plans(draw: st.DrawFn, most_groups: int = 5, broken: bool = False) -> Plan:
    """Numbered objectives, each with its indicators, targets and perhaps remarks.

    Args:
        broken: The table is to run over pages: then leave out what is known not to be
            read there (test_known_failures.py holds each as a strict xfail).
    """
    look = draw(looks())
    em = look.size_pt
    years = draw(st.integers(0, 4))
    numbering = draw(st.sampled_from(["none", "rows", "groups"]))
    objective, remarks = draw(st.booleans()), draw(st.booleans())
    repeat_header = draw(st.booleans())
    sections = draw(st.booleans()) and look.border != "open"
    if broken:
        sections = sections and repeat_header
        objective = objective and numbering != "rows"

    first = ["No"] if numbering != "none" else []
    first += ["Sasaran Strategis"] if objective else []
    first += ["Indikator Kinerja"]
    levels = [
        [*first, *(["Target Kinerja", *[LEFT] * (years - 1)] if years > 1 else ["Target 2024"])],
        [UP] * len(first) + [str(2020 + n) for n in range(years)],
    ]
    if remarks:
        levels[0].append("Keterangan")
        levels[1].append(UP)
    header = tuple(map(tuple, levels[: 2 if years > 1 else 1]))
    values = max(years, 1)

    rows: list[tuple[str, ...]] = []
    number = 0
    for group in range(draw(st.integers(1, most_groups))):
        if sections and draw(st.booleans()):
            program = f"Program {draw(st.sampled_from(_PROGRAMS))}"
            rows.append((program, *[LEFT] * (len(header[0]) - 1)))
        if numbering == "groups":
            number += 1
        least = 2 if broken and group == 0 else 1
        for item in range(draw(st.integers(least, 3))):
            row: list[str] = []
            if numbering == "rows":
                number += 1
            if numbering != "none":
                row.append(UP if numbering == "groups" and item else str(number))
            if objective:
                row.append(UP if item else draw(sentences(1, 3)))
            row.append(draw(sentences()))
            filled = _VALUES if broken else [*_VALUES, ""]
            row.append(draw(st.sampled_from(filled)))
            row += [draw(st.sampled_from([*_VALUES, ""])) for _ in range(values - 1)]
            row += [draw(st.sampled_from([*_REMARKS, ""]))] if remarks else []
            rows.append(tuple(row))

    widths = [4.0 * em] if numbering != "none" else []
    widths += [draw(st.integers(12, 18)) * em] if objective else []
    widths += [draw(st.integers(13, 22)) * em]
    widths += [10.0 * em] * values
    widths += [11.0 * em] if remarks else []
    return Plan(
        header=header,
        rows=tuple(rows),
        widths=tuple(widths),
        look=look,
        numbers=draw(st.booleans()) and len(widths) > 2,
        repeat_header=repeat_header,
        cut_rows=draw(st.booleans()),
    )
