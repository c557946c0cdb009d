"""Examples that stand below each command's help, each with what it does, in Indonesian.

The help itself is in English, as the rest of the program; a planner who reads none can
still find the line that he needs.
"""

from __future__ import annotations

from collections.abc import Mapping

# Command ("" is rkt itself): a command line, and what it does.
EXAMPLES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "": (
        ("rkt extract rencana/ -o hasil/", "baca semua PDF dalam satu folder"),
        ("rkt review hasil/", "periksa dan koreksi hasilnya di peramban"),
        ("rkt audit hasil/", "masukkan koreksi, audit lagi"),
        ("rkt export hasil/ --to xlsx", "buka hasilnya di Excel"),
    ),
    "extract": (
        ("rkt extract rkt-2024.pdf", "satu berkas, ke folder output/"),
        ("rkt extract rencana/ arsip.zip -o hasil/", "folder dan arsip zip"),
        ("rkt extract --from-file daftar.txt -o hasil/", "berkas dalam daftar, satu per baris"),
        ("rkt extract rencana/ -o hasil/ --password rahasia", "PDF yang terkunci"),
        ("rkt extract rencana/ -o hasil/ --limit seconds=60", "paling lama 60 detik per dokumen"),
    ),
    "audit": (
        ("rkt audit hasil/", "audit lagi tanpa membaca PDF"),
        ("rkt audit hasil/ --pdf rencana/", "laporan dengan gambar halaman"),
        ("rkt audit hasil/ --fail-on galat", "gagal (3) bila ada temuan galat"),
    ),
    "values": (
        ("rkt values sel.jsonl", "arti nilai-nilai dalam berkas"),
        ("""echo '{"teks": "77,5 %", "kolom": "target"}' | rkt values""", "arti satu nilai"),
    ),
    "show": (("rkt show rkt-2024.pdf --page 8 -o halaman-8.png", "yang ditemukan di halaman 8"),),
    "explain": (
        ("rkt explain hasil/ 0f3a5b7c9d1e2f40-i7", "tempat sebuah target tercetak, dan alasannya"),
        ("rkt explain hasil/ 0f3a5b7c9d1e2f40-t2", "asal sebuah tabel"),
    ),
    "correct": (
        (
            'rkt correct hasil/ 0f3a5b7c9d1e2f40-i7 target_teks "90 %" --reason "salah baca"',
            "betulkan target",
        ),
        ("rkt correct hasil/ 0f3a5b7c9d1e2f40-a2 jumlah 1500000 --who Ani", "betulkan anggaran"),
        ('rkt correct hasil/ 0f3a5b7c9d1e2f40-i7 lokasi ""', "kosongkan"),
        ("rkt correct hasil/ 0f3a5b7c9d1e2f40 tahun 2024", "tahun rencana seluruh dokumen"),
        ("rkt correct hasil/ 0f3a5b7c9d1e2f40-i7 semua benar", "catatan ini sudah benar"),
    ),
    "review": (
        ("rkt review hasil/ --open", "buka halaman periksa di peramban"),
        ("rkt review hasil/ --pdf rencana/ --who Ani", "PDF ada di rencana/; korektor: Ani"),
    ),
    "export": (
        ("rkt export hasil/ --to xlsx", "untuk Excel, ke hasil/ekspor/"),
        ("rkt export hasil/ --to sqlite,parquet -o untuk-bappeda/", "beberapa format sekaligus"),
    ),
    "compare": (
        ("rkt compare hasil/", "perubahan antartahun dalam satu set data"),
        ("rkt compare hasil-2023/ hasil-2024/ -o antartahun/", "set data per tahun, bersama-sama"),
    ),
    "schema": (
        ("rkt schema --out skema/", "satu berkas skema per tabel"),
        ("rkt schema --markdown", "kamus data"),
    ),
}


def examples(command: str) -> str:
    """A command's examples, their line breaks kept as they are.

    >>> print(examples("show").removeprefix(chr(8)).strip())
    Contoh (examples):
      # yang ditemukan di halaman 8
      rkt show rkt-2024.pdf --page 8 -o halaman-8.png
    """
    lines = [line for does in EXAMPLES[command] for line in (f"  # {does[1]}", f"  {does[0]}")]
    return "\n".join(("\b", "Contoh (examples):", *lines))
