"""The error tree of the pipeline."""

from __future__ import annotations


class PipelineError(Exception):
    """Anything that kept frames from becoming observations. The message says what was tried, found, and to do."""


class ConfigError(PipelineError):
    """A setting that is unknown or out of its range."""


class BatchError(PipelineError):
    """Offline processing could not start or finish."""


class LiveError(PipelineError):
    """Live processing could not start or stop."""
