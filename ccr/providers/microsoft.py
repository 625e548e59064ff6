"""How one signs in to Microsoft Entra: where a token is got, for what, and with whose secret."""

SOURCES = (
    "https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-client-creds-grant-flow (token endpoint), read 2026-11-22",
    "https://learn.microsoft.com/en-us/azure/ai-services/openai/how-to/managed-identity (scope), read 2026-11-22",
    "the package anthropic 2.12.0, lib/foundry.md (scope of Foundry), read 2026-11-22",
    "the package openai 3.54.0, lib/azure.py (AZURE_OPENAI_AD_TOKEN), read 2026-11-22",
)

TOKEN = "AZURE_OPENAI_AD_TOKEN"
"""A token that somebody else got; it is shown as it is."""
TENANT, CLIENT, SECRET = "AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET"
AUTHORITY = ("AZURE_AUTHORITY_HOST", "https://login.microsoftonline.com")
"""The variable that moves the login to another cloud, and where it is else."""
TOKEN_PATH = "/{tenant}/oauth2/v2.0/token"
NO_LOGIN = (
    "no login to Microsoft Entra was found: set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, or "
    "AZURE_OPENAI_AD_TOKEN; or give the provider a key (`key`)"
)

_FOUNDRY = ".services.ai.azure.com"
_SCOPES = {True: "https://ai.azure.com/.default", False: "https://cognitiveservices.azure.com/.default"}


def scope_of(host: str) -> str:
    """What a token for this host is asked for."""
    return _SCOPES[host.endswith(_FOUNDRY)]
