"""What `ccr init` writes for somebody who has one of these vendors: a taste, not a fact.

A model for work, a small one for what the client asks beside it, and others only where they do something better or
cheaper. All of them stand in the vendors' own files, so their figures have a source; a test holds that. The first of
this table that a person has is the main one.
"""

from msgspec import Struct


class Suggestion(Struct, frozen=True):
    """Names of models; "" where nothing is gained. `main` "" is what the client asks for. `sees` is for pictures, `wide`
    for long talks, `search` for WebSearch, which other models here cannot do."""

    main: str
    small: str = ""
    sees: str = ""
    wide: str = ""
    search: str = ""


SUGGESTED = {
    "anthropic": Suggestion("", small="claude-haiku-4-5"),
    "openrouter": Suggestion(
        "anthropic/claude-sonnet-4.5",
        small="google/gemini-2.5-flash-lite",
        sees="google/gemini-2.5-flash",
        wide="google/gemini-2.5-pro",
        search="anthropic/claude-haiku-4.5:online",
    ),
    "vercel": Suggestion(
        "anthropic/claude-sonnet-4.6", small="anthropic/claude-haiku-4.5", sees="google/gemini-2.5-flash"
    ),
    "openai": Suggestion("gpt-5.4", small="gpt-5.4-nano"),
    "gemini": Suggestion("gemini-2.5-pro", small="gemini-2.5-flash-lite", sees="gemini-2.5-flash"),
    "moonshot": Suggestion("kimi-k2.6"),
    "zai": Suggestion("glm-5.2", small="glm-4.7-flash", sees="glm-4.6v"),
    "deepseek": Suggestion("deepseek-v4-pro", small="deepseek-v4-flash", sees="deepseek-flash"),
    "dashscope": Suggestion("qwen3-coder-plus", small="qwen-flash", sees="qwen3-vl-plus"),
    "minimax": Suggestion("MiniMax-M3"),
    "xai": Suggestion("grok-4.3"),
    "mistral": Suggestion("mistral-large-latest", small="mistral-small-latest"),
    "together": Suggestion("moonshotai/Kimi-K2.7-Code", small="openai/gpt-oss-120b", sees="moonshotai/Kimi-K2.6"),
    "fireworks": Suggestion("accounts/fireworks/models/glm-5p2", small="accounts/fireworks/models/gpt-oss-120b"),
    "siliconflow": Suggestion("zai-org/GLM-5.2", small="openai/gpt-oss-120b", sees="Qwen/Qwen3-VL-235B-A22B-Instruct"),
    "aihubmix": Suggestion("claude-sonnet-4-6", small="gemini-2.5-flash"),
    "groq": Suggestion("openai/gpt-oss-120b", small="openai/gpt-oss-20b"),
    "cerebras": Suggestion("zai-glm-4.7", small="gpt-oss-120b"),
    "modelscope": Suggestion("ZhipuAI/GLM-4.6", small="Qwen/Qwen3-Coder-30B-A3B-Instruct"),
}

FIRST_STEPS = """\
Nothing here answers for Claude Code yet. The three cheapest ways:
  1. a model of your own, free:  install Ollama (https://ollama.com), then `ollama pull qwen3-coder:30b`
  2. a key, some models free:    https://openrouter.ai/keys, then `export OPENROUTER_API_KEY=...`
  3. a Claude subscription:      `claude`, then `/login`
Then `ccr init` again. Until then `ccr code` talks to a demo that says what ccr does with each request."""
"""For somebody who has nothing."""
