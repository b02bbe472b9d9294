"""Colours of a style sheet as its two themes have them, and the contrast of two of them."""

import re

DARK = re.compile(
    r"@media screen and \(prefers-color-scheme: ?dark\) ?\{\s*:root ?\{(.*?)\}\s*\}", re.DOTALL
)
LIGHT = re.compile(r":root ?\{(.*?)\}", re.DOTALL)
VARIABLE = re.compile(r"--([\w-]+): ?(#[0-9a-fA-F]+)")
COLOUR = re.compile(
    r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|(?<![-\w])(?:white|black|red|blue|green|gr[ae]y)\b"
)
Theme = dict[str, str]


def themes(style: str) -> dict[str, Theme]:
    """The variables of the light and of the dark theme, names without their dashes."""
    dark, light = DARK.search(style), LIGHT.search(style)
    assert dark is not None
    assert light is not None
    return {"light": dict(VARIABLE.findall(light[1])), "dark": dict(VARIABLE.findall(dark[1]))}


def colours_in_rules(style: str) -> list[str]:
    """Colours that are written outside of the two themes, where no theme can change them."""
    rules = LIGHT.sub("", DARK.sub("", style))
    return [found for rule in re.findall(r":[^;{}]*[;}]", rules) for found in COLOUR.findall(rule)]


def contrast(one: str, other: str) -> float:
    """From 1 to 21.

    References
    ----------
    .. [1] WCAG 2.2, definitions of contrast ratio and of relative luminance.
    """
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    whole = "".join(digit * 2 for digit in digits[:3]) if len(digits) < 6 else digits[:6]
    parts = [int(whole[start : start + 2], 16) / 255 for start in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
