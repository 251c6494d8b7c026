@echo off
rem Cai isoxa tu USB, khong can mang:  cai-dat.bat [THU_MUC]   (mac dinh: %USERPROFILE%\isoxa)
setlocal
set "HERE=%~dp0"
set "PLACE=%~1"
if "%PLACE%"=="" set "PLACE=%USERPROFILE%\isoxa"
set /p WANTED=<"%HERE%python-version"
py -%WANTED% -m venv "%PLACE%" || (echo Can Python %WANTED%. Hay cai Python %WANTED% roi chay lai. & exit /b 1)
"%PLACE%\Scripts\python" -m pip install --quiet --disable-pip-version-check --no-index --find-links "%HERE%wheels" --require-hashes -r "%HERE%requirements.txt" || exit /b 1
for %%W in ("%HERE%wheels\isoxa-*.whl") do "%PLACE%\Scripts\python" -m pip install --quiet --disable-pip-version-check --no-index --no-deps --force-reinstall "%%W" || exit /b 1
echo Da cai vao %PLACE%. Mo lop:
echo   "%PLACE%\Scripts\isoxa" serve --workshop --data "%PLACE%\lop" --ip 0.0.0.0
