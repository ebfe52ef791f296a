# SPDX-License-Identifier: Apache-2.0
# The packages: cmake --build build/release --target package, or cpack --config build/release/CPackConfig.cmake [-G DEB].
# The archive is made by archive.cmake (-G External).
# The same sources give the same bytes when SOURCE_DATE_EPOCH is set.
set(CPACK_GENERATOR DEB RPM External)
set(CPACK_PACKAGE_CONTACT "The docker-credential-snowflake authors <docker-credential-snowflake@users.noreply.github.com>")
set(CPACK_PACKAGE_VENDOR "docker-credential-snowflake")
set(CPACK_PACKAGE_DESCRIPTION "docker push and docker pull to the image registry of Snowflake's Snowpark
Container Services, without ever logging in: a credential helper that fetches
and keeps Snowflake's session tokens, and a 'docker snowflake' command.")
set(CPACK_PACKAGE_DIRECTORY ${PROJECT_BINARY_DIR}/packages)
set(CPACK_RESOURCE_FILE_LICENSE ${CMAKE_CURRENT_SOURCE_DIR}/LICENSE)
set(CPACK_STRIP_FILES ON)
set(CPACK_SYSTEM_NAME linux-${CMAKE_SYSTEM_PROCESSOR})
set(CPACK_EXTERNAL_ENABLE_STAGING ON)
set(CPACK_EXTERNAL_PACKAGE_SCRIPT ${CMAKE_CURRENT_SOURCE_DIR}/archive.cmake)
set(CPACK_VERBATIM_VARIABLES ON)
# Whatever the umask of the builder.
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_PROJECT_CONFIG_FILE ${CMAKE_CURRENT_SOURCE_DIR}/cpack_generator.cmake)

# Debian and Ubuntu. What is linked is found by dpkg-shlibdeps; what is opened at run time has two names since their move
# to times of 64 bits on 32-bit machines.
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "libcurl4t64 | libcurl4, libssl3t64 | libssl3, zlib1g")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "ca-certificates, libarchive13t64 | libarchive13, libisal2, libmicrohttpd12t64 | libmicrohttpd12, libsecret-1-0")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "docker-cli | docker.io | docker-ce-cli")
set(CPACK_DEBIAN_PACKAGE_ENHANCES "docker.io, docker-ce-cli, podman")

# The script that says, when the package is removed, what stays in Docker's config; the same for both formats.
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${CMAKE_CURRENT_SOURCE_DIR}/deb/prerm)
set(CPACK_RPM_PRE_UNINSTALL_SCRIPT_FILE ${CMAKE_CURRENT_SOURCE_DIR}/deb/prerm)

# Fedora and its derivatives: the names of the libraries are the same everywhere.
set(CPACK_RPM_FILE_NAME RPM-DEFAULT)
set(CPACK_RPM_PACKAGE_LICENSE "Apache-2.0 AND MIT AND BSD-3-Clause")
set(CPACK_RPM_PACKAGE_RELEASE 1)
set(CPACK_RPM_PACKAGE_AUTOREQ ON)
set(CPACK_RPM_PACKAGE_AUTOPROV OFF)
set(CPACK_RPM_PACKAGE_REQUIRES "libcurl.so.4()(64bit), libcrypto.so.3()(64bit), libz.so.1()(64bit)")
set(CPACK_RPM_EXCLUDE_FROM_AUTO_FILELIST_ADDITION
  /usr/share/man /usr/share/man/man1 /usr/share/man/man5 /usr/share/bash-completion /usr/share/bash-completion/completions
  /usr/share/fish /usr/share/fish/vendor_completions.d /usr/share/zsh /usr/share/zsh/site-functions
  /usr/share/licenses /usr/libexec /usr/libexec/docker /usr/libexec/docker/cli-plugins)
# Stripped already, and compressed as they are to be. CPack has no variable for what is only recommended.
set(CPACK_RPM_SPEC_MORE_DEFINE "Recommends: ca-certificates, libarchive.so.13()(64bit), libisal.so.2()(64bit), libmicrohttpd.so.12()(64bit), libsecret-1.so.0()(64bit)
%global __os_install_post %{nil}
%global _build_id_links none
%global _buildhost reproducible
%global use_source_date_epoch_as_buildtime 1
%global clamp_mtime_to_source_date_epoch 1")

include(CPack)
