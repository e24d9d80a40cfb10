"""What became of each row, as the files that people open: CSV and workbooks."""
