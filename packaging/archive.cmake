# SPDX-License-Identifier: Apache-2.0
# Run by CPack: packs what lies in its staging folder into an archive that is the same for the same files, whoever packs
# them, and in whatever order the file system lists them, which CPack's own archives depend on.
set(time $ENV{SOURCE_DATE_EPOCH})
if(time STREQUAL "")
  string(TIMESTAMP time %s UTC)
endif()
set(folder ${CPACK_PACKAGE_FILE_NAME})
set(archive ${CPACK_PACKAGE_DIRECTORY}/${folder}.tar.gz)
execute_process(
  COMMAND tar --create --directory ${CPACK_TEMPORARY_DIRECTORY} --transform "s|^\\.|${folder}|" --sort=name --format=gnu
          --mtime=@${time} --owner=root:0 --group=root:0 .
  COMMAND gzip -9n
  OUTPUT_FILE ${archive}
  COMMAND_ERROR_IS_FATAL ANY)
set(CPACK_EXTERNAL_BUILT_PACKAGES ${archive})
