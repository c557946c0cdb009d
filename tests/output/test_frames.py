from __future__ import annotations

from decimal import Decimal

from rktdata.schemas.records import IndikatorRow
from tests.documents import document


def test_types_are_those_of_the_rows() -> None:
    frame = document().to_frame("indikator")
    assert list(frame.columns) == list(IndikatorRow.model_fields)
    assert {name: str(frame[name].dtype) for name in ("tahun", "anggaran", "indikator")} == {
        "tahun": "Int64",
        "anggaran": "Int64",
        "indikator": "string",
    }
    assert frame["target_nilai"].tolist() == [Decimal("77.50"), None]
    assert frame["anggaran"].isna().all()


def test_amounts_stay_whole_beyond_what_a_float_holds() -> None:
    made = document()
    frame = made.to_frame("anggaran")
    assert frame["jumlah"].tolist() == [5872552000, 5872552000]


def test_a_frame_without_rows_has_its_columns() -> None:
    from rktdata.output.frames import rows_to_frame

    frame = rows_to_frame("indikator", [])
    assert list(frame.columns) == list(IndikatorRow.model_fields)
    assert str(frame["tahun"].dtype) == "Int64"
