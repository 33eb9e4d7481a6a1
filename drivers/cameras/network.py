"""The families of network cameras: ``rtsp:``, ``rtsps:``, ``onvif:``."""

from drivers.cameras.network_onvif import OnvifCamera
from drivers.cameras.network_rtsp import RtspCamera, RtspsCamera

__all__ = ["OnvifCamera", "RtspCamera", "RtspsCamera"]
