"""Rules over signals: when something that the faces say becomes an event. The files of rules: docs of model.py."""
