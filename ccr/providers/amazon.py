"""How a request to Amazon is signed: under which name, for which region, with whose keys."""

import re

SOURCES = (
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html (signature), read 2026-11-22",
    "the package botocore 1.44.5, data/bedrock-runtime (signingName), configprovider (variables, files), read 2026-11-22",
    "the package anthropic 2.12.0, lib/bedrock/_mantle (bedrock-mantle signs as itself), read 2026-11-22",
)

SERVICES = {"bedrock-runtime": "bedrock", "bedrock-mantle": "bedrock-mantle"}
"""The name a request is signed for, by how its host begins."""

_HOST = re.compile(r"(?:^|\.)(bedrock-runtime|bedrock-mantle)(?:-fips)?\.([a-z]{2}(?:-[a-z]+)+-\d)\.")

REGIONS = ("AWS_REGION", "AWS_DEFAULT_REGION")
"""Variables that name the region where the host does not."""
KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
PROFILE = "AWS_PROFILE"
FILES = (("AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials", ""), ("AWS_CONFIG_FILE", "~/.aws/config", "profile "))
"""Files that hold keys: the variable that moves each, where it is else, and what stands before a profile's name in it."""
NO_KEYS = (
    "no AWS keys were found: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run `aws configure`; a role or SSO login "
    "is exported by `aws configure export-credentials --format env`; or give the provider a Bedrock API key (`key`)"
)


def place_of(host: str) -> tuple[str, str]:
    """Service and region that a host is signed for; the region is "" where the host does not say it."""
    found = _HOST.search(host)
    return (SERVICES[found[1]], found[2]) if found else ("bedrock", "")
