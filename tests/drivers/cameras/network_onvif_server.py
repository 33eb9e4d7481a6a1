"""A camera that speaks ONVIF, as far as the tests need: SOAP over HTTP, and answers to WS-Discovery probes."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import re
import select
import socket
import struct
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Final, Self

GROUP: Final = ("239.255.255.250", 3702)

_ENVELOPE: Final = """<?xml version="1.0" encoding="UTF-8"?>
<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:tds="http://www.onvif.org/ver10/device/wsdl"
 xmlns:trt="http://www.onvif.org/ver10/media/wsdl" xmlns:tt="http://www.onvif.org/ver10/schema"
 xmlns:ter="http://www.onvif.org/ver10/error"><s:Body>{}</s:Body></s:Envelope>"""

_TIME: Final = """<tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime><tt:DateTimeType>NTP</tt:DateTimeType>
<tt:DaylightSavings>false</tt:DaylightSavings><tt:UTCDateTime><tt:Time><tt:Hour>{0.tm_hour}</tt:Hour>
<tt:Minute>{0.tm_min}</tt:Minute><tt:Second>{0.tm_sec}</tt:Second></tt:Time><tt:Date><tt:Year>{0.tm_year}</tt:Year>
<tt:Month>{0.tm_mon}</tt:Month><tt:Day>{0.tm_mday}</tt:Day></tt:Date></tt:UTCDateTime></tds:SystemDateAndTime>
</tds:GetSystemDateAndTimeResponse>"""

_SERVICES: Final = """<tds:GetServicesResponse>
<tds:Service><tds:Namespace>http://www.onvif.org/ver10/device/wsdl</tds:Namespace><tds:XAddr>{0}/device</tds:XAddr>
<tds:Version><tt:Major>2</tt:Major><tt:Minor>0</tt:Minor></tds:Version></tds:Service>
<tds:Service><tds:Namespace>http://www.onvif.org/ver10/media/wsdl</tds:Namespace><tds:XAddr>{0}/media</tds:XAddr>
<tds:Version><tt:Major>2</tt:Major><tt:Minor>0</tt:Minor></tds:Version></tds:Service></tds:GetServicesResponse>"""

_PROFILE: Final = """<trt:Profiles token="{0}" fixed="true"><tt:Name>{1}</tt:Name>
<tt:VideoEncoderConfiguration token="enc_{0}"><tt:Name>{1}</tt:Name><tt:UseCount>1</tt:UseCount>
<tt:Encoding>H264</tt:Encoding><tt:Resolution><tt:Width>{2}</tt:Width><tt:Height>{3}</tt:Height></tt:Resolution>
<tt:Quality>4</tt:Quality><tt:Multicast><tt:Address><tt:Type>IPv4</tt:Type><tt:IPv4Address>0.0.0.0</tt:IPv4Address>
</tt:Address><tt:Port>0</tt:Port><tt:TTL>1</tt:TTL><tt:AutoStart>false</tt:AutoStart></tt:Multicast>
<tt:SessionTimeout>PT60S</tt:SessionTimeout></tt:VideoEncoderConfiguration></trt:Profiles>"""

_URI: Final = """<trt:GetStreamUriResponse><trt:MediaUri><tt:Uri>{}</tt:Uri>
<tt:InvalidAfterConnect>false</tt:InvalidAfterConnect><tt:InvalidAfterReboot>false</tt:InvalidAfterReboot>
<tt:Timeout>PT60S</tt:Timeout></trt:MediaUri></trt:GetStreamUriResponse>"""

_ABOUT: Final = """<tds:GetDeviceInformationResponse><tds:Manufacturer>Nocturna</tds:Manufacturer>
<tds:Model>N-1</tds:Model><tds:FirmwareVersion>1.2.3</tds:FirmwareVersion><tds:SerialNumber>SN-0042</tds:SerialNumber>
<tds:HardwareId>7</tds:HardwareId></tds:GetDeviceInformationResponse>"""

_REFUSED: Final = """<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>ter:NotAuthorized</s:Value>
</s:Subcode></s:Code><s:Reason><s:Text xml:lang="en">Sender not Authorized</s:Text></s:Reason></s:Fault>"""

_MATCH: Final = """<?xml version="1.0" encoding="UTF-8"?>
<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"
 xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"
 xmlns:dn="http://www.onvif.org/ver10/network/wsdl"><s:Header><a:MessageID>urn:uuid:{number}</a:MessageID>
