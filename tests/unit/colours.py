"""How far apart colours are for readers who see them otherwise, or print them grey.

Colour blindness: G. M. Machado, M. M. Oliveira and L. A. F. Fernandes, "A Physiologically-based Model for Simulation
of Color Vision Deficiency", IEEE Transactions on Visualization and Computer Graphics 15(6), 2009: the matrices of
severity 1.0, which act on linear RGB.
"""

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
SIGHTS = {
    "full": np.eye(3),
    "protanopia": np.array([
        [0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998],
    ]),
    "deuteranopia": np.array([
        [0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881],
    ]),
    "tritanopia": np.array([
        [1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900],
    ]),
}  # fmt: skip
TO_XYZ = np.array([[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750],
                   [0.0193339, 0.1191920, 0.9503041]])  # fmt: skip


def linear(colour: str) -> Numbers:
    """Linear RGB of `#RRGGBB`."""
    rgb = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def lab(rgb: Numbers) -> Numbers:
    """CIELAB (D65) of linear RGB."""
    xyz = TO_XYZ @ np.clip(rgb, 0, 1) / (TO_XYZ @ np.ones(3))
    x, y, z = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def apart(one: str, other: str, sight: str = "full") -> float:
    """Distance in CIELAB (1976); about 2 is just noticeable."""
    return float(np.linalg.norm(lab(SIGHTS[sight] @ linear(one)) - lab(SIGHTS[sight] @ linear(other))))


def in_the_dark(colour: str) -> str:
    """What the dark theme makes of a printed figure's colour: the filter `--turned` of style.css.

    CSS filter functions act on sRGB: Filter Effects Module Level 1 (W3C), with the matrix of its hueRotate.
    """
    turned = 0.9 - 0.8 * np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    back = np.array([[-0.574, 1.430, 0.144], [0.426, 0.430, 0.144], [0.426, 1.430, -0.856]])
    return "#" + "".join(f"{round(255 * part):02X}" for part in np.clip(1.15 * np.clip(back @ turned, 0, 1), 0, 1))


def contrast(one: str, other: str) -> float:
    """Contrast ratio, 1 to 21 (WCAG 2.2)."""
    light, dark = sorted((float(TO_XYZ[1] @ linear(colour)) + 0.05 for colour in (one, other)), reverse=True)
    return light / dark


def lightness(colour: str) -> float:
    """CIELAB lightness, 0 (black) to 100 (white): all that is left in grey."""
    return float(lab(linear(colour))[0])
