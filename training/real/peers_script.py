"""Other people's face tools on a set of pictures: runs under a Python of its own, see peers.py; no part of the product.

    PYTHON peers_script.py REQUEST.npz ANSWER.npz

That Python needs numpy, opencv (4.x), scipy, mediapipe 0.10.21, dlib (dlib-bin) and face_recognition_models (with
setuptools below 81). A tool that is missing leaves its jobs out and says why.

REQUEST: `jobs`, a JSON list of {"name", "tool", "images", "scale", ...}; `IMAGES` (N, H, W[, 3]) uint8, BGR, or
`IMAGES/0`, `IMAGES/1`... where sizes differ. Pictures are enlarged `scale` times (cubic) first; what comes back is in
px of the picture as it was sent, with pixel p covering p to p + 1.

ANSWER: for every job `NAME/...`:
  detect        boxes (M, 4) left top right bottom, image (M,), score (M,)
  dlib68        points (N, 68, 2), NaN where no box; boxes come with the request (`NAME/boxes`, NaN: find one by HOG)
  mesh          points (N, 478 or 468, 3), NaN where it finds no face; x, y in px, z in the same unit, smaller is nearer
  mesh_depth    found (K,) rows and maps (K, H, W) of z in px on the picture's grid, NaN off the mesh
  descriptor    descriptor (N, 128) and found (N,): of the HOG box, else of `NAME/fallback` (4,) if sent, else NaN
and `versions`, `missing` as JSON.
"""

import importlib.metadata
import importlib.util
import json
import sys
from pathlib import Path

import cv2
import numpy as np

UPRIGHT = 0  # dlib: no further enlarging


def main(request_path, answer_path):
    with np.load(request_path, allow_pickle=False) as request:
        jobs = json.loads(str(request["jobs"]))
        answer, missing, tools = {}, {}, {}
        for job in jobs:
            try:
                run = TOOLS[job["tool"]]
                out = run(job, pictures(request, job["images"]), request, tools)
            except ImportError as error:
                missing[job["name"]] = str(error)
                continue
            for key, value in out.items():
                answer[f"{job['name']}/{key}"] = value
    answer["versions"] = json.dumps(versions())
    answer["missing"] = json.dumps(missing)
    np.savez_compressed(answer_path, **answer)


def pictures(request, name):
    if name in request.files:
        return list(request[name])
    out = []
    while f"{name}/{len(out)}" in request.files:
        out.append(request[f"{name}/{len(out)}"])
    return out


def enlarged(image, scale):
    if scale == 1:
        return image
    return cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)


def rgb(image):
    if image.ndim == 2:
        return np.repeat(image[..., None], 3, axis=2)
    return np.ascontiguousarray(image[..., ::-1])


def keep(tools, name, make):
    if name not in tools:
        tools[name] = make()
    return tools[name]


# -- tools ------------------------------------------------------------------------------------------------------------


def detect(job, images, request, tools):
    find = keep(tools, job["detector"], DETECTORS[job["detector"]])
    boxes, where, score = [], [], []
    for i, image in enumerate(images):
        for box, value in find(rgb(enlarged(image, job["scale"]))):
            boxes.append(np.array(box, float) / job["scale"])
            where.append(i)
            score.append(value)
    return {"boxes": np.array(boxes, float).reshape(-1, 4), "image": np.array(where, int), "score": np.array(score)}


def hog():
    import dlib

    detector = dlib.get_frontal_face_detector()

    def find(image):
        found, scores, _ = detector.run(image, UPRIGHT, 0.0)
        return [((r.left(), r.top(), r.right() + 1, r.bottom() + 1), s) for r, s in zip(found, scores, strict=True)]

    return find


def blaze(model):
    def make():
        import mediapipe

        detector = mediapipe.solutions.face_detection.FaceDetection(model_selection=model, min_detection_confidence=0.5)

        def find(image):
            height, width = image.shape[:2]
            out = []
            for one in detector.process(image).detections or []:
                b = one.location_data.relative_bounding_box
                box = (b.xmin * width, b.ymin * height, (b.xmin + b.width) * width, (b.ymin + b.height) * height)
                out.append((box, one.score[0]))
            return out

        return find

    return make


DETECTORS = {"dlib_hog": hog, "mediapipe_short": blaze(0), "mediapipe_full": blaze(1)}


