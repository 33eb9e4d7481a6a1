"""The video device that a source means, and all that give pictures: by /sys first, and by asking those that matter."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress

from drivers.cameras import v4l2_nodes
from drivers.cameras.v4l2 import V4l2Device, linuxpy_video
from drivers.cameras.v4l2_nodes import Node
from drivers.errors import CameraNotFoundError, CameraOpenError

log = logging.getLogger(__name__)


def capture_nodes(wanted: Callable[[Node], bool] = lambda _: True) -> list[Node]:
    """The nodes that give pictures. Those that cannot be opened (permission, busy) are believed to, by their index.

    Args:
        wanted: which ones to open and ask.

    Raises:
        SdkMissingError: linuxpy is missing.
    """
    linuxpy_video()
    out: list[Node] = []
    for node in filter(wanted, v4l2_nodes.nodes()):
        try:
            device = V4l2Device(node.path, str(node.path))
        except CameraOpenError as error:
            log.debug("%s", error)
            if not isinstance(error, CameraNotFoundError) and node.index == 0:
                out.append(node)
            continue
        device.close()
        if device.capabilities.gives_pictures:
            out.append(node)
    return out


def find(target: str, place: int, family: str, is_first: Callable[[Node], bool]) -> Node:
    """The node that a source means; only what it may mean is opened.

    Args:
        target: what stands after the colon, empty for the first that ``is_first`` accepts.
        place: which node of the USB device that gives pictures, 0 for its first.
        family: for messages.

    Raises:
        SdkMissingError, CameraNotFoundError: the latter's message lists the cameras there are.
    """
    meant = [n for n in v4l2_nodes.nodes() if (n.answers_to(target) if target else is_first(n))]
    ports = {n.port for n in meant if n.port}
    among = capture_nodes(lambda n: n in meant or n.port in ports)
    with suppress(CameraNotFoundError):
        return v4l2_nodes.choose(target, place, among, family, is_first)
    return v4l2_nodes.choose(target, place, capture_nodes(), family, is_first)
