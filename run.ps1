# For Windows, what `make run` is elsewhere: an environment in .venv, and ccr in this window. Ctrl-C ends it.
# PowerShell 5.1 or newer:  .\run.ps1     (or:  powershell -ExecutionPolicy Bypass -File run.ps1)
# What stands after it goes to `ccr serve`:  .\run.ps1 --port 3500
$ErrorActionPreference = 'Stop'
Set-Location -LiteralPath $PSScriptRoot

. (Join-Path $PSScriptRoot 'deploy\windows\python.ps1')

$venv = Join-Path $PSScriptRoot '.venv'
$stamp = Join-Path $venv '.installed'
New-CcrEnvironment $venv
if (-not (Test-Path -LiteralPath $stamp) -or (Get-Item -LiteralPath $stamp).LastWriteTime -lt (Get-Item -LiteralPath 'pyproject.toml').LastWriteTime) {
    Install-Into $venv @('-e', '.')
    New-Item -ItemType File -Force -Path $stamp | Out-Null
}
& (Join-Path $venv 'Scripts\ccr.exe') serve --watch @args
exit $LASTEXITCODE
