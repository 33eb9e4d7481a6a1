"""Alarms told to other programs: a command that is run, or a local address that gets JSON."""
