@echo off
rem Probity's command line: runs the packaged app without a window and passes every argument on.
setlocal
if "%~1"=="" (
  start "" "%~dp0..\..\Probity.exe"
  exit /b 0
)
"%~dp0..\..\Probity.exe" --log-level=3 -- %*
exit /b %ERRORLEVEL%
