# The headers of the standard library, fmt, Boost.JSON and GoogleTest that nearly every file reads, parsed once: a third of a cold
# build. Files still include what they use; -DQUIETROOM_PRECOMPILED=OFF builds without.
option(QUIETROOM_PRECOMPILED "parse the common headers once" ON)

# quietroom_precompiled_header(name includes flags...): precompiled.h and these includes under the flags of every target and these,
# for quietroom_uses_precompiled(target name sources...).
function(quietroom_precompiled_header name includes)
  if(NOT QUIETROOM_PRECOMPILED)
    return()
  endif()
  # Whole in one file, whose path alone the precompiled one knows: the compiler's cache preprocesses through it.
  set(source ${CMAKE_BINARY_DIR}/precompiled/${name}.cpp)
  file(READ ${CMAKE_SOURCE_DIR}/cmake/precompiled.h text)
  file(CONFIGURE OUTPUT ${source} CONTENT "${text}${includes}" @ONLY)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS cmake/precompiled.h)
  add_library(precompiled_${name} OBJECT ${source})
  set_property(TARGET precompiled_${name} PROPERTY CXX_COMPILER_LAUNCHER "")  # another tree's knows that tree's file
  target_compile_options(precompiled_${name} PRIVATE -xc++-header -fpch-instantiate-templates ${ARGN})
  target_link_libraries(precompiled_${name} PRIVATE fmt::fmt Boost::json $<TARGET_NAME_IF_EXISTS:GTest::gmock>)
  set(file ${CMAKE_BINARY_DIR}/CMakeFiles/precompiled_${name}.dir/precompiled/${name}.cpp.o)
  set(QUIETROOM_PRECOMPILED_${name} ${file} PARENT_SCOPE)
  # The compiler's cache reads this in the place of the precompiled file, which holds the path of its tree.
  execute_process(COMMAND ${CMAKE_CXX_COMPILER} -std=c++2b -E -P ${source} OUTPUT_VARIABLE text COMMAND_ERROR_IS_FATAL ANY)
  string(SHA256 sum "${text}")
  file(CONFIGURE OUTPUT ${file}.sum CONTENT "${sum}\n")
endfunction()

function(quietroom_uses_precompiled target name)
  if(NOT QUIETROOM_PRECOMPILED)
    return()
  endif()
  set(file ${QUIETROOM_PRECOMPILED_${name}})
  foreach(source ${ARGN})
    set_property(SOURCE ${source} APPEND PROPERTY COMPILE_OPTIONS -include-pch ${file})
    set_property(SOURCE ${source} APPEND PROPERTY OBJECT_DEPENDS ${file})
  endforeach()
  add_dependencies(${target} precompiled_${name})
endfunction()
