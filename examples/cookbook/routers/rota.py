"""Who answers today: a rota that changes without a change of the rules. Where there is no file, there is no opinion."""

from pathlib import Path

ROTA = Path(__file__).with_name("rota.txt")


def who_is_on_duty(request, config):
    """The first line of rota.txt names a target, such as `zai/glm-4.6`."""
    lines = ROTA.read_text(encoding="utf-8").splitlines() if ROTA.exists() else []
    return lines[0].strip() if lines and request.tokens < 100_000 else None
