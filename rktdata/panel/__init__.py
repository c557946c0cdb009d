"""The same indicator through the years: panel.csv and perubahan.csv.

`make_panel` is the stage: `plans` says what an agency's units planned in each year,
`links` what became of it in the next, `series` joins that to one row of years each, and
`changes` tells what changed. One agency's documents at a time, as the audit takes them.
"""

from rktdata.panel.rows import make_panel

__all__ = ["make_panel"]
