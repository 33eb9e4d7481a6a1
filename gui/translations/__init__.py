"""The window's words in other languages: what is translated (.ts, for translators) and what is loaded (.qm)."""
