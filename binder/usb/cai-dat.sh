#!/usr/bin/env bash
# Cài isoxa từ USB, không cần mạng:  bash cai-dat.sh [THƯ_MỤC]   (mặc định: ~/isoxa)
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
place="${1:-$HOME/isoxa}"
python="${PYTHON:-python3}"
wanted="$(cat "$here/python-version")"
found="$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')"
if [ "$found" != "$wanted" ]; then
    echo "Máy này có Python $found; bộ cài trên USB dành cho Python $wanted. Hãy cài Python $wanted rồi chạy lại:" >&2
    echo "  PYTHON=python$wanted bash cai-dat.sh" >&2
    exit 1
fi
"$python" -m venv "$place"
"$place/bin/python" -m pip install --quiet --disable-pip-version-check --no-index --find-links "$here/wheels" \
    --require-hashes -r "$here/requirements.txt"
"$place/bin/python" -m pip install --quiet --disable-pip-version-check --no-index --no-deps --force-reinstall \
    "$here"/wheels/isoxa-*.whl
echo "Đã cài vào $place. Mở lớp (chuẩn bị khoảng một phút ở lần đầu):"
echo "  $place/bin/isoxa serve --workshop --data $place/lop --ip 0.0.0.0"