def model_file(name):
    spec = importlib.util.find_spec("face_recognition_models")
    if spec is None:
        raise ImportError("face_recognition_models is not installed")
    return str(Path(spec.submodule_search_locations[0]) / "models" / name)


def predictor():
    import dlib

    return dlib.shape_predictor(model_file("shape_predictor_68_face_landmarks.dat"))


def largest(boxes):
    return max(boxes, key=lambda b: b[2] - b[0]) if boxes else None


def rectangle(box):
    import dlib

    left, top, right, bottom = (round(v) for v in box)
    return dlib.rectangle(left, top, right - 1, bottom - 1)


def box_in(find, image, wanted):
    """The largest HOG box whose middle lies in `wanted` (any, if None)."""
    boxes = [box for box, _ in find(image)]
    if wanted is not None:
        boxes = [
            b
            for b in boxes
            if wanted[0] <= (b[0] + b[2]) / 2 <= wanted[2] and wanted[1] <= (b[1] + b[3]) / 2 <= wanted[3]
        ]
    return largest(boxes)


def dlib68(job, images, request, tools):
    shape, find = keep(tools, "predictor", predictor), keep(tools, "dlib_hog", hog)
    given = request[f"{job['name']}/boxes"] if f"{job['name']}/boxes" in request.files else None
    points = np.full((len(images), 68, 2), np.nan)
    scale = job["scale"]
    for i, image in enumerate(images):
        picture = rgb(enlarged(image, scale))
        box = given[i] * scale if given is not None and np.isfinite(given[i]).all() else None
        if box is None:
            box = box_in(find, picture, None)
        if box is not None:
            found = shape(picture, rectangle(box)).parts()
            points[i] = (np.array([(p.x, p.y) for p in found], float) + 0.5) / scale
    return {"points": points}


def face_mesh():
    import mediapipe

    mesh = mediapipe.solutions.face_mesh.FaceMesh(static_image_mode=True, max_num_faces=1, min_detection_confidence=0.5)

    def find(image):
        height, width = image.shape[:2]
        found = mesh.process(image).multi_face_landmarks
        if not found:
            return None
        return np.array([(p.x * width, p.y * height, p.z * width) for p in found[0].landmark])

    return find


def mesh(job, images, request, tools):
    find = keep(tools, "mesh", face_mesh)
    points = np.full((len(images), 468, 3), np.nan)
    for i, image in enumerate(images):
        found = find(rgb(enlarged(image, job["scale"])))
        if found is not None:
            points[i] = found[:468] / job["scale"]
    return {"points": points}


def mesh_depth(job, images, request, tools):
    from scipy.interpolate import LinearNDInterpolator

    points = mesh(job, images, request, tools)["points"]
    found, maps = [], []
    for i, image in enumerate(images):
        if np.isfinite(points[i]).all():
            y, x = np.mgrid[: image.shape[0], : image.shape[1]]
            found.append(i)
            maps.append(LinearNDInterpolator(points[i, :, :2], points[i, :, 2])(x, y).astype(np.float32))
    return {"found": np.array(found, int), "maps": np.array(maps, np.float32)}


def descriptor(job, images, request, tools):
    import dlib

    shape, find = keep(tools, "predictor", predictor), keep(tools, "dlib_hog", hog)
    network = keep(
        tools,
        "network",
        lambda: dlib.face_recognition_model_v1(model_file("dlib_face_recognition_resnet_model_v1.dat")),
    )
    fallback = request[f"{job['name']}/fallback"] if f"{job['name']}/fallback" in request.files else None
    out, seen = np.full((len(images), 128), np.nan), np.zeros(len(images), bool)
    for i, image in enumerate(images):
        picture = rgb(enlarged(image, job["scale"]))
        box = box_in(find, picture, None)
        seen[i] = box is not None
        if box is None:
            box = None if fallback is None else fallback * job["scale"]
        if box is not None:
            # as the definition has it: the box's own right and bottom edge, not the last pixel
            where = dlib.rectangle(*[round(v) for v in box])
            out[i] = np.array(network.compute_face_descriptor(picture, shape(picture, where)))
    return {"descriptor": out, "found": seen}


TOOLS = {"detect": detect, "dlib68": dlib68, "mesh": mesh, "mesh_depth": mesh_depth, "descriptor": descriptor}


def versions():
    out = {"python": sys.version.split()[0]}
    for name in ("mediapipe", "dlib-bin", "dlib", "face_recognition_models", "opencv-python-headless"):
        try:
            out[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return out


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
