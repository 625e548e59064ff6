# Installs ccr for one person on Windows, from the folder this file is in: an environment and two commands below
# %LOCALAPPDATA%\ccr, noted in a list. uninstall.ps1 removes what is on the list. A second run updates.
#   .\install.ps1              asks before it changes your PATH
#   .\install.ps1 -Yes         asks nothing, and changes your PATH
#   .\install.ps1 -Service     also start ccr at each login (a task of the Task Scheduler)
#   .\install.ps1 -NoInit      write no first rules
param([switch]$Yes, [switch]$Service, [switch]$NoInit)
$ErrorActionPreference = 'Stop'

. (Join-Path $PSScriptRoot 'deploy\windows\python.ps1')

$share = Join-Path $env:LOCALAPPDATA 'ccr'
$venv = Join-Path $share 'env'
$bin = Join-Path $share 'bin'
$list = Join-Path $share 'installed'

if ((Test-Path -LiteralPath $share) -and -not (Test-Path -LiteralPath $list)) {
    throw "$share is there and was not made by install.ps1; it was left alone"
}
$python = Find-CcrPython
New-Item -ItemType Directory -Force -Path $bin | Out-Null
if (-not (Test-Path -LiteralPath $list)) { Set-Content -LiteralPath $list -Encoding ASCII -Value @('environment env', 'commands bin') }
New-CcrEnvironment $venv
Write-Host "installing ccr from $PSScriptRoot with $($python -join ' ')"
Install-Into $venv @($PSScriptRoot)

# Copies, because the folder they come from holds a python.exe that must not come onto the PATH.
foreach ($name in @('ccr.exe', 'claude-code-rules.exe')) {
    Copy-Item -Force -LiteralPath (Join-Path $venv "Scripts\$name") -Destination (Join-Path $bin $name)
}
Copy-Item -Force -LiteralPath (Join-Path $PSScriptRoot 'uninstall.ps1') -Destination (Join-Path $share 'uninstall.ps1')
Write-Host "made: $venv"
Write-Host "made: $bin\ccr.exe, $bin\claude-code-rules.exe"

$ccr = Join-Path $bin 'ccr.exe'
$path = [Environment]::GetEnvironmentVariable('Path', 'User')
if (@($path -split ';') -notcontains $bin) {
    if ($Yes -or (Read-Host "Put $bin on your PATH? [Y/n]") -notmatch '^[nN]') {
        [Environment]::SetEnvironmentVariable('Path', (@($path -split ';' | Where-Object { $_ }) + $bin) -join ';', 'User')
        Add-Content -LiteralPath $list -Encoding ASCII -Value 'path bin'
        Write-Host 'new terminals know it'
    }
}
$first = Get-Command ccr -ErrorAction SilentlyContinue
if ($first -and $first.Source -ne $ccr) {
    Write-Host "typing ccr starts another program here: $($first.Source). It was left alone; claude-code-rules starts this one."
}
if (-not (Get-Command claude -ErrorAction SilentlyContinue)) {
    Write-Host 'Claude Code is not here:  npm install -g @anthropic-ai/claude-code'
}
if (-not $NoInit) {
    if ($Yes) { & $ccr init --yes } else { & $ccr init }
}
if ($Service) {
    & $ccr start --at-login
    if ($LASTEXITCODE -ne 0) { throw 'installed, but not started at login: see above' }
}
$found = @(& $ccr doctor --quiet)
$found | Write-Host
if (@($found -match '^error ').Count -gt 0) { exit 1 }
exit 0
