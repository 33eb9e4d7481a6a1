#!/bin/sh
# Names what the system lacks, or installs it when run by root on a system with apt; says when the disk is too full.
# usage: prerequisites.sh run|test|train [python [environment]]
set -u
goal=${1:-run}
python=${2:-python3}
environment=${3:-.venv}
missing=""

need() { missing="$missing $1"; }

# In MB: what an environment and its installation take where it is not there yet, and what is written beside it.
case $goal in
    run) mark=.gui takes=1300 writes=200 again="make run VENV=FOLDER" ;;
    train) mark=.train takes=1200 writes=1000 again="make test-training TRAIN_VENV=FOLDER" ;;
    *) mark=.test takes=2900 writes=1000 again="make $goal VENV=FOLDER" ;;
esac

# need_room MEGABYTES FOLDER WHAT OTHERWISE; the folder need not be there yet
need_room() {
    folder=$2
    while [ ! -d "$folder" ]; do folder=$(dirname "$folder"); done
    free=$(df -Pm "$folder" 2>/dev/null | awk 'NR == 2 { print $4 }')
    case $free in '' | *[!0-9]*) return ;; esac
    [ "$free" -ge "$1" ] && return
    echo "The disk is too full: $3 needs $1 MB in $2, found $free MB." >&2
    echo "Free some, or name a folder on another disk: $4" >&2
    exit 1
}

[ -e "$environment/$mark" ] || need_room $takes "$environment" "the environment" "$again"
need_room $writes "${TMPDIR:-/tmp}" "what is written for a while" "TMPDIR=FOLDER make ..."
[ "$goal" = train ] && exit 0

has_library() {
    "$python" - "$1" <<'PY' >/dev/null 2>&1
import ctypes.util, sys
sys.exit(0 if ctypes.util.find_library(sys.argv[1]) else 1)
PY
}

# What the tests of cameras run against: a GigE Vision camera on loopback (Aravis), an RTSP server (GStreamer), both
# through PyGObject, which pip builds; and libfreenect, with a stand-in for a Kinect compiled against its header.
build_gi="gcc libc6-dev pkg-config python3-dev libgirepository1.0-dev libcairo2-dev"
with_gi="libfreenect0.5 libfreenect-dev gir1.2-aravis-0.8 aravis-tools gir1.2-gst-rtsp-server-1.0 gstreamer1.0-plugins-base \
gstreamer1.0-plugins-good gstreamer1.0-plugins-ugly glib-networking openssl iproute2"

has_typelib() { ls /usr/lib/*/girepository-1.0/"$1".typelib /usr/lib/girepository-1.0/"$1".typelib 2>/dev/null | grep -q .; }

need_for_cameras() {
    "$python" - <<'PY' >/dev/null 2>&1 || need python3-dev
import pathlib, sys, sysconfig
sys.exit(0 if (pathlib.Path(sysconfig.get_path("include")) / "Python.h").exists() else 1)
PY
    for pair in gcc:gcc pkg-config:pkg-config arv-fake-gv-camera-0.8:aravis-tools; do
        command -v "${pair%%:*}" >/dev/null 2>&1 || need "${pair##*:}"
    done
    for pair in gobject-introspection-1.0:libgirepository1.0-dev cairo:libcairo2-dev; do
        pkg-config --exists "${pair%%:*}" 2>/dev/null || need "${pair##*:}"
    done
    has_library freenect || need libfreenect0.5
    [ -e /usr/include/libfreenect/libfreenect.h ] || [ -e /usr/include/libfreenect.h ] || need libfreenect-dev
    has_typelib Aravis-0.8 || need gir1.2-aravis-0.8
    has_typelib GstRtspServer-1.0 || need gir1.2-gst-rtsp-server-1.0
    command -v openssl >/dev/null 2>&1 || need openssl
    command -v ip >/dev/null 2>&1 || need iproute2
    ls /usr/lib/*/gio/modules/libgiognutls.so 2>/dev/null | grep -q . || need glib-networking
    for pair in videotestsrc:base rtp:good x264:ugly; do
        ls /usr/lib/*/gstreamer-1.0/libgst"${pair%%:*}".so 2>/dev/null | grep -q . || need gstreamer1.0-plugins-"${pair##*:}"
    done
}

if ! command -v "$python" >/dev/null 2>&1; then
    need python3
    need python3-venv
elif ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "tapetum needs Python 3.11 or newer; $python is $("$python" --version 2>&1)." >&2
    echo "Install a newer one and call: make $goal PYTHON=/path/to/python3.11" >&2
    exit 1
elif ! "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
    need python3-venv
fi

# Qt's libraries: for a window, and for the tests of the window. Without a display the main job needs none.
if [ "$(uname -s)" = Linux ] && { [ "$goal" = test ] || [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; }; then
    if [ "$missing" = "" ]; then
        # pyrealsense2, which the tests read and write recordings with, links libusb
        [ "$goal" = test ] && { has_library usb-1.0 || need libusb-1.0-0; }
        [ "$goal" = test ] && need_for_cameras
        for pair in GL:libgl1 EGL:libegl1 xkbcommon-x11:libxkbcommon-x11-0 xcb-cursor:libxcb-cursor0 \
            xcb-icccm:libxcb-icccm4 xcb-image:libxcb-image0 xcb-keysyms:libxcb-keysyms1 xcb-randr:libxcb-randr0 \
            xcb-render-util:libxcb-render-util0 xcb-shape:libxcb-shape0 xcb-xinerama:libxcb-xinerama0 \
            xcb-xkb:libxcb-xkb1 dbus-1:libdbus-1-3 fontconfig:libfontconfig1 glib-2.0:libglib2.0-0; do
            has_library "${pair%%:*}" || need "${pair##*:}"
        done
        find /usr/share/fonts "$HOME/.fonts" "$HOME/.local/share/fonts" -name '*.[to]tf' 2>/dev/null | grep -q . ||
            need fonts-dejavu-core
    else
        # There is no python to ask with: install the lot.
        [ "$goal" = test ] && missing="$missing $build_gi $with_gi"
        missing="$missing libusb-1.0-0 libgl1 libegl1 libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-shape0 libxcb-xinerama0 libxcb-xkb1 libdbus-1-3 libfontconfig1 libglib2.0-0 fonts-dejavu-core"
    fi
fi

[ -z "$missing" ] && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "installing:$missing"
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null && exit 0
    echo "apt-get could not install:$missing" >&2
    exit 1
fi
echo "The system lacks:$missing" >&2
echo "Install with: sudo apt install$missing" >&2
exit 1
