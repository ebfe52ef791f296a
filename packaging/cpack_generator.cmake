# SPDX-License-Identifier: Apache-2.0
# Read by CPack once for each kind of package: what goes into it, and where it is installed.
set(components Unspecified other)
if(CPACK_GENERATOR STREQUAL "DEB")
  set(components Unspecified debian)
elseif(CPACK_GENERATOR STREQUAL "External")
  list(APPEND components archive)
endif()
# Build directory, name, component and subdirectory of each.
set(project ${CPACK_INSTALL_CMAKE_PROJECTS})
set(CPACK_INSTALL_CMAKE_PROJECTS "")
foreach(component ${components})
  list(GET project 0 1 build)
  list(APPEND CPACK_INSTALL_CMAKE_PROJECTS ${build} ${component} /)
endforeach()
if(NOT CPACK_GENERATOR STREQUAL "External")
  set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
endif()
# dpkg-shlibdeps asks the variable whose programs it looks at; without it they are this machine's.
if(CPACK_DEBIAN_PACKAGE_ARCHITECTURE)
  set(ENV{DEB_HOST_ARCH} ${CPACK_DEBIAN_PACKAGE_ARCHITECTURE})
endif()
