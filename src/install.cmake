# cmake --install: header, libraries, programs, manual pages; tls99.pc for pkg-config, and a package for find_package(tls99)
# with the targets tls99::tls99 and tls99::tls99_static. What is installed may be moved: no file holds the prefix.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
set(made ${CMAKE_CURRENT_BINARY_DIR}/install)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/tls99)

install(FILES include/tls.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
set_target_properties(tls99_shared PROPERTIES EXPORT_NAME tls99)
install(TARGETS tls99_static tls99_shared EXPORT tls99-targets
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
        INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
foreach(program https_get certinfo)
    if(TARGET ${program})
        install(TARGETS ${program} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
    endif()
endforeach()

file(RELATIVE_PATH up /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
file(WRITE ${made}/tls99.pc "prefix=\${pcfiledir}/${up}
libdir=\${prefix}/${CMAKE_INSTALL_LIBDIR}
includedir=\${prefix}/${CMAKE_INSTALL_INCLUDEDIR}

Name: tls99
Description: ${PROJECT_DESCRIPTION}
Version: ${PROJECT_VERSION}
Cflags: -I\${includedir}
Libs: -L\${libdir} -ltls99
Libs.private: ${CMAKE_THREAD_LIBS_INIT}
")
install(FILES ${made}/tls99.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

file(WRITE ${made}/tls99-config.cmake "include(CMakeFindDependencyMacro)
find_dependency(Threads)
include(\${CMAKE_CURRENT_LIST_DIR}/tls99-targets.cmake)
")
write_basic_package_version_file(${made}/tls99-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${made}/tls99-config.cmake ${made}/tls99-config-version.cmake DESTINATION ${package_dir})
install(EXPORT tls99-targets NAMESPACE tls99:: DESTINATION ${package_dir})

# A page has several names: the others refer to it.
file(GLOB pages CONFIGURE_DEPENDS src/man/*.1 src/man/*.3)
foreach(page ${pages})
    string(REGEX REPLACE "^.*/([^/]*)\\.([13])$" "\\1;\\2" name_and_section ${page})
    list(GET name_and_section 0 file)
    list(GET name_and_section 1 section)
    if(section EQUAL 1 AND NOT TARGET ${file})
        continue()
    endif()
    install(FILES ${page} DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section})
    file(STRINGS ${page} names REGEX "^\\.Nm tls_")
    foreach(name ${names})
        string(REGEX REPLACE "^\\.Nm ([a-z0-9_]*).*" "\\1" name ${name})
        if(NOT name STREQUAL file)
            file(WRITE ${made}/${name}.${section} ".so man${section}/${file}.${section}\n")
            install(FILES ${made}/${name}.${section} DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section})
        endif()
    endforeach()
endforeach()
