# What run.ps1 and install.ps1 share: which Python, and an environment of it.

# Words that start a Python that is new enough; said what to do if there is none.
function Find-CcrPython {
    # A word on the error stream would end the script in PowerShell 5.1.
    $ErrorActionPreference = 'Continue'
    $wanted = 'import sys; sys.exit(sys.version_info < (3, 11))'
    foreach ($words in @(@('py', '-3'), @('python'), @('python3'))) {
        if (-not (Get-Command $words[0] -ErrorAction SilentlyContinue)) { continue }
        $rest = @($words | Select-Object -Skip 1)
        # The Microsoft Store's stand-in is called python, too, and ends with an error.
        & $words[0] @rest -c $wanted 2>$null
        if ($LASTEXITCODE -eq 0) { return ,$words }
    }
    Write-Host 'ccr needs Python 3.11 or newer. One of these brings one:'
    Write-Host '  winget install Python.Python.3.13'
    Write-Host '  https://www.python.org/downloads/windows'
    throw 'no Python 3.11 or newer; nothing was changed'
}

function New-CcrEnvironment([string]$venv) {
    if (Test-Path -LiteralPath (Join-Path $venv 'Scripts\python.exe')) { return }
    $words = Find-CcrPython
    $rest = @($words | Select-Object -Skip 1)
    & $words[0] @rest -m venv $venv
    if ($LASTEXITCODE -ne 0) { throw "no environment could be made in $venv" }
}

function Install-Into([string]$venv, [string[]]$what) {
    & (Join-Path $venv 'Scripts\python.exe') -m pip install --quiet --disable-pip-version-check --upgrade @what
    if ($LASTEXITCODE -ne 0) { throw 'it could not be installed: see above' }
}
