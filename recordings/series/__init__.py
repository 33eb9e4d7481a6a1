"""Series beside a session: vehicle speed, steering, positions; on the session's timeline (docs/series.md)."""
