# SPDX-License-Identifier: Apache-2.0
"""archive.cmake writes correct dates with and without SOURCE_DATE_EPOCH, and reproducible archives."""

import os
import pathlib
import subprocess
import tarfile
import time

SCRIPT = pathlib.Path(__file__).resolve().parent.parent.parent / "packaging/archive.cmake"


def pack(directory, epoch=None):
    files = directory / "files"
    files.mkdir(parents=True)
    (files / "program").write_text("x")
    environment = {name: value for name, value in os.environ.items() if name != "SOURCE_DATE_EPOCH"}
    if epoch is not None:
        environment["SOURCE_DATE_EPOCH"] = epoch
    result = subprocess.run(["cmake", f"-DCPACK_PACKAGE_FILE_NAME=name", f"-DCPACK_PACKAGE_DIRECTORY={directory}",
                             f"-DCPACK_TEMPORARY_DIRECTORY={files}", "-P", str(SCRIPT)], env=environment, capture_output=True, text=True)
    assert result.returncode == 0 and result.stderr == "", result.stderr
    return directory / "name.tar.gz"


def dates(archive):
    with tarfile.open(archive) as tar:
        return {member.mtime for member in tar}


def test_without_the_variable_the_date_is_now(tmp_path):
    before = int(time.time())
    (date,) = dates(pack(tmp_path / "unset"))
    assert before <= date <= time.time()
    (date,) = dates(pack(tmp_path / "empty", ""))
    assert before <= date <= time.time()


def test_with_the_variable_the_same_files_give_the_same_bytes(tmp_path):
    one, two = pack(tmp_path / "one", "1700000000"), pack(tmp_path / "two", "1700000000")
    assert dates(one) == {1700000000}
    assert one.read_bytes() == two.read_bytes()
