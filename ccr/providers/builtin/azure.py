"""Azure OpenAI, and Claude in Foundry. The address holds the name of your resource, so it is always declared."""

from ccr.providers.microsoft import SOURCES
from ccr.providers.spec import Auth, ProviderSpec

PROVIDER = ProviderSpec(
    name="azure",
    dialect="openai_chat",
    base_url="https://{resource}.openai.azure.com/openai/v1",
    # Never taken from a variable alone: without the resource's address a key is of no use.
    auth=Auth("api-key", login="entra"),
    hosts=("*.openai.azure.com", "*.services.ai.azure.com"),
    per_dialect={
        "openai_chat": {"max_tokens_field": "max_completion_tokens", "system_in_middle": "developer"},
        "anthropic": {
            "reasoning_request": "thinking+effort",
            "betas": ("interleaved-thinking-2025-05-14", "context-1m-2025-08-07"),
        },
    },
    endpoints={
        "anthropic": "https://{resource}.services.ai.azure.com/anthropic",
        "openai_responses": "https://{resource}.openai.azure.com/openai/v1",
    },
    unbuilt="managed identities, certificates and `az login` are not asked for a token: put one into AZURE_OPENAI_AD_TOKEN",
    sources=(
        *SOURCES,
        "https://learn.microsoft.com/en-us/azure/foundry/openai/api-version-lifecycle (address without a version), read 2026-11-22",
        "the package litellm 1.109.1, llms/azure (max_completion_tokens, api-key), llms/azure_ai/anthropic, read 2026-11-22",
        "https://platform.claude.com/docs/en/build-with-claude/claude-in-microsoft-foundry (address, options), read 2026-11-22",
        "https://github.com/BerriAI/litellm/blob/030dd40/litellm/anthropic_beta_headers_config.json (betas), read 2026-11-22",
    ),
    doc='Your own deployments. Say `provider azure { url = "https://NAME.openai.azure.com/openai/v1"; key = env.AZURE_OPENAI_API_KEY }`; '
    "without a key the login of Microsoft Entra is taken: AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, or a "
    "token in AZURE_OPENAI_AD_TOKEN.",
)
