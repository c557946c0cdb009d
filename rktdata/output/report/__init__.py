"""`laporan.html`: the audit as one file that opens offline, see `render.render_report`."""
