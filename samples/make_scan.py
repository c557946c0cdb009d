"""Make the scanned sample: a typeset Perjanjian Kinerja as an office scanner gives it.

usage: python -m samples.make_scan [FOLDER]

Agency, officials and figures are invented. How a page is drawn and packed hangs on the
libraries' versions, so that the bytes may differ between machines; what stands on the page
does not.
"""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.degrade import degraded
from samples.make_samples import signatures, title
from tests.typeset import Plan, Sheet

NAME = "pk-dinsos-pindaian"


def typeset() -> bytes:
    """The page before it was printed and scanned."""
    sheet = Sheet()
    title(sheet, "PERJANJIAN KINERJA TAHUN 2021", "DINAS SOSIAL KABUPATEN MUARA JERNIH")
    sheet.table(
        Plan(
            header=(("No", "Sasaran Strategis", "Indikator Kinerja", "Target"),),
            rows=(
                (
                    "1",
                    "Meningkatnya perlindungan sosial bagi penduduk miskin",
                    "Persentase penduduk miskin yang menerima bantuan sosial",
                    "87,5 %",
                ),
                (
                    "2",
                    "Meningkatnya pelayanan rehabilitasi sosial",
                    "Jumlah penyandang disabilitas yang memperoleh alat bantu",
                    "1.240 orang",
                ),
                (
                    "3",
                    "Meningkatnya tata kelola perangkat daerah",
                    "Nilai evaluasi akuntabilitas kinerja",
                    "BB",
                ),
            ),
            widths=(36, 160, 200, 80),
        )
    )
    sheet.skip(20)
    sheet.table(
        Plan(
            header=(("No", "Program", "Anggaran (Rp)", "Keterangan"),),
            rows=(
                ("1", "Program Perlindungan dan Jaminan Sosial", "4.215.760.000", "APBD"),
                ("2", "Program Rehabilitasi Sosial", "1.908.350.000", "APBD"),
            ),
            widths=(36, 240, 120, 80),
        )
    )
    signatures(
        sheet, "Bupati Muara Jernih,", "Kepala Dinas Sosial,", "H. Arman Yusuf", "Sri Wahyuni"
    )
    return sheet.finish()


def scan() -> bytes:
    """The page as a picture: grey, a little askew, noisy, strongly packed."""
    return degraded(typeset(), dpi=150, noise=5, skew=-0.6, quality=45)


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    (folder / f"{NAME}.pdf").write_bytes(scan())
