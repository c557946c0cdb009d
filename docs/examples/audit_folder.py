"""Audit of a folder of plans: findings by agency, and where the gravest are printed.

python docs/examples/audit_folder.py samples/ hasil
"""

from __future__ import annotations

import sys
from collections import Counter

import rktdata


def main(plans: str, folder: str) -> None:
    """Read all PDFs of a folder into a dataset and tell what contradicts itself."""
    rktdata.extract([plans], folder, report=False)
    dataset = rktdata.open_dataset(folder)
    documents = {row.dokumen_id: row for row in dataset.document_rows}
    counts = Counter(
        (documents[finding.dokumen_id].instansi or documents[finding.dokumen_id].berkas,
         finding.tingkat)
        for finding in dataset.findings
    )  # fmt: skip
    for (agency, severity), count in sorted(counts.items()):
        print(f"{agency}: {count} {severity}")
    print()
    for finding in dataset.findings:
        if finding.tingkat == "galat":
            file = documents[finding.dokumen_id].berkas
            print(f"{file} hlm. {finding.halaman}: {finding.pesan}")


if __name__ == "__main__":
    main(*sys.argv[1:3])
