# SPDX-License-Identifier: Apache-2.0
# Run by CPack: packs its staging directory into an archive. The same files give the same bytes, which CPack's own archives do
# not: those depend on the user who packs and on the order of the file system.
# Quoted: without the variable, set() would have no value and unset it.
set(time "$ENV{SOURCE_DATE_EPOCH}")
if("${time}" STREQUAL "")
  string(TIMESTAMP time %s UTC)
endif()
if(NOT "${time}" MATCHES "^[0-9]+$" OR "${time}" GREATER 99999999999)
  message(FATAL_ERROR "SOURCE_DATE_EPOCH must be a number of seconds since 1970")
endif()
set(directory ${CPACK_PACKAGE_FILE_NAME})
set(archive ${CPACK_PACKAGE_DIRECTORY}/${directory}.tar.gz)
execute_process(
  COMMAND tar --create --directory ${CPACK_TEMPORARY_DIRECTORY} --transform "s|^\\.|${directory}|" --sort=name --format=gnu
          --mtime=@${time} --owner=root:0 --group=root:0 .
  COMMAND gzip -9n
  OUTPUT_FILE ${archive}
  COMMAND_ERROR_IS_FATAL ANY)
set(CPACK_EXTERNAL_BUILT_PACKAGES ${archive})
