"""Amazon Bedrock. Claude by its Messages endpoint, others by the one that is OpenAI's, with a Bedrock API key or signed."""

from ccr.providers.amazon import SOURCES
from ccr.providers.spec import Auth, ProviderSpec

PROVIDER = ProviderSpec(
    name="bedrock",
    dialect="anthropic",
    base_url="https://bedrock-runtime.{region}.amazonaws.com/anthropic",
    # Never taken from a variable alone: without a region there is no address.
    auth=Auth("bearer", login="aws"),
    hosts=("*.amazonaws.com", "*.api.aws"),
    per_dialect={
        "anthropic": {
            "reasoning_request": "thinking+effort",
            "betas": (
                "claude-code-20250219",
                "interleaved-thinking-2025-05-14",
                "fine-grained-tool-streaming-2025-05-14",
                "context-1m-2025-08-07",
            ),
        },
    },
    endpoints={"openai_chat": "https://bedrock-runtime.{region}.amazonaws.com/openai/v1"},
    by_model=(("openai.", "openai_chat"),),
    unbuilt="roles of a machine and logins by a browser are not asked for keys: export them with `aws configure "
    "export-credentials --format env`",
    sources=(
        *SOURCES,
        "https://docs.aws.amazon.com/bedrock/latest/userguide/inference-messages-api.html (address, API key), read 2026-11-22",
        "the package litellm 1.109.1, llms/bedrock/messages (thinking, effort), read 2026-11-22",
        "https://github.com/BerriAI/litellm/blob/030dd40/litellm/anthropic_beta_headers_config.json (betas), read 2026-11-22",
    ),
    doc="Claude on Amazon Bedrock. Say `provider bedrock { region = eu-central-1; key = env.AWS_BEARER_TOKEN_BEDROCK }`; "
    "without a key requests are signed with the machine's AWS keys: AWS_ACCESS_KEY_ID and its kin, or ~/.aws/credentials.",
)
