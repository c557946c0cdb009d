"""One agency over the years: its indicators, a column a year, targets as printed.

rkt extract rencana/ -o hasil
python docs/examples/agency_years.py hasil "Dinas Pendidikan"
"""

from __future__ import annotations

import sys

import rktdata


def main(folder: str, agency: str) -> None:
    """Print the indicators of the agency whose name holds the given words, as CSV."""
    dataset = rktdata.open_dataset(folder)
    documents = dataset.to_frame("dokumen")
    named = documents["instansi"].str.contains(agency, case=False, regex=False, na=False)
    frame = dataset.to_frame("indikator")
    frame = frame[frame["dokumen_id"].isin(documents.loc[named, "dokumen_id"])]
    frame = frame[frame["tahun"].notna()]
    # The same indicator is in several tables; groups put its wordings together.
    frame = frame.assign(kelompok=frame["kelompok_id"].fillna(frame["indikator_id"]))
    wording = {group.kelompok_id: group.indikator for group in dataset.groups}
    frame["indikator"] = [
        wording.get(key, text)
        for key, text in zip(frame["kelompok"], frame["indikator"], strict=True)
    ]
    panel = frame.pivot_table(
        index="indikator",
        columns="tahun",
        values="target_teks",
        # Printed copies that differ stand side by side: "80 % / 100 %".
        aggfunc=lambda texts: " / ".join(dict.fromkeys(texts)),
        sort=False,
    )
    print(panel[sorted(panel.columns)].to_csv(), end="")


if __name__ == "__main__":
    main(*sys.argv[1:3])
