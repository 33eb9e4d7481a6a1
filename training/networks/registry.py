"""Which networks there are, with their inputs and outputs. Torch is imported only by `NetworkSpec.build`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from importlib import import_module
from typing import TYPE_CHECKING

from training.wrong_use import WrongUseError

if TYPE_CHECKING:
    from torch import nn

PRESETS = ("plus", "seed")


class UnknownNetworkError(LookupError, WrongUseError):
    """There is no network of this name, or no such preset of it; the message lists those that there are."""


@dataclass(frozen=True)
class TensorSpec:
    """One input or output of a network; `shape` is without the batch axis."""

    name: str
    shape: tuple[int, ...]
    low: float
    high: float
    meaning: str
    unit: str = "1"


@dataclass(frozen=True)
class NetworkSpec:
    """One network: how to build it, what goes in and what comes out."""

    name: str
    preset: str
    summary: str
    source: str
    factory: str
    """`module:callable` that returns the network."""
    inputs: tuple[TensorSpec, ...]
    outputs: tuple[TensorSpec, ...]
    critic: str | None = None
    """`module:callable` that returns the discriminator, where the paper trains against one."""

    @property
    def key(self) -> str:
        """`name-preset`, the stem of the exported files."""
        return f"{self.name}-{self.preset}"

    def build(self) -> nn.Module:
        """The network with fresh weights. Raises ImportError where torch is not installed."""
        return _call(self.factory)

    def build_critic(self) -> nn.Module:
        """The discriminator with fresh weights. Raises UnknownNetworkError where this network has none."""
        if self.critic is None:
            raise UnknownNetworkError(f"{self.key} is trained without a discriminator.")
        return _call(self.critic)


def _call(target: str) -> nn.Module:
    module, _, attribute = target.partition(":")
    network: nn.Module = getattr(import_module(module), attribute)()
    return network


_GRAY96 = TensorSpec(
    "gray", (1, 96, 96), -1.0, 1.0, "gray8 / 127.5 - 1 of the 320 mm crop, contrast-stretched p2..p98 to 0..255"
)
_RELIEF96 = TensorSpec(
    "relief", (1, 96, 96), -1.0, 1.0, "coded depth c: d8 = (c + 1) * 127.5, z = D + L - 2 L (d8 - 1) / 254, L = 300 mm"
)
_DEPTH64 = TensorSpec(
    "depth", (1, 64, 64), -1.0, 1.0, "coded depth d8 / 127.5 - 1 of the 320 mm crop; -1 where invalid"
)
_COLOR64 = TensorSpec("color", (3, 64, 64), -1.0, 1.0, "RGB / 127.5 - 1, imagined by the network")

_DEPTH96 = TensorSpec(
    "depth", (1, 96, 96), -1.0, 1.0, "coded depth d8 / 127.5 - 1 of the 320 mm crop; -1 where invalid"
)

_EYE32 = TensorSpec("eye", (3, 32, 32), 0.0, 1.0, "RGB / 255 of a square about one eye with its brow")
_FACE128 = TensorSpec("face", (3, 128, 128), 0.0, 1.0, "RGB / 255 of the face, imagined by the network")

NETWORKS: tuple[NetworkSpec, ...] = (
    NetworkSpec(
        name="gray_to_depth",
        preset="plus",
        summary="gray face to relief and head mask, quarter width, sub-pixel decoder with skips",
        source="ours, after SPEC 1.2 and 4.6",
        factory="training.networks.gray_to_depth:GrayToDepthPlus",
        inputs=(_GRAY96,),
        outputs=(
            _RELIEF96,
            TensorSpec("foreground", (1, 96, 96), 0.0, 1.0, "probability that the pixel is the person's head or body"),
        ),
    ),
    NetworkSpec(
        name="relief_error",
        preset="plus",
        summary="how wrong the relief is at each pixel, from the decoder's maps; ships inside gray_to_depth",
        source="ours",
        factory="training.networks.expected_error:ReliefError",
        inputs=(
            TensorSpec("fine", (32, 48, 48), 0.0, 4.0, "map of gray_to_depth before its last convolution"),
            TensorSpec("coarse", (64, 24, 24), 0.0, 4.0, "map of gray_to_depth before it is brought to 48 x 48"),
        ),
        outputs=(
            TensorSpec(
                "error",
                (1, 96, 96),
                0.0,
                1.0,
                "expected |relief - truth| where the pixel shows the person, over L = 300 mm",
            ),
        ),
    ),
    NetworkSpec(
        name="depth_to_color",
        preset="plus",
        summary="coded depth to a colour face, quarter width, first convolution strided",
        source="ours, after SPEC 1.1 (layout strided_first) and 4.6",
        factory="training.networks.depth_to_color:DepthToColorPlus",
        inputs=(_DEPTH64,),
        outputs=(_COLOR64,),
        critic="training.networks.depth_to_color:PatchCritic",
    ),
    NetworkSpec(
        name="color_error",
        preset="plus",
        summary="how wrong the colour is at each pixel, from the decoder's maps; a study, does not ship",
        source="ours",
        factory="training.networks.expected_error:ColorError",
        inputs=(
            TensorSpec("fine", (48, 32, 32), 0.0, 4.0, "map of depth_to_color before its last convolution"),
            TensorSpec("coarse", (64, 16, 16), 0.0, 4.0, "map of depth_to_color before it is brought to 32 x 32"),
        ),
        outputs=(
            TensorSpec(
                "error",
                (1, 64, 64),
                0.0,
                1.0,
                "expected |color - truth|, mean of the channels, where the pixel shows the person, over 255 levels",
            ),
        ),
    ),
    NetworkSpec(
        name="face_landmarks",
        preset="plus",
        summary="68 points, their confidence, eye openness and presence from gray, NIR, depth or thermal",
        source="ours, after SPEC 4.6",
        factory="training.networks.face_landmarks:FaceLandmarksPlus",
        inputs=(
            TensorSpec(
                "image",
                (1, 128, 128),
                -1.0,
                1.0,
                "gray, NIR, coded depth or thermal of the 320 mm crop, stretched p2..p98; -1 where invalid",
            ),
        ),
        outputs=(
            TensorSpec(
                "points", (68, 2), 0.0, 127.0, "x, y in crop pixels, pixel centers at integers, iBUG order", "px"
            ),
            TensorSpec(
                "confidence", (68,), 0.0, 1.0, "probability that the point lies within 4 px (10 mm) of the truth"
            ),
            TensorSpec("openness", (2,), 0.0, 1.0, "right eye, left eye; 0 closed, 1 fully open"),
            TensorSpec("presence", (1,), 0.0, 1.0, "probability of a face (up to the profile) in the crop's middle"),
        ),
    ),
    NetworkSpec(
        name="eye_openness",
        preset="plus",
        summary="how far each eye is open, from its pixels around the landmarks; ships inside face_landmarks",
        source="ours",
        factory="training.networks.eye_openness:EyeOpenness",
        inputs=(
            TensorSpec("image", (1, 128, 128), -1.0, 1.0, "as face_landmarks"),
            TensorSpec("points", (68, 2), 0.0, 127.0, "x, y in crop pixels, iBUG order", "px"),
        ),
        outputs=(TensorSpec("openness_logit", (2,), -30.0, 30.0, "right eye, left eye; before the sigmoid"),),
    ),
    NetworkSpec(
        name="eye_state",
        preset="plus",
        summary="how far one eye is open, and how sure that is, from its pixels at the camera's own resolution",
        source="ours",
        factory="training.networks.eye_state:EyeStatePlus",
        inputs=(
            TensorSpec(
                "eye",
                (1, 32, 48),
                -1.0,
                1.0,
                "gray or NIR patch of one eye, the left one mirrored; less its mean, over three deviations",
            ),
        ),
        outputs=(
            TensorSpec("openness", (1,), 0.0, 1.0, "0 closed, 1 as open as a neutral eye"),
            TensorSpec("confidence", (1,), 0.0, 1.0, "probability that the openness lies within 0.2 of the truth"),
        ),
    ),
    NetworkSpec(
        name="face_finder",
        preset="plus",
        summary="every face in a whole frame of gray, NIR, depth or thermal: square, head centre, confidence",
        source="ours, after CenterNet (Zhou et al., 2019)",
        factory="training.networks.face_finder:FaceFinderPlus",
        inputs=(
            TensorSpec(
                "image",
                (1, 240, 320),
                -1.0,
                1.0,
                "the frame letterboxed with -1: pictures by their percentiles 1 and 99, depth by logarithm and relief",
            ),
        ),
        outputs=(
            TensorSpec("chance", (1, 30, 40), 0.0, 1.0, "that the middle of a face's square lies in the 8 px cell"),
            TensorSpec(
                "face",
                (5, 30, 40),
                -300.0,
                620.0,
                "x, y of the square's middle, its side (160 mm on the person), x, y of the head centre",
                "px",
            ),
        ),
    ),
    NetworkSpec(
        name="gray_to_depth",
        preset="seed",
        summary="generator of the gray-to-depth cGAN, 34.6 M parameters",
        source="seed 001, Figure 2 (SPEC 1.2)",
        factory="training.networks.gray_to_depth:GrayToDepthSeed",
        inputs=(_GRAY96,),
        outputs=(_RELIEF96,),
        critic="training.networks.gray_to_depth:DepthCriticSeed",
    ),
    NetworkSpec(
        name="depth_to_color",
        preset="seed",
        summary="generator of the deterministic depth-to-RGB cGAN, 8.7 M parameters",
        source="seed 000, Figure 2 (SPEC 1.1)",
        factory="training.networks.depth_to_color:DepthToColorSeed",
        inputs=(_DEPTH64,),
        outputs=(_COLOR64,),
        critic="training.networks.depth_to_color:ColorCriticSeed",
    ),
    NetworkSpec(
        name="face_landmarks",
        preset="seed",
        summary="DMSL Ml: U-Net landmark mask, then two sigmoid layers to 68 points",
        source="seed 003, Figure 3 (SPEC 1.4)",
        factory="training.networks.dmsl:DmslLandmarks",
        inputs=(TensorSpec("image", (3, 128, 128), 0.0, 1.0, "pixels / 255; thermal repeated to three channels"),),
        outputs=(TensorSpec("points", (68, 2), 0.0, 1.0, "x, y divided by 128, iBUG order"),),
    ),
    NetworkSpec(
        name="face_box",
        preset="seed",
        summary="DMSL Mb: U-Net face mask, then two sigmoid layers to a box",
        source="seed 003, Figure 3 (SPEC 1.4)",
        factory="training.networks.dmsl:DmslBox",
        inputs=(TensorSpec("image", (3, 128, 128), 0.0, 1.0, "pixels / 255; thermal repeated to three channels"),),
        outputs=(TensorSpec("box", (4,), 0.0, 1.0, "x, y, w, h of the face divided by 128"),),
    ),
    NetworkSpec(
        name="face_verifier",
        preset="plus",
        summary="same person or not from depth: one crop to one unit vector, from relief and normals",
        source="ours, after SPEC 4.5 and 4.6",
        factory="training.networks.face_verifier:FaceVerifierPlus",
        inputs=(_DEPTH96,),
        outputs=(
            TensorSpec("embedding", (128,), -1.0, 1.0, "unit vector; two of one person have a large cosine"),
            TensorSpec(
                "calibration", (2,), -60.0, 60.0, "slope, offset: P(same) = sigmoid(slope * cosine + offset); constant"
            ),
        ),
    ),
    NetworkSpec(
        name="face_verifier",
        preset="seed",
        summary="Siamese network: two depth crops, same person or not",
        source="seed 001, Figure 3 (SPEC 1.2)",
        factory="training.networks.face_verifier:FaceVerifierSeed",
        inputs=(
            replace(_DEPTH96, name="first"),
            replace(_DEPTH96, name="second"),
        ),
        outputs=(TensorSpec("same", (1,), 0.0, 1.0, "probability that both are one person"),),
    ),
    NetworkSpec(
        name="eye_to_face",
        preset="plus",
        summary="one eye to an imagined face: a learnt mean face, what the eye says of it, and the eye itself",
        source="ours, after SPEC 1.5 and 4.4",
        factory="training.networks.eye_to_face:EyeToFacePlus",
        inputs=(_EYE32,),
        outputs=(
            _FACE128,
            TensorSpec("left", (1,), 0.0, 1.0, "probability that the eye, taken to be there, is on the picture's left"),
        ),
        critic="training.networks.eye_to_face:FaceCritic",
    ),
    NetworkSpec(
        name="eye_to_face",
        preset="seed",
        summary="autoencoder from one eye to a face, 20 M parameters",
        source="seed 004 (SPEC 1.5)",
        factory="training.networks.eye_to_face:EyeToFaceSeed",
        inputs=(_EYE32,),
        outputs=(_FACE128,),
    ),
)


def find_network(name: str, preset: str = "plus") -> NetworkSpec:
    """The entry of this name and preset. Raises UnknownNetworkError that names those that there are."""
    known: dict[str, list[str]] = {}
    for spec in NETWORKS:
        if (spec.name, spec.preset) == (name, preset):
            return spec
        known.setdefault(spec.name, []).append(spec.preset)
    if name not in known:
        told = ", ".join(f"{one} ({', '.join(presets)})" for one, presets in known.items())
        raise UnknownNetworkError(f"There is no network '{name}'. There are, with their presets: {told}.")
    has = "presets" if len(known[name]) > 1 else "the preset"
    raise UnknownNetworkError(f"There is no preset '{preset}' of {name}; {name} has {has} {' and '.join(known[name])}.")
