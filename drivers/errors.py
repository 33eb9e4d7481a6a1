"""The error tree of the drivers: names say when an error occurs."""

from __future__ import annotations


class DriverError(Exception):
    """Anything that a camera, a stream or a calibration did wrong; it says what was tried, found, and to do."""


class FrameError(DriverError):
    """Pixels or metadata that break the promises of :class:`drivers.frame.Frame`."""


class CalibrationError(DriverError):
    """Intrinsics or extrinsics that are missing, torn or impossible."""


class RigError(DriverError):
    """A rig's file that is missing, torn, or names what is not there."""


class CameraError(DriverError):
    """A camera could not do what was asked."""


class UnknownCameraError(CameraError):
    """No family of cameras answers to the given source."""


class SdkMissingError(CameraError):
    """The vendor's library is not installed; the message names the extra and the apt line that bring it."""


class CameraOpenError(CameraError):
    """The camera is known but could not be opened."""


class CameraNotFoundError(CameraOpenError):
    """No such camera is plugged in; the message lists those that are. It may come."""


class CameraBusyError(CameraOpenError):
    """Another program has the camera. It may let go."""


class CameraPermissionError(CameraOpenError):
    """The user may not open the device; the message says which group or rule is missing."""


class UnusableSourceError(CameraOpenError):
    """What the source names cannot be a camera as it stands (no such file, no session): waiting does not help."""


class CameraTimeoutError(CameraError):
    """No frame came within the given time. The camera may still be alive."""


class CameraLostError(CameraError):
    """The camera is gone: unplugged, crashed, or its file vanished."""


class UnsupportedFeatureError(CameraError):
    """The camera has no such option, stream or resolution; the message lists what there is."""


class EndOfStream(CameraError):
    """A recorded camera has no frame left. Not a failure: the end."""