<a:RelatesTo>{asked}</a:RelatesTo><a:To>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:To>
<a:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/ProbeMatches</a:Action></s:Header><s:Body><d:ProbeMatches>
<d:ProbeMatch><a:EndpointReference><a:Address>urn:uuid:{number}</a:Address></a:EndpointReference>
<d:Types>dn:NetworkVideoTransmitter</d:Types><d:Scopes>onvif://www.onvif.org/name/Night%20Cam
 onvif://www.onvif.org/hardware/N-1</d:Scopes><d:XAddrs>{address}</d:XAddrs><d:MetadataVersion>1</d:MetadataVersion>
</d:ProbeMatch></d:ProbeMatches></s:Body></s:Envelope>"""


@dataclass
class OnvifServer:
    """A context manager; serves at ``127.0.0.1:port``.

    Attributes:
        uris: profile token -> where its pictures are.
        user, password: asked for in a WS-Security token, where they are given.
        silent: takes every connection and says nothing.
    """

    uris: dict[str, str]
    user: str = ""
    password: str = ""
    silent: bool = False
    sizes: dict[str, tuple[int, int]] = field(default_factory=dict)
    port: int = 0
    _ended: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            timeout = 10

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                if outer.silent:
                    outer._ended.wait(30)
                    return
                code, answer = outer._answer(body)
                data = _ENVELOPE.format(answer).encode()
                self.send_response(code)
                self.send_header("Content-Type", "application/soap+xml; charset=utf-8")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                with contextlib.suppress(OSError):
                    self.wfile.write(data)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), name="onvif-server")
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(10)

    def _answer(self, body: str) -> tuple[int, str]:
        if "GetSystemDateAndTime" in body:
            return 200, _TIME.format(time.gmtime())
        if self.user and not self._is_known(body):
            return 400, _REFUSED
        if "GetServices" in body:
            return 200, _SERVICES.format(f"http://127.0.0.1:{self.port}/onvif")
        if "GetProfiles" in body:
            profiles = "".join(
                _PROFILE.format(token, f"{token}-name", *self.sizes.get(token, (640, 480))) for token in self.uris
            )
            return 200, f"<trt:GetProfilesResponse>{profiles}</trt:GetProfilesResponse>"
        if "GetStreamUri" in body:
            found = re.search(r"ProfileToken>([^<]*)<", body)
            return 200, _URI.format(self.uris[found[1] if found else ""].replace("&", "&amp;"))
        if "GetDeviceInformation" in body:
            return 200, _ABOUT
        return 400, _REFUSED

    def _is_known(self, body: str) -> bool:
        """By the digest of the WS-Security UsernameToken profile: SHA-1 of nonce, time and password."""
        told = {
            key: (re.search(rf":{key}(?:\s[^>]*)?>([^<]*)<", body) or ["", ""])[1]
            for key in ("Username", "Password", "Nonce", "Created")
        }
        nonce = base64.b64decode(told["Nonce"])
        digest = hashlib.sha1(nonce + told["Created"].encode() + self.password.encode()).digest()
        return told["Username"] == self.user and told["Password"] == base64.b64encode(digest).decode()


class ProbeResponder:
    """Answers to WS-Discovery probes on this machine's network. A context manager."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._ending = threading.Event()
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind(("", GROUP[1]))
        own = outward_address()
        self._socket.setsockopt(
            socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, struct.pack("4s4s", *map(socket.inet_aton, (GROUP[0], own)))
        )
        self._thread = threading.Thread(target=self._run, name="probe-responder")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ending.set()
        self._thread.join(10)
        self._socket.close()

    def _run(self) -> None:
        while not self._ending.is_set():
            ready, _, _ = select.select([self._socket], [], [], 0.05)
            if not ready:
                continue
            data, sender = self._socket.recvfrom(65536)
            asked = re.search(rb"MessageID[^>]*>([^<]+)<", data)
            if b"Probe" in data and b"ProbeMatches" not in data and asked is not None:
                number = "0d4b1f0e-0000-4000-8000-000000000042"
                said = _MATCH.format(number=number, asked=asked[1].decode(), address=self._address)
                self._socket.sendto(said.encode(), sender)


def outward_address() -> str:
    """This machine's address on its network; '' when it has none but loopback."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking, contextlib.suppress(OSError):
        asking.connect(GROUP)  # sends nothing
        address = str(asking.getsockname()[0])
        return "" if address.startswith(("127.", "0.")) else address
    return ""
