"""What the cards of our models say in words: how the crop is cut, how pixels become numbers, what must not be done."""

from __future__ import annotations

from typing import NamedTuple

CROP_RULE = (
    "320 mm square about the head center: w = fx 320 / D, h = fy 320 / D pixels, D the mean valid depth (mm) around "
    "the head center; clamped to the image, padded with 0"
)


class CardText(NamedTuple):
    """The words of one card."""

    normalisation: str
    limits: tuple[str, ...]
    generated: bool
    crop_rule: str = CROP_RULE


_SYNTHETIC = (
    "trained on rendered faces alone: real skin, hair, beards, glasses and sensors differ; see the measured values on "
    "real recordings"
)

CARD_TEXTS: dict[str, CardText] = {
    "face_finder": CardText(
        "pictures: percentiles 1 and 99 of the valid pixels become -0.8 and 0.8, what lies beyond keeps its contrast "
        "up to -1 and 1; depth: half 1 - 1.9 ln(z / 250 mm) / ln 32 for 250 to 8000 mm, half the relief lit from above "
        "the camera; invalid pixels and the letterbox -1 (engines.models.face_finder)",
        (
            _SYNTHETIC,
            "a head is a face up to full profile; the back of a head is none, and between 97 and 115 degrees of yaw it "
            "may say either",
            "the back of a head is often called a face, and so are small dark or warm round things (a chair's arm, a "
            "cup, a lamp): what follows must look closer; thermal pictures need a confidence of 0.41 otherwise",
            "finds faces, not living ones: a photograph, a poster or a mask of a face is a face to it",
            "faces below 8 px of the 320 x 240 picture, or of which less than 40 % is seen, are not looked for",
            "no identification of people",
        ),
        False,
        "the whole frame, scaled to fit 320 x 240 and letterboxed with -1; colour as gray",
    ),
    "face_landmarks": CardText(
        "one channel (gray, near infrared, coded depth d8, thermal); contrast stretch p2..p98 of the valid pixels to "
        "-1..1, invalid pixels -1 (engines.normalise.stretch)",
        (
            _SYNTHETIC,
            "no identification of people; points of hidden parts are guesses (low confidence)",
            "finds points of faces, living or not: a photograph or a screen that shows a face is a face to it",
            "on real faces brows and chins are 6 to 7 % of the eye distance off, more in heads thrown back, bowed or "
            "in profile; burnt-out thermal faces of 8 to 16 px get points by the outline of the head alone; its "
            "points beside other detectors' stand in docs/results.md, Real recordings",
            "where on a face a point lies follows iBUG's convention, as dlib reads it off rendered frontal faces",
            "openness cannot be seen in depth and hardly in thermal pictures: there it is a guess",
            "presence: a head is a face up to full profile (96 degrees of yaw) and none from 110 degrees on; between "
            "them it may say either; in profile half of the points are guesses",
        ),
        False,
        CROP_RULE + "; a face that was read in the frame before: 224 mm wide and high round the middle of eyes and "
        "mouth (pipeline.steps.close_crop), where `confidence` speaks of 4 px = 7 mm",
    ),
    "eye_state": CardText(
        "gray levels less their mean over the patch, over three of their deviations, cut off at -1 and 1; the left eye "
        "mirrored (engines.models.eye_state.normalised)",
        (
            "trained and measured on rendered eyes alone: no real recording that tells true lids was at hand",
            "gray and near-infrared pictures alone: in thermal and depth nothing of a lid is seen, and it is not asked",
            "openness is relative to a neutral eye that it has never seen: eyes that are narrow by nature read as half "
            "closed until a personal scale is learned (pipeline.signals.eyes)",
            "behind dark lenses, glare, a hand or far to the side it guesses, and says so by its confidence",
            "no statement about sleep or fitness: it tells lids, not people",
        ),
        False,
        "48 x 32 samples about the mean of an eye's six landmarks, upright by the line between the eyes, 0.62 of the "
        "distance between the outer eye corners wide, from the picture at its own resolution "
        "(pipeline.steps.eye_patch)",
    ),
    "gray_to_depth": CardText(
        "gray 96 x 96, contrast stretch p2..p98 to -1..1 (engines.normalise.stretch)",
        (
            _SYNTHETIC,
            "the relief is imagined, never measured: no liveness, no measurement, no identification from it",
            "relief is relative to the distance D at the crop's center; absolute distance is not estimated",
            "the expected error was learnt on renders: on real faces it tells better from worse, and its millimetres "
            "are off by what the measured values say; it holds for the person's pixels, and does not tell whether "
            "there is one: a smooth picture without a face can pass for one (ask face_landmarks for its presence)",
        ),
        True,
    ),
    "depth_to_color": CardText(
        "coded depth 64 x 64: d8 / 127.5 - 1, L = 300 mm, 0 where invalid (engines.normalise.encode_depth)",
        (
            _SYNTHETIC,
            "the picture is imagined: skin, hair and eye colour, make-up and age cannot be known from depth; never a "
            "likeness of the person, never for identification",
            "everything but the person becomes a plain dark gray; the light is always even",
            "does not say how wrong it is at a pixel, since depth hardly tells: on held-out renders it is off by 24 "
            "levels of 255, and by 28 on the same people without any reading; errors that were learnt to be expected "
            "rank pixels by 0.20, too little to ship (python -m training.studies.color_error)",
        ),
        True,
    ),
    "face_verifier": CardText(
        "coded depth 96 x 96: d8 / 127.5 - 1, L = 300 mm, 0 where invalid (engines.normalise.encode_depth); everything "
        "else (mask of the head, smoothing, normals) is inside the network",
        (
            _SYNTHETIC,
            "looks at shape alone, as coarse depth cameras see it: a hint, never proof of identity, no key to a door; "
            "brothers, twins and masks of one shape are one person to it",
            "wants a face toward the camera (ask face_landmarks for its presence) of 45 depth pixels a crop or more; "
            "measured between 0.9 and 1.4 m with a Kinect v2 alone",
            "hair and what is worn are part of the shape: another haircut, a hat, a beard make another shape; on "
            "coarse depth the head's outline says more than the face (see the measure of the head's ellipse alone)",
            "says nothing of whether the surface is a living face; a flat picture is refused, a mask is not",
            "only with the consent of those compared, and never in a driver monitoring path that must not identify",
        ),
        False,
    ),
    "eye_to_face": CardText(
        "RGB 32 x 32 / 255: a square about one eye with its brow, as OpenCV's eye cascade cuts it, upright; an eye on "
        "the picture's right is mirrored, and its face after",
        (
            _SYNTHETIC,
            "the face is imagined: an eye tells something of skin and light and nearly nothing of the face; never a "
            "likeness of the person, never for identification",
            "all but the eyes is an average rendered face in the eye's color; on real pictures it is level with the "
            "mean face of other people in the distance of a recognition network and in SSIM",
            "where nobody tells it which eye it is, it takes one in eight real eyes of 11 pixels for the other, and "
            "in infrared every second: the face is then a mirror image",
        ),
        True,
    ),
}
