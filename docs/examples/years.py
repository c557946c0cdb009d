"""The years of one agency: its targets side by side in a CSV file, and what changed.

python docs/examples/years.py samples/ hasil "Nusa Tenggara Timur" tahun.csv
"""

from __future__ import annotations

import sys

import rktdata


def main(plans: str, folder: str, agency: str, table: str) -> None:
    """Read a folder of plans; write one agency's indicators by year, print the changes."""
    rktdata.extract([plans], folder, report=False)
    dataset = rktdata.open_dataset(folder)
    panel, changes = (
        frame[frame["instansi"].str.contains(agency, na=False, regex=False)]
        for frame in (dataset.to_frame("panel"), dataset.to_frame("perubahan"))
    )
    # The years' own plans; an indicator that is gone has a row without a target.
    own = panel[panel["sumber"] != "tahun-lain"]
    names = own.groupby("deret_id", sort=False)[["unit_kerja", "indikator"]].last()
    years = own.pivot(index="deret_id", columns="tahun", values="target_teks")
    names.join(years).to_csv(table, index=False)
    print(f"{len(names)} indicators, {', '.join(map(str, years.columns))}: {table}")
    for year, kind, text in zip(changes["tahun"], changes["jenis"], changes["pesan"], strict=True):
        print(f"{year} {kind}: {text}")


if __name__ == "__main__":
    main(*sys.argv[1:5])
