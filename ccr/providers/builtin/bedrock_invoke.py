"""Amazon Bedrock by InvokeModel, the door that every region and every Claude there has: binary frames, no model in the body."""

from ccr.providers.amazon import SOURCES
from ccr.providers.spec import Auth, ProviderSpec

PROVIDER = ProviderSpec(
    name="bedrock-invoke",
    dialect="anthropic",
    base_url="https://bedrock-runtime.{region}.amazonaws.com",
    # Never taken from a variable alone: without a region there is no address.
    auth=Auth("bearer", login="aws"),
    quirks={
        "framing": "aws_event_stream",
        "path": "/model/{model}/invoke",
        "path_streamed": "/model/{model}/invoke-with-response-stream",
        "model_in_body": False,
        "stream_in_body": False,
        "body_constants": {"anthropic_version": "bedrock-2023-05-31"},
        "betas_in_body": True,
        "betas": ("fine-grained-tool-streaming-2025-05-14", "context-1m-2025-08-07"),
        "reasoning_request": "thinking+effort",
    },
    unbuilt="roles of a machine and logins by a browser are not asked for keys: export them with `aws configure "
    "export-credentials --format env`",
    sources=(
        *SOURCES,
        "https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InvokeModelWithResponseStream.html (path, frames), read 2026-11-22",
        "the package anthropic 2.12.0, lib/bedrock (version, betas and streaming in body and path), read 2026-11-22",
        "https://github.com/BerriAI/litellm/blob/030dd40/litellm/anthropic_beta_headers_config.json (betas), read 2026-11-22",
    ),
    doc="Claude on Amazon Bedrock where the Messages endpoint is not to be had. Say `provider bedrock-invoke { region = "
    "eu-central-1; key = env.AWS_BEARER_TOKEN_BEDROCK }`; without a key requests are signed with the machine's AWS keys: "
    "AWS_ACCESS_KEY_ID and its kin, or ~/.aws/credentials.",
)
