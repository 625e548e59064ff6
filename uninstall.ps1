# Removes what install.ps1 made, and nothing else. Rules, keys and the log in the ccr home stay.
#   .\uninstall.ps1            asks first
#   .\uninstall.ps1 -Yes       asks nothing
param([switch]$Yes)
$ErrorActionPreference = 'Stop'

$share = Join-Path $env:LOCALAPPDATA 'ccr'
$list = Join-Path $share 'installed'
if (-not (Test-Path -LiteralPath $list)) {
    Write-Host "nothing of install.ps1 is in $share"
    exit 0
}
Write-Host "made by install.ps1: $share"
if (-not $Yes -and (Read-Host 'Remove it? [y/N]') -notmatch '^[yY]') {
    Write-Host 'left as it is'
    exit 0
}
$ccr = Join-Path $share 'bin\ccr.exe'
if (Test-Path -LiteralPath $ccr) {
    & $ccr stop --at-login
    if ($LASTEXITCODE -ne 0) { throw 'a ccr still runs: nothing was removed' }
}
if (@(Get-Content -LiteralPath $list) -contains 'path bin') {
    $bin = Join-Path $share 'bin'
    $path = [Environment]::GetEnvironmentVariable('Path', 'User')
    [Environment]::SetEnvironmentVariable('Path', (@($path -split ';' | Where-Object { $_ -and $_ -ne $bin }) -join ';'), 'User')
}
foreach ($name in @('env', 'bin', 'uninstall.ps1', 'installed')) {
    $path = Join-Path $share $name
    if (Test-Path -LiteralPath $path) { Remove-Item -Recurse -Force -LiteralPath $path }
}
if (-not (Get-ChildItem -Force -LiteralPath $share)) { Remove-Item -LiteralPath $share }
Write-Host 'removed; rules, keys and the log are kept in .claude-code-router of your home'
exit 0
