"""CSV files as tables: what fits goes on, what does not is named by row and column."""

from pathlib import Path

import pytest

from api.agent.errors import SourceError
from api.agent.sources.csv import Table, read_table

CANARY = "Zzyzxmaya"


def table_of(folder: Path, text: str) -> Table:
    """Write a file and read it."""
    path = folder / "cases.csv"
    path.write_text(text, encoding="utf-8", newline="")
    return read_table(path)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_are_sniffed(tmp_path: Path, delimiter: str) -> None:
    """The delimiter is found even where cells hold another one."""
    other = "," if delimiter == ";" else ";"
    lines = ["case_ref;given_name;remarks", f"1;Sita;a{other}b", f"2;Gita;c{other}d{other}e"]
    table = table_of(tmp_path, "\n".join(line.replace(";", delimiter, 2) for line in lines))
    assert table.delimiter == delimiter
    assert table.header == ("case_ref", "given_name", "remarks")
    assert [len(row.cells) for row in table.rows] == [3, 3]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (f"2,{CANARY}", "ragged_row"),
        (f"2,{CANARY},x,y", "ragged_row"),
        (f"2,{CANARY},{'x' * 2**20}", "cell_too_long"),
        (f"2,{CANARY},{'x' * 20_000}", "cell_too_long"),
    ],
    ids=["short", "long", "1 MB cell", "20 kB cell"],
)
def test_a_row_that_does_not_fit_is_set_aside_alone(tmp_path: Path, row: str, code: str) -> None:
    """The rows around a bad one are kept, and its fault names the row without a value."""
    table = table_of(tmp_path, f"case_ref,given_name,sex\n1,Sita,F\n{row}\n3,Gita,F\n")
    assert [each.cells[0] for each in table.rows] == ["1", "3"]
    (fault,) = table.faults
    assert fault.row == 3
    assert fault.is_whole_row
    assert fault.code == code
    assert CANARY not in repr(table)


def test_a_quotation_mark_that_never_closes_is_reported(tmp_path: Path) -> None:
    """What follows an open quotation mark is set aside as one fault, not read as one cell."""
    table = table_of(tmp_path, 'case_ref,given_name\n1,Sita\n2,"Gita\n3,Rita\n')
    assert [row.cells[0] for row in table.rows] == ["1"]
    assert [fault.code for fault in table.faults] == ["unclosed_quote"]


def test_line_breaks_and_odd_separators_inside_cells_are_kept(tmp_path: Path) -> None:
    """A quoted line break, and a line separator of Unicode, stay within their cell."""
    table = table_of(tmp_path, 'case_ref,note\n1,"a\nb"\n2,c\u2028d\n')
    assert [row.cells[1] for row in table.rows] == ["a\nb", "c\u2028d"]


def test_blank_rows_and_empty_trailing_cells_do_no_harm(tmp_path: Path) -> None:
    """What a spreadsheet leaves at the end of rows and files is passed over."""
    table = table_of(tmp_path, "case_ref,given_name\n1,Sita,,\n,\n\n2,Gita\n,,,\n")
    assert [row.cells for row in table.rows] == [("1", "Sita"), ("2", "Gita")]
    assert table.faults == ()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("case_ref^given_name\n1^Sita\n", "one_column"),
        ("a,b,a\n1,2,3\n", "repeated_column"),
        (",".join(f"c{number}" for number in range(1_000_001)) + "\n", "too_many_columns"),
        ('"case_ref,given_name\n1,Sita\n', "no_header"),
    ],
    ids=["wrong delimiter", "repeated", "a million columns", "open quote"],
)
def test_a_file_without_a_usable_header_is_refused(tmp_path: Path, text: str, code: str) -> None:
    """The refusal says what kind of fault it is, and shows no cell."""
    with pytest.raises(SourceError) as caught:
        table_of(tmp_path, text)
    assert caught.value.code == code
    assert "Sita" not in str(caught.value)


def test_an_absent_file_is_refused(tmp_path: Path) -> None:
    """No file, no traceback."""
    with pytest.raises(SourceError) as caught:
        read_table(tmp_path / "none.csv")
    assert caught.value.code == "file_absent"
