"""Network cameras that speak ONVIF: they are found on the network, and tell where their pictures are.

:func:`find` and :func:`ask` run in a child process with a deadline (drivers/isolate.py): the libraries wait long, start
threads, and set up logging of their own. They return words only; no error of a library leaves this file.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import unquote, urlsplit

_NAMESPACE: Final = "http://www.onvif.org/ver10/network/wsdl"
_TRANSMITTER: Final = "NetworkVideoTransmitter"
_SCOPE: Final = re.compile(r"onvif://www\.onvif\.org/(?P<key>name|hardware|location)/(?P<value>[^/]+)", re.IGNORECASE)
_AUTH_WORDS: Final = ("notauthorized", "not authorized", "unauthorized", "401", "authority", "forbidden", "403")
PORT: Final = 80


def find(seconds: float) -> list[dict[str, str]]:
    """Cameras that answer to a WS-Discovery probe within so long: ``place`` (host or host:port), name, hardware, id."""
    from wsdiscovery import QName
    from wsdiscovery.discovery import ThreadedWSDiscovery

    logging.disable(logging.CRITICAL)
    asking = ThreadedWSDiscovery()
    asking.start()
    try:
        services = asking.searchServices(types=[QName(_NAMESPACE, _TRANSMITTER)], timeout=seconds)
        return described(
            (str(s.getEPR()), [str(x) for x in s.getXAddrs()], [str(x) for x in s.getScopes()]) for s in services
        )
    finally:
        asking.stop()


def described(services: Any) -> list[dict[str, str]]:
    """What is told of (endpoint, addresses, scopes) of services; those without an address that can be used are left
    out. What stands there was sent by whoever is on the network: it is only read, and may be anything."""
    out: dict[str, dict[str, str]] = {}
    for endpoint, addresses, scopes in services:
        place = next(filter(None, (place_of(a) for a in sorted(addresses, key=lambda a: "[" in a))), "")
        if not place:
            continue
        told = {m["key"].lower(): unquote(m["value"]) for s in scopes if (m := _SCOPE.match(s))}
        out[place] = {
            "place": place,
            "name": _line(told.get("name", "")),
            "hardware": _line(told.get("hardware", "")),
            "id": _line(endpoint.removeprefix("urn:uuid:")),
        }
    return [out[place] for place in sorted(out)]


def place_of(address: str) -> str:
    """Host and port of a service's address, the usual port left out; '' when it is none."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not host or not re.fullmatch(r"[0-9A-Za-z_.:%-]+", host):
        return ""
    host = f"[{host}]" if ":" in host else host
    return host if port in (None, PORT) else f"{host}:{port}"


def ask(host: str, port: int, user: str, password: str, profile: str, timeout_s: float) -> dict[str, Any]:
    """Where the pictures of a camera are.

    Args:
        profile: ``main`` is the largest, ``sub`` the smallest, else a profile's token or name.
        timeout_s: for all of it.

    Returns:
        ``uri``, ``profile``, ``model``, ``firmware``, ``serial``; or ``error`` (``auth``, ``profile``, ``silent``,
        ``other``) and ``words``.
    """
    import asyncio

    logging.disable(logging.CRITICAL)  # the libraries log what they send
    try:
        return asyncio.run(asyncio.wait_for(_ask(host, port, user, password, profile), timeout_s))
    except TimeoutError:
        return {"error": "silent", "words": f"no answer within {timeout_s:g} s"}
    except Exception as error:  # noqa: BLE001  the library raises its own, zeep's, aiohttp's and the system's
        return _failure(error)


async def _ask(host: str, port: int, user: str, password: str, profile: str) -> dict[str, Any]:
    from onvif import ONVIFCamera

    camera = ONVIFCamera(host, port, user, password, no_cache=True, adjust_time=True)
    try:
        await camera.update_xaddrs()
        media = await camera.create_media_service()
        chosen, listed = choose(await media.GetProfiles(), profile)
        if chosen is None:
            return {"error": "profile", "words": listed}
        setup = {"Stream": "RTP-Unicast", "Transport": {"Protocol": "RTSP"}}
        answer = await media.GetStreamUri({"StreamSetup": setup, "ProfileToken": str(chosen.token)})
        device = await camera.create_devicemgmt_service()
        about = await device.GetDeviceInformation()
        maker, model = str(about.Manufacturer or ""), str(about.Model or "")
        return {
            "uri": str(answer.Uri),
            "profile": str(chosen.token),
            "model": _line(f"{maker} {model}".strip()),
            "firmware": _line(str(about.FirmwareVersion or "")),
            "serial": _line(str(about.SerialNumber or "")),
        }
    finally:
        await camera.close()


def choose(profiles: Sequence[Any], wanted: str) -> tuple[Any, str]:
    """(the profile that is wanted, or None, and all of them in words)."""
    video = [p for p in profiles if getattr(p, "VideoEncoderConfiguration", None) is not None]
    listed = ", ".join(f"{p.token} ({_size_words(p)})" for p in video) or "none with video"
    by_size = sorted(video, key=_pixels)
    if wanted == "main":
        return (by_size[-1] if by_size else None), listed
    if wanted == "sub":
        return (by_size[0] if by_size else None), listed
    return next((p for p in video if wanted in (str(p.token), str(p.Name))), None), listed


def _pixels(profile: Any) -> int:
    size = profile.VideoEncoderConfiguration.Resolution
    return int(size.Width) * int(size.Height) if size is not None else 0


def _size_words(profile: Any) -> str:
    encoder = profile.VideoEncoderConfiguration
    size = encoder.Resolution
    shape = f"{size.Width}x{size.Height} " if size is not None else ""
    return f"{profile.Name}: {shape}{encoder.Encoding}"


def _failure(error: BaseException) -> dict[str, Any]:
    """What went wrong, by kind: the texts of the libraries may hold what was sent."""
    text = f"{type(error).__name__} {error}".lower()
    if any(word in text for word in _AUTH_WORDS):
        return {"error": "auth", "words": ""}
    if "timeout" in text:
        return {"error": "silent", "words": ""}
    return {"error": "other", "words": type(error).__name__}


def _line(text: str, most: int = 80) -> str:
    """One short line of printable signs."""
    return "".join(c if c.isprintable() else " " for c in text)[:most].strip()
