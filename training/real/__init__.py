"""The real-data page: every model measured on real recordings, beside what else there is, in tables and pictures."""
