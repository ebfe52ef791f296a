# SPDX-License-Identifier: Apache-2.0
# Toolchain file: builds for arm64 on Debian 12 for amd64 (tests/install.sh arm64; cmake --preset arm64). Programs that the
# build and the tests start run in QEMU's user mode emulation.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)
set(PKG_CONFIG_EXECUTABLE aarch64-linux-gnu-pkg-config CACHE FILEPATH "Finds the libraries of arm64")
# With its path: end-to-end tests start programs with a PATH of their own.
find_program(DCS_QEMU qemu-aarch64-static REQUIRED)
set(CMAKE_CROSSCOMPILING_EMULATOR ${DCS_QEMU})
# CPack would name the architecture of the machine that it runs on.
set(CPACK_DEBIAN_PACKAGE_ARCHITECTURE arm64)
set(CPACK_RPM_PACKAGE_ARCHITECTURE ${CMAKE_SYSTEM_PROCESSOR})
